import type { Consumer } from 'kafkajs';
import type { Check } from '@calsync/service-chassis';

/**
 * `joining`: looking for its group. `consuming`. `rebalancing`: the group is being divided anew. `reconnecting`: the
 * broker was lost, a new consumer is being built. `crashed`: it ended for a reason that isn't the broker's.
 */
export type ConsumerState = 'joining' | 'consuming' | 'rebalancing' | 'reconnecting' | 'crashed' | 'closed';

interface Waiting {
  readonly offset: string;
  readonly cause: string;
  readonly tries: number;
  readonly since: string;
}

/** What is known of one consumer, from kafkajs' own events: the source of its health. */
export class ConsumerCondition {
  #state: ConsumerState = 'joining';
  #lastHeartbeat: number | undefined;
  #lastCause: string | undefined;
  #joins = 0;
  /** After a crash, until a record was handled or the new consumer has lived for a while: joining proves little. */
  #suspectSince: number | undefined;
  #assigned: Readonly<Record<string, readonly number[]>> = {};
  readonly #waiting = new Map<string, Waiting>();

  constructor(
    private readonly of: { readonly groupId: string; readonly topics: readonly string[] },
    private readonly sessionTimeoutMs: number,
    private readonly stuckMs: number,
  ) {}

  get state(): ConsumerState {
    return this.#state;
  }

  /** How often it has joined its group. */
  get joins(): number {
    return this.#joins;
  }

  /** Follows one kafkajs consumer; resolves with the reason when that one has ended. */
  watch(consumer: Consumer): Promise<unknown> {
    const { events } = consumer;
    consumer.on(events.HEARTBEAT, () => {
      this.#lastHeartbeat = performance.now();
    });
    consumer.on(events.GROUP_JOIN, ({ payload }) => {
      this.#state = 'consuming';
      this.#joins += 1;
      this.#lastHeartbeat = performance.now();
      this.#assigned = payload.memberAssignment;
    });
    consumer.on(events.REBALANCING, () => {
      this.#state = 'rebalancing';
    });
    return new Promise((resolve) => {
      consumer.on(events.CRASH, ({ payload }) => resolve(payload.error));
    });
  }

  /** Resolves when a consumer that should be at work has given no sign for long, or when `closing` is aborted. */
  stuck(closing: AbortSignal): Promise<unknown> {
    return new Promise((resolve) => {
      const timer = setInterval(() => {
        if (this.#silentMs() > this.stuckMs) end(new Error(`no heartbeat for ${this.stuckMs / 1_000} s`));
      }, 1_000);
      const end = (why: unknown) => {
        clearInterval(timer);
        resolve(why);
      };
      if (closing.aborted) end(closing.reason);
      else closing.addEventListener('abort', () => end(closing.reason), { once: true });
    });
  }

  ended(cause: unknown): void {
    this.#state = isBrokerTrouble(cause) ? 'reconnecting' : 'crashed';
    if (this.#state === 'crashed') this.#suspectSince = performance.now();
    this.#lastCause = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    this.#assigned = {};
  }

  closed(): void {
    this.#state = 'closed';
  }

  waits(place: string, offset: string, cause: string, tries: number): void {
    const since = this.#waiting.get(place);
    this.#waiting.set(place, { offset, cause, tries, since: since?.offset === offset ? since.since : new Date().toISOString() });
  }

  moves(place: string): void {
    this.#suspectSince = undefined;
    this.#waiting.delete(place);
  }

  /** For /health/live. A broker that is away is no reason to restart the process; a consumer that died otherwise is. */
  live(): Check {
    return {
      name: `consumer-alive:${this.of.groupId}`,
      check: async () => ({ healthy: !this.#suspect() && this.#state !== 'closed' && this.#silentMs() < 2 * this.stuckMs, details: this.#details() }),
    };
  }

  /** For /health/ready: in its group, and the group knows it. */
  ready(): Check {
    return {
      name: `consumer:${this.of.groupId}`,
      check: async () => ({ healthy: this.#state === 'consuming' && !this.#suspect() && this.#silentMs() < this.sessionTimeoutMs, details: this.#details() }),
    };
  }

  #suspect(): boolean {
    if (this.#state === 'crashed') return true;
    return this.#suspectSince !== undefined && performance.now() - this.#suspectSince < 2 * this.sessionTimeoutMs;
  }

  #silentMs(): number {
    return this.#state !== 'consuming' || this.#lastHeartbeat === undefined ? 0 : performance.now() - this.#lastHeartbeat;
  }

  #details(): Record<string, unknown> {
    return {
      state: this.#state,
      topics: this.of.topics,
      partitions: this.#assigned,
      lastHeartbeatAgoMs: this.#lastHeartbeat === undefined ? null : Math.round(performance.now() - this.#lastHeartbeat),
      joins: this.#joins,
      waiting: Object.fromEntries(this.#waiting),
      ...(this.#lastCause === undefined ? {} : { lastCause: this.#lastCause }),
    };
  }
}

/** Whatever kafkajs reports of connections, brokers, groups and topics that aren't there yet passes by itself. */
function isBrokerTrouble(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  if (cause.cause !== undefined && isBrokerTrouble(cause.cause)) return true;
  return /^KafkaJS(Connection|RequestTimeout|NumberOfRetriesExceeded|BrokerNotFound|NoBrokerAvailable|GroupCoordinatorNotFound|Protocol|MetadataNotLoaded|TopicMetadataNotLoaded|LockTimeout|StaleTopicMetadata|MemberIdRequired|Offset)/.test(cause.name);
}
