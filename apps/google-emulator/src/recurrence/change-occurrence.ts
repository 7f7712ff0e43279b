import { isDeepStrictEqual } from 'node:util';
import { isObject, type JsonObject } from '../discovery/body.js';
import { googleError, invalid } from '../calendar/google-error.js';
import { readMoment } from '../calendar/moment.js';
import type { EventFields, EventRecord, Moment } from '../state/records.js';
import type { World } from '../state/world.js';

/** The body of a write to an occurrence, without what ties it to its series: that never changes, and it has no recurrence of its own. */
export function bodyOfOccurrence(world: World, occurrence: EventRecord, body: JsonObject): JsonObject {
  const master = world.events(occurrence.calendarId).get(occurrence.seriesId ?? '');
  // Nothing of a deleted series can be changed or brought back but the series itself.
  if (occurrence.alone !== true && (master === undefined || master.status === 'cancelled')) throw googleError(403, 'global', 'forbidden', 'Forbidden');
  const { recurrence, recurringEventId, originalStartTime, ...rest } = body;
  if (recurrence != null && !isDeepStrictEqual(recurrence, [])) throw invalid('Invalid recurrence rule. An instance of a recurring event cannot recur.');
  if (recurringEventId != null && recurringEventId !== occurrence.seriesId) throw invalid('The field recurringEventId cannot be changed.');
  if (isObject(originalStartTime) && !sameStart(occurrence.originalStart, readMoment('start', originalStartTime, 'UTC', { standing: occurrence.originalStart }))) throw invalid('The field originalStartTime cannot be changed.');
  return rest;
}

/** Since July 2026: what is made more private in one occurrence becomes so in the whole series; what is made less is ignored. */
export function shareVisibility(world: World, occurrence: EventRecord, fields: EventFields): EventFields {
  const events = world.events(occurrence.calendarId);
  const master = events.get(occurrence.seriesId ?? '');
  if (master === undefined) return fields;
  const wanted = fields.rest['visibility'];
  const own = master.fields.rest['visibility'];
  if (strictness(wanted) > strictness(own)) {
    // The version comes with the occurrence, which is saved next; exceptions show the visibility of their series.
    events.replace(master.id, { ...master, fields: withVisibility(master.fields, wanted) });
    return fields;
  }
  return withVisibility(fields, own);
}

function withVisibility(fields: EventFields, visibility: EventFields['rest'][string]): EventFields {
  const { visibility: _before, ...rest } = fields.rest;
  return { ...fields, rest: visibility === undefined ? rest : { ...rest, visibility } };
}

function strictness(visibility: unknown): number {
  if (visibility === 'private' || visibility === 'confidential') return 2;
  return visibility === 'public' ? 0 : 1;
}

function sameStart(a: Moment | undefined, b: Moment): boolean {
  if (a === undefined) return false;
  return 'date' in a ? 'date' in b && a.date === b.date : 'atMs' in b && a.atMs === b.atMs;
}
