/** What kind of trouble: decides who waits, and for how long (design: transient and quota back off, authorisation waits for a person). */
export type FailureKind = 'transient' | 'quota' | 'authorization' | 'calendar' | 'permanent';

/**
 * The one error that adapters throw for what only the loop at the top can handle. The message says what was tried
 * and what to do; it never carries a token, a note or a subject.
 */
export class Failure extends Error {
  override readonly name = 'Failure';

  constructor(
    readonly kind: FailureKind,
    message: string,
    readonly details: { readonly cause?: unknown; readonly retryAfterMs?: number } = {},
  ) {
    super(message, { cause: details.cause });
  }

  get retryAfterMs(): number | undefined {
    return this.details.retryAfterMs;
  }
}
