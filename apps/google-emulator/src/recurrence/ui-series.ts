import { isDeepStrictEqual } from 'node:util';
import type { Json, JsonObject } from '../discovery/body.js';
import { readEventFields, sameMoment } from '../calendar/event-fields.js';
import { newEventId } from '../calendar/event-id.js';
import { renderEvent } from '../calendar/event-resource.js';
import { notImplemented } from '../calendar/google-error.js';
import { mergePatch } from '../calendar/merge-patch.js';
import { shareWithGuests } from '../calendar/guest-copies.js';
import { storeEvent } from '../calendar/store-event.js';
import type { CalendarRecord, EventFields, EventRecord, Moment } from '../state/records.js';
import type { World } from '../state/world.js';
import { laterHalfId, occurrenceId } from './occurrence-id.js';
import { instantOfWall } from './recurrence-set.js';
import { computedOccurrence, endAfter, isMaster, linesOf, setOf } from './series.js';
import { shiftLines, splitLines, wallMsOf } from './shift-lines.js';

/** A change that somebody makes on Google's page to more than one occurrence of a series. */
export interface SeriesEdit {
  readonly world: World;
  readonly calendar: CalendarRecord;
  readonly master: EventRecord;
  /** The start, by the series, of the occurrence at which it was made. */
  readonly at: Moment;
  readonly patch: JsonObject;
}

/**
 * "This and following events": the series ends before that day. What follows is a new master: with an `_R` id if its time stays,
 * wholly new if its time changes; none for a deletion. Returns the master that holds the occurrence afterwards.
 */
export function changeFollowing(edit: SeriesEdit): EventRecord {
  const { world, master, at, patch } = edit;
  const firstMs = setOf(master).starts({ fromMs: -Infinity, toMs: wallMsOf(at) - 1 }).next();
  if (firstMs.done === true) return changeMasters(edit, [master]);
  const { before, after } = splitLines(master.fields, at);
  const micros = world.nextMicros();
  const trimmed: EventRecord = { ...master, fields: withLines(master.fields, before) };
  if (patch['status'] === 'cancelled') return shared(world, storeEvent(world, trimmed, micros));

  const computed = computedOccurrence(master, at);
  const fields = readPatched(edit, computed, patch['recurrence'] === undefined ? after : undefined);
  const timeChanged = !sameMoment(fields.start, computed.fields.start) || !sameMoment(fields.end, computed.fields.end);
  const id = timeChanged ? newEventId() : laterHalfId(master.id, at);
  const { family, ...kept } = master;
  const born = storeEvent(world, { ...kept, ...(timeChanged ? {} : { family }), id, iCalUID: `${id}@google.com`, sequence: master.sequence + (timeChanged ? 1 : 0), fields }, micros);
  if (!timeChanged) handOver(world, master, born, at);
  // Last, so that exceptions beyond the end are orphans only if nobody took them over.
  shareWithGuests(world, storeEvent(world, trimmed, micros));
  if (timeChanged) shareWithGuests(world, born);
  return world.events(master.calendarId).get(born.id) ?? born;
}

/** "All events": masters, later halves and exceptions alike; times move by as much as the occurrence did. */
export function changeAll(edit: SeriesEdit): EventRecord {
  const masters = [...edit.world.events(edit.calendar.id).values()].filter((event) => event.family === edit.master.family && isMaster(event) && event.status !== 'cancelled');
  return changeMasters(edit, masters);
}

function changeMasters(edit: SeriesEdit, masters: readonly EventRecord[]): EventRecord {
  const { world, master, at, patch } = edit;
  const events = world.events(master.calendarId);
  const micros = world.nextMicros();
  if (patch['status'] === 'cancelled') {
    for (const one of masters) storeEvent(world, { ...one, status: 'cancelled' }, micros);
    return shared(world, events.get(master.id) ?? master);
  }
  const computed = computedOccurrence(master, at);
  const wanted = readPatched(edit, computed, linesOf(master.fields));
  const change = changeBetween(computed.fields, wanted);
  for (const one of masters) {
    const lines = one.id === master.id && patch['recurrence'] !== undefined ? linesOf(wanted) : shiftLines(linesOf(one.fields), change.byMs);
    const fields = withLines(change.apply(one.fields), lines);
    const changed: EventRecord = { ...one, sequence: one.sequence + (change.times ? 1 : 0), fields };
    moveExceptions(world, one, changed, change);
    storeEvent(world, changed, micros);
  }
  return shared(world, events.get(master.id) ?? master);
}

function shared(world: World, event: EventRecord): EventRecord {
  shareWithGuests(world, event);
  return event;
}

/** The fields of the occurrence with the patch over them, as those of a master. */
function readPatched({ calendar, patch, master }: SeriesEdit, computed: EventRecord, lines: readonly string[] | undefined): EventFields {
  const { recurringEventId: _series, originalStartTime: _start, ...shown } = renderEvent(computed, calendar, '');
  const merged = mergePatch({ ...shown, ...(lines === undefined ? {} : { recurrence: lines as readonly Json[] }) }, patch);
  const fields = readEventFields(merged, calendar, { eventLabelVersion: 0, conferenceDataVersion: 0, supportsAttachments: false }, master.fields);
  if (patch['recurrence'] !== undefined) return fields;
  return withLines(fields, shiftLines(linesOf(fields), 'date' in fields.start === 'date' in computed.fields.start ? wallMsOf(fields.start) - wallMsOf(computed.fields.start) : 0));
}

interface SeriesChange {
  readonly times: boolean;
  /** In wall time. */
  readonly byMs: number;
  apply(fields: EventFields): EventFields;
  move(moment: Moment): Moment;
}

function changeBetween(from: EventFields, to: EventFields): SeriesChange {
  if ('date' in from.start !== 'date' in to.start) throw notImplemented('ui/all-events from timed to all-day or back', 'patch');
  const byMs = wallMsOf(to.start) - wallMsOf(from.start);
  const times = !sameMoment(from.start, to.start) || !sameMoment(from.end, to.end);
  const names = [...new Set([...Object.keys(from.rest), ...Object.keys(to.rest)])].filter((name) => name !== 'recurrence' && !isDeepStrictEqual(from.rest[name], to.rest[name]));
  const { start: there } = to;
  const move = (moment: Moment): Moment => {
    const wallMs = wallMsOf(moment) + byMs;
    if ('date' in there) return { date: new Date(wallMs).toISOString().slice(0, 10) };
    return { ...there, atMs: instantOfWall(wallMs, there.timeZone) };
  };
  return {
    times,
    byMs,
    move,
    apply(fields) {
      const rest: Record<string, Json> = {};
      for (const [name, value] of Object.entries(fields.rest)) if (value !== undefined && !names.includes(name)) rest[name] = value;
      for (const name of names) if (to.rest[name] !== undefined) rest[name] = to.rest[name];
      const reminders = isDeepStrictEqual(from.reminders, to.reminders) ? fields.reminders : to.reminders;
      if (!times) return { ...fields, rest, reminders };
      const start = move(fields.start);
      return { start, end: endAfter(to, start), rest, reminders };
    },
  };
}

/** Exceptions of a series that moved as a whole get the id of their new original start; their old ids end. */
function moveExceptions(world: World, before: EventRecord, after: EventRecord, change: SeriesChange): void {
  const events = world.events(before.calendarId);
  const old = [...events.values()].filter((event) => event.seriesId === before.id && event.originalStart !== undefined && event.orphaned !== true);
  const moved = old.map((exception): EventRecord => {
    const originalStart = change.times ? change.move(exception.originalStart ?? exception.fields.start) : exception.originalStart;
    return { ...exception, ...(originalStart === undefined ? {} : { originalStart, id: occurrenceId(after.id, originalStart) }), fields: change.apply(exception.fields) };
  });
  const ids = new Set(moved.map((exception) => exception.id));
  for (const exception of old) {
    if (ids.has(exception.id) || exception.originalStart === undefined) continue;
    // An id that the moved series still has is an ordinary occurrence from now on; the others become orphans.
    if (setOf(after).includes(exception.originalStart)) events.put(exception.id, { ...computedOccurrence(after, exception.originalStart), created: exception.created });
  }
  for (const exception of moved) events.put(exception.id, exception);
}

/** Exceptions from the split on belong to the later half, under the ids they had; the changed occurrence is its first one again. */
function handOver(world: World, from: EventRecord, to: EventRecord, at: Moment): void {
  const events = world.events(from.calendarId);
  for (const exception of [...events.values()]) {
    if (exception.seriesId !== from.id || exception.originalStart === undefined || wallMsOf(exception.originalStart) < wallMsOf(at)) continue;
    const isFirst = sameMoment(exception.originalStart, at);
    events.put(exception.id, { ...(isFirst ? computedOccurrence(to, at) : { ...exception, seriesId: to.id, iCalUID: to.iCalUID }), handedOver: true });
  }
}

function withLines(fields: EventFields, lines: readonly string[]): EventFields {
  const { recurrence: _before, ...rest } = fields.rest;
  return { ...fields, rest: lines.length === 0 ? rest : { ...rest, recurrence: lines } };
}
