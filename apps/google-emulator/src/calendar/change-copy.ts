import { isDeepStrictEqual } from 'node:util';
import type { Json, JsonObject } from '../discovery/body.js';
import { findEvent } from '../recurrence/series.js';
import type { EventFields, EventRecord } from '../state/records.js';
import type { World } from '../state/world.js';
import { attendeesOf, emailOf, mostGuestsWithReplies } from './attendees.js';
import { sameMoment } from './event-fields.js';
import { errorOfReason } from './google-error.js';
import { entryOf, ownNames, propertiesOf, shareWithGuests } from './guest-copies.js';
import { storeEvent } from './store-event.js';

/** What a guest's write asks for. */
export interface WantedCopy {
  readonly fields: EventFields;
  readonly status: EventRecord['status'];
  readonly sequence: number;
}

export interface CopyChange {
  readonly after: EventRecord;
  /** The organiser's event before and after, if the write reached it. */
  readonly original?: { readonly before: EventRecord; readonly after: EventRecord };
}

/**
 * A guest's write to an invitation: his own fields stay on his copy, his reply goes to the organiser and from there to everybody.
 * The rest is the organiser's (403), unless guests may modify it; that they may add guests is a right of its own.
 */
export function changeCopy(world: World, before: EventRecord, wanted: WantedCopy): CopyChange {
  const me = before.calendarId;
  if (wanted.status === 'cancelled') return before.status === 'cancelled' ? { after: before } : removeCopy(world, before);
  const original = findEvent(world, before.organizer.email, before.id);
  const standing = original !== undefined && original.status !== 'cancelled' && entryOf(original.fields, me) !== undefined ? original : undefined;
  if (before.status === 'cancelled' && standing === undefined) throw errorOfReason(403, 'forbidden');

  const shared = sharedChanges(before, wanted);
  // Taking it back into the calendar is his own affair.
  if (before.status === 'cancelled') shared.delete('status');
  const invites = shared.has('attendees') && onlyAdds(before.fields, wanted.fields, me) && before.fields.rest['guestsCanInviteOthers'] !== false;
  const rest = [...shared].filter((name) => name !== 'attendees' || !invites);
  if (rest.length > 0 && before.fields.rest['guestsCanModify'] !== true) throw errorOfReason(403, 'forbiddenForNonOrganizer');
  if (shared.size > 0 && standing === undefined) throw errorOfReason(403, 'forbidden');

  const reply = entryOf(wanted.fields, me);
  const replied = reply !== undefined && !isDeepStrictEqual(reply, entryOf(before.fields, me));
  const travels = replied && attendeesOf(before.fields.rest).length <= mostGuestsWithReplies;
  const { removed: _back, ...kept } = before;
  const own: EventRecord = { ...kept, status: before.status === 'cancelled' ? (standing ?? before).status : before.status, fields: ownFields(before.fields, wanted.fields, replied && !travels ? reply : undefined) };
  const changed = !isDeepStrictEqual(own, before);
  if (standing === undefined || (shared.size === 0 && !travels && before.status !== 'cancelled')) return { after: changed ? storeOwn(world, before, own) : before };

  const micros = world.nextMicros();
  const fields = originalFields(standing.fields, wanted.fields, shared, travels ? reply : undefined, me);
  const written = shared.size > 0 || travels ? storeEvent(world, { ...standing, fields, status: shared.has('status') ? wanted.status : standing.status, sequence: Math.max(standing.sequence, wanted.sequence) }, micros) : standing;
  if (changed) world.events(me).replace(own.id, own);
  shareWithGuests(world, { ...written, updatedMicros: micros });
  const after = world.events(me).get(before.id) ?? own;
  return { after: after.updatedMicros === micros ? after : storeEvent(world, after, micros), ...(written === standing ? {} : { original: { before: standing, after: written } }) };
}

/** Deleting an invitation takes it out of the own calendar and declines it; the organiser's event stays. */
export function removeCopy(world: World, before: EventRecord): CopyChange {
  const me = before.calendarId;
  const micros = world.nextMicros();
  const entry = entryOf(before.fields, me);
  const reply: JsonObject | undefined = entry === undefined ? undefined : { ...entry, responseStatus: 'declined' };
  const fields = reply === undefined ? before.fields : withAttendees(before.fields, replaced(attendeesOf(before.fields.rest), me, reply));
  const after = storeEvent(world, { ...before, fields, status: 'cancelled', removed: true }, micros);
  const original = findEvent(world, before.organizer.email, before.id);
  const asked = original === undefined || original.status === 'cancelled' ? undefined : entryOf(original.fields, me);
  if (original === undefined || asked === undefined || reply === undefined || asked['responseStatus'] === 'declined' || attendeesOf(original.fields.rest).length > mostGuestsWithReplies) return { after };
  const written = storeEvent(world, { ...original, fields: withAttendees(original.fields, replaced(attendeesOf(original.fields.rest), me, { ...asked, responseStatus: 'declined' })) }, micros);
  shareWithGuests(world, written);
  return { after, original: { before: original, after: written } };
}

/** A change of reminders moves neither version nor delta, on a copy as elsewhere. */
function storeOwn(world: World, before: EventRecord, own: EventRecord): EventRecord {
  const remindersOnly = isDeepStrictEqual({ ...own, fields: { ...own.fields, reminders: before.fields.reminders } }, before);
  if (!remindersOnly) return storeEvent(world, own);
  world.events(own.calendarId).replace(own.id, own);
  return own;
}

/** Names of what differs and is not the guest's own. */
function sharedChanges(before: EventRecord, wanted: WantedCopy): Set<string> {
  const changed = new Set<string>();
  if (wanted.status !== before.status) changed.add('status');
  if (wanted.sequence !== before.sequence) changed.add('sequence');
  if (!sameMoment(before.fields.start, wanted.fields.start)) changed.add('start');
  if (!sameMoment(before.fields.end, wanted.fields.end)) changed.add('end');
  for (const name of new Set([...Object.keys(before.fields.rest), ...Object.keys(wanted.fields.rest)])) {
    if (ownNames.includes(name) || name === 'extendedProperties' || name === 'attendees') continue;
    if (!isDeepStrictEqual(before.fields.rest[name], wanted.fields.rest[name])) changed.add(name);
  }
  const others = (fields: EventFields): readonly JsonObject[] => attendeesOf(fields.rest).filter((attendee) => emailOf(attendee) !== before.calendarId);
  const left = entryOf(before.fields, before.calendarId) !== undefined && entryOf(wanted.fields, before.calendarId) === undefined;
  if (left || !isDeepStrictEqual(others(before.fields), others(wanted.fields))) changed.add('attendees');
  return changed;
}

function onlyAdds(before: EventFields, wanted: EventFields, me: string): boolean {
  return attendeesOf(before.rest).every((attendee) => {
    const now = entryOf(wanted, emailOf(attendee));
    return emailOf(attendee) === me ? now !== undefined : isDeepStrictEqual(now, attendee);
  });
}

function ownFields(before: EventFields, wanted: EventFields, reply: JsonObject | undefined): EventFields {
  const rest: Record<string, Json | undefined> = { ...before.rest };
  for (const name of ownNames) {
    const value = wanted.rest[name];
    if (value === undefined) delete rest[name];
    else rest[name] = value;
  }
  const mine = propertiesOf(wanted, 'private');
  const shared = propertiesOf(before, 'shared');
  delete rest['extendedProperties'];
  if (mine !== undefined || shared !== undefined) rest['extendedProperties'] = { ...(mine === undefined ? {} : { private: mine }), ...(shared === undefined ? {} : { shared }) };
  const fields: EventFields = { ...before, reminders: wanted.reminders, rest };
  return reply === undefined ? fields : withAttendees(fields, replaced(attendeesOf(before.rest), emailOf(reply), reply));
}

function originalFields(original: EventFields, wanted: EventFields, shared: ReadonlySet<string>, reply: JsonObject | undefined, me: string): EventFields {
  const rest: Record<string, Json | undefined> = { ...original.rest };
  for (const name of shared) {
    if (['start', 'end', 'status', 'sequence', 'attendees'].includes(name)) continue;
    const value = wanted.rest[name];
    if (value === undefined) delete rest[name];
    else rest[name] = value;
  }
  const fields: EventFields = { ...original, start: shared.has('start') ? wanted.start : original.start, end: shared.has('end') ? wanted.end : original.end, rest };
  const guests = shared.has('attendees') ? attendeesOf(wanted.rest) : attendeesOf(original.rest);
  return withAttendees(fields, reply === undefined ? guests : replaced(guests, me, reply));
}

function replaced(attendees: readonly JsonObject[], email: string, entry: JsonObject): readonly JsonObject[] {
  return attendees.map((attendee) => (emailOf(attendee) === email ? entry : attendee));
}

function withAttendees(fields: EventFields, attendees: readonly JsonObject[]): EventFields {
  const { attendees: _before, ...rest } = fields.rest;
  return { ...fields, rest: attendees.length === 0 ? rest : { ...rest, attendees } };
}
