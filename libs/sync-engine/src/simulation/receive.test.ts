import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Message } from '@calsync/event-contracts';
import { Failure } from '../failures/failure.js';
import type { ReceiveMetrics } from '../receive/ports.js';
import { createReceiver, type Receiver } from '../receive/receiver.js';
import { ACCOUNT } from '../testing/records.js';
import { createMemoryAccounts, createMemoryCalendars, createMemoryChannels, createMemoryLeases, plainSecrets } from './memory-receive.js';
import { ModelCalendarFeed } from './model-calendar-feed.js';

const calendar = { accountId: ACCOUNT.id, calendarId: ACCOUNT.calendarId };
const silent: ReceiveMetrics = { notification() {}, pulled() {}, pullFailed() {}, sweepRepairs() {}, channels() {} };

type Step =
  /** Google's notification of a change comes at any later moment, unless push is dead. */
  | { readonly do: 'change' | 'delete'; readonly id: string }
  | { readonly do: 'repeat-notification' | 'turn' | 'crash' | 'expire-tokens' | 'google-fails' | 'kafka-loses' | 'kafka-keeps-silent' | 'resync' | 'second-replica' }
  | { readonly do: 'wait'; readonly ms: number };

const changes = fc.record({ do: fc.constantFrom('change' as const, 'delete' as const), id: fc.constantFrom('a', 'b', 'c', 'd', 'e') });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: changes },
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('repeat-notification' as const, 'turn' as const, 'crash' as const, 'expire-tokens' as const, 'google-fails' as const, 'kafka-loses' as const, 'kafka-keeps-silent' as const, 'resync' as const, 'second-replica' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(300, 3_000, 12_000) }) },
);
const histories = fc.array(fc.record({ step, calls: fc.integer({ min: 0, max: 30 }) }), { minLength: 1, maxLength: 40 });
type History = readonly { readonly step: Step; readonly calls: number }[];

async function live(world: World, history: History): Promise<void> {
  await world.openChannel();
  world.startProcess();
  world.startProcess();
  world.perform({ do: 'turn' });
  for (const { step: next, calls } of history) {
    world.perform(next);
    await world.goOn(calls);
  }
}

describe('the receive loop on a model of Google, crashing at any moment', () => {
  it('tells every change that was notified, the last state last, without any sweep: no hint is swallowed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), histories, async (s, history) => {
        const world = new World(s, 'push arrives');
        await live(world, history);
        await world.comeToRest(60_000);
        expect(world.lastTold()).toEqual(world.feed.truth());
        expect(world.fullListsTold()).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  it('[lesson 9] a push during a pull is never swallowed: with two replicas, notifications alone and no look-round afterwards', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(fc.record({ step: changes, calls: fc.integer({ min: 0, max: 60 }) }), { minLength: 1, maxLength: 3 }), async (s, history) => {
        const world = new World(s, 'push alone');
        await live(world, history);
        await world.comeToRest(1_000);
        expect(world.lastTold()).toEqual(world.feed.truth());
      }),
      // The gaps are narrow: between the last look and the release of a lease.
      { numRuns: 2_000 },
    );
  });

  it('a deleted event that is restored while the feed is read is not told as deleted afterwards', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (s) => {
        const world = new World(s, 'push arrives');
        await live(world, [
          { step: { do: 'delete', id: 'a' }, calls: 0 },
          { step: { do: 'change', id: 'b' }, calls: 0 },
          { step: { do: 'change', id: 'c' }, calls: 22 },
          { step: { do: 'change', id: 'a' }, calls: 0 },
        ]);
        await world.comeToRest(60_000);
        expect(world.lastTold()).toEqual(world.feed.truth());
      }),
      { numRuns: 100 },
    );
  });

  it('tells every change within a sweep where push is dead', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), histories, async (s, history) => {
        const world = new World(s, 'push is dead');
        await live(world, history);
        await world.comeToRest(SWEEP_SECONDS * 1_250 + 60_000);
        expect(world.lastTold()).toEqual(world.feed.truth());
      }),
      { numRuns: 200 },
    );
  });
});

const SWEEP_SECONDS = 300;
const CALL_MS = 20;

/** All that outlives a process, and the processes over it. Every call to the outside is a point where others go first, or the process dies. */
class World {
  now = 1_800_000_000_000;
  readonly feed = new ModelCalendarFeed(() => this.now);
  readonly #told: Message[] = [];
  readonly #states = createMemoryCalendars();
  readonly #channels = createMemoryChannels();
  readonly #leases = createMemoryLeases(() => this.now);
  readonly #accounts = createMemoryAccounts([ACCOUNT]);
  readonly #processes: { receiver: Receiver; alive: { yes: boolean } }[] = [];
  #commands = 0;
  #notified = 0;
  #kafkaFates: ('arrives' | 'arrives unacknowledged' | 'lost')[] = [];
  #sleepers: { until: number; wake: () => void }[] = [];

  constructor(private readonly s: fc.Scheduler, private readonly push: 'push arrives' | 'push is dead' | 'push alone') {}

  async openChannel(): Promise<void> {
    if (this.push !== 'push alone') return;
    const channel = { ...calendar, tokenHash: plainSecrets().hash('secret'), state: 'open', createdAt: this.now, resourceId: 'r', expiresAt: this.now + 1e12 } as const;
    await this.#channels.add({ ...channel, id: 'channel', subject: 'events' });
    await this.#channels.add({ ...channel, id: 'list-channel', subject: 'calendar-list' });
    await this.#states.follow(calendar, { state: 'live', active: true, now: this.now });
  }

  startProcess(): void {
    const alive = { yes: true };
    const died = new Promise<never>(() => undefined);
    /** A port as this process sees it: calls take their turn, and nothing comes back to who is dead. */
    const port = <T extends object>(target: T, name: string): T =>
      new Proxy(target, {
        get: (_target, key) => {
          const value: unknown = Reflect.get(target, key);
          if (typeof value !== 'function') return value;
          return async (...args: unknown[]) => {
            await this.s.schedule(Promise.resolve(), `${name}.${String(key)}`);
            if (!alive.yes) return died;
            const answer: unknown = await (value as (...values: unknown[]) => unknown).apply(target, args);
            await this.s.schedule(Promise.resolve(), `${name}.${String(key)} answers`);
            return alive.yes ? answer : died;
          };
        },
      });
    const receiver = createReceiver({
      accounts: port(this.#accounts, 'accounts'), feed: port(this.feed, 'google'), states: port(this.#states, 'states'), channels: port(this.#channels, 'channels'),
      publisher: port({ publish: (messages: readonly Message[]) => this.#publish(messages) }, 'kafka'),
      leases: port(this.#leases, 'leases'),
      clock: { now: () => this.now, sleep: (ms, signal) => this.#sleep(ms, signal) }, googleNow: () => this.now,
      secrets: plainSecrets(), metrics: silent, reached: () => undefined, random: () => 0.5, sweepSeconds: this.push === 'push is dead' ? SWEEP_SECONDS : 1e9, address: this.push === 'push alone' ? 'https://push.example.nl/google/notifications' : undefined, ttlSeconds: 604_800, report: () => undefined,
    });
    this.#processes.push({ receiver, alive });
  }

  perform(step: Step): void {
    const { receiver } = this.#processes.at(-1)!;
    switch (step.do) {
      case 'change':
      case 'delete':
        this.feed.change(step.id, step.do === 'delete');
        if (this.push !== 'push is dead') this.#notify();
        return;
      case 'repeat-notification':
        if (this.push !== 'push is dead') this.#notify();
        return;
      case 'turn':
        return void receiver.turn().catch(() => undefined);
      case 'second-replica':
        return void this.#processes[0]!.receiver.turn().catch(() => undefined);
      case 'crash':
        this.#processes.at(-1)!.alive.yes = false;
        return this.startProcess();
      case 'expire-tokens':
        return this.feed.expireSyncTokens();
      case 'google-fails':
        return void this.feed.failures.push(new Failure('transient', 'no answer'));
      case 'kafka-loses':
        return void this.#kafkaFates.push('lost');
      case 'kafka-keeps-silent':
        return void this.#kafkaFates.push('arrives unacknowledged');
      case 'resync': {
        const commandId = `command-${(this.#commands += 1)}`;
        const at = new Date(this.now).toISOString();
        return void receiver
          .obey({ type: 'nl.inventive.sync.resync.requested.v1', id: commandId, key: ACCOUNT.id, source: '/console', time: at, data: { commandId, accountId: ACCOUNT.id, at } })
          .catch(() => undefined);
      }
      case 'wait':
        return this.#pass(step.ms);
      default:
        return step satisfies never;
    }
  }

  /** So many more calls reach the outside, in an order that the scheduler chooses; fewer where all is quiet. Each takes its time. */
  async goOn(calls: number): Promise<void> {
    for (let done = 0; done < calls; done += 1) {
      await new Promise(setImmediate);
      if (this.s.count() === 0) return;
      await this.s.waitNext(1);
      this.#pass(CALL_MS);
    }
  }

  /** No more failures; so much time goes on, in small turns, that leases of the dead run out and waits are over. */
  async comeToRest(ms: number): Promise<void> {
    this.feed.failures.length = 0;
    this.#kafkaFates = [];
    for (let passed = 0; passed <= ms; passed += ms / 4) {
      await this.goOn(1_000);
      this.#pass(ms / 4);
      if (this.push !== 'push alone') for (const { receiver, alive } of this.#processes) if (alive.yes) void receiver.turn().catch(() => undefined);
      await this.goOn(1_000);
    }
  }

  /** What stands behind a genuine notification, at any process that lives by then. */
  #notify(): void {
    void this.s.schedule(Promise.resolve(), 'a notification arrives').then(async () => {
      if (this.push === 'push alone') {
        const { receiver } = this.#processes[(this.#notified += 1) % 2]!;
        return void receiver.notify({ channelId: 'channel', token: 'secret', resourceId: 'r', resourceState: 'exists', expiration: undefined }).catch(() => undefined);
      }
      await this.#states.hint(calendar, this.now);
      await this.#processes.at(-1)!.receiver.turn().catch(() => undefined);
    });
  }

  lastTold(): ReadonlyMap<string, { readonly etag: string; readonly cancelled: boolean }> {
    return new Map(
      this.#told.flatMap((message) => {
        if (message.type !== 'com.google.calendar.event.changed.v1' && message.type !== 'com.google.calendar.event.deleted.v1') return [];
        const { id, etag = '' } = message.data.event;
        return [[id, { etag, cancelled: message.type === 'com.google.calendar.event.deleted.v1' }] as const];
      }),
    );
  }

  fullListsTold(): number {
    return this.#told.filter(({ type }) => type === 'com.google.calendar.full-list.completed.v1').length;
  }

  /** A refused send may still have arrived. */
  async #publish(messages: readonly Message[]): Promise<void> {
    const fate = this.#kafkaFates.shift() ?? 'arrives';
    if (fate !== 'lost') this.#told.push(...messages);
    if (fate !== 'arrives') throw new Failure('transient', 'no acknowledgement');
  }

  #pass(ms: number): void {
    this.now += ms;
    const over = this.#sleepers.filter(({ until }) => until <= this.now);
    this.#sleepers = this.#sleepers.filter(({ until }) => until > this.now);
    for (const { wake } of over) wake();
  }

  #sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      this.#sleepers.push({ until: this.now + ms, wake: resolve });
    });
  }
}
