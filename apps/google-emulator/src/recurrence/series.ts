import type { Json } from '../discovery/body.js';
import type { EventFields, EventRecord, Moment } from '../state/records.js';
import type { World } from '../state/world.js';
import { notImplemented } from '../calendar/google-error.js';
import { dayMs } from './day-facts.js';
import { baseOf, occurrenceId, originalStartOf } from './occurrence-id.js';
import { RecurrenceSet, wallOf } from './recurrence-set.js';

/** Instants, both exclusive as in a list: what ends after `fromMs` and starts before `toMs`. */
export interface TimeRange {
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
}

/** An endless series is shown until so long after its start or today, whichever is later (Google doesn't say how far it goes). */
const horizonMs = 5 * 366 * dayMs;
/** A rule that gives nothing for so long is taken to give nothing more: some never do. */
const farMs = 100 * 366 * dayMs;
/** More of one series in one answer is refused rather than cut. */
const mostOccurrences = 50_000;

export function linesOf(fields: EventFields): readonly string[] {
  const lines = fields.rest['recurrence'];
  return Array.isArray(lines) ? (lines as readonly Json[]).map(String) : [];
}

/** True for a master: an event with lines of recurrence. */
export const isMaster = (event: EventRecord): boolean => event.seriesId === undefined && event.fields.rest['recurrence'] !== undefined;

/** No part of a series that stands in the same calendar. */
export const standsAlone = (event: EventRecord): boolean => event.seriesId === undefined || event.alone === true;

const sets = new WeakMap<EventFields, RecurrenceSet>();

export function setOf(master: EventRecord): RecurrenceSet {
  let set = sets.get(master.fields);
  if (set === undefined) {
    set = new RecurrenceSet(linesOf(master.fields), master.fields.start);
    sets.set(master.fields, set);
  }
  return set;
}

/** An occurrence as the series makes it, with the version of its master. */
export function computedOccurrence(master: EventRecord, at: Moment): EventRecord {
  const start = namedAs(at, master.fields.start);
  const { recurrence: _lines, ...rest } = master.fields.rest;
  const { orphaned: _gone, ...kept } = master;
  return { ...kept, id: occurrenceId(master.id, start), seriesId: master.id, originalStart: start, family: baseOf(master.id), fields: { ...master.fields, rest, start, end: endAfter(master.fields, start, setOf(master).lengthAt(start)) } };
}

/** Rules know instants and zones only; what a zone is named comes from the series. */
function namedAs(moment: Moment, pattern: Moment): Moment {
  return 'date' in moment || 'date' in pattern || pattern.named === undefined ? moment : { ...moment, named: pattern.named };
}

/** A stored exception as it is seen: deleted with its series, and as private as that is. */
export function seenException(master: EventRecord | undefined, exception: EventRecord): EventRecord {
  if (exception.alone === true) return exception;
  if (master === undefined || exception.orphaned === true) return { ...exception, status: 'cancelled' };
  const { visibility: _own, ...rest } = exception.fields.rest;
  const visibility = master.fields.rest['visibility'];
  const fields = { ...exception.fields, rest: visibility === undefined ? rest : { ...rest, visibility } };
  return { ...exception, fields, ...(master.status === 'cancelled' ? { status: 'cancelled' } : {}) };
}

/** The event of that id, stored or computed from a series; undefined if no series has such a start. */
export function findEvent(world: World, calendarId: string, id: string): EventRecord | undefined {
  const events = world.events(calendarId);
  const stored = events.get(id);
  if (stored?.remains !== undefined || (stored !== undefined && standsAlone(stored))) return stored;
  const owner = events.get(stored?.seriesId ?? '');
  const seen = stored === undefined ? undefined : seenException(owner, stored);
  if (owner !== undefined && owner.status !== 'cancelled' && seen?.orphaned !== true) return seen;
  // Nothing living stands under that id itself; another half of the series may have the start (again).
  const base = baseOf(id);
  if (base === id || originalStartOf(id, 'UTC') === undefined) return undefined;
  const halves = [...events.values()].filter((event) => event.family === base && isMaster(event) && event.remains === undefined && (seen === undefined || event.status !== 'cancelled'));
  halves.sort((a, b) => Number(a.status === 'cancelled') - Number(b.status === 'cancelled'));
  for (const master of halves) {
    const zone = 'date' in master.fields.start ? 'UTC' : master.fields.start.timeZone;
    const start = originalStartOf(id, zone);
    if (start !== undefined && setOf(master).includes(start)) return computedOccurrence(master, start);
  }
  return seen;
}

/** The stored exceptions of every series, by the id of the master. */
export function exceptionsBySeries(events: Iterable<EventRecord>): ReadonlyMap<string, readonly EventRecord[]> {
  const bySeries = new Map<string, EventRecord[]>();
  for (const event of events) {
    if (event.seriesId === undefined || event.alone === true) continue;
    const list = bySeries.get(event.seriesId);
    if (list === undefined) bySeries.set(event.seriesId, [event]);
    else list.push(event);
  }
  return bySeries;
}

/**
 * The occurrences of a series near a range, computed and excepted, cancelled ones too; the caller looks at the exact bounds.
 * @param nowMs ends an endless series, with `horizonMs`
 */
export function occurrencesOf(master: EventRecord, exceptions: readonly EventRecord[], range: TimeRange, nowMs: number): EventRecord[] {
  const living = exceptions.filter((exception) => exception.orphaned !== true);
  const excepted = new Set(living.map((exception) => exception.id));
  const found: EventRecord[] = living.map((exception) => seenException(master, exception));
  for (const start of computedStarts(master, range, nowMs + horizonMs)) {
    if (excepted.has(occurrenceId(master.id, start))) continue;
    found.push(computedOccurrence(master, start));
    if (found.length > mostOccurrences) throw notImplemented(`more than ${mostOccurrences} occurrences of a series in one list`, 'timeMax');
  }
  return found;
}

/** Whether the series, by its rules alone, has an occurrence in the range. */
export function touches(master: EventRecord, range: TimeRange, zone: string): boolean {
  const length = lengthOf(master.fields);
  for (const start of computedStarts(master, range, (range.fromMs ?? 0) + farMs)) {
    const from = 'date' in start ? Temporal.PlainDate.from(start.date).toZonedDateTime(zone).epochMilliseconds : start.atMs;
    if ((range.toMs === undefined || from < range.toMs) && (range.fromMs === undefined || from + (setOf(master).lengthAt(start) ?? length) > range.fromMs)) return true;
  }
  return false;
}

function* computedStarts(master: EventRecord, range: TimeRange, endMs: number): Generator<Moment> {
  const { start } = master.fields;
  const first = 'date' in start ? Date.parse(start.date) : wallOf(start.atMs, start.timeZone);
  // Wall times and instants lie at most a day apart.
  const fromMs = range.fromMs === undefined ? first : range.fromMs - Math.max(lengthOf(master.fields), setOf(master).longestMs) - dayMs;
  // At the end hours are enough, since a spring gap moves starts forward only: of a rule of seconds a day more is too much for one list.
  const toMs = range.toMs === undefined ? Math.max(endMs, first + horizonMs) : 'date' in start ? range.toMs + dayMs : wallOf(range.toMs, start.timeZone) + 3 * 3_600_000;
  for (const { moment } of setOf(master).starts({ fromMs, toMs })) yield moment;
}

function lengthOf({ start, end }: EventFields): number {
  if ('date' in start || 'date' in end) return 'date' in start && 'date' in end ? Date.parse(end.date) - Date.parse(start.date) : 0;
  return end.atMs - start.atMs;
}

/** Every occurrence lasts exactly as long as the first (RFC 5545 §3.8.5.3), unless a period gives it a length of its own. */
export function endAfter(fields: EventFields, start: Moment, lengthMs = lengthOf(fields)): Moment {
  if ('date' in start) return { date: new Date(Date.parse(start.date) + lengthMs).toISOString().slice(0, 10) };
  return namedAs({ atMs: start.atMs + lengthMs, timeZone: 'date' in fields.end ? start.timeZone : fields.end.timeZone }, fields.end);
}
