import { Catch, type ArgumentsHost, type RpcExceptionFilter } from '@nestjs/common';
import { RpcException } from '@nestjs/microservices';
import { throwError, type Observable } from 'rxjs';

/** A handler's word for: nobody will ever be able to use this message. It goes to the dead letters; the cause names no value. */
export class PoisonMessage extends RpcException {
  constructor(readonly poisonCause: string) {
    super(poisonCause);
  }

  /** Nest's own filter hands on what this answers: the error itself, so that the transport recognises it. */
  override getError(): object {
    return this;
  }
}

/** Nest's own filter replaces every other error by "Internal server error"; this one lets the transport see what was thrown. */
@Catch()
export class ErrorsReachTheLog implements RpcExceptionFilter {
  catch(exception: unknown, _host: ArgumentsHost): Observable<never> {
    return throwError(() => exception);
  }
}

/** What becomes of a message whose handler threw. */
export type Verdict = { readonly kind: 'again'; readonly cause: string; readonly retryAfterMs?: number } | { readonly kind: 'dead-letter'; readonly cause: string };

/** A broken invariant gets so many tries: it may have been the moment; then the next message counts more. */
const TRIES_OF_A_BUG = 4;

/**
 * Trouble that passes (a store, a network, a quota) is waited out. A bug in our own code is not: after a few tries the
 * message is put aside with its cause, or it would hold up its partition for ever.
 */
export function judge(error: unknown, tries: number): Verdict {
  if (error instanceof PoisonMessage) return { kind: 'dead-letter', cause: error.poisonCause };
  if (!(error instanceof Error)) return { kind: 'again', cause: 'the handler failed' };
  const kind = 'kind' in error ? error.kind : undefined;
  const named = `${error.name}${typeof kind === 'string' ? ` (${kind})` : ''}: ${error.message}`;
  if (error.name === 'Failure') {
    if (kind === 'permanent') return { kind: 'dead-letter', cause: named };
    const retryAfterMs = 'retryAfterMs' in error && typeof error.retryAfterMs === 'number' ? error.retryAfterMs : undefined;
    return { kind: 'again', cause: named, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }
  if (isOutside(error) || tries + 1 < TRIES_OF_A_BUG) return { kind: 'again', cause: named };
  return { kind: 'dead-letter', cause: `${named} (${tries + 1} tries)` };
}

/** Errors of the driver, of Kafka and of the system that an adapter let through. */
function isOutside(error: Error): boolean {
  if (/^(Mongo|Mongoose|KafkaJS|Abort|Timeout)/.test(error.name)) return true;
  if ('code' in error && typeof error.code === 'string' && /^(E[A-Z]+|UND_ERR_\w+)$/.test(error.code)) return true;
  return error.cause instanceof Error && isOutside(error.cause);
}
