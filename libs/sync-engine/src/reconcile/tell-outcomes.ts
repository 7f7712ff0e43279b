import type { MessagePublisher } from '../ports/event-log.js';
import type { PairStore } from './ports.js';

/**
 * Publishes what was written into the pairs' outboxes and clears it after the ack. A crash in between tells it twice,
 * under the same ids. Answers how many messages were told.
 */
export async function tellOutcomes(pairs: PairStore, publisher: MessagePublisher, limit = 200): Promise<number> {
  let told = 0;
  for (const pair of await pairs.withOutbox(limit)) {
    await publisher.publish(pair.outbox);
    await pairs.clearOutbox(pair.id, pair.outbox.map((message) => message.id));
    told += pair.outbox.length;
  }
  return told;
}
