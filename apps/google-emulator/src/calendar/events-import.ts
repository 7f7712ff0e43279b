import { isObject, type Json, type JsonObject } from '../discovery/body.js';
import type { CalendarRecord, Person } from '../state/records.js';
import { openCalendar, type Call, type Outcome } from './call.js';
import { readEventFields } from './event-fields.js';
import { idOfICalUID } from './event-id.js';
import { renderEvent } from './event-resource.js';
import { newEvent, organizerOf } from './events-insert.js';
import { invalid, required } from './google-error.js';
import { modeOf, readStatus, saveEvent, viewOf } from './save-event.js';

/**
 * A private copy of an event of elsewhere: organiser and UID are taken over, the type becomes `default`, nobody is mailed.
 * An event with that UID is replaced (chosen: reports differ between that and 409).
 */
export function importEvent(call: Call): Outcome {
  const calendar = openCalendar(call);
  const iCalUID = call.body['iCalUID'];
  if (typeof iCalUID !== 'string' || iCalUID === '') throw required('Missing iCalUID.');
  const id = idOfICalUID(iCalUID);
  if (call.body['id'] != null && call.body['id'] !== id) throw invalid('Only one of id and iCalUID may be supplied.');
  const before = call.world.events(calendar.id).get(id);
  const sequence = Number(call.body['sequence'] ?? before?.sequence ?? 0);
  if (before !== undefined && sequence < before.sequence) throw invalid('Invalid sequence value. The specified sequence number is below the current sequence number of the resource.');
  const fields = readEventFields(call.body, calendar, modeOf(call));
  const draft = newEvent(call, calendar, { id, iCalUID, eventType: 'default', fields, status: readStatus(call.body), sequence });
  const event = saveEvent(call.world, { ...draft, created: before?.created ?? draft.created, organizer: readOrganizer(call.body['organizer'], calendar), privateCopy: true, ...(before?.family === undefined ? {} : { family: before.family }) });
  return { status: 200, body: renderEvent(event, calendar, call.publicUrl, viewOf(call)), write: { calendarId: calendar.id, eventId: id } };
}

function readOrganizer(value: Json | undefined, calendar: CalendarRecord): Person {
  const given: JsonObject = isObject(value) ? value : {};
  if (typeof given['email'] !== 'string') return organizerOf(calendar);
  return { email: given['email'].toLowerCase(), ...(typeof given['displayName'] === 'string' ? { displayName: given['displayName'] } : {}) };
}
