import type { Message } from '@calsync/event-contracts';
import type { Check, CheckResult } from '@calsync/service-chassis';
import type { MessagePublisher } from '@calsync/sync-engine';
import { AcknowledgedProducer, type OutgoingRecord } from './acknowledged-producer.js';
import { type BrokerProbe, brokerProbe } from './broker-probe.js';
import { encode, tombstoneOf } from './codec.js';

export interface PublisherOptions {
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** Put before every topic's name (tests that share a broker). */
  readonly topicPrefix?: string;
}

/**
 * Our messages on Kafka: `publish` resolves after the acknowledgement, keeps the order of a call and of calls, and
 * sends the messages of one call as one batch. A deleted appointment is followed by its tombstone.
 */
export class KafkaMessagePublisher implements MessagePublisher {
  readonly #producer: AcknowledgedProducer;
  readonly #probe: BrokerProbe;
  readonly #prefix: string;

  constructor(options: PublisherOptions) {
    this.#producer = new AcknowledgedProducer(options);
    this.#probe = brokerProbe(options);
    this.#prefix = options.topicPrefix ?? '';
  }

  /** Begins to connect and doesn't wait for the broker. */
  async connect(): Promise<void> {
    this.#producer.connect();
  }

  /** Rejects with `Failure('transient')` when Kafka didn't acknowledge within about 8 s: some messages may have arrived, so send the same again. */
  async publish(messages: readonly Message[]): Promise<void> {
    const records = messages.flatMap((message): OutgoingRecord[] => {
      const record = encode(message);
      const all = message.type === 'nl.inventive.appointment.deleted.v1' ? [record, tombstoneOf(record)] : [record];
      return all.map((each) => ({ ...each, topic: this.#prefix + each.topic, headers: { ...each.headers } }));
    });
    await this.#producer.send(records);
  }

  async close(): Promise<void> {
    await Promise.all([this.#producer.close(), this.#probe.close()]);
  }

  /** For /health/ready: the broker answers; the details say how the last send went. */
  check(): Check {
    return { name: 'kafka-producer', check: () => this.#answer() };
  }

  async #answer(): Promise<CheckResult> {
    const broker = await this.#probe.answers();
    // Not the last send's outcome: it would stay bad until somebody sends again, which an unready service may never do.
    return { healthy: broker.healthy, details: { ...broker.details, producer: this.#producer.state } };
  }
}
