import { isObject, type Json, type JsonObject } from '../discovery/body.js';
import type { Moment } from '../state/records.js';
import { invalid, required } from '../calendar/google-error.js';
import { RecurrenceSet } from './recurrence-set.js';

/** The lines of `recurrence` in an event body, checked; undefined for a single event. A timed series needs a zone, even beside an offset. */
export function readRecurrence(body: JsonObject, start: Moment): readonly string[] | undefined {
  const given = body['recurrence'];
  if (!Array.isArray(given) || given.length === 0) return undefined;
  const lines = (given as readonly Json[]).map((line) => {
    if (typeof line !== 'string') throw invalid('Invalid recurrence rule.');
    return line.trim();
  });
  const startBody = isObject(body['start']) ? body['start'] : {};
  if ('atMs' in start && (typeof startBody['timeZone'] !== 'string' || startBody['timeZone'] === '')) throw required('Missing time zone definition for start time.');
  // Reads every line; the set itself is made again from the stored event.
  void new RecurrenceSet(lines, start);
  return lines;
}
