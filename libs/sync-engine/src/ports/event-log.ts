import type { Message } from '@calsync/event-contracts';

/** Resolves only once every replica that must have the messages has them (acks all); rejects with `Failure('transient')`. Order is kept per key. */
export interface MessagePublisher {
  publish(messages: readonly Message[]): Promise<void>;
}
