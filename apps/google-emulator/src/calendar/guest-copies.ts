import { isDeepStrictEqual } from 'node:util';
import { isObject, type Json, type JsonObject } from '../discovery/body.js';
import { renewFamily } from '../recurrence/family.js';
import { computedOccurrence, isMaster, setOf } from '../recurrence/series.js';
import type { EventFields, EventRecord } from '../state/records.js';
import type { World } from '../state/world.js';
import { attendeesOf, emailOf, mostGuestsWithReplies } from './attendees.js';
import { putEvent, tellOf, type EventDraft } from './store-event.js';

/** What each calendar has of its own in an event; everything else is the organiser's. */
export const ownNames: readonly string[] = ['transparency', 'visibility', 'colorId', 'eventLabelId'];

/** True for an invitation: the event of another calendar's organiser, kept in step with his. Imported ones are nobody's copy. */
export const isGuestCopy = (event: EventRecord): boolean => event.privateCopy !== true && event.organizer.email !== event.calendarId;

/** The organiser's event that is shared with its guests. Special types and private copies are not. */
const isShared = (event: EventRecord): boolean => event.privateCopy !== true && event.organizer.email === event.calendarId && event.eventType === 'default';

export function entryOf(fields: EventFields, email: string): JsonObject | undefined {
  return attendeesOf(fields.rest).find((attendee) => emailOf(attendee) === email);
}

/**
 * Brings the copies on the guests' primary calendars in step with an event of the organiser, and with all of its series.
 * Only what differs is written; a copy gets the version of the organiser's write.
 */
export function shareWithGuests(world: World, changed: EventRecord): void {
  if (!isShared(changed)) return;
  const key = `${changed.calendarId}\n${changed.family ?? changed.id}`;
  const parts = seriesOf(world, changed);
  const emails = new Set(world.invited.get(key)?.emails ?? []);
  const known = emails.size;
  for (const part of parts) for (const attendee of attendeesOf(part.fields.rest)) if (attendee['resource'] !== true) emails.add(emailOf(attendee));
  if (emails.size > known) world.invited.put(key, { calendarId: changed.calendarId, root: changed.family ?? changed.id, emails: [...emails] });
  for (const email of emails) if (world.accounts.get(email) !== undefined) mirror(world, email, parts, changed.updatedMicros);
}

/** An account that comes to exist later gets what it was invited to before. */
export function shareWithNewcomer(world: World, email: string): void {
  for (const { calendarId, root, emails } of [...world.invited.values()]) {
    if (!emails.includes(email)) continue;
    const changed = [...world.events(calendarId).values()].find((event) => (event.family ?? event.id) === root);
    if (changed !== undefined && isShared(changed)) mirror(world, email, seriesOf(world, changed), world.nextMicros());
  }
}

/** Masters and single events before exceptions. */
function seriesOf(world: World, changed: EventRecord): readonly EventRecord[] {
  const events = world.events(changed.calendarId);
  const whole = changed.family === undefined ? [events.get(changed.id) ?? changed] : [...events.values()].filter((event) => event.family === changed.family);
  return whole.filter((event) => event.remains !== 'moved').sort((a, b) => Number(a.seriesId !== undefined) - Number(b.seriesId !== undefined));
}

function mirror(world: World, email: string, parts: readonly EventRecord[], micros: number): void {
  if (parts[0]?.calendarId === email) return;
  const events = world.events(email);
  const written = new Map<string, EventRecord>();
  const put = (draft: EventDraft): void => void written.set(draft.id, putEvent(world, draft, micros));
  for (const part of parts) {
    const copy = events.get(part.id);
    // Somebody's own event may have that id already: ids are unique in a calendar only.
    if (copy !== undefined && (copy.remains !== undefined || !isGuestCopy(copy))) continue;
    const invited = lives(part, parts) && entryOf(part.fields, email) !== undefined;
    const wanted = part.seriesId === undefined ? copyOfWhole(email, part, copy, invited) : copyOfException(world, email, part, copy, { invited, inSeries: part.orphaned !== true && seriesLives(part, parts) });
    if (wanted !== undefined) put(wanted);
  }
  for (const exception of ownExceptions(world, email, parts)) put(exception);
  const families = new Set<string | undefined>();
  for (const event of written.values()) {
    if (!families.has(event.family)) renewFamily(world, event);
    families.add(event.family);
    tellOf(world, event);
  }
}

function lives(part: EventRecord, parts: readonly EventRecord[]): boolean {
  return part.status !== 'cancelled' && part.orphaned !== true && seriesLives(part, parts);
}

function seriesLives(part: EventRecord, parts: readonly EventRecord[]): boolean {
  return part.seriesId === undefined || parts.some((one) => one.id === part.seriesId && one.status !== 'cancelled');
}

/** What the copy of a single event or a master becomes; undefined if it stays as it is. */
function copyOfWhole(email: string, part: EventRecord, copy: EventRecord | undefined, invited: boolean): EventDraft | undefined {
  if (!invited) return withdrawn(part, copy);
  // Who took it out of his calendar isn't brought back by a change of the organiser.
  if (copy?.removed === true) return undefined;
  const wanted = copyOf(email, part, copy?.fields);
  return copy !== undefined && sameCopy(copy, wanted) ? undefined : wanted;
}

function copyOfException(world: World, email: string, part: EventRecord, copy: EventRecord | undefined, { invited, inSeries }: { invited: boolean; inSeries: boolean }): EventDraft | undefined {
  if (copy?.removed === true) return reparented(copy, part, world.events(email).get(part.seriesId ?? ''));
  // What ended with its series, or lost its start in it, is found so in each calendar.
  if (!inSeries) return copy?.alone === true ? withdrawn(part, copy) : undefined;
  const master = world.events(email).get(part.seriesId ?? '');
  if (master !== undefined && isGuestCopy(master) && (master.status !== 'cancelled' || master.removed === true)) {
    if (master.removed === true) return undefined;
    const known = copy ?? (part.originalStart !== undefined && isMaster(master) && setOf(master).includes(part.originalStart) ? computedOccurrence(master, part.originalStart) : undefined);
    const { alone: _series, ...wanted } = copyOf(email, part, (known ?? master).fields);
    const next: EventDraft = invited ? wanted : { ...wanted, status: 'cancelled' };
    return known !== undefined && known.orphaned !== true && sameCopy(known, next) ? undefined : next;
  }
  if (!invited) return copy?.alone === true ? withdrawn(part, copy) : undefined;
  // Invited to this occurrence only: it stands in the calendar without its series.
  const wanted: EventDraft = { ...copyOf(email, part, copy?.fields), alone: true };
  return copy !== undefined && sameCopy(copy, wanted) ? undefined : wanted;
}

/** What a guest removed stays removed, also from the half that a split gave it to. */
function reparented(copy: EventRecord, part: EventRecord, master: EventRecord | undefined): EventDraft | undefined {
  if (part.seriesId === undefined) return undefined;
  const { alone, ...kept } = copy;
  if (copy.seriesId !== part.seriesId) return { ...copy, seriesId: part.seriesId, iCalUID: part.iCalUID, handedOver: true };
  // Its series came into the calendar after it: a hole in it from now on.
  return alone === true && master !== undefined && isGuestCopy(master) && master.status !== 'cancelled' ? kept : undefined;
}

function withdrawn(part: EventRecord, copy: EventRecord | undefined): EventDraft | undefined {
  // Only the calendar that organises it takes it back: after a move that is the new one.
  if (copy === undefined || copy.organizer.email !== part.calendarId || (copy.status === 'cancelled' && copy.removed !== true)) return undefined;
  const { removed, ...kept } = copy;
  return removed === true && part.status === 'cancelled' ? undefined : { ...kept, status: 'cancelled' };
}

/** Occurrences that the guest alone made exceptions, by a colour or a reminder: they follow the series in everything else. */
function* ownExceptions(world: World, email: string, parts: readonly EventRecord[]): Generator<EventDraft> {
  const ids = new Set(parts.map((part) => part.id));
  const masters = parts.filter((part) => isMaster(part) && part.status !== 'cancelled');
  const family = parts.find((part) => part.family !== undefined)?.family;
  if (family === undefined || masters.length === 0) return;
  for (const exception of [...world.events(email).values()]) {
    const { originalStart } = exception;
    if (exception.family !== family || originalStart === undefined || ids.has(exception.id) || exception.status === 'cancelled' || !isGuestCopy(exception)) continue;
    const master = masters.find((one) => setOf(one).includes(originalStart));
    if (master === undefined || entryOf(master.fields, email) === undefined) continue;
    const handedOver = exception.handedOver === true || exception.seriesId !== master.id;
    const wanted: EventDraft = { ...copyOf(email, computedOccurrence(master, originalStart), exception.fields), ...(handedOver ? { handedOver } : {}) };
    if (!sameCopy(exception, wanted)) yield wanted;
  }
}

function copyOf(email: string, part: EventRecord, own: EventFields | undefined): EventDraft {
  const { orphaned: _found, remains: _kept, removed: _his, ...shared } = part;
  return { ...shared, calendarId: email, fields: copiedFields(email, part.fields, own) };
}

/** The organiser's fields with the guest's own beside them. A new copy begins with the organiser's visibility and transparency and default reminders. */
function copiedFields(email: string, from: EventFields, own: EventFields | undefined): EventFields {
  const rest: Record<string, Json> = {};
  const properties: Record<string, Json> = {};
  for (const [name, value] of Object.entries(from.rest)) if (value !== undefined && !ownNames.includes(name) && name !== 'extendedProperties') rest[name] = value;
  for (const name of own === undefined ? ['transparency', 'visibility'] : ownNames) {
    const value = (own ?? from).rest[name];
    if (value !== undefined) rest[name] = value;
  }
  const shared = propertiesOf(from, 'shared');
  const mine = own === undefined ? undefined : propertiesOf(own, 'private');
  if (mine !== undefined) properties['private'] = mine;
  if (shared !== undefined) properties['shared'] = shared;
  if (Object.keys(properties).length > 0) rest['extendedProperties'] = properties;
  const attendees = attendeesOf(from.rest);
  const reply = own === undefined ? undefined : entryOf(own, email);
  // His reply stands nowhere else, so it must not be taken from him by the list of the others.
  if (attendees.length > mostGuestsWithReplies && reply !== undefined) rest['attendees'] = attendees.map((attendee) => (emailOf(attendee) === email ? reply : attendee));
  return { start: from.start, end: from.end, reminders: own?.reminders ?? { useDefault: true }, rest };
}

export function propertiesOf(fields: EventFields, kind: 'private' | 'shared'): JsonObject | undefined {
  const all = fields.rest['extendedProperties'];
  const found = isObject(all) ? all[kind] : undefined;
  return isObject(found) ? found : undefined;
}

function sameCopy(copy: EventRecord, wanted: EventDraft): boolean {
  const facts = (event: EventDraft): unknown => [event.status, event.sequence, event.iCalUID, event.seriesId, event.organizer, event.alone, event.orphaned, event.family, event.fields];
  return isDeepStrictEqual(facts(copy), facts(wanted));
}
