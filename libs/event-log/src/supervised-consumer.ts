import type { Consumer, EachBatchPayload } from 'kafkajs';
import { logger, metrics, systemClock, withLogContext } from '@calsync/service-chassis';
import { ConsumerCondition } from './consumer-condition.js';
import { HEARTBEAT_INTERVAL_MS, type Delivery, type RecordOutcome, retryWaitMs, withHeartbeat } from './delivery.js';
import { kafkaClient } from './kafka-client.js';
import { findMissedRecords, type MissedRecords } from './missed-records.js';

export interface ConsumerOptions {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly groupId: string;
  /** Names as they are on the broker. */
  readonly topics: readonly string[];
  readonly fromBeginning: boolean;
  /** Without commits every start reads from `fromBeginning`'s end again. */
  readonly commits: boolean;
  readonly partitionsAtOnce: number;
  /** Told before anything is read, where records expired unread; what it throws is tried again. Told twice after a crash. */
  readonly onMissed?: (missed: readonly MissedRecords[]) => Promise<void>;
}

const SESSION_TIMEOUT_MS = 6_000;
/** How long a partition is tried in place before it is set aside, so that kafkajs fetches the other ones again. */
const IN_PLACE_MS = 1_000;
/** Alive but without a heartbeat for so long: kafkajs is stuck, a new consumer is built. */
const STUCK_MS = 20_000;
const COMMIT_EVERY_MS = 50;
/** A handler in flight at the end gets so long; what it didn't finish comes again. */
const HANDLER_LIMIT_MS = 15_000;

const log = logger('kafka-consumer');
const lagRecords = metrics.gauge({ name: 'kafka_consumer_lag_records', help: 'Records of a partition that this consumer has not handled yet', labelNames: ['topic', 'partition', 'group'] });

/**
 * A kafkajs consumer that can't die quietly. One record of a partition after another; a record that can't be handled
 * now is tried again for ever while those behind it wait and other partitions go on. Whenever kafkajs gives up, the
 * consumer is built anew. `handle` never throws: its answer says what becomes of the record.
 */
export class SupervisedConsumer {
  readonly condition: ConsumerCondition;
  readonly #closing = new AbortController();
  readonly #stuck = new Map<string, { readonly offset: string; tries: number; readonly sinceMs: number }>();
  readonly #committedAt = new Map<string, number>();
  readonly #resumes = new Set<NodeJS.Timeout>();
  #running: Promise<void> | undefined;
  #handling = 0;

  constructor(
    private readonly options: ConsumerOptions,
    private readonly handle: (delivery: Delivery) => Promise<RecordOutcome>,
  ) {
    this.condition = new ConsumerCondition(options, SESSION_TIMEOUT_MS, STUCK_MS);
  }

  /** Returns at once: joining the group may take as long as the broker is away. */
  start(): void {
    this.#running ??= withLogContext({ group: this.options.groupId }, () => this.#supervise());
  }

  /** Lets the handler in flight end and commits it; takes no other record. */
  async close(): Promise<void> {
    this.#closing.abort(new Error('the consumer is closing'));
    await this.#running;
    this.condition.closed();
  }

  async #supervise(): Promise<void> {
    const { signal } = this.#closing;
    for (let failures = 0; !signal.aborted; ) {
      const joinsBefore = this.condition.joins;
      const cause = await this.#consumeUntilItEnds();
      if (signal.aborted) return;
      failures = this.condition.joins > joinsBefore ? 1 : failures + 1;
      this.condition.ended(cause);
      log.warn({ err: cause, failures }, 'the consumer ended: a new one is built');
      await systemClock.sleep(retryWaitMs(failures), signal).catch(() => undefined);
    }
  }

  /** Answers why it ended; never throws. */
  async #consumeUntilItEnds(): Promise<unknown> {
    const { brokers, clientId, groupId, topics, fromBeginning, partitionsAtOnce } = this.options;
    const consumer = kafkaClient({ brokers, clientId }).consumer({
      groupId,
      sessionTimeout: SESSION_TIMEOUT_MS,
      rebalanceTimeout: 10_000,
      heartbeatInterval: HEARTBEAT_INTERVAL_MS,
      maxWaitTimeInMs: 250,
      allowAutoTopicCreation: false,
      // Restarting is our affair: kafkajs waits up to half a minute, and after some errors doesn't restart at all.
      retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 5, restartOnFailure: async () => false },
    });
    try {
      const ended = this.condition.watch(consumer);
      const starting = (async () => {
        await this.#tellMissed();
        await consumer.connect();
        await consumer.subscribe({ topics: [...topics], fromBeginning });
        await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, partitionsConsumedConcurrently: partitionsAtOnce, eachBatch: (batch) => this.#eachBatch(batch) });
        return ended;
      })();
      return await Promise.race([starting, ended, this.condition.stuck(this.#closing.signal)]);
    } catch (error) {
      return error;
    } finally {
      for (const timer of this.#resumes) clearTimeout(timer);
      this.#resumes.clear();
      await disconnected(consumer, this.#handling > 0 ? HANDLER_LIMIT_MS : 2_000);
    }
  }

  /** Before the group gets a position of its own: after the first commit nobody could tell any more. */
  async #tellMissed(): Promise<void> {
    const { brokers, clientId, groupId, topics, onMissed } = this.options;
    if (onMissed === undefined) return;
    const admin = kafkaClient({ brokers, clientId }).admin();
    try {
      await admin.connect();
      const missed = await findMissedRecords(admin, groupId, topics);
      if (missed.length === 0) return;
      log.error({ missed }, 'records expired before they were read: what they told of has to be looked for');
      await this.#untilDone(() => onMissed(missed));
    } finally {
      await admin.disconnect().catch((error: unknown) => log.debug({ err: error }, 'disconnecting an admin client'));
    }
  }

  async #untilDone(act: () => Promise<void>): Promise<void> {
    const { signal } = this.#closing;
    for (let tries = 1; !signal.aborted; tries += 1) {
      try {
        return await act();
      } catch (error) {
        log.warn({ err: error, tries }, 'that records were missed could not be dealt with yet: nothing is read before that');
        await systemClock.sleep(retryWaitMs(tries), signal).catch(() => undefined);
      }
    }
  }

  async #eachBatch(payload: EachBatchPayload): Promise<void> {
    const { batch, isRunning, isStale } = payload;
    const place = `${batch.topic}/${batch.partition}`;
    for (const message of batch.messages) {
      for (;;) {
        if (this.#closing.signal.aborted || !isRunning() || isStale()) return this.#commit(payload, undefined);
        const stuck = this.#stuck.get(place);
        const tries = stuck?.offset === message.offset ? stuck.tries : 0;
        const delivery: Delivery = { topic: batch.topic, partition: batch.partition, message, tries, signal: this.#closing.signal };
        this.#handling += 1;
        const { outcome, lost } = await withHeartbeat(payload.heartbeat, () => this.handle(delivery)).finally(() => {
          this.#handling -= 1;
        });
        if (outcome.kind === 'handled') {
          this.#stuck.delete(place);
          this.condition.moves(place);
          payload.resolveOffset(message.offset);
          lagRecords.set({ topic: batch.topic, partition: String(batch.partition), group: this.options.groupId }, Math.max(0, Number(batch.highWatermark) - 1 - Number(message.offset)));
          await this.#commit(payload, message.offset);
          // A rebalance that kafkajs must act upon: it joins the group again and fetches from what was committed.
          if (lost !== undefined) throw lost;
          await payload.heartbeat();
          break;
        }
        if (lost !== undefined) throw lost;
        const now = { offset: message.offset, tries: tries + 1, sinceMs: stuck?.offset === message.offset ? stuck.sinceMs : performance.now() };
        this.#stuck.set(place, now);
        this.condition.waits(place, message.offset, outcome.cause, now.tries);
        const waitMs = Math.max(retryWaitMs(now.tries), Math.min(outcome.retryAfterMs ?? 0, 2_000));
        if (performance.now() - now.sinceMs + waitMs > IN_PLACE_MS) {
          const resume = payload.pause();
          const timer = setTimeout(() => {
            this.#resumes.delete(timer);
            resume();
          }, waitMs);
          this.#resumes.add(timer);
          return this.#commit(payload, undefined);
        }
        await systemClock.sleep(waitMs, this.#closing.signal).catch(() => undefined);
      }
    }
  }

  /** After each record, but in a backlog at most every 50 ms: a commit is a round trip to the broker. `offset` undefined: whatever is due. */
  async #commit(payload: EachBatchPayload, offset: string | undefined): Promise<void> {
    if (!this.options.commits) return;
    const { batch } = payload;
    const place = `${batch.topic}/${batch.partition}`;
    const last = batch.messages.at(-1)?.offset === offset;
    if (offset !== undefined && !last && !this.#closing.signal.aborted && performance.now() - (this.#committedAt.get(place) ?? 0) < COMMIT_EVERY_MS) return;
    // kafkajs names partitions by text here, and by number everywhere else.
    const resolved = payload.uncommittedOffsets().topics.find(({ topic }) => topic === batch.topic)?.partitions.find(({ partition }) => Number(partition) === batch.partition)?.offset;
    if (resolved === undefined) return;
    await payload.commitOffsetsIfNecessary({ topics: [{ topic: batch.topic, partitions: [{ partition: batch.partition, offset: resolved }] }] });
    this.#committedAt.set(place, performance.now());
  }
}

/** A broker that is away must not hold up the end. */
async function disconnected(consumer: Consumer, limitMs: number): Promise<void> {
  const disconnecting = consumer.disconnect().catch((error: unknown) => log.debug({ err: error }, 'disconnecting a consumer'));
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([
    disconnecting,
    new Promise<void>((resolve) => {
      timer = setTimeout(resolve, limitMs);
    }),
  ]);
  clearTimeout(timer);
}
