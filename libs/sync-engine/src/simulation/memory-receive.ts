import type { Account, AccountDirectory } from '../ports/account.js';
import type { CalendarRef } from '../ports/google-events.js';
import type { Leases } from '../ports/lease.js';
import type { CalendarState, CalendarStates, Channel, Channels, ChannelSecrets } from '../receive/ports.js';

interface Row {
  state: CalendarState;
  lastHintAt: number;
  notBefore: number;
  fence: number;
  requestIds: string[];
}

const keyOf = ({ accountId, calendarId }: CalendarRef): string => `${accountId}/${calendarId}`;

/** The calendars' rows as a model in memory, held to the same contract suite as the store over MongoDB. */
export function createMemoryCalendars(): CalendarStates {
  const rows = new Map<string, Row>();
  const copy = ({ state, notBefore }: Row): CalendarState => structuredClone(state.trouble ? { ...state, trouble: { ...state.trouble, notBefore } } : state);
  const hinted = (row: Row, now: number): void => {
    row.state = { ...row.state, mark: row.state.mark + 1, dirty: true, ...(row.state.dirty ? {} : { hintedAt: now }) };
    row.lastHintAt = now;
  };
  const without = <K extends keyof CalendarState>(state: CalendarState, key: K): CalendarState => {
    const { [key]: _gone, ...rest } = state;
    return rest as CalendarState;
  };
  const fullDue = ({ fullRequests, fullServed }: CalendarState): boolean => fullRequests !== fullServed;

  return {
    async find(calendar) {
      const row = rows.get(keyOf(calendar));
      return row && copy(row);
    },
    async follow(calendar, { state, active, now }) {
      const key = keyOf(calendar);
      let row = rows.get(key);
      if (row === undefined) {
        row = {
          state: { accountId: calendar.accountId, calendarId: calendar.calendarId, active, seenState: state, mark: 1, dirty: true, hintedAt: now, pull: 0, fullRequests: 0, fullServed: 0, nextSweepAt: 0 },
          lastHintAt: now, notBefore: 0, fence: 0, requestIds: [],
        };
        rows.set(key, row);
      } else if (row.state.seenState !== state || row.state.active !== active) {
        hinted(row, now);
        row.state = { ...row.state, seenState: state, active, fullRequests: row.state.fullRequests + (state === 'joining' ? 1 : 0) };
        row.notBefore = 0;
      }
      return copy(row);
    },
    async hint(calendar, now) {
      const row = rows.get(keyOf(calendar));
      if (row === undefined) return undefined;
      hinted(row, now);
      return copy(row);
    },
    async requestFullList(calendar, requestId, now) {
      const row = rows.get(keyOf(calendar));
      if (row === undefined || row.requestIds.includes(requestId)) return;
      hinted(row, now);
      row.requestIds.push(requestId);
      row.state = { ...row.state, fullRequests: row.state.fullRequests + 1 };
    },
    async beginPull(calendar, fencingToken, now) {
      const row = rows.get(keyOf(calendar));
      if (row === undefined || row.fence > fencingToken || row.notBefore > now) return undefined;
      const { state } = row;
      if (!state.dirty && state.nextSweepAt > now && state.syncToken !== undefined && !fullDue(state)) return undefined;
      row.state = { ...state, pull: state.pull + 1 };
      row.fence = fencingToken;
      return copy(row);
    },
    async endPull(calendar, end) {
      const row = rows.get(keyOf(calendar));
      if (row === undefined || row.fence > end.fencingToken) return 'fenced';
      const moved = row.state.mark !== end.mark;
      row.state = without(without({ ...row.state, syncToken: end.syncToken, zone: end.zone, nextSweepAt: end.nextSweepAt, dirty: moved, fullServed: end.fullServed ?? row.state.fullServed }, 'hintedAt'), 'trouble');
      if (moved) row.state = { ...row.state, hintedAt: row.lastHintAt };
      row.notBefore = 0;
      row.fence = end.fencingToken;
      return moved ? 'moved' : 'clean';
    },
    async dropSyncToken(calendar, fencingToken) {
      const row = rows.get(keyOf(calendar));
      if (row !== undefined && row.fence <= fencingToken) row.state = without(row.state, 'syncToken');
    },
    async noteTrouble(calendar, trouble) {
      const row = rows.get(keyOf(calendar));
      if (row === undefined) return;
      row.state = { ...row.state, trouble };
      row.notBefore = trouble.notBefore;
    },
    async due(now, limit) {
      return [...rows.values()]
        .filter(({ state, notBefore }) => state.active && notBefore <= now && (state.dirty || state.nextSweepAt <= now || fullDue(state)))
        .slice(0, limit)
        .map(copy);
    },
  };
}

/** Channels likewise. */
export function createMemoryChannels(): Channels {
  const rows = new Map<string, Channel>();
  const change = (id: string, to: (channel: Channel) => Channel): void => {
    const channel = rows.get(id);
    if (channel) rows.set(id, to(channel));
  };
  return {
    find: async (id) => structuredClone(rows.get(id)),
    all: async () => structuredClone([...rows.values()]),
    ofAccount: async (accountId) => structuredClone([...rows.values()].filter((channel) => channel.accountId === accountId)),
    async add(channel) {
      if (rows.has(channel.id)) throw new Error(`channel ${channel.id} exists`);
      rows.set(channel.id, structuredClone(channel));
    },
    opened: async (id, told) => change(id, (channel) => ({ ...channel, ...told, state: channel.state === 'opening' ? 'open' : channel.state })),
    retire: async (id, retireAt) => change(id, (channel) => ({ ...channel, state: 'retiring', retireAt })),
    async remove(id) {
      rows.delete(id);
    },
  };
}

/** Leases by a clock that the simulation turns. */
export function createMemoryLeases(now: () => number): Leases {
  const rows = new Map<string, { holder: string; token: number; until: number }>();
  let tokens = 0;
  return {
    async acquire(name, ttlMs) {
      const held = rows.get(name);
      if (held && held.until > now()) return undefined;
      const row = { holder: 'simulation', token: (tokens += 1), until: now() + ttlMs };
      rows.set(name, row);
      return { name, holder: row.holder, fencingToken: row.token, remainingMs: () => Math.max(0, row.until - now()) };
    },
    async renew(lease, ttlMs) {
      const held = rows.get(lease.name);
      if (held?.token !== lease.fencingToken) return undefined;
      held.until = now() + ttlMs;
      return { ...lease, remainingMs: () => Math.max(0, held.until - now()) };
    },
    async release(lease) {
      const held = rows.get(lease.name);
      if (held?.token === lease.fencingToken) held.until = 0;
    },
  };
}

/** Accounts without a cache: what a test changes is seen at once. */
export function createMemoryAccounts(initial: readonly Account[]): AccountDirectory & { put(account: Account): void; drop(id: Account['id']): void } {
  const rows = new Map(initial.map((account) => [account.id, account]));
  return {
    put: (account) => void rows.set(account.id, account),
    drop: (id) => void rows.delete(id),
    byUser: async (source, userId) => [...rows.values()].find((account) => account.source === source && account.userId === userId),
    byId: async (id) => rows.get(id),
    current: async (id) => rows.get(id),
    isLinked: async (id) => rows.has(id),
    all: async () => [...rows.values()],
    joining: async () => [...rows.values()].filter(({ state }) => state === 'joining'),
    async changeState(id, from, to, reason) {
      const account = rows.get(id);
      if (account === undefined || !from.includes(account.state)) return false;
      rows.set(id, { ...account, state: to, ...(reason === undefined ? {} : { stateReason: reason }) });
      return true;
    },
  };
}

/** Secrets that a person can read; nothing is hidden in a simulation. */
export function plainSecrets(): ChannelSecrets {
  let made = 0;
  return {
    newId: () => `channel-${(made += 1)}`,
    mint: () => `token-${(made += 1)}`,
    hash: (token) => `hash of ${token}`,
    matches: (token, tokenHash) => tokenHash === `hash of ${token}`,
  };
}
