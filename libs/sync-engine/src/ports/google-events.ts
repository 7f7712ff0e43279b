import type { AttendeesChange } from '@calsync/sync-core';
import type { AccountId, CalendarId, Decor, DecorChange, GoogleEventId, GoogleEventRecord, GoogleFields, Marks, PlainDate, ZoneName } from '@calsync/calendar-model';

/** `cancelled` is Google's own word for a deletion; `absent` (404) proves nothing. */
export type EventReading =
  | { readonly kind: 'found'; readonly record: GoogleEventRecord }
  | { readonly kind: 'cancelled'; readonly record: GoogleEventRecord }
  | { readonly kind: 'absent' };

export type GoogleWriteOutcome =
  | { readonly kind: 'written'; readonly record: GoogleEventRecord }
  /** 409: this id was used before, by a living or a deleted event. */
  | { readonly kind: 'exists' }
  /** 412: the event changed since `etag`. */
  | { readonly kind: 'stale' }
  /** 404 or 410. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'refused'; readonly cause: string };

/** `guest-quota`: Google lets this account write no guests for a while; everything else goes on. */
export type AttendeesOutcome = Exclude<GoogleWriteOutcome, { kind: 'exists' }> | { readonly kind: 'guest-quota'; readonly retryAfterMs?: number };

export interface CalendarRef {
  readonly accountId: AccountId;
  readonly calendarId: CalendarId;
}

/** One odd event never hides the others: it is named, with what is odd about it. */
export interface DaysListing {
  readonly records: readonly GoogleEventRecord[];
  readonly unreadable: readonly { readonly id: GoogleEventId; readonly cause: string }[];
}

/** Days in a zone, `untilOn` included. */
export interface ListedDays {
  readonly fromOn: PlainDate;
  readonly untilOn: PlainDate;
  readonly zone: ZoneName;
}

/** `absent`: Google knows no such series (404 proves nothing). `cancelled`: Google's word that all of it was deleted. */
export type SeriesReading =
  | ({ readonly kind: 'found'; readonly master: GoogleEventRecord } & DaysListing)
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'not-a-series'; readonly record: GoogleEventRecord }
  | { readonly kind: 'absent' };

/** Google events: reads, and conditional writes one at a time. Only `writeAttendees` names guests, and may have them told. Throws `Failure`. */
export interface GoogleEvents {
  get(calendar: CalendarRef, id: GoogleEventId): Promise<EventReading>;
  /**
   * All events that overlap these days, and some beside them; a series as its occurrences, deleted ones left out.
   * Complete or it throws. Absence from it proves nothing.
   */
  listDays(calendar: CalendarRef, days: ListedDays): Promise<DaysListing>;
  /**
   * A master with all its occurrences that overlap these days, exceptions as they stand, cancelled ones left out. Both are of
   * one version: a start that isn't among them, though these days hold it, is one that the series doesn't have (any more).
   */
  readSeries(calendar: CalendarRef, masterId: GoogleEventId, days: ListedDays): Promise<SeriesReading>;
  insert(calendar: CalendarRef, id: GoogleEventId, fields: GoogleFields, marks: Marks, decor?: Decor): Promise<GoogleWriteOutcome>;
  /** `current` gives the etag and the zone that the event keeps. Names only what changes. */
  patch(calendar: CalendarRef, current: GoogleEventRecord, change: { readonly fields: GoogleFields; readonly marks?: Marks; readonly decor?: DecorChange; readonly revive?: true }): Promise<GoogleWriteOutcome>;
  /** The whole list of guests, and nothing else of the event; conditional on the etag of `current`. */
  writeAttendees(calendar: CalendarRef, current: GoogleEventRecord, change: AttendeesChange): Promise<AttendeesOutcome>;
  delete(calendar: CalendarRef, id: GoogleEventId, etag: string): Promise<{ kind: 'gone' } | { kind: 'stale' } | { kind: 'refused'; cause: string }>;
}
