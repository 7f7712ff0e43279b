import type { JsonObject } from '../discovery/body.js';
import { asRfc3339 } from '../discovery/formats.js';
import type { Moment } from '../state/records.js';
import { invalid, required } from './google-error.js';

type Side = 'start' | 'end';

/** Zones that a body may have beside those of the IANA. */
export interface OtherZones {
  /** The moment that stands there now: what it is named stays, unless the body says otherwise. */
  readonly standing?: Moment | undefined;
  /** Any name is taken, or none, as Google's pages take it: the IANA zone whose rules it follows. */
  readonly rules?: string | undefined;
}

/** Reads `start` or `end` of an event body. A time without offset needs a zone; without a zone the event takes the calendar's. */
export function readMoment(side: Side, body: JsonObject | undefined, calendarZone: string, others: OtherZones = {}): Moment {
  if (body === undefined) throw required(`Missing ${side} time.`);
  const date = textOf(body['date']);
  const dateTime = textOf(body['dateTime']);
  const name = textOf(body['timeZone']);
  const held = heldZone(name, others);
  if (held === undefined && name !== undefined && !isTimeZone(name)) throw invalid(`Invalid time zone definition for ${side} time.`);
  const timeZone = held?.timeZone ?? name;
  const named = held === undefined ? {} : { named: held.named };
  if (date !== undefined && dateTime !== undefined) throw invalid(`Invalid ${side} time.`);
  if (date !== undefined) return { date: inRange(side, date, date) };
  if (dateTime === undefined) throw required(`Missing ${side} time.`);
  const instant = asRfc3339(dateTime);
  if (instant !== undefined) return { atMs: inRange(side, dateTime, instant), timeZone: timeZone ?? calendarZone, ...named };
  if (timeZone === undefined) throw required(`Missing time zone definition for ${side} time.`);
  inRange(side, dateTime, undefined);
  const wall = Temporal.PlainDateTime.from(dateTime.slice(0, 19));
  return { atMs: wall.toZonedDateTime(timeZone, { disambiguation: 'compatible' }).epochMilliseconds, timeZone, ...named };
}

function heldZone(name: string | undefined, { standing, rules }: OtherZones): { timeZone: string; named: string } | undefined {
  if (name !== undefined && isTimeZone(name)) return undefined;
  if (rules !== undefined) return { timeZone: rules, named: name ?? '' };
  if (standing === undefined || 'date' in standing || standing.named !== (name ?? '')) return undefined;
  return { timeZone: standing.timeZone, named: standing.named };
}

/** Google gives the instant in the offset of the calendar (or of the zone asked for), beside the event's own zone. */
export function renderMoment(moment: Moment, zone: string): JsonObject {
  if ('date' in moment) return { date: moment.date };
  const timeZone = moment.named ?? moment.timeZone;
  return { dateTime: formatInstant(moment.atMs, zone), ...(timeZone === '' ? {} : { timeZone }) };
}

export function formatInstant(atMs: number, zone: string): string {
  const { offsetNanoseconds } = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(zone);
  // Before the standard zones offsets had seconds (Paris until 1911: +00:09:21); RFC 3339 knows whole minutes only.
  const minutes = Math.round(offsetNanoseconds / 60e9);
  const wall = new Date(atMs + minutes * 60_000).toISOString().slice(0, 19);
  if (minutes === 0) return `${wall}Z`;
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `${wall}${minutes < 0 ? '-' : '+'}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
}

/** Where a day begins in a zone, or the instant itself. */
export function instantOf(moment: Moment, zone: string): number {
  return 'date' in moment ? Temporal.PlainDate.from(moment.date).toZonedDateTime(zone).epochMilliseconds : moment.atMs;
}

/** A name of the IANA: Intl takes bare offsets as well, Google doesn't. */
export function isTimeZone(name: string): boolean {
  if (/^[+-]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** A day's room at both ends, so that a time shown in another zone still has a year of four digits. */
function inRange<T>(side: Side, text: string, value: T): T {
  const day = text.slice(0, 10);
  if (day < '0001-01-02' || day > '9999-12-30') throw invalid(`Invalid ${side} time.`);
  return value;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
