import type { AccountId, PairId } from '@calsync/calendar-model';
import type { LedgerEntry } from '@calsync/sync-core';
import type { BrakeLedger } from '../reconcile/brake.js';
import type { Pair } from '../reconcile/pair.js';
import type { Joining, JoiningStore, PairChanges, PairStore, UnpairedItem, UnpairedStore, WaitingItem } from '../reconcile/ports.js';

interface Row {
  pair: Pair;
  due: boolean;
  dueAt: number;
  priority: number;
  claimedUntil: number;
}

/** The pair store as a model in memory, held to the same contract suite as the one over MongoDB. Values are copied in and out. */
export function createMemoryPairs(now: () => number): PairStore & { all(): readonly Pair[]; lose(): void } & Pick<BrakeLedger, 'size'> {
  const rows = new Map<PairId, Row>();
  const copy = (pair: Pair): Pair => structuredClone(pair);
  const matching = (test: (pair: Pair) => boolean) => [...rows.values()].filter((row) => test(row.pair)).map((row) => copy(row.pair));
  const free = (row: Row) => row.due && row.dueAt <= now() && row.claimedUntil <= now();

  const put = (pair: Pair, name: 'inventive' | 'google', side: Pair['inventive'] | Pair['google'], reopen: boolean): boolean => {
    const row = rows.get(pair.id);
    if (row === undefined || row.pair[name].seq !== pair[name].seq) return false;
    row.pair = { ...row.pair, [name]: structuredClone(side), dueSeq: row.pair.dueSeq + 1, ...(reopen ? { status: 'active' } : {}) };
    Object.assign(row, { due: true, dueAt: now(), priority: 0 });
    return true;
  };

  return {
    all: () => [...rows.values()].map((row) => copy(row.pair)),
    lose: () => rows.clear(),
    size: async (accountId) => new Set(matching((pair) => pair.accountId === accountId && pair.status === 'active').map((pair) => pair.occurrence?.seriesId ?? pair.id)).size,
    byId: async (id) => matching((pair) => pair.id === id)[0],
    byAppointment: async (source, id) => matching((pair) => pair.source === source && pair.appointmentId === id),
    byEvent: async (accountId, calendarId, id) => matching((pair) => pair.accountId === accountId && pair.calendarId === calendarId && pair.eventId === id)[0],
    byOccurrence: async (accountId, calendarId, { seriesId, originalStart }) =>
      matching((pair) => pair.accountId === accountId && pair.calendarId === calendarId && pair.occurrence?.seriesId === seriesId && pair.occurrence.originalStart === originalStart)[0],
    ofSeries: async (accountId, calendarId, seriesId) => matching((pair) => pair.accountId === accountId && pair.calendarId === calendarId && pair.occurrence?.seriesId === seriesId),
    idsOfAccount: async (accountId) => matching((pair) => pair.accountId === accountId).map((pair) => pair.id),
    pageOfAccount: async (accountId, after, limit) =>
      [...rows.values()]
        .filter(({ pair }) => pair.accountId === accountId && (after === undefined || pair.id > after))
        .sort((a, b) => (a.pair.id < b.pair.id ? -1 : 1))
        .slice(0, limit)
        .map(({ pair, due }) => ({ pair: copy(pair), due })),
    async insert(pair, priority) {
      const clash = matching(
        (other) =>
          other.id === pair.id ||
          (other.accountId === pair.accountId && (other.appointmentId === pair.appointmentId || (other.calendarId === pair.calendarId && (other.eventId === pair.eventId || isSameOccurrence(other, pair))))),
      );
      if (clash.length > 0) return 'exists';
      rows.set(pair.id, { pair: copy(pair), due: true, dueAt: now(), priority: priority === 'live' ? 0 : 1, claimedUntil: 0 });
      return 'inserted';
    },
    putInventive: async (pair, next, reopen) => put(pair, 'inventive', next, reopen),
    putGoogle: async (pair, next, reopen) => put(pair, 'google', next, reopen),
    async renewGoogle(renewed) {
      for (const { pair, next } of renewed) {
        const row = rows.get(pair.id);
        if (row !== undefined && row.pair.google.seq === pair.google.seq) row.pair = { ...row.pair, google: structuredClone({ ...next, seq: pair.google.seq }) };
      }
    },
    async advanceSeries({ accountId, calendarId, seriesId }, etag, to) {
      for (const row of rows.values()) {
        const { pair } = row;
        if (pair.accountId !== accountId || pair.calendarId !== calendarId || pair.occurrence?.seriesId !== seriesId || pair.google.version?.etag !== etag) continue;
        row.pair = { ...pair, google: { ...pair.google, version: to, ...(pair.google.record === undefined ? {} : { record: { ...pair.google.record, ...to } }) } };
      }
    },
    async restore(accountId, id, index) {
      const row = rows.get(id);
      if (row === undefined || row.pair.accountId !== accountId) return false;
      row.pair = { ...row.pair, restoring: [...new Set([...(row.pair.restoring ?? []), index])], dueSeq: row.pair.dueSeq + 1 };
      Object.assign(row, { due: true, dueAt: now(), priority: 0 });
      return true;
    },
    async markForReading(ids) {
      for (const id of ids) {
        const row = rows.get(id);
        if (row === undefined) continue;
        const asked = <Side extends { seq: number; needsRead: boolean }>(side: Side): Side => ({ ...side, seq: side.seq + 1, needsRead: true });
        row.pair = { ...row.pair, inventive: asked(row.pair.inventive), google: asked(row.pair.google), dueSeq: row.pair.dueSeq + 1 };
        Object.assign(row, { due: true, dueAt: now(), priority: 1 });
      }
    },
    dueOf: async (accountId, limit) => [...rows.values()].filter((row) => row.due && row.pair.accountId === accountId).slice(0, limit).map((row) => copy(row.pair)),
    async due(limit) {
      return [...rows.values()].filter(free).sort((a, b) => a.priority - b.priority || a.dueAt - b.dueAt).slice(0, limit).map((row) => row.pair.id);
    },
    async claim(id, ttlMs) {
      const row = rows.get(id);
      if (row === undefined || !free(row)) return undefined;
      row.claimedUntil = now() + ttlMs;
      return copy(row.pair);
    },
    async extendClaim(id, ttlMs) {
      const row = rows.get(id);
      if (row !== undefined && row.claimedUntil > 0) row.claimedUntil = now() + ttlMs;
    },
    async save(pair, changes) {
      const row = rows.get(pair.id);
      if (row === undefined || row.pair.revision !== pair.revision) return undefined;
      if (changes.inventive !== undefined && row.pair.inventive.seq !== pair.inventive.seq) return undefined;
      if (changes.google !== undefined && row.pair.google.seq !== pair.google.seq) return undefined;
      const next = withChanges(row.pair, structuredClone(changes));
      const clash = matching((other) => other.id !== next.id && other.accountId === next.accountId && other.calendarId === next.calendarId && (other.eventId === next.eventId || isSameOccurrence(other, next)));
      if (clash.length > 0) return undefined;
      if (matching((other) => other.id !== next.id && other.accountId === next.accountId && other.appointmentId === next.appointmentId).length > 0) throw new Error(`${next.id}: another pair has its appointment`);
      row.pair = next;
      return copy(row.pair);
    },
    async finish(id, dueSeq) {
      const row = rows.get(id);
      if (row === undefined) return false;
      row.claimedUntil = 0;
      row.due = row.pair.dueSeq !== dueSeq;
      return row.due;
    },
    async postpone(id, notBefore, dueSeq) {
      const row = rows.get(id);
      if (row === undefined) return false;
      const moved = dueSeq !== undefined && row.pair.dueSeq !== dueSeq;
      row.claimedUntil = 0;
      row.dueAt = moved ? now() : notBefore;
      return moved;
    },
    withOutbox: async (limit) => matching((pair) => pair.outbox.length > 0).slice(0, limit),
    async clearOutbox(id, messageIds) {
      const row = rows.get(id);
      if (row !== undefined) row.pair = { ...row.pair, outbox: row.pair.outbox.filter((message) => !messageIds.includes(message.id)) };
    },
  };
}

function withChanges(pair: Pair, { restored, ...changes }: PairChanges): Pair {
  const restoring = pair.restoring?.filter((index) => index !== restored) ?? [];
  const next = { ...pair, ...changes, restoring: restoring.length === 0 ? undefined : restoring, revision: pair.revision + 1 };
  const kept = Object.entries(next).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(kept) as unknown as Pair;
}

export function createMemoryUnpaired(): UnpairedStore & { all(): readonly UnpairedItem[]; lose(): void } {
  const items = new Map<string, UnpairedItem & { readonly kept: string }>();
  let puts = 0;
  const put = (item: UnpairedItem) => void items.set(key(item), { ...structuredClone(item), kept: String((puts += 1)) });
  const waits = (item: UnpairedItem | undefined): item is WaitingItem => item?.reason === 'account-joining' && item.record !== undefined;
  const key = (item: { accountId: AccountId; side: string; itemId: string }) => `${item.accountId}/${item.side}/${item.itemId}`;
  return {
    all: () => [...items.values()],
    lose: () => items.clear(),
    put: async (item) => put(item),
    async putUnlessWaiting(item) {
      if (!waits(items.get(key(item)))) put(item);
    },
    find: async (accountId, side, itemId) => items.get(key({ accountId, side, itemId })),
    async remove(accountId, side, itemId) {
      items.delete(key({ accountId, side, itemId }));
    },
    async removeUnlessWaiting(accountId, side, itemId) {
      if (!waits(items.get(key({ accountId, side, itemId })))) items.delete(key({ accountId, side, itemId }));
    },
    questionsAbout: async (itemId) => [...items.values()].filter((item) => item.side === 'inventive' && item.itemId === itemId && item.reason === 'ambiguous-match'),
    questionsOf: async (accountId) => [...items.values()].filter((item) => item.accountId === accountId && item.reason === 'ambiguous-match'),
    waiting: async (accountId) => [...items.values()].filter(waits).filter((item) => item.accountId === accountId),
    async settle(item, instead) {
      if (items.get(key(item))?.kept !== item.kept) return;
      if (instead === undefined) items.delete(key(item));
      else put(instead);
    },
    accountsWaiting: async () => [...new Set([...items.values()].filter(waits).map((item) => item.accountId))],
  };
}

export function createMemoryJoinings(): JoiningStore {
  const rows = new Map<AccountId, { startedAt?: number; listed?: true; revision?: number }>();
  return {
    async begin(accountId, at, revision): Promise<Joining> {
      const known = rows.get(accountId) ?? {};
      const row = known.revision === undefined || known.revision === revision ? known : {};
      row.startedAt ??= at;
      row.revision = revision;
      rows.set(accountId, row);
      return { accountId, startedAt: row.startedAt, googleListed: row.listed === true };
    },
    async markGoogleListed(accountId) {
      rows.set(accountId, { ...rows.get(accountId), listed: true });
    },
    async end(accountId) {
      rows.delete(accountId);
    },
    open: async () => [...rows.keys()],
  };
}

export function createMemoryBrakeLedger(size: BrakeLedger['size']): BrakeLedger {
  const ledgers = new Map<AccountId, readonly LedgerEntry[]>();
  return {
    size,
    async note(accountId, noted, now, windowMs) {
      const same = (a: LedgerEntry) => noted.some((b) => a.unit === b.unit && a.kind === b.kind);
      const entries = [...(ledgers.get(accountId) ?? []).filter((entry) => entry.atMs > now - windowMs && !same(entry)), ...noted];
      ledgers.set(accountId, entries);
      return entries;
    },
  };
}

const isSameOccurrence = ({ occurrence: a }: Pair, { occurrence: b }: Pair): boolean =>
  a !== undefined && b !== undefined && a.seriesId === b.seriesId && a.originalStart === b.originalStart;
