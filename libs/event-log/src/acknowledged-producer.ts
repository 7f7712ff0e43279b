import { type Message as KafkaMessage, Partitioners, type Producer } from 'kafkajs';
import { logger } from '@calsync/service-chassis';
import { Failure } from '@calsync/sync-engine';
import { type BrokerOptions, kafkaClient } from './kafka-client.js';

export interface OutgoingRecord extends KafkaMessage {
  readonly topic: string;
}

const GIVE_UP_MS = 8_000;
const CLOSE_LIMIT_MS = 1_500;
const log = logger('kafka-producer');

/**
 * Sends records one call after another and resolves once every replica that must have them has them. Idempotent: what
 * kafkajs sends again isn't written twice. One call at a time, because a repeated call must not be overtaken.
 */
export class AcknowledgedProducer {
  #producer: Promise<Producer> | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;
  readonly #gaveUp = new AbortController();
  #state: 'new' | 'connected' | 'away' = 'new';

  constructor(private readonly options: BrokerOptions) {}

  get state(): 'new' | 'connected' | 'away' {
    return this.#state;
  }

  /** Begins to connect and doesn't wait: a service starts before its broker. */
  connect(): void {
    this.#send([]).catch(() => undefined);
  }

  /** Rejects with `Failure('transient')` after about 8 s, with `Failure('permanent')` for a record that the broker will never take. */
  send(records: readonly OutgoingRecord[]): Promise<void> {
    return records.length === 0 ? Promise.resolve() : this.#send(records);
  }

  async close(): Promise<void> {
    this.#closed = true;
    // What is on its way may arrive; a broker that is away doesn't hold up the end.
    await within(CLOSE_LIMIT_MS, this.#last);
    await this.#discard();
    this.#gaveUp.abort(new Failure('transient', 'the producer was closed before Kafka acknowledged: the service is ending'));
  }

  #send(records: readonly OutgoingRecord[]): Promise<void> {
    // Counted from the call: behind an attempt that already waits in vain, one doesn't wait twice as long.
    const deadline = performance.now() + GIVE_UP_MS;
    const sending = this.#last.then(() => this.#attempt(records, deadline));
    this.#last = sending.catch(() => undefined);
    return sending;
  }

  async #attempt(records: readonly OutgoingRecord[], deadline: number): Promise<void> {
    if (this.#closed) throw new Failure('transient', 'the producer is closed: the service is ending');
    const { signal } = this.#gaveUp;
    let timer: NodeJS.Timeout | undefined;
    let giveUp = (): void => undefined;
    const late = new Promise<never>((_, reject) => {
      const tooLate = new Failure('transient', `Kafka didn't acknowledge ${records.length} messages within ${GIVE_UP_MS} ms (KAFKA_BROKERS ${this.options.brokers.join(',')})`);
      timer = setTimeout(() => reject(tooLate), Math.max(0, deadline - performance.now()));
      giveUp = () => reject(signal.reason);
      signal.addEventListener('abort', giveUp, { once: true });
    });
    const work = (async () => {
      this.#producer ??= this.#build();
      const producer = await this.#producer;
      if (records.length > 0) await producer.sendBatch({ acks: -1, topicMessages: byTopic(records) });
    })();
    try {
      await Promise.race([work, late]);
      this.#state = 'connected';
    } catch (error) {
      work.catch(() => undefined);
      const failure = asFailure(error);
      if (failure.kind !== 'permanent') this.#state = 'away';
      // Fenced, out of order, or still retrying by itself: a later call must not meet what is left of this one.
      await this.#discard();
      throw failure;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
    }
  }

  async #build(): Promise<Producer> {
    const producer = kafkaClient(this.options).producer({ createPartitioner: Partitioners.DefaultPartitioner, idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false, retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: Number.MAX_SAFE_INTEGER } });
    producer.on(producer.events.DISCONNECT, () => {
      if (!this.#closed) this.#state = 'away';
    });
    await producer.connect();
    return producer;
  }

  async #discard(): Promise<void> {
    const producer = this.#producer;
    this.#producer = undefined;
    if (producer === undefined) return;
    const disconnecting = producer.then((built) => built.disconnect()).catch((error: unknown) => log.debug({ err: error }, 'disconnecting a producer'));
    // A broker that is away must not hold up the next attempt, or the end of the process.
    await within(500, disconnecting);
  }
}

async function within(limitMs: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([
    work,
    new Promise<void>((resolve) => {
      timer = setTimeout(resolve, limitMs);
    }),
  ]);
  clearTimeout(timer);
}

function byTopic(records: readonly OutgoingRecord[]): { topic: string; messages: KafkaMessage[] }[] {
  const topics = new Map<string, KafkaMessage[]>();
  for (const { topic, ...message } of records) {
    const messages = topics.get(topic) ?? [];
    messages.push(message);
    topics.set(topic, messages);
  }
  return [...topics].map(([topic, messages]) => ({ topic, messages }));
}

const NEVER = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD', 'CORRUPT_MESSAGE']);

function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const type = typeof error === 'object' && error !== null && 'type' in error ? String(error.type) : '';
  if (NEVER.has(type)) return new Failure('permanent', `Kafka refuses a record (${type}): it is larger than the topic's max.message.bytes, or malformed`, { cause: error });
  return new Failure('transient', `Kafka didn't take the messages (${error instanceof Error ? error.name : 'unknown'}${type === '' ? '' : ` ${type}`}): is the broker up, do the topics exist?`, { cause: error });
}
