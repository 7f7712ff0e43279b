import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { isObject, type Json, type JsonObject } from '../discovery/body.js';
import { standsAlone } from '../recurrence/series.js';
import { defaultTimeZone } from '../state/accounts.js';
import type { CalendarFields, CalendarRecord } from '../state/records.js';
import { dropEntry } from './calendar-entry.js';
import { removeCopy } from './change-copy.js';
import { checkIfMatch, openCalendar, type Call, type Outcome } from './call.js';
import { conferenceProperties, renderCalendar } from './calendar-resource.js';
import { etagOf } from './event-resource.js';
import { errorOfReason, googleError, invalid, notFound, notImplemented, required } from './google-error.js';
import { isGuestCopy } from './guest-copies.js';
import { mergePatch } from './merge-patch.js';
import { isTimeZone } from './moment.js';
import { saveEvent } from './save-event.js';
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
  const calendar = openCalendar(call, 'owner');
  const merged = mergePatch(renderCalendar(calendar), call.body);
  // Working hours are given whole or not at all.
  return writeCalendar(call, calendar, { ...merged, workingHours: call.body['workingHours'] });
}

export function updateCalendar(call: Call): Outcome {
  return writeCalendar(call, openCalendar(call, 'owner'), call.body);
}

/** Only the data owner deletes, and never a primary calendar. Its events are gone, its watchers hear of it through the list. */
export function deleteCalendar(call: Call): Outcome {
  const { world, caller } = call;
  const calendar = openCalendar(call, 'owner');
  if (calendar.primary) throw googleError(400, 'global', 'invalid', 'Primary calendars cannot be deleted.');
  if (calendar.owner !== caller.email) throw errorOfReason(403, 'forbidden');
  checkIfMatch(call, etagOf(calendar.etagMicros));
  for (const { email } of [...world.listEntries.values()]) dropEntry(world, email, calendar);
  const micros = world.nextMicros();
  world.calendars.put(calendar.id, { ...calendar, deleted: true, etagMicros: micros, listEtagMicros: micros, listSeq: world.nextSeq() });
  world.announce({ kind: 'calendar-list', email: caller.email });
  return { status: 204, write: { calendarId: calendar.id } };
}

/** All events of a primary calendar are deleted, each as by itself; an invitation is taken out of the calendar. Nobody is mailed. */
export function clearCalendar(call: Call): Outcome {
  const { world } = call;
  const calendar = openCalendar(call, 'owner');
  if (!calendar.primary) throw invalid('Invalid Value. Only a primary calendar can be cleared.', 'calendarId');
  const events = world.events(calendar.id);
  for (const { id } of [...events.values()]) {
    const event = events.get(id);
    if (event === undefined || event.status === 'cancelled' || !standsAlone(event)) continue;
    if (isGuestCopy(event)) removeCopy(world, event);
    else saveEvent(world, { ...event, status: 'cancelled' });
  }
  return { status: 204, write: { calendarId: calendar.id } };
}

/** For administrators of an organisation only, and nobody here is one. */
export function transferOwnership(call: Call): Outcome {
  if (call.parameters.flag('useAdminAccess') !== true) throw invalid('Invalid Value. Only administrator access is supported.', 'useAdminAccess');
  const calendar = call.world.calendars.get(call.parameters.text('calendarId') ?? '');
  if (calendar === undefined || calendar.deleted === true) throw notFound();
  throw errorOfReason(403, 'forbidden');
}

/** A change of title or zone alone is not in the delta of the list, nor in its etag (Google's document). */
function writeCalendar(call: Call, calendar: CalendarRecord, body: JsonObject): Outcome {
  checkIfMatch(call, etagOf(calendar.etagMicros));
  const fields = readFields(body, calendar);
  const same = JSON.stringify(fields) === JSON.stringify(readFields(renderCalendar(calendar), calendar));
  const after = same ? calendar : { ...calendar, fields, etagMicros: call.world.nextMicros() };
  if (!same) call.world.calendars.put(calendar.id, after);
  return { status: 200, body: renderCalendar(after), write: { calendarId: calendar.id } };
}

/** @param standing the calendar that is written over: its labels and working hours stay unless others are given (Google's document) */
function readFields(body: JsonObject, standing?: CalendarRecord): CalendarFields {
  // Resources alone accept by themselves, and no calendar here is one.
  if (body['autoAcceptInvitations'] != null) throw invalid('Invalid Value. Only resource calendars accept invitations automatically.', 'autoAcceptInvitations');
  if (body['conferenceProperties'] != null && !isDeepStrictEqual(body['conferenceProperties'], conferenceProperties)) throw notImplemented("other 'conferenceProperties' of a calendar", 'conferenceProperties');
  const summary = body['summary'];
  if (typeof summary !== 'string' || summary === '') throw required('Missing summary.');
  const timeZone = typeof body['timeZone'] === 'string' ? body['timeZone'] : defaultTimeZone;
  if (!isTimeZone(timeZone)) throw invalid('Invalid time zone.');
  const labelProperties = isObject(body['labelProperties']) ? readLabels(body['labelProperties']) : standing?.fields.labelProperties;
  const workingHours = readWorkingHours(body['workingHours'], standing);
  return {
    summary,
    timeZone,
    ...(typeof body['description'] === 'string' && body['description'] !== '' ? { description: body['description'] } : {}),
    ...(typeof body['location'] === 'string' && body['location'] !== '' ? { location: body['location'] } : {}),
    ...(labelProperties === undefined ? {} : { labelProperties }),
    ...(workingHours === undefined ? {} : { workingHours }),
  };
}

function readLabels(value: Json | undefined): JsonObject | undefined {
  if (!isObject(value)) return undefined;
  const labels = Array.isArray(value['eventLabels']) ? (value['eventLabels'] as readonly Json[]) : [];
  if (labels.length > 200) throw invalid('A calendar may have 200 event labels at most.');
  for (const label of labels) if (!isObject(label) || typeof label['id'] !== 'string' || String(label['name'] ?? '').length > 50) throw invalid('Invalid event label.');
  return labels.length === 0 ? undefined : { eventLabels: labels.map(withoutNulls) };
}

const weekdays: readonly unknown[] = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/** Of a primary calendar; nothing or an empty object leaves them as they are. */
function readWorkingHours(value: Json | undefined, standing: CalendarRecord | undefined): JsonObject | undefined {
  const before = standing?.fields.workingHours;
  if (!isObject(value) || Object.keys(value).length === 0) return before;
  if (standing?.primary !== true) throw invalid('Invalid Value. Only primary calendars have working hours.', 'workingHours');
  const times = Array.isArray(value['availableTimes']) ? (value['availableTimes'] as readonly Json[]) : [];
  const workingHoursEnabled = value['workingHoursEnabled'] === true;
  if (workingHoursEnabled && times.length === 0) throw invalid('Invalid Value. Working hours cannot be enabled without times.', 'workingHours');
  for (const time of times) {
    const [from, to] = isObject(time) ? [Number(time['periodStart'] ?? Number.NaN), Number(time['periodEnd'] ?? Number.NaN)] : [Number.NaN, Number.NaN];
    if (!isObject(time) || !weekdays.includes(time['dayOfWeek']) || !(from >= 0 && from < to && to <= 1440)) throw invalid('Invalid working hours.', 'workingHours');
  }
  return { workingHoursEnabled, ...(times.length === 0 ? {} : { availableTimes: times.map(withoutNulls) }) };
}
