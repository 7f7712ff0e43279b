import { DelegateBackoff, handleWhen, retry } from 'cockatiel';

export interface RetryingPolicy {
  /** Attempts in all, the first included. */
  readonly attempts: number;
  /** The longest possible wait before the second attempt; doubles with each further one. */
  readonly firstMs: number;
  /** No wait by backoff is longer. */
  readonly maxMs: number;
  /** A server that asks for a longer wait than this ends the attempts. Default 30 s. */
  readonly maxRetryAfterMs?: number;
  /** By default errors with `kind` `transient` or `quota`. */
  readonly retryIf?: (error: unknown) => boolean;
  readonly onRetry?: (error: unknown, attempt: number, waitMs: number) => void;
  readonly random?: () => number;
}

/**
 * Bounded repetition with full jitter (a wait anywhere between nothing and the bound: many clients never come back in
 * step). An error's `retryAfterMs` is the least that is waited. When it gives up, the last error is thrown as it is.
 */
export function retrying(policy: RetryingPolicy): <T>(work: (attempt: number) => Promise<T>, signal?: AbortSignal) => Promise<T> {
  const { attempts, firstMs, maxMs, maxRetryAfterMs = 30_000, retryIf = isPassing, random = Math.random } = policy;
  const repeats = retry(
    handleWhen((error) => retryIf(error) && (askedWaitMs(error) ?? 0) <= maxRetryAfterMs),
    {
      maxAttempts: attempts - 1,
      backoff: new DelegateBackoff<{ attempt: number; result: object }>(({ attempt, result }) => {
        const jittered = random() * Math.min(maxMs, firstMs * 2 ** (attempt - 1));
        return Math.max(jittered, ('error' in result ? askedWaitMs(result.error) : undefined) ?? 0);
      }),
    },
  );
  if (policy.onRetry !== undefined) {
    const { onRetry } = policy;
    repeats.onRetry((event) => onRetry('error' in event ? event.error : undefined, event.attempt, event.delay));
  }
  return async (work, signal) =>
    repeats.execute(({ attempt }) => {
      signal?.throwIfAborted();
      return work(attempt + 1);
    }, signal);
}

function isPassing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'kind' in error && (error.kind === 'transient' || error.kind === 'quota');
}

function askedWaitMs(error: unknown): number | undefined {
  return typeof error === 'object' && error !== null && 'retryAfterMs' in error && typeof error.retryAfterMs === 'number' ? error.retryAfterMs : undefined;
}
