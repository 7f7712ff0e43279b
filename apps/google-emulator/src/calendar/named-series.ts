import { isObject, type Json, type JsonObject } from '../discovery/body.js';
import { occurrenceId } from '../recurrence/occurrence-id.js';
import { isMaster, setOf } from '../recurrence/series.js';
import type { CalendarRecord, EventRecord, Moment } from '../state/records.js';
import type { World } from '../state/world.js';
import { invalid, required } from './google-error.js';
import { readMoment } from './moment.js';

/** The place in a series that a new event names: it becomes an exception there. */
export interface NamedPlace {
  readonly id: string;
  readonly seriesId: string;
  readonly originalStart: Moment;
  /** Undefined: the series isn't in this calendar. */
  readonly master: EventRecord | undefined;
}

/**
 * Reads `recurringEventId` and `originalStartTime` of a new event. Undefined: it names no series.
 * @param options `seriesId`: the series that the event belongs to by its UID, where that is known; `zoneRules` as of `WriteMode`
 */
export function readNamedPlace(world: World, calendar: CalendarRecord, body: JsonObject, { seriesId = body['recurringEventId'], zoneRules }: { readonly seriesId?: Json | undefined; readonly zoneRules?: string | undefined } = {}): NamedPlace | undefined {
  if (body['recurringEventId'] == null && body['originalStartTime'] == null) return undefined;
  if (typeof seriesId !== 'string' || seriesId === '') throw required('Missing recurring event id.', 'recurringEventId');
  if (body['recurringEventId'] != null && body['recurringEventId'] !== seriesId) throw invalid('Invalid Value. The series is another than that of the iCalUID.', 'recurringEventId');
  if (!isObject(body['originalStartTime'])) throw required('Missing original start time.', 'originalStartTime');
  if (body['recurrence'] != null) throw invalid('Invalid recurrence rule. An instance of a recurring event cannot recur.');
  const found = world.events(calendar.id).get(seriesId);
  const master = found !== undefined && isMaster(found) && found.status !== 'cancelled' && found.remains === undefined ? found : undefined;
  const zone = master === undefined || 'date' in master.fields.start ? calendar.fields.timeZone : master.fields.start.timeZone;
  const read = readMoment('start', body['originalStartTime'], zone, { standing: master?.fields.start, rules: zoneRules });
  const originalStart: Moment = 'date' in read || master === undefined || 'date' in master.fields.start ? read : { ...master.fields.start, atMs: read.atMs };
  if (master !== undefined && !setOf(master).includes(originalStart)) throw invalid('Invalid Value. The series has no instance with that start.', 'originalStartTime');
  return { id: occurrenceId(seriesId, originalStart), seriesId, originalStart, master };
}
