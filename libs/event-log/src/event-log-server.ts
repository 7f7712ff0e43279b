import { applyDecorators, UseFilters } from '@nestjs/common';
import { BaseRpcContext, type CustomTransportStrategy, EventPattern, type MessageHandler, Server } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import { type Check, logger, metrics, withLogContext, withTrace } from '@calsync/service-chassis';
import { type Decoded, decode } from './codec.js';
import { DeadLetters } from './dead-letters.js';
import type { Delivery, RecordOutcome } from './delivery.js';
import { ErrorsReachTheLog, judge } from './handler-errors.js';
import type { MissedRecords } from './missed-records.js';
import { SupervisedConsumer } from './supervised-consumer.js';

/** The transport that our handlers belong to: `@EventPattern<string>('topic', EVENT_LOG)`, or `@OnTopic('topic')`. */
export const EVENT_LOG = Symbol('event-log');

/** A handler for the messages of a topic, whose errors the transport can tell apart. Payload: `Delivered`; context: `EventLogContext`. */
export const OnTopic = (topic: string, transportId: symbol = EVENT_LOG): MethodDecorator => applyDecorators(EventPattern<string>(topic, transportId), UseFilters(ErrorsReachTheLog));

/** What a handler gets: all else is dealt with before. */
export type Delivered = Extract<Decoded, { kind: 'message' | 'tombstone' }>;

export interface EventLogConsumerOptions {
  readonly brokers: readonly string[];
  readonly groupId: string;
  readonly clientId: string;
  /** Only these; handlers of other topics belong to other consumers of the process. */
  readonly topics: readonly string[];
  /** A group without an offset begins at the oldest message. Default true. */
  readonly fromBeginning?: boolean;
  readonly topicPrefix?: string;
  /** Told before anything is read, where records expired before this group had read them. What it throws is tried again. */
  readonly onMissed?: (missed: readonly MissedRecords[]) => Promise<void>;
  /** Where two consumers of one process read the same topic. */
  readonly transportId?: symbol;
}

export class EventLogContext extends BaseRpcContext<[Delivery]> {
  get topic(): string {
    return this.args[0].topic;
  }
  get partition(): number {
    return this.args[0].partition;
  }
  get offset(): string {
    return this.args[0].message.offset;
  }
  /** How often this message was tried before. */
  get tries(): number {
    return this.args[0].tries;
  }
  /** Aborted when the service is closing. */
  get signal(): AbortSignal {
    return this.args[0].signal;
  }
}

export const eventLogConsumer = (options: EventLogConsumerOptions): EventLogServer => new EventLogServer(options);

const handled = metrics.counter({ name: 'kafka_messages_total', help: 'Messages taken from Kafka, by what became of them', labelNames: ['topic', 'result'] });
const log = logger('event-log');

/** NestJS transport: one consumer group whose handlers can fail without stopping it. Start it by `app.connectMicroservice({ strategy })`. */
export class EventLogServer extends Server implements CustomTransportStrategy {
  override readonly transportId: symbol;
  // The error comes back to us by the handler's stream; Nest need not report it as lost.
  override readonly propagatesEventHandlerErrors = true;
  readonly #consumer: SupervisedConsumer;
  readonly #deadLetters: DeadLetters;
  readonly #prefix: string;
  readonly #topics: readonly string[];

  constructor(options: EventLogConsumerOptions) {
    super();
    const { brokers, groupId, clientId, topics, fromBeginning = true, topicPrefix = '', transportId = EVENT_LOG, onMissed } = options;
    this.transportId = transportId;
    this.#prefix = topicPrefix;
    this.#topics = topics;
    this.#deadLetters = new DeadLetters({ brokers, clientId, groupId });
    this.#consumer = new SupervisedConsumer(
      { brokers, clientId, groupId, topics: topics.map((topic) => topicPrefix + topic), fromBeginning, commits: true, partitionsAtOnce: 3, ...(onMissed === undefined ? {} : { onMissed }) },
      (delivery) => this.#deliver(delivery),
    );
  }

  listen(callback: (error?: unknown) => void): void {
    const without = this.#topics.filter((topic) => this.getHandlerByPattern(topic) === null);
    if (without.length > 0) {
      callback(new Error(`no handler for ${without.join(', ')}: its messages would be committed unread`));
      return;
    }
    this.#consumer.start();
    callback();
  }

  async close(): Promise<void> {
    await this.#consumer.close();
    await this.#deadLetters.close();
  }

  /** `ready`: in its group, heartbeats accepted. `live`: not crashed; a broker that is away is not its fault. */
  check(): { readonly live: Check; readonly ready: Check } {
    return { live: this.#consumer.condition.live(), ready: this.#consumer.condition.ready() };
  }

  override on(): never {
    throw new Error('EventLogServer has no events: ask check()');
  }

  override unwrap<T>(): T {
    throw new Error('EventLogServer keeps its consumer to itself');
  }

  #deliver(delivery: Delivery): Promise<RecordOutcome> {
    const { topic, partition, message } = delivery;
    const ours = topic.slice(this.#prefix.length);
    return withLogContext({ topic, partition, offset: message.offset }, async (): Promise<RecordOutcome> => {
      const decoded = decode({ topic: ours, key: message.key, value: message.value, headers: message.headers, timestamp: message.timestamp });
      switch (decoded.kind) {
        case 'undecodable':
          return this.#putAside(delivery, ours, decoded.cause);
        case 'unknown-type':
          log.debug({ type: decoded.type }, 'a type that this version does not know: passed over');
          handled.inc({ topic: ours, result: 'unknown-type' });
          return { kind: 'handled' };
        case 'message':
          return withTrace(decoded.traceparent, () => this.#callHandler(delivery, ours, decoded));
        case 'tombstone':
          return this.#callHandler(delivery, ours, decoded);
      }
    });
  }

  async #callHandler(delivery: Delivery, topic: string, decoded: Delivered): Promise<RecordOutcome> {
    try {
      const handler = this.getHandlerByPattern(topic) as MessageHandler<Delivered, EventLogContext>;
      await lastValueFrom(this.transformToObservable(await handler(decoded, new EventLogContext([delivery]))), { defaultValue: undefined });
      handled.inc({ topic, result: 'handled' });
      return { kind: 'handled' };
    } catch (error) {
      const verdict = judge(error, delivery.tries);
      if (verdict.kind === 'dead-letter') return this.#putAside(delivery, topic, verdict.cause);
      handled.inc({ topic, result: 'again' });
      log.warn({ cause: verdict.cause, tries: delivery.tries + 1 }, 'a message could not be handled: it is tried again, those behind it wait');
      return { kind: 'again', cause: verdict.cause, ...(verdict.retryAfterMs === undefined ? {} : { retryAfterMs: verdict.retryAfterMs }) };
    }
  }

  async #putAside(delivery: Delivery, topic: string, cause: string): Promise<RecordOutcome> {
    try {
      await this.#deadLetters.write(delivery, cause);
      handled.inc({ topic, result: 'dead-letter' });
      log.error({ cause }, 'a message went to the dead letters');
      return { kind: 'handled' };
    } catch (error) {
      log.warn({ err: error, cause }, 'the dead-letter topic does not take a message: it is tried again');
      return { kind: 'again', cause: `dead letter not written: ${error instanceof Error ? error.message : String(error)}` };
    }
  }
}
