import type { Message } from '@calsync/event-contracts';
import { Failure } from '../failures/failure.js';
import type { Account } from '../ports/account.js';
import { createReceiver, type Receiver } from '../receive/receiver.js';
import { createMemoryAccounts, createMemoryCalendars, createMemoryChannels, createMemoryLeases, plainSecrets } from './memory-receive.js';
import { ModelCalendarFeed } from './model-calendar-feed.js';

/** One receiver over models; time stands still unless a test moves it. */
export function aReceiver(accountsAtStart: readonly Account[], sweepSeconds = 300) {
  let now = 1_800_000_000_000;
  const googleIsAhead = { ms: 0 };
  const feed = new ModelCalendarFeed(() => now + googleIsAhead.ms);
  const told: Message[] = [];
  const accounts = createMemoryAccounts(accountsAtStart);
  const states = createMemoryCalendars();
  const channels = createMemoryChannels();
  const secrets = plainSecrets();
  const counted = { repairs: 0, pulls: [] as string[], failed: [] as string[] };
  const publisher = {
    fails: 0,
    async publish(messages: readonly Message[]) {
      if (this.fails > 0) {
        this.fails -= 1;
        throw new Failure('transient', 'no broker');
      }
      told.push(...messages);
    },
  };
  /** Short waits pass at once, and their time with them; longer ones only when the test moves it. */
  const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      if (ms <= 200) {
        now += ms;
        setImmediate(resolve);
      }
    });
  const receiver: Receiver = createReceiver({
    accounts, feed, states, channels, publisher, secrets, leases: createMemoryLeases(() => now),
    clock: { now: () => now, sleep },
    googleNow: () => now + googleIsAhead.ms,
    metrics: {
      notification() {}, channels() {},
      pulled: ({ kind }) => void counted.pulls.push(kind),
      pullFailed: (kind) => void counted.failed.push(kind),
      sweepRepairs: (count) => void (counted.repairs += count),
    },
    reached: () => undefined, random: () => 0.5, sweepSeconds, address: 'https://push.example.nl/google/notifications', ttlSeconds: 604_800, report: () => undefined,
  });
  /** Everything that was set going has ended; what that woke, too. */
  const idle = async (): Promise<void> => {
    for (let quiet = 0; quiet < 5; ) {
      await new Promise(setImmediate);
      const { pulls, fullLists, channels: keeping } = receiver.status();
      quiet = [pulls, fullLists, keeping].every(({ running, waiting }) => running + waiting === 0) ? quiet + 1 : 0;
    }
  };
  return {
    feed, told, accounts, states, channels, counted, publisher, receiver, googleIsAhead,
    now: () => now,
    pass: (ms: number) => void (now += ms),
    idle,
    /** A turn and all that it set going. */
    async turn() {
      await receiver.turn();
      await idle();
    },
    async notify(resourceState = 'exists') {
      const channel = [...feed.channels.values()].at(-1)!;
      const outcome = await receiver.notify({ channelId: channel.id, token: channel.token, resourceId: channel.resourceId, resourceState, expiration: undefined });
      await idle();
      return outcome;
    },
    types: () => told.map(({ type, subject }) => `${type.split('.').slice(-3, -1).join('.')}${subject ? ` ${subject}` : ''}`),
  };
}
