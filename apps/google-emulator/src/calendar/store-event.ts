import { isDeepStrictEqual } from 'node:util';
import { isMaster } from '../recurrence/series.js';
import type { EventRecord } from '../state/records.js';
import type { World } from '../state/world.js';
import { familyOf, renewFamily } from '../recurrence/family.js';

/** An event that hasn't got its place in the order of changes yet. */
export type EventDraft = Omit<EventRecord, 'seq' | 'updatedMicros'>;

/**
 * Gives the event, and with it the whole series that it belongs to, a new version and tells the watchers: one message a change.
 * Copies on the guests' calendars are left as they are.
 * @param micros the version, when two events get one together
 */
export function storeEvent(world: World, draft: EventDraft, micros = world.nextMicros()): EventRecord {
  const event = putEvent(world, draft, micros);
  renewFamily(world, event);
  tellOf(world, event);
  return event;
}

/** The event alone, not yet the rest of its series. */
export function putEvent(world: World, draft: EventDraft, micros: number): EventRecord {
  const family = familyOf(draft);
  const event: EventRecord = { ...draft, seq: world.nextSeq(), updatedMicros: micros, ...(family === undefined ? {} : { family }) };
  keepPast(world, event);
  world.events(event.calendarId).put(event.id, event);
  return event;
}

function keepPast(world: World, after: EventRecord): void {
  const before = world.events(after.calendarId).get(after.id);
  if (before === undefined || before.seriesId !== undefined || before.status === 'cancelled' || !(isMaster(before) || isMaster(after))) return;
  const same = isMaster(before) === isMaster(after) && after.status !== 'cancelled' && isDeepStrictEqual([before.fields.start, before.fields.rest['recurrence']], [after.fields.start, after.fields.rest['recurrence']]);
  if (!same) world.pastSeries.put(`${after.calendarId}\n${after.seq}`, { calendarId: after.calendarId, untilSeq: after.seq, event: before });
}

export function tellOf(world: World, event: EventRecord): void {
  const calendar = world.calendars.get(event.calendarId);
  if (calendar !== undefined) world.calendars.put(calendar.id, { ...calendar, eventsSeq: world.seq });
  world.announce({ kind: 'event', calendarId: event.calendarId, eventType: event.eventType });
}
