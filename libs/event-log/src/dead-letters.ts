import { deadLettersOf } from '@calsync/event-contracts';
import { metrics } from '@calsync/service-chassis';
import { Failure } from '@calsync/sync-engine';
import { AcknowledgedProducer } from './acknowledged-producer.js';
import type { Delivery } from './delivery.js';
import type { BrokerOptions } from './kafka-client.js';

const written = metrics.counter({ name: 'dlq_messages_total', help: 'Messages written to a dead-letter topic', labelNames: ['topic'] });

/**
 * Where a message goes that nobody can read: `<topic>.dead-letters`, the original bytes and headers, and besides
 * `dead_letter_cause`, `_topic`, `_partition`, `_offset`, `_group`, `_at`. Written before the offset is committed, so
 * that it never vanishes; a crash between the two writes it twice.
 */
export class DeadLetters {
  readonly #producer: AcknowledgedProducer;

  constructor(
    private readonly options: BrokerOptions & { readonly groupId: string },
  ) {
    this.#producer = new AcknowledgedProducer({ brokers: options.brokers, clientId: `${options.clientId}-dead-letters` });
  }

  /** Rejects with `Failure('transient')` when Kafka doesn't take it now. */
  async write(delivery: Delivery, cause: string): Promise<void> {
    const { topic, partition, message } = delivery;
    const record = {
      topic: deadLettersOf(topic),
      key: message.key,
      value: message.value,
      headers: {
        ...message.headers,
        dead_letter_cause: cause.slice(0, 1_000),
        dead_letter_topic: topic,
        dead_letter_partition: String(partition),
        dead_letter_offset: message.offset,
        dead_letter_group: this.options.groupId,
        dead_letter_at: new Date().toISOString(),
      },
    };
    try {
      await this.#producer.send([record]);
    } catch (error) {
      if (!(error instanceof Failure) || error.kind !== 'permanent') throw error;
      // As large as the topic allows, and the headers were too much: the original can still be read at its own offset.
      await this.#producer.send([{ ...record, value: null, headers: { ...record.headers, dead_letter_omitted_bytes: String(message.value?.length ?? 0) } }]);
    }
    written.inc({ topic });
  }

  close(): Promise<void> {
    return this.#producer.close();
  }
}
