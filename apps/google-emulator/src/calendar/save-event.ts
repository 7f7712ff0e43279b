import { isDeepStrictEqual } from 'node:util';
import { isObject, type JsonObject } from '../discovery/body.js';
import type { CalendarRecord, EventFields, EventRecord } from '../state/records.js';
import type { World } from '../state/world.js';
import { bodyOfOccurrence, shareVisibility } from '../recurrence/change-occurrence.js';
import { changeCopy, type WantedCopy } from './change-copy.js';
import type { Role } from './access.js';
import { callersRole, checkIfMatch, type Call, type Outcome } from './call.js';
import { readEventFields, sameMoment, type WriteMode } from './event-fields.js';
import { etagOf, renderEvent } from './event-resource.js';
import { checkEventType, checkTypeChange } from './event-type.js';
import { errorOfReason, eventTypeRestriction, googleError, invalid } from './google-error.js';
import { isGuestCopy, shareWithGuests } from './guest-copies.js';
import { recordGuestMails, recordMails } from './mails.js';
import { isTimeZone } from './moment.js';
import { storeEvent, type EventDraft } from './store-event.js';

/** Stores a new version of an event, and brings its guests' copies in step. */
export function saveEvent(world: World, draft: EventDraft): EventRecord {
  const event = storeEvent(world, draft);
  shareWithGuests(world, event);
  return event;
}

/** Writes a whole body over an event: the second half of `update` and, with the merged body, of `patch`. */
export function changeEvent(call: Call, calendar: CalendarRecord, before: EventRecord, whole: JsonObject): Outcome {
  checkIfMatch(call, etagOf(before.updatedMicros));
  // Nothing is left to bring back: Google refuses the revival.
  if (before.remains !== undefined || before.orphaned === true) throw googleError(403, 'global', 'forbidden', 'Forbidden');
  const body = before.seriesId === undefined ? whole : bodyOfOccurrence(call.world, before, whole);
  if (body['id'] != null && body['id'] !== before.id) throw invalid('Invalid resource id value.');
  if (body['iCalUID'] != null && body['iCalUID'] !== before.iCalUID) throw invalid('Invalid iCalUID value.');
  if (body['eventType'] != null && body['eventType'] !== before.eventType) throw eventTypeRestriction('The event type cannot be changed.');

  for (const side of ['start', 'end'] as const) {
    const sent = isObject(call.body[side]) ? call.body[side]['timeZone'] : undefined;
    // What an event was imported with is kept; the API itself takes names of the IANA only.
    if (typeof sent === 'string' && sent !== '' && !isTimeZone(sent)) throw invalid(`Invalid time zone definition for ${side} time.`);
  }
  if (before.seriesId === undefined && (body['recurringEventId'] != null || body['originalStartTime'] != null)) throw invalid('The field recurringEventId cannot be changed.', 'recurringEventId');
  if (body['privateCopy'] != null && body['privateCopy'] !== (before.privateCopy ?? false)) throw invalid('The field privateCopy cannot be changed.');

  const read = readEventFields(body, calendar, modeOf(call), before.fields);
  const fields = before.seriesId === undefined ? read : shareVisibility(call.world, before, read);
  const status = readStatus(body);
  const changed = changedNames(before, fields, status);
  // Google's document names these fields; how it refuses is chosen.
  if (before.locked === true && mainFields.some((name) => changed.has(name))) throw errorOfReason(403, 'forbidden');
  checkTypeChange(before.eventType, changed);
  if (changed.size > 0) checkEventType(before.eventType, fields, calendar);
  checkShared(before, fields, calendar);
  const sequence = nextSequence(before, body, fields);
  const same = changed.size === 0 && sequence === before.sequence;
  const after = same ? before : isGuestCopy(before) ? writeCopy(call, before, { fields, status, sequence }) : store(call.world, before, { ...before, fields, status, sequence }, changed);
  if (!same && !isGuestCopy(before)) recordMails(call, before, after, changed);
  return { status: 200, body: renderEvent(after, calendar, call.publicUrl, viewOf(call)), write: { calendarId: calendar.id, eventId: after.id } };
}

const mainFields: readonly string[] = ['summary', 'description', 'location', 'start', 'end', 'recurrence'];

function writeCopy(call: Call, before: EventRecord, wanted: WantedCopy): EventRecord {
  const change = changeCopy(call.world, before, wanted);
  recordGuestMails(call, change);
  return change.after;
}

export function modeOf(call: Call): WriteMode {
  return {
    eventLabelVersion: call.parameters.number('eventLabelVersion') ?? 0,
    conferenceDataVersion: call.parameters.number('conferenceDataVersion') ?? 0,
    supportsAttachments: call.parameters.flag('supportsAttachments') ?? false,
  };
}

export function viewOf(call: Call, calendar?: CalendarRecord): { timeZone: string | undefined; maxAttendees: number | undefined; role?: Role } {
  const timeZone = call.parameters.text('timeZone');
  if (timeZone !== undefined && !isTimeZone(timeZone)) throw invalid('Invalid Value. The time zone is unknown.', 'timeZone');
  return { timeZone, maxAttendees: call.parameters.number('maxAttendees'), ...(calendar === undefined ? {} : { role: callersRole(call, calendar) }) };
}

export function readStatus(body: JsonObject): EventRecord['status'] {
  const status = body['status'] ?? 'confirmed';
  if (status === 'confirmed' || status === 'tentative' || status === 'cancelled') return status;
  throw invalid('Invalid status value.');
}

function store(world: World, before: EventRecord, after: EventRecord, changed: ReadonlySet<string>): EventRecord {
  const remindersOnly = changed.size === 1 && changed.has('reminders') && after.sequence === before.sequence;
  if (!remindersOnly) return saveEvent(world, after);
  // Google: "a change of reminders doesn't move `updated`"; hence neither etag, delta nor notification (chosen).
  world.events(after.calendarId).replace(after.id, after);
  return after;
}

function changedNames(before: EventRecord, fields: EventFields, status: EventRecord['status']): ReadonlySet<string> {
  const changed = new Set<string>();
  if (status !== before.status) changed.add('status');
  if (!sameMoment(before.fields.start, fields.start)) changed.add('start');
  if (!sameMoment(before.fields.end, fields.end)) changed.add('end');
  if (!isDeepStrictEqual(before.fields.reminders, fields.reminders)) changed.add('reminders');
  for (const name of new Set([...Object.keys(before.fields.rest), ...Object.keys(fields.rest)])) {
    if (!isDeepStrictEqual(before.fields.rest[name], fields.rest[name])) changed.add(name);
  }
  return changed;
}

function nextSequence(before: EventRecord, body: JsonObject, fields: EventFields): number {
  const given = body['sequence'] == null ? before.sequence : Number(body['sequence']);
  if (given < before.sequence) {
    throw invalid('Invalid sequence value. The specified sequence number is below the current sequence number of the resource. Re-fetch the resource and use its sequence number on the following request.');
  }
  const moved = !sameMoment(before.fields.start, fields.start) || !sameMoment(before.fields.end, fields.end) || !isDeepStrictEqual(before.fields.rest['recurrence'], fields.rest['recurrence']);
  return given + (moved ? 1 : 0);
}

function checkShared(before: EventRecord, fields: EventFields, calendar: CalendarRecord): void {
  if (before.organizer.email === calendar.id) return;
  const shared = (from: EventFields): unknown => (from.rest['extendedProperties'] as JsonObject | undefined)?.['shared'];
  const flags = ['guestsCanModify', 'guestsCanInviteOthers', 'guestsCanSeeOtherGuests', 'anyoneCanAddSelf'];
  if (isDeepStrictEqual(shared(before.fields), shared(fields)) && flags.every((name) => before.fields.rest[name] === fields.rest[name])) return;
  throw googleError(403, 'calendar', 'forbiddenForNonOrganizer', 'Shared properties can only be changed by the organizer of the event.');
}
