import { asGoogleEventId, type Attendee, type GoogleEventId, type GoogleEventRecord, type GoogleFields, type When } from '@calsync/calendar-model';
import { anEvent } from '../testing/records.js';
import { statusOf } from './model-event.js';
import { baseOf, compact, linesOf, startOf, type ModelRule } from './model-rule.js';

export type Version = Pick<GoogleEventRecord, 'etag'> & { readonly updated: string };

export interface Master {
  readonly id: GoogleEventId;
  readonly created: string;
  living: boolean;
  first: When;
  rule: ModelRule;
  excluded: readonly string[];
  record: Omit<GoogleEventRecord, 'id' | 'shape' | 'status' | 'etag' | 'updated'>;
  version: Version;
}
export interface Exception {
  readonly base: string;
  masterId: GoogleEventId;
  readonly start: string;
  cancelled: boolean;
  fields: GoogleFields;
  /** Where somebody was added, taken out or answered for this time only. */
  attendees?: readonly Attendee[];
  /** Its series has no such start any more. */
  orphan: boolean;
  version: Version;
}

/** How Google shows what a series is made of. */
export function recordOf(master: Master): GoogleEventRecord {
  const fields = { ...master.record.fields, when: master.first };
  return { ...master.record, ...master.version, id: master.id, created: master.created, fields, shape: 'master', status: master.living ? statusOf(fields) : 'cancelled', recurrence: linesOf(master.rule, master.excluded), zone: zoneOf(master.first) };
}

export function computed(master: Master, when: When): GoogleEventRecord {
  const { recurrence: _lines, ...record } = recordOf(master);
  const originalStart = startOf(when);
  return { ...record, id: occurrenceId(master, originalStart), shape: 'occurrence', fields: { ...record.fields, when }, occurrence: { seriesId: asGoogleEventId(baseOf(master.id)), originalStart, masterId: master.id } };
}

export function exceptionRecord(exception: Exception, master: Master | undefined): GoogleEventRecord {
  const gone = exception.cancelled || exception.orphan || master?.living !== true;
  const { recurrence: _lines, ...like } = master === undefined ? anEvent({}) : recordOf(master);
  const fields: GoogleFields = { ...exception.fields, ...(like.fields.privacy === undefined ? {} : { privacy: like.fields.privacy }) };
  // Of a start that the series lost only the id tells; the id names its base.
  const masterId = exception.orphan || master === undefined ? asGoogleEventId(exception.base) : master.id;
  return {
    ...like, ...(exception.attendees === undefined ? {} : { attendees: exception.attendees }), ...(exception.orphan ? exception.version : {}), id: asGoogleEventId(`${exception.base}_${compact(exception.start)}`), shape: 'occurrence', status: gone ? 'cancelled' : statusOf(fields), fields,
    occurrence: { seriesId: asGoogleEventId(exception.base), originalStart: exception.start, masterId },
  };
}

export const occurrenceId = (master: Master, start: string): GoogleEventId => asGoogleEventId(`${baseOf(master.id)}_${compact(start)}`);
const zoneOf = (when: When): string => (when.kind === 'timed' ? when.zone : 'UTC');

/** The calendar that a series stands in. */
export interface SeriesHost {
  readonly nextVersion: () => Version;
  readonly tell: (record: GoogleEventRecord) => void;
  /** An id is never used twice, by no kind of event. */
  readonly isTaken: (id: GoogleEventId) => boolean;
  readonly becomesSingle: (record: GoogleEventRecord) => void;
}

export type SeriesChange = { readonly fields?: GoogleFields; readonly shiftMinutes?: number } | 'delete';
