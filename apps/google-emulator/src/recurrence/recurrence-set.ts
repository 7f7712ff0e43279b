import { invalid } from '../calendar/google-error.js';
import { isTimeZone } from '../calendar/moment.js';
import type { Moment } from '../state/records.js';
import { dayMs } from './day-facts.js';
import { expandRule, type Span } from './expand-rule.js';
import { parsePeriod } from './period.js';
import { parseRule, parseStamp, type Rule, type Stamp } from './rule.js';

interface BoundRule {
  readonly rule: Rule;
  readonly untilMs: number;
}

/** One start of a series: `wallMs` is its wall time as if it were UTC. */
export interface SeriesStart {
  readonly wallMs: number;
  readonly moment: Moment;
}

/**
 * All starts of a series: its own start, RRULEs and RDATEs, without EXRULEs and EXDATEs.
 * Wall times are counted as if they were UTC and then put into the zone; what falls into the spring gap moves forward, as at Google.
 */
export class RecurrenceSet {
  readonly #startMs: number;
  readonly #zone: string | undefined;
  readonly #rules: BoundRule[] = [];
  readonly #exclusions: BoundRule[] = [];
  readonly #added: number[] = [];
  /** Of periods: how long the occurrence at that instant lasts. */
  readonly #lengths = new Map<number, number>();
  readonly #removed = new Set<number>();
  readonly #removedDays = new Set<number>();

  /** @param lines as in the field `recurrence` of an event; what isn't understood → Google's 400 */
  constructor(lines: readonly string[], start: Moment) {
    this.#zone = 'date' in start ? undefined : start.timeZone;
    this.#startMs = 'date' in start ? Date.parse(start.date) : wallOf(start.atMs, start.timeZone);
    for (const line of lines) this.#read(line);
    this.#added.sort((a, b) => a - b);
  }

  get hasRule(): boolean {
    return this.#rules.length > 0;
  }

  /** How long the occurrence with that start lasts, where the series says so itself. */
  lengthAt(start: Moment): number | undefined {
    return 'date' in start ? undefined : this.#lengths.get(start.atMs);
  }

  /** Of the lengths that the series names, the greatest. */
  get longestMs(): number {
    return Math.max(0, ...this.#lengths.values());
  }

  /** Starts whose wall times stand in the span (inclusive), each instant once; ascending in wall time. */
  *starts(span: Span): Generator<SeriesStart> {
    let last: number | undefined;
    // What was moved out of a spring gap may meet what stands there by itself, later in the walk: 02:15 and 03:15.
    const moved = new Set<number>();
    for (const wallMs of this.#walls(span)) {
      const moment = this.#momentOf(wallMs);
      const atMs = 'date' in moment ? wallMs : moment.atMs;
      if (atMs === last || moved.has(atMs) || this.#removed.has(atMs) || this.#removedDays.has(Math.floor(wallMs / dayMs))) continue;
      if ('atMs' in moment && wallOf(atMs, moment.timeZone) !== wallMs) moved.add(atMs);
      last = atMs;
      yield { wallMs, moment };
    }
  }

  includes(moment: Moment): boolean {
    if ('date' in moment) return this.#zone === undefined && !this.starts(only(Date.parse(moment.date))).next().done;
    if (this.#zone === undefined) return false;
    // In the spring gap a start stands up to an hour (once, two) after its wall time.
    const wallMs = wallOf(moment.atMs, this.#zone);
    for (const start of this.starts({ fromMs: wallMs - 2 * 3_600_000, toMs: wallMs })) if ('atMs' in start.moment && start.moment.atMs === moment.atMs) return true;
    return false;
  }

  *#walls(span: Span): Generator<number> {
    const own = [this.#startMs, ...this.#added].filter((at) => at >= span.fromMs && at <= span.toMs).sort((a, b) => a - b);
    const sources = [own[Symbol.iterator](), ...this.#rules.map(({ rule, untilMs }) => expandRule(rule, this.#startMs, span, untilMs))];
    const excluded = united(this.#exclusions.map(({ rule, untilMs }) => expandRule(rule, this.#startMs, span, untilMs)));
    let hole = excluded.next();
    for (const at of united(sources)) {
      while (hole.done !== true && hole.value < at) hole = excluded.next();
      if (hole.done === true || hole.value !== at) yield at;
    }
  }

  #momentOf(wallMs: number): Moment {
    if (this.#zone === undefined) return { date: new Date(wallMs).toISOString().slice(0, 10) };
    return { atMs: instantOfWall(wallMs, this.#zone), timeZone: this.#zone };
  }

  #read(line: string): void {
    const { name, parameters, value } = splitLine(line);
    switch (name) {
      case 'RRULE':
      case 'EXRULE': {
        if (parameters.size > 0) throw invalid('Invalid recurrence rule.');
        const rule = parseRule(value);
        const clockParts = rule.byHour.length + rule.byMinute.length + rule.bySecond.length > 0;
        if (this.#zone === undefined && (clockParts || ['HOURLY', 'MINUTELY', 'SECONDLY'].includes(rule.frequency))) throw invalid('Invalid recurrence rule.');
        const untilMs = rule.until === undefined ? Infinity : this.#endOf(rule.until);
        (name === 'RRULE' ? this.#rules : this.#exclusions).push({ rule, untilMs });
        return;
      }
      case 'RDATE':
      case 'EXDATE':
        if (name === 'RDATE' && parameters.get('VALUE') === 'PERIOD') {
          for (const one of value.split(',')) this.#readPeriod(one.toUpperCase(), parameters.get('TZID'));
          return;
        }
        for (const one of value.split(',')) this.#readDate(name, parseStamp(one.toUpperCase()), parameters.get('TZID'));
        return;
      default:
        throw invalid('Invalid recurrence rule.');
    }
  }

  /** An occurrence that begins and lasts as the period says (RFC 5545 §3.8.5.2). */
  #readPeriod(text: string, tzid: string | undefined): void {
    if (this.#zone === undefined || (tzid !== undefined && !isTimeZone(tzid))) throw invalid('Invalid recurrence rule.');
    const zone = tzid ?? this.#zone;
    const instantOf = (stamp: Stamp): number => (stamp.kind === 'utc' ? stamp.ms : instantOfWall(stamp.ms, zone));
    const { start, lastsFrom } = parsePeriod(text);
    const atMs = instantOf(start);
    const length = lastsFrom(atMs, instantOf);
    if (length <= 0) throw invalid('Invalid recurrence rule.');
    this.#added.push(wallOf(atMs, this.#zone));
    this.#lengths.set(atMs, length);
  }

  #readDate(name: 'RDATE' | 'EXDATE', stamp: Stamp, tzid: string | undefined): void {
    if (tzid !== undefined && !isTimeZone(tzid)) throw invalid('Invalid recurrence rule.');
    if (this.#zone === undefined || stamp.kind === 'date') {
      const midnight = Math.floor(stamp.ms / dayMs) * dayMs;
      if (name === 'EXDATE') this.#removedDays.add(midnight / dayMs);
      // A day added to a timed series takes over its time of the day.
      else this.#added.push(this.#zone === undefined ? midnight : midnight + (this.#startMs - Math.floor(this.#startMs / dayMs) * dayMs));
      return;
    }
    const atMs = stamp.kind === 'utc' ? stamp.ms : instantOfWall(stamp.ms, tzid ?? this.#zone);
    if (name === 'EXDATE') this.#removed.add(atMs);
    else this.#added.push(wallOf(atMs, this.#zone));
  }

  /** The last wall time that UNTIL lets through; a day means that whole day. */
  #endOf(until: Stamp): number {
    if (this.#zone === undefined || until.kind === 'date') return Math.floor(until.ms / dayMs) * dayMs + dayMs - 1;
    return until.kind === 'utc' ? wallOf(until.ms, this.#zone) : until.ms;
  }
}

interface Line {
  readonly name: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly value: string;
}

export function splitLine(line: string): Line {
  const colon = line.indexOf(':');
  if (colon < 1) throw invalid('Invalid recurrence rule.');
  const [name = '', ...given] = line.slice(0, colon).trim().split(';');
  const parameters = new Map<string, string>();
  for (const parameter of given) {
    const [key = '', text = ''] = parameter.split('=');
    if (!['TZID', 'VALUE'].includes(key.toUpperCase()) || text === '') throw invalid('Invalid recurrence rule.');
    parameters.set(key.toUpperCase(), key.toUpperCase() === 'VALUE' ? text.toUpperCase() : text.replace(/^"(.*)"$/, '$1'));
  }
  return { name: name.toUpperCase(), parameters, value: line.slice(colon + 1).trim() };
}

/** The wall time of an instant, as milliseconds as if it were UTC. */
export function wallOf(atMs: number, zone: string): number {
  return atMs + Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(zone).offsetNanoseconds / 1e6;
}

export function instantOfWall(wallMs: number, zone: string): number {
  return Temporal.PlainDateTime.from(new Date(wallMs).toISOString().slice(0, -1)).toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds;
}

function only(wallMs: number): Span {
  return { fromMs: wallMs, toMs: wallMs };
}

/** Ascending sequences as one, without doubles. */
function* united(sources: ReadonlyArray<Iterator<number>>): Generator<number> {
  const heads = sources.map((source) => source.next());
  for (;;) {
    let least: number | undefined;
    for (const head of heads) if (head.done !== true && (least === undefined || head.value < least)) least = head.value;
    if (least === undefined) return;
    yield least;
    for (const [index, source] of sources.entries()) {
      const head = heads[index];
      if (head !== undefined && head.done !== true && head.value === least) heads[index] = source.next();
    }
  }
}
