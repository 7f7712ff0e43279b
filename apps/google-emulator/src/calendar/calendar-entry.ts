import type { CalendarRecord, ListEntry } from '../state/records.js';
import type { World } from '../state/world.js';

const keyOf = (email: string, calendarId: string): string => `${email}\n${calendarId}`;

/** A calendar as it stands in a person's list; the own ones stand there from the beginning. Undefined: never was in it. */
export function entryOf(world: World, email: string, calendar: CalendarRecord): ListEntry | undefined {
  const stored = world.listEntries.get(keyOf(email, calendar.id));
  if (stored !== undefined || calendar.owner !== email) return stored;
  return { email, calendarId: calendar.id, ...(calendar.deleted === true ? { deleted: true as const } : {}), listSeq: calendar.listSeq, etagMicros: calendar.listEtagMicros, fields: {} };
}

/** A new version of an entry: it is in the delta of the list, and the list's watchers are told. */
export function putEntry(world: World, entry: Omit<ListEntry, 'listSeq' | 'etagMicros'>): ListEntry {
  const written: ListEntry = { ...entry, listSeq: world.nextSeq(), etagMicros: world.nextMicros() };
  world.listEntries.put(keyOf(entry.email, entry.calendarId), written);
  world.announce({ kind: 'calendar-list', email: entry.email });
  return written;
}

/** Takes a calendar out of a person's list, if it is in it. */
export function dropEntry(world: World, email: string, calendar: CalendarRecord): void {
  const entry = entryOf(world, email, calendar);
  if (entry !== undefined && entry.deleted !== true) putEntry(world, { email, calendarId: calendar.id, deleted: true, fields: {} });
}

/** Reminders that the person has for the events of that calendar. */
export function defaultRemindersOf(entry: ListEntry | undefined, calendar: CalendarRecord, email: string): NonNullable<ListEntry['fields']['defaultReminders']> {
  return entry?.fields.defaultReminders ?? (calendar.primary && calendar.owner === email ? [{ method: 'popup', minutes: 10 }] : []);
}
