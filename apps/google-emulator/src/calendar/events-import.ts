import { isObject, type Json, type JsonObject } from '../discovery/body.js';
import { computedOccurrence } from '../recurrence/series.js';
import type { CalendarRecord, EventRecord, Person } from '../state/records.js';
import type { World } from '../state/world.js';
import { openCalendar, type Call, type Outcome } from './call.js';
import { readEventFields, type WriteMode } from './event-fields.js';
import { idOfICalUID } from './event-id.js';
import { renderEvent } from './event-resource.js';
import { newEvent, organizerOf } from './events-insert.js';
import { invalid, required } from './google-error.js';
import { readNamedPlace } from './named-series.js';
import { modeOf, readStatus, saveEvent, viewOf } from './save-event.js';

export function importEvent(call: Call): Outcome {
  const calendar = openCalendar(call, 'writerWithoutPrivateAccess');
  const event = importBody(call, calendar, call.body, modeOf(call));
  return { status: 200, body: renderEvent(event, calendar, call.publicUrl, viewOf(call)), write: { calendarId: calendar.id, eventId: event.id } };
}

/**
 * A private copy of an event of elsewhere: organiser and UID are taken over, the type becomes `default`, nobody is mailed.
 * An event with that UID is replaced (chosen: reports differ between that and 409). With `originalStartTime` it is an exception of the series
 * with that UID; before its series comes, it stands by itself.
 */
export function importBody(by: Pick<Call, 'world' | 'caller'>, calendar: CalendarRecord, body: JsonObject, mode: WriteMode): EventRecord {
  const { world } = by;
  const iCalUID = body['iCalUID'];
  if (typeof iCalUID !== 'string' || iCalUID === '') throw required('Missing iCalUID.');
  const whole = idOfICalUID(iCalUID);
  const place = readNamedPlace(world, calendar, body, { seriesId: whole, zoneRules: mode.zoneRules });
  const id = place?.id ?? whole;
  if (body['id'] != null && body['id'] !== id) throw invalid('Only one of id and iCalUID may be supplied.');
  const before = world.events(calendar.id).get(id);
  const sequence = Number(body['sequence'] ?? before?.sequence ?? place?.master?.sequence ?? 0);
  if (before !== undefined && sequence < before.sequence) throw invalid('Invalid sequence value. The specified sequence number is below the current sequence number of the resource.');
  const fields = readEventFields(body, calendar, mode);
  const draft = newEvent(by, calendar, { id, iCalUID, eventType: 'default', fields, status: readStatus(body), sequence });
  const part = place === undefined ? {} : { seriesId: place.seriesId, originalStart: place.originalStart, ...(place.master === undefined ? { alone: true as const } : {}) };
  const family = before?.family ?? (place?.master === undefined ? undefined : computedOccurrence(place.master, place.originalStart).family);
  const event = saveEvent(world, { ...draft, created: before?.created ?? draft.created, organizer: readOrganizer(body['organizer'], calendar), privateCopy: true, ...(mode.zoneRules !== undefined && body['locked'] === true ? { locked: true as const } : {}), ...part, ...(family === undefined ? {} : { family }) });
  if (place === undefined && fields.rest['recurrence'] !== undefined) takeInLoneParts(world, event);
  return event;
}

/** Exceptions that came before their series are parts of it from now on. */
function takeInLoneParts(world: World, master: EventRecord): void {
  for (const lone of [...world.events(master.calendarId).values()].filter((event) => event.seriesId === master.id && event.alone === true)) {
    const { alone: _alone, ...part } = lone;
    saveEvent(world, part);
  }
}

function readOrganizer(value: Json | undefined, calendar: CalendarRecord): Person {
  const given: JsonObject = isObject(value) ? value : {};
  if (typeof given['email'] !== 'string') return organizerOf(calendar);
  return { email: given['email'].toLowerCase(), ...(typeof given['displayName'] === 'string' ? { displayName: given['displayName'] } : {}) };
}
