import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { isObject, type Json, type JsonObject } from '../discovery/body.js';
import { defaultTimeZone } from '../state/accounts.js';
import type { CalendarFields, CalendarRecord } from '../state/records.js';
import { checkIfMatch, openCalendar, type Call, type Outcome } from './call.js';
import { conferenceProperties, renderCalendar } from './calendar-resource.js';
import { etagOf } from './event-resource.js';
import { googleError, invalid, notImplemented, required } from './google-error.js';
import { mergePatch } from './merge-patch.js';
import { isTimeZone } from './moment.js';
import { withoutNulls } from './without-nulls.js';

export function getCalendar(call: Call): Outcome {
  return { status: 200, body: renderCalendar(openCalendar(call)) };
}

/** A secondary calendar; its id looks like Google's. */
export function insertCalendar(call: Call): Outcome {
  const { world, caller } = call;
  const fields = readFields({ timeZone: defaultTimeZone, ...call.body });
  const micros = world.nextMicros();
  const seq = world.nextSeq();
  const calendar: CalendarRecord = {
    id: `c_${randomBytes(32).toString('hex')}@group.calendar.google.com`,
    owner: caller.email,
    primary: false,
    madeBy: caller.client,
    etagMicros: micros,
    listSeq: seq,
    listEtagMicros: micros,
    eventsSeq: seq,
    fields,
  };
  world.calendars.put(calendar.id, calendar);
  world.announce({ kind: 'calendar-list', email: caller.email });
  return { status: 200, body: renderCalendar(calendar), write: { calendarId: calendar.id } };
}

export function patchCalendar(call: Call): Outcome {
  const calendar = openCalendar(call);
  return writeCalendar(call, calendar, mergePatch(renderCalendar(calendar), call.body));
}

export function updateCalendar(call: Call): Outcome {
  return writeCalendar(call, openCalendar(call), call.body);
}

/** Only the data owner deletes, and never a primary calendar. Its events are gone, its watchers hear of it through the list. */
export function deleteCalendar(call: Call): Outcome {
  const { world, caller } = call;
  const calendar = openCalendar(call);
  if (calendar.primary) throw googleError(400, 'global', 'invalid', 'Primary calendars cannot be deleted.');
  checkIfMatch(call, etagOf(calendar.etagMicros));
  const micros = world.nextMicros();
  world.calendars.put(calendar.id, { ...calendar, deleted: true, etagMicros: micros, listEtagMicros: micros, listSeq: world.nextSeq() });
  world.announce({ kind: 'calendar-list', email: caller.email });
  return { status: 204, write: { calendarId: calendar.id } };
}

/** A change of title or zone alone is not in the delta of the list, nor in its etag (Google's document). */
function writeCalendar(call: Call, calendar: CalendarRecord, body: JsonObject): Outcome {
  checkIfMatch(call, etagOf(calendar.etagMicros));
  const fields = readFields(body);
  const same = JSON.stringify(fields) === JSON.stringify(readFields(renderCalendar(calendar)));
  const after = same ? calendar : { ...calendar, fields, etagMicros: call.world.nextMicros() };
  if (!same) call.world.calendars.put(calendar.id, after);
  return { status: 200, body: renderCalendar(after), write: { calendarId: calendar.id } };
}

function readFields(body: JsonObject): CalendarFields {
  if (body['workingHours'] != null) throw notImplemented("the field 'workingHours' of a calendar", 'workingHours');
  if (body['autoAcceptInvitations'] != null) throw notImplemented("the field 'autoAcceptInvitations' of a calendar", 'autoAcceptInvitations');
  if (body['conferenceProperties'] != null && !isDeepStrictEqual(body['conferenceProperties'], conferenceProperties)) throw notImplemented("other 'conferenceProperties' of a calendar", 'conferenceProperties');
  const summary = body['summary'];
  if (typeof summary !== 'string' || summary === '') throw required('Missing summary.');
  const timeZone = typeof body['timeZone'] === 'string' ? body['timeZone'] : defaultTimeZone;
  if (!isTimeZone(timeZone)) throw invalid('Invalid time zone.');
  const labelProperties = readLabels(body['labelProperties']);
  return {
    summary,
    timeZone,
    ...(typeof body['description'] === 'string' && body['description'] !== '' ? { description: body['description'] } : {}),
    ...(typeof body['location'] === 'string' && body['location'] !== '' ? { location: body['location'] } : {}),
    ...(labelProperties === undefined ? {} : { labelProperties }),
  };
}

function readLabels(value: Json | undefined): JsonObject | undefined {
  if (!isObject(value)) return undefined;
  const labels = Array.isArray(value['eventLabels']) ? (value['eventLabels'] as readonly Json[]) : [];
  if (labels.length > 200) throw invalid('A calendar may have 200 event labels at most.');
  for (const label of labels) if (!isObject(label) || typeof label['id'] !== 'string' || String(label['name'] ?? '').length > 50) throw invalid('Invalid event label.');
  return labels.length === 0 ? undefined : { eventLabels: labels.map(withoutNulls) };
}
