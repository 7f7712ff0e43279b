import type { JsonObject } from '../discovery/body.js';
import { computedOccurrence } from '../recurrence/series.js';
import type { CalendarRecord, EventFields, EventRecord, Person } from '../state/records.js';
import { openCalendar, type Call, type Outcome } from './call.js';
import { readEventFields } from './event-fields.js';
import { checkClientId, idOfICalUID, newEventId } from './event-id.js';
import { renderEvent } from './event-resource.js';
import { checkEventType, readEventType } from './event-type.js';
import { duplicate, errorOfReason, invalid } from './google-error.js';
import { isGuestCopy } from './guest-copies.js';
import { recordMails } from './mails.js';
import { readNamedPlace } from './named-series.js';
import { modeOf, readStatus, saveEvent, viewOf } from './save-event.js';

export function insertEvent(call: Call): Outcome {
  const calendar = openCalendar(call, 'writerWithoutPrivateAccess');
  const place = readNamedPlace(call.world, calendar, call.body);
  // Google's text names no error for it: an exception without its series is refused (chosen).
  if (place !== undefined && place.master === undefined) throw invalid('Invalid Value. There is no such recurring event.', 'recurringEventId');
  if (place?.master !== undefined && isGuestCopy(place.master)) throw errorOfReason(403, 'forbiddenForNonOrganizer');
  const { id, iCalUID } = place?.master === undefined ? readIdentity(call.body) : { id: place.id, iCalUID: place.master.iCalUID };
  if (place !== undefined && call.body['id'] != null && call.body['id'] !== id) throw invalid('Invalid resource id value.');
  // A deleted event keeps its id for ever.
  if (call.world.events(calendar.id).get(id) !== undefined) throw duplicate();
  const eventType = readEventType(call.body);
  const fields = readEventFields(call.body, calendar, modeOf(call));
  checkEventType(eventType, fields, calendar);
  const status = readStatus(call.body);
  if (status === 'cancelled') throw invalid('Invalid status value.');
  const draft = newEvent(call, calendar, { id, iCalUID, eventType, fields, status, sequence: Number(call.body['sequence'] ?? 0) });
  const part = place?.master === undefined ? {} : { seriesId: place.seriesId, originalStart: place.originalStart, family: computedOccurrence(place.master, place.originalStart).family, organizer: place.master.organizer };
  const event = saveEvent(call.world, { ...draft, ...part, ...(call.body['privateCopy'] === true ? { privateCopy: true as const } : {}) });
  recordMails(call, undefined, event, new Set());
  return { status: 200, body: renderEvent(event, calendar, call.publicUrl, viewOf(call)), write: { calendarId: calendar.id, eventId: id } };
}

interface Born {
  readonly id: string;
  readonly iCalUID: string;
  readonly eventType: string;
  readonly fields: EventFields;
  readonly status: EventRecord['status'];
  readonly sequence: number;
}

export function newEvent(call: Pick<Call, 'world' | 'caller'>, calendar: CalendarRecord, born: Born): Omit<EventRecord, 'seq' | 'updatedMicros'> {
  const created = new Date(Math.floor(call.world.clock.nowMs() / 1000) * 1000).toISOString();
  return { calendarId: calendar.id, ...born, created, creator: { email: call.caller.email }, organizer: organizerOf(calendar) };
}

/** A calendar organises its events: the person for a primary one, else the calendar itself. */
export function organizerOf(calendar: CalendarRecord): Person {
  return calendar.primary ? { email: calendar.id } : { email: calendar.id, displayName: calendar.fields.summary };
}

function readIdentity(body: JsonObject): { id: string; iCalUID: string } {
  const id = typeof body['id'] === 'string' && body['id'] !== '' ? body['id'] : undefined;
  const iCalUID = typeof body['iCalUID'] === 'string' && body['iCalUID'] !== '' ? body['iCalUID'] : undefined;
  if (id !== undefined && iCalUID !== undefined && iCalUID !== `${id}@google.com`) throw invalid('Only one of id and iCalUID may be supplied.');
  if (id !== undefined) {
    checkClientId(id);
    return { id, iCalUID: `${id}@google.com` };
  }
  if (iCalUID !== undefined) return { id: idOfICalUID(iCalUID), iCalUID };
  const fresh = newEventId();
  return { id: fresh, iCalUID: `${fresh}@google.com` };
}
