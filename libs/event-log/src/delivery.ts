import type { KafkaMessage } from 'kafkajs';

export const HEARTBEAT_INTERVAL_MS = 1_500;

export interface Delivery {
  readonly topic: string;
  readonly partition: number;
  readonly message: KafkaMessage;
  /** How often this record was tried before, in this process. */
  readonly tries: number;
  /** Aborted when the consumer closes: what waits should stop waiting. */
  readonly signal: AbortSignal;
}

/** `handled`: done with, whatever was done. `again`: the same record, later; those behind it wait. */
export type RecordOutcome = { readonly kind: 'handled' } | { readonly kind: 'again'; readonly cause: string; readonly retryAfterMs?: number };

/** Between half and all of 100 ms doubled at each try, at most 2 s: soon back after a short trouble, gentle in a long one. */
export function retryWaitMs(tries: number): number {
  const bound = Math.min(2_000, 100 * 2 ** Math.min(tries - 1, 10));
  return bound / 2 + (Math.random() * bound) / 2;
}

/**
 * Keeps the member in its group while a handler works, however long. `lost` is what kafkajs must hear afterwards (the
 * group rebalances, the connection is gone): thrown at once, it would have left the handler running without an owner.
 */
export async function withHeartbeat(heartbeat: () => Promise<void>, work: () => Promise<RecordOutcome>): Promise<{ readonly outcome: RecordOutcome; readonly lost: Error | undefined }> {
  let lost: Error | undefined;
  const timer = setInterval(() => {
    heartbeat().catch((error: unknown) => {
      lost ??= error instanceof Error ? error : new Error('the heartbeat failed', { cause: error });
    });
  }, HEARTBEAT_INTERVAL_MS);
  try {
    const outcome = await work();
    return { outcome, lost };
  } finally {
    clearInterval(timer);
  }
}
