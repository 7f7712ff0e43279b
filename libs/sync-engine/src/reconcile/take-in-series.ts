import type { GoogleEventRecord, PairId } from '@calsync/calendar-model';
import type { Account } from '../ports/account.js';
import type { CalendarRef } from '../ports/google-events.js';
import { whyNoPairForEvent } from './eligibility.js';
import type { Occurrences } from './occurrences.js';
import type { PairStore, Priority } from './ports.js';
import { changeSeries, seriesIdOfMaster, tellMaster, touchSeries, type SeriesKey, type SeriesStore } from './series.js';
import { orderGoogle } from './versions.js';

export interface SeriesIntakeParts {
  readonly series: Pick<SeriesStore, 'find' | 'put'>;
  readonly pairs: Pick<PairStore, 'byEvent' | 'byOccurrence'>;
  readonly occurrences: Occurrences;
  readonly todayIn: (zone: string) => string;
  /** A series became due: whoever works on series may begin at once. */
  readonly wakeSeries: (key: SeriesKey) => void;
}

/**
 * Recurring events at the intake. A master makes its series due, for only the series as a whole tells which occurrences
 * there are. An exception is told to its pair; one without a pair, or cancelled, is no more than a hint that the series has
 * changed: it may have gone to another half, and new pairs come after old ones were bound.
 */
export class TakeInSeries {
  constructor(private readonly parts: SeriesIntakeParts) {}

  async master(calendar: CalendarRef, record: GoogleEventRecord): Promise<void> {
    const key = keyOf(calendar, record);
    if ((await changeSeries(this.parts.series, key, (series) => tellMaster(series, record))) === 'due') this.parts.wakeSeries(key);
  }

  /** Whether it is, or was until now, the master of a series: deleted, or made single. Then its series is looked at. */
  async wasMaster(calendar: CalendarRef, record: GoogleEventRecord): Promise<boolean> {
    const key = keyOf(calendar, record);
    const known = (await this.parts.series.find(key))?.masters.find(({ id }) => id === record.id);
    if (known === undefined) return false;
    await this.master(calendar, record);
    return true;
  }

  async occurrence(calendar: CalendarRef, record: GoogleEventRecord, account: Account | undefined): Promise<readonly PairId[]> {
    const { accountId, calendarId } = calendar;
    const { pairs, occurrences } = this.parts;
    const byKey = record.occurrence === undefined ? undefined : await pairs.byOccurrence(accountId, calendarId, record.occurrence);
    const pair = byKey ?? (await pairs.byEvent(accountId, calendarId, record.id));
    if (record.status !== 'cancelled' && pair !== undefined) return occurrences.learnAll([{ pair, record }]);
    const mayMatter = record.status === 'cancelled'
      ? pair !== undefined && pair.google.state !== 'tombstone' && !['older', 'same'].includes(orderGoogle({ etag: record.etag, ...(record.updated === undefined ? {} : { updated: record.updated }) }, pair.google.version))
      : account !== undefined && this.mayBegin(record, account);
    if (mayMatter && record.occurrence !== undefined) await this.touch({ ...calendar, seriesId: pair?.occurrence?.seriesId ?? record.occurrence.seriesId }, record.occurrence.masterId);
    return [];
  }

  /** An occurrence as it was read with its day, once that day entered the window. */
  async entered(record: GoogleEventRecord, account: Account, priority: Priority): Promise<readonly PairId[]> {
    const { occurrence } = record;
    if (occurrence === undefined) return [];
    const pair = await this.parts.pairs.byOccurrence(account.id, record.calendarId, occurrence);
    if (pair !== undefined) return this.parts.occurrences.learnAll([{ pair, record }]);
    if (!this.mayBegin(record, account)) return [];
    const key = { accountId: account.id, calendarId: record.calendarId, seriesId: occurrence.seriesId };
    const master = (await this.parts.series.find(key))?.masters.find(({ id }) => id === occurrence.masterId);
    // Of a series or half that wasn't looked at yet: a pair that is there already may belong to this occurrence.
    if (master?.expanded === undefined) return this.touch(key, occurrence.masterId).then(() => []);
    const begun = await this.parts.occurrences.begin({ ...record, occurrence }, account, priority);
    return begun === undefined ? [] : [begun];
  }

  private mayBegin(record: GoogleEventRecord, account: Account): boolean {
    return whyNoPairForEvent(record, account, this.parts.todayIn(account.zone), account.zone) === undefined;
  }

  private async touch(key: SeriesKey, masterId: GoogleEventRecord['id']): Promise<void> {
    await touchSeries(this.parts.series, key, masterId);
    this.parts.wakeSeries(key);
  }
}

const keyOf = ({ accountId, calendarId }: CalendarRef, record: GoogleEventRecord): SeriesKey => ({ accountId, calendarId, seriesId: seriesIdOfMaster(record.id) });
