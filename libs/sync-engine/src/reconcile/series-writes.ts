import type { Clock } from '../ports/clock.js';
import type { Leases } from '../ports/lease.js';
import type { GoogleVersion, Pair } from './pair.js';
import type { PairStore } from './ports.js';
import { changeSeries, nameOf, seriesIdOfMaster, touchSeries, type Master, type SeriesKey, type SeriesStore } from './series.js';

export interface SeriesWritesParts {
  readonly pairs: Pick<PairStore, 'advanceSeries'>;
  readonly series: Pick<SeriesStore, 'find' | 'put'>;
  readonly leases: Pick<Leases, 'acquire' | 'release'>;
  readonly clock: Clock;
  readonly wakeSeries: (key: SeriesKey) => void;
}

const LEASE_MS = 15_000;
const LONGEST_WAIT_MS = 20_000;
const LOOK_AGAIN_MS = 25;
/** Whoever holds it longer hangs; the etag alone keeps two writes apart then. */
const MOST_LOOKS = 80;

/**
 * Writes to occurrences. Everything in a series has one version, so each write refuses those that were planned beside it:
 * they go one by one, and each hands the version that it made to the rest.
 */
export class SeriesWrites {
  private readonly queues = new Map<string, Promise<unknown>>();

  constructor(private readonly parts: SeriesWritesParts) {}

  async alone<T>(pair: Pair, write: () => Promise<T>): Promise<T> {
    const key = keyOf(pair);
    if (key === undefined) return write();
    const name = nameOf(key);
    const before = this.queues.get(name) ?? Promise.resolve();
    const mine = this.after(before).then(() => this.underLease(`writes:${name}`, write));
    this.queues.set(name, mine);
    try {
      return await mine;
    } finally {
      if (this.queues.get(name) === mine) this.queues.delete(name);
    }
  }

  /** Our conditional write took everything from one version to another; nothing but what we wrote differs between them. */
  async renewed(pair: Pair, etag: string, to: GoogleVersion): Promise<void> {
    const key = keyOf(pair);
    if (key === undefined || etag === to.etag) return;
    await this.parts.pairs.advanceSeries(key, etag, to);
    await changeSeries(this.parts.series, key, (series) => {
      const masters = series.masters.map((master): Master => ({
        ...master,
        ...(master.etag === etag ? { etag: to.etag, ...(to.updated === undefined ? {} : { updated: to.updated }) } : {}),
        ...(master.expanded?.etag === etag ? { expanded: { ...master.expanded, etag: to.etag } } : {}),
      }));
      return JSON.stringify(masters) === JSON.stringify(series.masters) ? undefined : { next: { ...series, masters }, due: 'as-it-is' };
    });
  }

  /**
   * Its event isn't there any more (deleted, dropped by its series, gone to another half), or is a series now. Only the series
   * as a whole tells what it is to be bound to.
   */
  async ask(pair: Pair): Promise<void> {
    const key = keyOf(pair) ?? { accountId: pair.accountId, calendarId: pair.calendarId, seriesId: seriesIdOfMaster(pair.eventId) };
    await touchSeries(this.parts.series, key, pair.google.record?.occurrence?.masterId ?? (pair.occurrence === undefined ? pair.eventId : key.seriesId));
    this.parts.wakeSeries(key);
  }

  /** A write that hangs holds up the others no longer than a call may take. */
  private async after(before: Promise<unknown>): Promise<void> {
    const ended = new AbortController();
    await Promise.race([before.catch(() => undefined), this.parts.clock.sleep(LONGEST_WAIT_MS, ended.signal).catch(() => undefined)]);
    ended.abort(new Error('its turn has come'));
  }

  private async underLease<T>(name: string, write: () => Promise<T>): Promise<T> {
    const { leases, clock } = this.parts;
    let lease = await leases.acquire(name, LEASE_MS);
    for (let looks = 0; lease === undefined && looks < MOST_LOOKS; looks += 1) {
      await clock.sleep(LOOK_AGAIN_MS);
      lease = await leases.acquire(name, LEASE_MS);
    }
    try {
      return await write();
    } finally {
      // A lease that can't be given back runs out; the write stands.
      if (lease !== undefined) await leases.release(lease).catch(() => undefined);
    }
  }
}

const keyOf = ({ accountId, calendarId, occurrence }: Pair): SeriesKey | undefined =>
  occurrence === undefined ? undefined : { accountId, calendarId, seriesId: occurrence.seriesId };
