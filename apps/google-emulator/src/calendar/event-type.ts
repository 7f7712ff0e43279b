import { isObject, type JsonObject } from '../discovery/body.js';
import type { CalendarRecord, EventFields } from '../state/records.js';
import { eventTypeRestriction, invalid } from './google-error.js';

const owners: Readonly<Record<string, string>> = {
  birthdayProperties: 'birthday',
  focusTimeProperties: 'focusTime',
  outOfOfficeProperties: 'outOfOffice',
  workingLocationProperties: 'workingLocation',
};

/** The type of a new event. `fromGmail` is never made by the API. */
export function readEventType(body: JsonObject): string {
  const type = body['eventType'] ?? 'default';
  if (type === 'fromGmail') throw eventTypeRestriction('Events of type fromGmail cannot be created.');
  if (type !== 'default' && !Object.values(owners).includes(String(type))) throw invalid(`Invalid event type ${String(type)}.`);
  return String(type);
}

/** Google's rules for the special types: where they may stand and what they must look like. */
export function checkEventType(type: string, fields: EventFields, calendar: CalendarRecord): void {
  for (const [property, owner] of Object.entries(owners)) {
    if (fields.rest[property] !== undefined && owner !== type) throw eventTypeRestriction(`The field ${property} is allowed for events of type ${owner} only.`);
  }
  if (type === 'default' || type === 'fromGmail') return;
  if (!calendar.primary) throw eventTypeRestriction(`Events of type ${type} can be created on the primary calendar only.`);
  const allDay = 'date' in fields.start;
  const { rest } = fields;
  if (type === 'birthday') {
    const oneDay = 'date' in fields.start && 'date' in fields.end && Temporal.PlainDate.from(fields.start.date).add({ days: 1 }).toString() === fields.end.date;
    if (!oneDay) throw eventTypeRestriction('A birthday event must be an all-day event of one day.');
    const lines = rest['recurrence'];
    if (lines !== undefined && !(Array.isArray(lines) && lines.length === 1 && lines[0] === 'RRULE:FREQ=YEARLY')) throw eventTypeRestriction('A birthday event must recur every year.');
    if (rest['visibility'] !== 'private' || rest['transparency'] !== 'transparent') throw eventTypeRestriction('A birthday event must be private and transparent.');
  }
  if ((type === 'focusTime' || type === 'outOfOffice') && allDay) throw eventTypeRestriction(`An event of type ${type} cannot be an all-day event.`);
  if (type === 'workingLocation') {
    const properties = rest['workingLocationProperties'];
    if (!isObject(properties) || properties['type'] === undefined) throw eventTypeRestriction('A working location event needs workingLocationProperties with a type.');
    if (rest['visibility'] !== 'public' || rest['transparency'] !== 'transparent') throw eventTypeRestriction('A working location event must be public and transparent.');
  }
}

/** What may change later on an event whose type limits it. */
const changeable: Readonly<Record<string, readonly string[]>> = {
  birthday: ['colorId', 'eventLabelId', 'summary', 'reminders', 'start', 'end', 'extendedProperties'],
  fromGmail: ['colorId', 'eventLabelId', 'reminders', 'visibility', 'transparency', 'status', 'attendees', 'extendedProperties'],
};

export function checkTypeChange(type: string, changed: ReadonlySet<string>): void {
  const allowed = changeable[type];
  if (allowed === undefined) return;
  for (const name of changed) if (!allowed.includes(name)) throw eventTypeRestriction(`The field ${name} of an event of type ${type} cannot be changed.`);
}
