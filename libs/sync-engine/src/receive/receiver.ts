import { asAccountId, asCalendarId, type AccountId } from '@calsync/calendar-model';
import type { Message } from '@calsync/event-contracts';
import type { AccountDirectory } from '../ports/account.js';
import type { CalendarRef } from '../ports/google-events.js';
import { acceptNotification, type Notification, type NotificationOutcome } from './accept-notification.js';
import { followAccounts } from './follow-accounts.js';
import { keepChannels, wishFor, type ChannelPorts } from './keep-channels.js';
import { KeyedJobs } from './keyed-jobs.js';
import { askAfterCalendar, LostCalendars } from './lost-calendars.js';
import type { CalendarFeed, CalendarState, CalendarStates, ReceiveMetrics } from './ports.js';
import { isActive, pullCalendar, type PullPorts } from './pull-calendar.js';
import { PullPace } from './pull-pace.js';
import { letPersonAct, readTrouble } from './receive-trouble.js';
import { nextSweepAt } from './sweep.js';

export interface ReceiverPorts extends Omit<PullPorts, 'nextSweepAt' | 'accounts' | 'feed'>, Omit<ChannelPorts, 'feed' | 'states'> {
  readonly accounts: AccountDirectory;
  readonly feed: CalendarFeed;
  readonly states: CalendarStates;
  readonly metrics: ReceiveMetrics;
  readonly random: () => number;
  readonly sweepSeconds: number;
  /** Told of every trouble, for the log; the message holds no content. */
  readonly report: (trouble: ReceiveTrouble) => void;
}

export interface ReceiveTrouble {
  readonly accountId: AccountId;
  readonly during: 'pull' | 'channels';
  readonly failure: string;
  readonly message: string;
  readonly waitMs?: number;
  readonly error: unknown;
}

export interface ReceiverStatus {
  readonly lastTurnAt: number | undefined;
  readonly accounts: { readonly active: number; readonly atRest: number };
  readonly pulls: { readonly running: number; readonly waiting: number };
  readonly fullLists: { readonly running: number; readonly waiting: number };
  readonly channels: { readonly running: number; readonly waiting: number };
  /** Accounts that a failure holds back at this moment. */
  readonly waiting: readonly { readonly accountId: string; readonly during: string; readonly failure: string; readonly message: string; readonly until?: number }[];
}

export interface Receiver {
  notify(notification: Notification): Promise<NotificationOutcome>;
  /** Commands not meant for receivers are left alone. Throws `Failure('transient')`: the command must be given again. */
  obey(command: Message): Promise<void>;
  /** The floor under everything that wakes us sooner: follows accounts, keeps channels, finds what is due. */
  turn(): Promise<void>;
  status(): ReceiverStatus;
  /** Lets what is running come to its end and takes nothing new. */
  close(): Promise<void>;
}

/** So many calendars are read at a time; first imports have places of their own, so that live changes never wait for them. */
const LIVE_PLACES = 8;
const IMPORT_PLACES = 3;
const CHANNEL_PLACES = 4;
const ASKING_PLACES = 2;

export function createReceiver(ports: ReceiverPorts): Receiver {
  const { accounts, states, clock, random } = ports;
  /** By the latest look at all channels; empty before the first one, when nothing is proven. */
  let pushProven: ReadonlySet<string> = new Set();
  /** What push kept silent about was found by a sweep here, and nothing has been heard since. */
  const pushDoubted = new Set<string>();
  const pullPorts: PullPorts = {
    ...ports,
    nextSweepAt(account, now, found) {
      if (found === 'missed') pushDoubted.add(account.id);
      const push = pushProven.has(account.id) && !pushDoubted.has(account.id) ? 'proven' : 'unproven';
      return nextSweepAt(account, push, now, ports.sweepSeconds, random);
    },
  };
  const closing = new AbortController();
  const troubles = new Map<string, ReceiverStatus['waiting'][number]>();
  const followed = new Map<string, string>();
  const pace = new PullPace();
  const lost = new LostCalendars(random);
  const channelWaits = new Map<string, { attempts: number; until: number }>();
  let last: { at: number; active: number; atRest: number } | undefined;

  const live: KeyedJobs = new KeyedJobs((key) => pull(refOf(key), live), LIVE_PLACES);
  const imports: KeyedJobs = new KeyedJobs((key) => pull(refOf(key), imports), IMPORT_PLACES);
  const channelJobs = new KeyedJobs(keep, CHANNEL_PLACES);
  const asking = new KeyedJobs(ask, ASKING_PLACES);
  const wake = (state: CalendarState): void => (needsFullList(state) ? imports : live).wake(keyOf(state));

  return {
    async notify(notification) {
      const outcome = await acceptNotification(ports, notification);
      if (outcome.kind === 'accepted' && outcome.calendar !== undefined) {
        pushDoubted.delete(outcome.calendar.accountId);
        if (outcome.calendar.active) wake(outcome.calendar);
      }
      return outcome;
    },

    async obey(command) {
      switch (command.type) {
        case 'nl.inventive.sync.account-linked.v1':
        case 'nl.inventive.sync.resync.requested.v1': {
          const { accountId, commandId } = command.data;
          // Not `byId`, which may still remember that nobody was linked.
          const account = (await accounts.all()).find(({ id }) => id === accountId);
          if (account === undefined || !isActive(account)) return;
          const calendar = { accountId: account.id, calendarId: account.calendarId };
          await states.follow(calendar, { state: account.state, active: true, now: clock.now() });
          await states.requestFullList(calendar, commandId, clock.now());
          imports.wake(keyOf(calendar));
          channelJobs.wake(account.id);
          return;
        }
        case 'nl.inventive.sync.account-unlinked.v1':
          channelJobs.wake(command.data.accountId);
          return;
        default:
      }
    },

    async turn() {
      const now = clock.now();
      const seen = await followAccounts({ ...ports, followed, now });
      pushProven = seen.pushProven;
      last = { at: now, active: seen.active, atRest: seen.atRest };
      for (const [key, { accountId }] of troubles) if (!seen.wanted.has(accountId)) troubles.delete(key);
      for (const accountId of seen.channelsWanted) if ((channelWaits.get(accountId)?.until ?? 0) <= now) channelJobs.wake(accountId);
      for (const accountId of lost.due(seen.withoutCalendar, now)) asking.wake(accountId);
      for (const state of await states.due(now, 1_000)) wake(state);
    },

    status: () => ({
      lastTurnAt: last?.at,
      accounts: { active: last?.active ?? 0, atRest: last?.atRest ?? 0 },
      pulls: live.load,
      fullLists: imports.load,
      channels: channelJobs.load,
      waiting: [...troubles.values()],
    }),

    async close() {
      closing.abort();
      await Promise.all([live.close(), imports.close(), channelJobs.close(), asking.close()]);
    },
  };

  async function pull(calendar: CalendarRef, lane: KeyedJobs): Promise<void> {
    const key = keyOf(calendar);
    try {
      const early = pace.waitMs(key, clock.now());
      if (early > 0) return later(early, () => lane.wake(key));
      const outcome = await pullCalendar(pullPorts, calendar);
      if (outcome === 'clean' || outcome === 'more') troubles.delete(`pull ${key}`);
      if (outcome === 'more') lane.wake(key);
    } catch (error) {
      const attempts = ((await states.find(calendar).catch(() => undefined))?.trouble?.attempts ?? 0) + 1;
      const trouble = readTrouble(error, attempts, random);
      ports.metrics.pullFailed(trouble.failure);
      note(`pull ${key}`, { accountId: calendar.accountId, during: 'pull', failure: trouble.failure, message: trouble.message, ...(trouble.kind === 'wait' ? { waitMs: trouble.waitMs } : {}), error });
      // Where even this can't be stored the next turn finds the hint: it still stands.
      if (trouble.kind === 'person') await letPersonAct(accounts, calendar.accountId, trouble.failure).catch(() => undefined);
      else {
        const notBefore = clock.now() + trouble.waitMs;
        await states.noteTrouble(calendar, { kind: trouble.failure, message: trouble.message, attempts, notBefore }).catch(() => undefined);
        later(trouble.waitMs, () => lane.wake(key));
      }
    }
  }

  async function keep(accountId: string): Promise<void> {
    try {
      // From the list, not `byId`: what a cache still remembers would open channels of an account that was just unlinked.
      const account = (await accounts.all()).find(({ id }) => id === accountId);
      await keepChannels(ports, { accountId: asAccountId(accountId), calendarId: account?.calendarId ?? asCalendarId(''), wish: wishFor(account, ports.address) });
      channelWaits.delete(accountId);
      troubles.delete(`channels ${accountId}`);
      // A new channel leaves a hint behind it.
      for (const state of account && isActive(account) ? [await states.find({ accountId: account.id, calendarId: account.calendarId })] : []) if (state?.dirty) wake(state);
    } catch (error) {
      const attempts = (channelWaits.get(accountId)?.attempts ?? 0) + 1;
      const trouble = readTrouble(error, attempts, random);
      const waitMs = trouble.kind === 'wait' ? trouble.waitMs : 0;
      channelWaits.set(accountId, { attempts, until: clock.now() + waitMs });
      note(`channels ${accountId}`, { accountId: asAccountId(accountId), during: 'channels', failure: trouble.failure, message: trouble.message, waitMs, error });
      if (trouble.kind === 'person') await letPersonAct(accounts, asAccountId(accountId), trouble.failure).catch(() => undefined);
    }
  }

  async function ask(accountId: string): Promise<void> {
    const account = (await accounts.all()).find(({ id }) => id === accountId);
    if (account?.state === 'needs-calendar') await askAfterCalendar(ports, account);
  }

  function note(key: string, trouble: ReceiveTrouble): void {
    const { accountId, during, failure, message, waitMs } = trouble;
    troubles.set(key, { accountId, during, failure, message, ...(waitMs === undefined ? {} : { until: clock.now() + waitMs }) });
    ports.report(trouble);
  }

  function later(ms: number, act: () => void): void {
    void clock.sleep(ms, closing.signal).then(act, () => undefined);
  }
}

const needsFullList = (state: CalendarState): boolean => state.syncToken === undefined || state.fullRequests !== state.fullServed;

const keyOf = ({ accountId, calendarId }: CalendarRef): string => `${accountId}/${calendarId}`;

/** An account id is a UUID: the first slash ends it, whatever the calendar's id holds. */
function refOf(key: string): CalendarRef {
  const slash = key.indexOf('/');
  return { accountId: asAccountId(key.slice(0, slash)), calendarId: asCalendarId(key.slice(slash + 1)) };
}
