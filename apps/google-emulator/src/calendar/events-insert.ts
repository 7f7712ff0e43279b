import type { JsonObject } from '../discovery/body.js';
import type { CalendarRecord, EventFields, EventRecord, Person } from '../state/records.js';
import { openCalendar, type Call, type Outcome } from './call.js';
import { readEventFields } from './event-fields.js';
import { checkClientId, idOfICalUID, newEventId } from './event-id.js';
import { renderEvent } from './event-resource.js';
import { checkEventType, readEventType } from './event-type.js';
import { duplicate, invalid } from './google-error.js';
import { recordMails } from './mails.js';
import { modeOf, readStatus, saveEvent, viewOf } from './save-event.js';

export function insertEvent(call: Call): Outcome {
  const calendar = openCalendar(call);
  const { id, iCalUID } = readIdentity(call.body);
  // A deleted event keeps its id for ever.
  if (call.world.events(calendar.id).get(id) !== undefined) throw duplicate();
  const eventType = readEventType(call.body);
  const fields = readEventFields(call.body, calendar, modeOf(call));
  checkEventType(eventType, fields, calendar);
  const status = readStatus(call.body);
  if (status === 'cancelled') throw invalid('Invalid status value.');
  const draft = newEvent(call, calendar, { id, iCalUID, eventType, fields, status, sequence: Number(call.body['sequence'] ?? 0) });
  const event = saveEvent(call.world, call.body['privateCopy'] === true ? { ...draft, privateCopy: true } : draft);
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
