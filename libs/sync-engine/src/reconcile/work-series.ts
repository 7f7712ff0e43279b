import type { GoogleEventId, GoogleEventRecord, PairId, Reason } from '@calsync/calendar-model';
import type { Account, AccountDirectory } from '../ports/account.js';
import type { Clock } from '../ports/clock.js';
import type { Leases } from '../ports/lease.js';
import { pairBornInGoogle } from './born-pair.js';
import { whyAccountWaits, whyNoPairForEvent } from './eligibility.js';
import { Occurrences } from './occurrences.js';
import type { GoogleVersion, Pair } from './pair.js';
import type { PairStore, UnpairedStore } from './ports.js';
import { readFamily, type FamilyAsRead, type ReadSeriesParts } from './read-series.js';
import { changeSeries, digestOf, withMaster, type Master, type Series, type SeriesKey, type SeriesStore } from './series.js';

export interface WorkSeriesParts extends ReadSeriesParts {
  readonly pairs: PairStore;
  readonly series: SeriesStore;
  readonly unpaired: Pick<UnpairedStore, 'put' | 'remove' | 'find'>;
  readonly accounts: Pick<AccountDirectory, 'current'>;
  readonly leases: Leases;
  readonly clock: Clock;
}

/** `done`: pairs are bound and told. `waits`: until that moment. `again`: it changed meanwhile. */
export type SeriesWorked = { readonly kind: 'done' | 'again' | 'waits'; readonly notBefore: number; readonly pairs: readonly PairId[] };

const LEASE_MS = 60_000;
const LEASE_TAKEN_MS = 200;
const JOINING_MS = 500;
const WAITS_FOR_PERSON_MS = 30_000;
/** Not found: it is looked for again, more and more seldom. */
const ABSENT_MS = 60_000;
const LONGEST_ABSENT_MS = 3_600_000;
/** Nobody keeps so many occurrences of one meeting in four months: a rule by the minute stays in Google. */
const MOST_OCCURRENCES = 2_000;

/**
 * One series as a whole: reads it, binds its pairs to what their occurrences are now, tells them, begins pairs for new
 * occurrences in the window, and drops those of which Google says that they are no more. Halves of a split are looked at together.
 */
export class WorkSeries {
  private readonly occurrences: Occurrences;

  constructor(private readonly parts: WorkSeriesParts) {
    this.occurrences = new Occurrences(parts);
  }

  async work(key: SeriesKey): Promise<SeriesWorked> {
    const { series, accounts, leases, clock } = this.parts;
    const account = await accounts.current(key.accountId);
    const begun = await series.find(key);
    if (begun === undefined) return DONE;
    // Nothing to be done for who isn't linked, or keeps another calendar now: linking again tells of every series anew.
    if (account === undefined || account.calendarId !== key.calendarId) return this.finish([begun], []);
    if (whyAccountWaits(account) !== undefined) return waitsUntil(clock.now() + (account.state === 'joining' || account.state === 'locked' ? JOINING_MS : WAITS_FOR_PERSON_MS));
    const lease = await leases.acquire(`series:${key.accountId}/${key.calendarId}/${begun.created ?? key.seriesId}`, LEASE_MS);
    if (lease === undefined) return waitsUntil(clock.now() + LEASE_TAKEN_MS);
    try {
      return await this.underLease(account, await this.withMoment((await series.find(key)) ?? begun));
    } finally {
      await leases.release(lease);
    }
  }

  /** Where no message told of its master yet: without the moment of its making the other half of a split isn't found. */
  private async withMoment(series: Series): Promise<Series> {
    const [master] = series.masters;
    if (series.created !== undefined || master === undefined) return series;
    const reading = await this.parts.google.get(series, master.id);
    const created = reading.kind === 'found' ? reading.record.created : undefined;
    if (created === undefined) return series;
    await changeSeries(this.parts.series, series, (current) => ({ next: { ...current, created }, due: 'as-it-is' }));
    return (await this.parts.series.find(series)) ?? series;
  }

  private async underLease(account: Account, series: Series): Promise<SeriesWorked> {
    const family = await readFamily(this.parts, account, [series, ...(await this.changedBeside(series))]);
    const { bound, fresh, lost } = family.bindings;
    const due = [...(await this.occurrences.learnAll(bound))];
    for (const pair of lost) due.push(...(await this.lose(account, family, pair)));
    due.push(...(await this.begin(account, family, fresh)));
    due.push(...(await this.beginSingles(account, family)));
    const isWhole = family.absent.length === 0;
    await this.note(family, isWhole ? 0 : series.attempts + 1);
    if (isWhole) return this.finish(family.series, due);
    return { kind: 'waits', notBefore: this.parts.clock.now() + Math.min(LONGEST_ABSENT_MS, ABSENT_MS * 2 ** Math.min(series.attempts, 10)), pairs: due };
  }

  /** Others made at the same moment: the other half of a split if they changed as well, else something that happened to be made then. */
  private async changedBeside(series: Series): Promise<readonly Series[]> {
    const { google, series: store } = this.parts;
    if (series.created === undefined) return [];
    const others = (await store.createdAt(series.accountId, series.calendarId, series.created)).filter(({ seriesId }) => seriesId !== series.seriesId);
    const changed: Series[] = [];
    for (const other of others) {
      const readings = await Promise.all(other.masters.filter(({ gone }) => gone !== true).map(async (master) => ({ master, reading: await google.get(series, master.id) })));
      if (readings.some(({ master, reading }) => reading.kind === 'cancelled' || (reading.kind === 'found' && reading.record.etag !== master.expanded?.etag))) changed.push(other);
    }
    return changed;
  }

  /** A start that none of its masters gives: moved far away, or dropped by its series, if Google says so. */
  private async lose(account: Account, family: FamilyAsRead, pair: Pair): Promise<readonly PairId[]> {
    if (family.absent.length > 0) return [];
    // Made a series, and its first time is not among those that there are, or has a pair already.
    if (pair.occurrence === undefined) return (await this.occurrences.release(pair)) ? [pair.id] : [];
    const masterId = pair.google.record?.occurrence?.masterId ?? pair.occurrence.seriesId;
    const master = family.alive.find(({ master: { id } }) => id === masterId)?.master;
    const ended = master === undefined || hasEndedBefore(master, pair.occurrence.originalStart);
    if (!ended) {
      const reading = await this.parts.google.get({ accountId: account.id, calendarId: account.calendarId }, pair.eventId);
      if (reading.kind === 'found') return this.occurrences.learnAll([{ pair, record: reading.record }]);
    }
    const version: GoogleVersion | undefined = master === undefined ? undefined : { etag: master.etag, ...(master.updated === undefined ? {} : { updated: master.updated }) };
    return (await this.occurrences.drop(pair, version)) ? [pair.id] : [];
  }

  private async begin(account: Account, { series, alive, unreadable }: FamilyAsRead, fresh: readonly GoogleEventRecord[]): Promise<readonly PairId[]> {
    const { todayIn } = this.parts;
    const todayOn = todayIn(account.zone);
    const reasons = fresh.map((record) => ({ record, reason: whyNoPairForEvent(record, account, todayOn, account.zone) }));
    const wanted = reasons.filter(({ reason }) => reason === undefined);
    const tooMany = wanted.length > MOST_OCCURRENCES;
    for (const { master } of alive) {
      const of = reasons.filter(({ record }) => record.occurrence?.masterId === master.id);
      const left = of.find(({ reason }) => reason !== undefined && reason !== 'outside-window')?.reason;
      const reason: Reason | undefined = tooMany ? 'series-not-supported' : left;
      await this.noteLeft(account, series, master.id, reason);
    }
    for (const id of unreadable) await this.parts.unpaired.put({ side: 'google', accountId: account.id, calendarId: account.calendarId, itemId: id, reason: 'not-understood' });
    if (tooMany) return [];
    const begun: PairId[] = [];
    // The whole of it was one act of a person: after the first time it waits behind nothing, and the brake counts it once.
    for (const { record } of wanted) {
      // A person has still to say which appointment it is.
      if ((await this.parts.unpaired.find(account.id, 'google', record.id))?.reason === 'ambiguous-match') continue;
      const id = record.occurrence === undefined ? undefined : await this.occurrences.begin({ ...record, occurrence: record.occurrence }, account, 'live');
      if (id !== undefined) begun.push(id);
    }
    return begun;
  }

  /** It recurs no more, and none of its occurrences ever had a pair. */
  private async beginSingles(account: Account, { singles, bindings: { bound } }: FamilyAsRead): Promise<readonly PairId[]> {
    const { pairs, todayIn, clock } = this.parts;
    const begun: PairId[] = [];
    for (const record of singles) {
      if (bound.some((known) => known.record.id === record.id) || whyNoPairForEvent(record, account, todayIn(account.zone), account.zone) !== undefined) continue;
      const pair = pairBornInGoogle(record, account, clock.now());
      if ((await pairs.insert(pair, 'live')) === 'inserted') begun.push(pair.id);
    }
    return begun;
  }

  private async noteLeft(account: Account, series: readonly Series[], masterId: GoogleEventId, reason: Reason | undefined): Promise<void> {
    const { unpaired } = this.parts;
    if (reason !== undefined) return unpaired.put({ side: 'google', accountId: account.id, calendarId: account.calendarId, itemId: masterId, reason });
    const known = series.flatMap(({ masters }) => masters).find(({ id }) => id === masterId);
    // A note of an earlier turn, or of the single event that it was.
    if (known?.expanded === undefined || series.some(({ attempts }) => attempts > 0)) await unpaired.remove(account.id, 'google', masterId);
  }

  /** How each master stood when its occurrences were taken in; whatever was told meanwhile stays. */
  private async note({ series, alive, gone, singles }: FamilyAsRead, attempts: number): Promise<void> {
    for (const one of series) {
      const read = alive.filter((found) => found.series.seriesId === one.seriesId).map(({ master }) => master);
      const [ended, single] = [new Set(gone.map(({ id }) => id)), new Set(singles.map(({ id }) => id))];
      const created = read.find((master) => master.created !== undefined)?.created;
      await changeSeries(this.parts.series, one, (current) => {
        const kept = current.masters.filter(({ id }) => !single.has(id)).map((master): Master => (ended.has(master.id) ? { id: master.id, gone: true } : master));
        const next = read.reduce<Series>((row, master) => withMaster(row, expandedMaster(master, current.masters.find(({ id }) => id === master.id))), { ...current, masters: kept });
        return { next: { ...next, attempts, ...(created === undefined ? {} : { created }) }, due: 'as-it-is' };
      });
    }
  }

  private async finish(series: readonly Series[], pairs: readonly PairId[]): Promise<SeriesWorked> {
    let again = false;
    for (const one of series) again = (await this.parts.series.finish(one, one.dueSeq)) || again;
    return { kind: again ? 'again' : 'done', notBefore: 0, pairs };
  }
}

const DONE: SeriesWorked = { kind: 'done', notBefore: 0, pairs: [] };
const waitsUntil = (notBefore: number): SeriesWorked => ({ kind: 'waits', notBefore, pairs: [] });

function expandedMaster(read: GoogleEventRecord, told: Master | undefined): Master {
  const digest = digestOf(read);
  const first = read.fields.when;
  const newer = told?.updated !== undefined && read.updated !== undefined && Date.parse(told.updated) > Date.parse(read.updated);
  return {
    ...(newer ? told : { id: read.id, etag: read.etag, digest, ...(first === undefined ? {} : { first }), ...(read.updated === undefined ? {} : { updated: read.updated }) }),
    ...(first === undefined ? {} : { expanded: { etag: read.etag, digest, first } }),
  };
}

/** Said by the rule itself: one RRULE that ends before, and nothing added to it. */
function hasEndedBefore({ recurrence = [] }: GoogleEventRecord, originalStart: string): boolean {
  const rules = recurrence.filter((line) => /^RRULE[:;]/i.test(line));
  const until = /UNTIL=(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})Z)?/i.exec(rules[0] ?? '');
  if (rules.length !== 1 || until === null || recurrence.some((line) => /^RDATE/i.test(line))) return false;
  const [, year, month, day, hour, minute, second] = until;
  const timed = originalStart.includes('T') && hour !== undefined;
  const end = timed ? `${year}-${month}-${day}T${hour}:${minute}:${second}Z` : `${year}-${month}-${day}`;
  return timed ? originalStart > end : originalStart.slice(0, 10) > end;
}
