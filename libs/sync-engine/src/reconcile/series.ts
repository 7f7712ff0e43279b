import { v5 as uuidV5 } from 'uuid';
import type { AccountId, CalendarId, GoogleEventId, GoogleEventRecord, Instant, When } from '@calsync/calendar-model';

export interface SeriesKey {
  readonly accountId: AccountId;
  readonly calendarId: CalendarId;
  readonly seriesId: GoogleEventId;
}

/** How a master stood when its occurrences were last taken in. */
export interface Expansion {
  readonly etag: string;
  readonly digest: string;
  /** Its start of then: a series that was moved as a whole is known by it. */
  readonly first: When;
}

/** One master of a series, as it was last told or read. A series that was split has several. */
export interface Master {
  readonly id: GoogleEventId;
  readonly etag?: string;
  readonly updated?: Instant;
  readonly digest?: string;
  readonly first?: When;
  readonly gone?: true;
  readonly expanded?: Expansion;
}

/** What is known of a recurring event as a whole; its occurrences are pairs. Holds no content. */
export interface Series extends SeriesKey {
  readonly masters: readonly Master[];
  /** The halves of a split have it in common, also those that became a series of their own. */
  readonly created?: Instant;
  /** Grows with every change: the compare-and-set of whoever writes it. */
  readonly revision: number;
  /** Grows with everything that makes it due; cleared by comparing it. */
  readonly dueSeq: number;
  /** Turns in a row that failed. */
  readonly attempts: number;
}

export interface SeriesStore {
  find(key: SeriesKey): Promise<Series | undefined>;
  ofCalendar(accountId: AccountId, calendarId: CalendarId): Promise<readonly Series[]>;
  /** Those whose events were made at that moment: the halves of a split, and perhaps others. */
  createdAt(accountId: AccountId, calendarId: CalendarId, created: Instant): Promise<readonly Series[]>;
  /** Compare-and-set on the revision; `known` undefined where there is none yet. With `due` it is due at once. */
  put(known: Series | undefined, next: Series, due: 'due' | 'as-it-is'): Promise<boolean>;
  /** Keys of due ones, longest waiting first. */
  due(limit: number): Promise<readonly SeriesKey[]>;
  dueCount(): Promise<number>;
  /** Clears `due` only where nothing made it due since `dueSeq`. True where it is still due. */
  finish(key: SeriesKey, dueSeq: number): Promise<boolean>;
  /** Stays due, not before `notBefore` (epoch ms). */
  postpone(key: SeriesKey, notBefore: number): Promise<void>;
}

export const startSeries = (key: SeriesKey): Series => ({ ...key, masters: [], revision: 0, dueSeq: 0, attempts: 0 });

export const nameOf = ({ accountId, calendarId, seriesId }: SeriesKey): string => `${accountId}/${calendarId}/${seriesId}`;

/** The id that the halves of a series share which kept its time: a master's own without `_R…`. */
export const seriesIdOfMaster = (masterId: GoogleEventId): GoogleEventId => masterId.replace(/_R\d{8}(T\d{6})?$/, '') as GoogleEventId;

/** What of a master decides how its occurrences look. Of a reduced one the content is unseen, so each version is news. */
export function digestOf(master: GoogleEventRecord): string {
  const { shape, status, eventType, ownedByUser, fields, zone, recurrence, attendees, colour, link, reduced, etag } = master;
  return uuidV5(JSON.stringify([shape, status, eventType, ownedByUser, fields, zone, recurrence, attendees, colour, link, reduced ? etag : '']), uuidV5.URL);
}

/** What a message about a master changes, if anything; `due` where its occurrences may look different now. */
export function tellMaster(series: Series, record: GoogleEventRecord): { readonly next: Series; readonly due: 'due' | 'as-it-is' } | undefined {
  const known = series.masters.find(({ id }) => id === record.id);
  if (record.status === 'cancelled') {
    if (known?.gone === true || isOlder(record, known)) return undefined;
    return { next: withMaster(series, { ...known, id: record.id }), due: 'due' };
  }
  if (known?.etag === record.etag || isOlder(record, known)) return undefined;
  const digest = digestOf(record);
  const master: Master = { id: record.id, etag: record.etag, digest, ...(record.updated === undefined ? {} : { updated: record.updated }), ...(record.fields.when ? { first: record.fields.when } : {}), ...(known?.expanded ? { expanded: known.expanded } : {}) };
  const next = withMaster({ ...series, ...(record.created === undefined ? {} : { created: record.created }) }, master);
  return { next, due: known?.digest === digest && known.gone !== true ? 'as-it-is' : 'due' };
}

export const withMaster = (series: Series, master: Master): Series => ({ ...series, masters: [...series.masters.filter(({ id }) => id !== master.id), master] });

const isOlder = ({ updated }: GoogleEventRecord, known: Master | undefined): boolean =>
  updated !== undefined && known?.updated !== undefined && Date.parse(updated) < Date.parse(known.updated);

/** Writes one row until nobody was faster; `change` answers undefined where nothing is to be written. */
export async function changeSeries(
  store: Pick<SeriesStore, 'find' | 'put'>,
  key: SeriesKey,
  change: (series: Series) => { readonly next: Series; readonly due: 'due' | 'as-it-is' } | undefined,
): Promise<'due' | 'as-it-is'> {
  for (;;) {
    const known = await store.find(key);
    const changed = change(known ?? startSeries(key));
    if (changed === undefined) return 'as-it-is';
    if (await store.put(known, changed.next, changed.due)) return changed.due;
  }
}

/** Something of it can't be understood by itself: it is to be looked at as a whole. `masterId` where it isn't known yet. */
export function touchSeries(store: Pick<SeriesStore, 'find' | 'put'>, key: SeriesKey, masterId: GoogleEventId): Promise<'due' | 'as-it-is'> {
  return changeSeries(store, key, (series) => ({ next: series.masters.some(({ id }) => id === masterId) ? series : withMaster(series, { id: masterId }), due: 'due' }));
}
