import { isObject, type Json, type JsonObject } from '../discovery/body.js';
import type { CalendarRecord, EventFields, Moment } from '../state/records.js';
import { attendeesOf, emailOf, readAttendees } from './attendees.js';
import { readConference } from './conference.js';
import { readExtendedProperties } from './extended-properties.js';
import { googleError, invalid, notImplemented, timeRangeEmpty } from './google-error.js';
import { readRecurrence } from '../recurrence/read-recurrence.js';
import { readMoment } from './moment.js';
import { withoutNulls } from './without-nulls.js';

/** How the parameters of a write change the meaning of its body. */
export interface WriteMode {
  readonly eventLabelVersion: number;
  readonly conferenceDataVersion: number;
  readonly supportsAttachments: boolean;
  /** Set by Google's own pages, which take any name of a zone: the IANA zone whose rules it follows. */
  readonly zoneRules?: string;
}

const texts = ['summary', 'description', 'location'] as const;
const flagsFalseByDefault = ['guestsCanModify', 'anyoneCanAddSelf', 'endTimeUnspecified'] as const;
const flagsTrueByDefault = ['guestsCanInviteOthers', 'guestsCanSeeOtherGuests'] as const;
const typeProperties = ['birthdayProperties', 'focusTimeProperties', 'outOfOfficeProperties', 'workingLocationProperties'] as const;

/**
 * The canonical fields of a whole event body (for a patch: of the merged one). Read-only fields are left aside, as Google does.
 * @param before the fields that stand there now, for the parts that a body can't clear
 */
export function readEventFields(body: JsonObject, calendar: CalendarRecord, mode: WriteMode, before?: EventFields): EventFields {
  if (body['gadget'] != null) throw notImplemented("the field 'gadget' of an event", 'gadget');
  const start = readMoment('start', asObject(body['start']), calendar.fields.timeZone, { standing: before?.start, rules: mode.zoneRules });
  const end = readMoment('end', asObject(body['end']), calendar.fields.timeZone, { standing: before?.end, rules: mode.zoneRules });
  checkRange(start, end);

  const rest: Record<string, Json> = {};
  const recurrence = readRecurrence(body, start);
  if (recurrence !== undefined) rest['recurrence'] = recurrence;
  for (const name of texts) if (typeof body[name] === 'string' && body[name] !== '') rest[name] = body[name];
  for (const name of flagsFalseByDefault) if (body[name] === true) rest[name] = true;
  for (const name of flagsTrueByDefault) if (body[name] === false) rest[name] = false;
  takeOneOf(rest, body, 'visibility', ['default', 'public', 'private', 'confidential'], 'default');
  takeOneOf(rest, body, 'transparency', ['opaque', 'transparent'], 'opaque');
  takeColour(rest, body, calendar, mode, before);
  takeAttachments(rest, body, mode, before);
  takeConference(rest, body, mode, before);
  for (const name of typeProperties) if (isObject(body[name])) rest[name] = withoutNulls(body[name]);
  if (isObject(body['source'])) rest['source'] = readSource(body['source']);
  const extendedProperties = isObject(body['extendedProperties']) ? readExtendedProperties(body['extendedProperties']) : undefined;
  if (extendedProperties !== undefined) rest['extendedProperties'] = extendedProperties;
  const attendees = takeAttendees(body, calendar, before);
  if (attendees.length > 0) rest['attendees'] = attendees;
  return { start, end, reminders: readReminders(body['reminders']), rest };
}

export function sameMoment(a: Moment, b: Moment): boolean {
  if ('date' in a) return 'date' in b && a.date === b.date;
  return 'atMs' in b && a.atMs === b.atMs && a.timeZone === b.timeZone && a.named === b.named;
}

function checkRange(start: Moment, end: Moment): void {
  if ('date' in start !== 'date' in end) throw invalid('Start and end times must either both be date or both be dateTime.');
  if ('date' in start && 'date' in end && end.date <= start.date) throw timeRangeEmpty();
  if ('atMs' in start && 'atMs' in end && end.atMs < start.atMs) throw timeRangeEmpty();
}

function takeOneOf(rest: Record<string, Json>, body: JsonObject, name: string, allowed: readonly string[], usual: string): void {
  const value = body[name];
  if (value == null || value === '') return;
  if (typeof value !== 'string' || !allowed.includes(value)) throw invalid(`Invalid value for: ${String(value)} is not a valid ${name}.`);
  if (value !== usual) rest[name] = value;
}

/** Labels and colours are two ways to say it: which one counts is decided by `eventLabelVersion`. */
function takeColour(rest: Record<string, Json>, body: JsonObject, calendar: CalendarRecord, mode: WriteMode, before: EventFields | undefined): void {
  if (mode.eventLabelVersion === 0) {
    const colorId = body['colorId'];
    if (typeof colorId === 'string' && colorId !== '') {
      if (!/^([1-9]|1[01])$/.test(colorId)) throw invalid('Invalid color id.');
      rest['colorId'] = colorId;
    }
    const label = before?.rest['eventLabelId'];
    if (label !== undefined) rest['eventLabelId'] = label;
    return;
  }
  if (before?.rest['colorId'] !== undefined) rest['colorId'] = before.rest['colorId'];
  const label = body['eventLabelId'];
  if (typeof label !== 'string' || label === '') return;
  const labels = calendar.fields.labelProperties?.['eventLabels'];
  const exists = Array.isArray(labels) && (labels as readonly Json[]).some((entry) => isObject(entry) && entry['id'] === label);
  if (!exists) throw invalid('Invalid event label id.');
  rest['eventLabelId'] = label;
}

function takeAttachments(rest: Record<string, Json>, body: JsonObject, mode: WriteMode, before: EventFields | undefined): void {
  const attachments = mode.supportsAttachments ? body['attachments'] : before?.rest['attachments'];
  if (!Array.isArray(attachments) || attachments.length === 0) return;
  if (attachments.length > 25) throw invalid('An event may have 25 attachments at most.');
  rest['attachments'] = attachments.map((attachment: Json) => withoutNulls(attachment));
}

/** With version 0 Google ignores the conference in a body and keeps the event's own. */
function takeConference(rest: Record<string, Json>, body: JsonObject, mode: WriteMode, before: EventFields | undefined): void {
  const standing = before?.rest['conferenceData'];
  const kept = mode.conferenceDataVersion > 0 ? readConference(body['conferenceData'], standing) : standing;
  if (kept !== undefined) rest['conferenceData'] = kept;
}

function takeAttendees(body: JsonObject, calendar: CalendarRecord, before: EventFields | undefined): readonly JsonObject[] {
  const old = before === undefined ? [] : attendeesOf(before.rest);
  const given = readAttendees(body['attendees'], old);
  if (body['attendeesOmitted'] !== true || before === undefined) return given;
  // With attendees omitted only the caller's own reply is taken over.
  const own = given.find((attendee) => emailOf(attendee) === calendar.id);
  return old.map((attendee) => (own !== undefined && emailOf(attendee) === calendar.id ? own : attendee));
}

function readSource(body: JsonObject): JsonObject {
  const url = body['url'];
  if (typeof url === 'string' && !/^https?:\/\//.test(url)) throw invalid('The source URL must be HTTP or HTTPS.');
  return withoutNulls(body) as JsonObject;
}

function readReminders(value: Json | undefined): JsonObject {
  if (!isObject(value)) return { useDefault: true };
  const overrides = Array.isArray(value['overrides']) ? (value['overrides'] as readonly Json[]) : [];
  const kept = readReminderList(overrides);
  const useDefault = value['useDefault'] === true;
  if (useDefault && overrides.length > 0) {
    throw googleError(400, 'calendar', 'cannotUseDefaultRemindersAndSpecifyOverride', 'Cannot specify both default reminders and overrides at the same time.');
  }
  return kept.length === 0 ? { useDefault } : { useDefault, overrides: kept };
}

export function readReminderList(overrides: readonly Json[]): JsonObject[] {
  if (overrides.length > 5) throw invalid('The number of override reminders is limited to 5.', 'reminders');
  return overrides.map((entry) => {
    const reminder = isObject(entry) ? entry : {};
    const minutes = Number(reminder['minutes'] ?? Number.NaN);
    if (reminder['method'] !== 'email' && reminder['method'] !== 'popup') throw invalid('Invalid reminder method.', 'reminders');
    if (!(minutes >= 0 && minutes <= 40_320)) throw invalid('Invalid reminder minutes.', 'reminders');
    return { method: reminder['method'], minutes };
  });
}

function asObject(value: Json | undefined): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}
