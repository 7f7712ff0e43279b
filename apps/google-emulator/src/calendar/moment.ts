import type { JsonObject } from '../discovery/body.js';
import { asRfc3339 } from '../discovery/formats.js';
import type { Moment } from '../state/records.js';
import { invalid, required } from './google-error.js';

type Side = 'start' | 'end';

/** Reads `start` or `end` of an event body. A time without offset needs a zone; without a zone the event takes the calendar's. */
export function readMoment(side: Side, body: JsonObject | undefined, calendarZone: string): Moment {
  if (body === undefined) throw required(`Missing ${side} time.`);
  const date = textOf(body['date']);
  const dateTime = textOf(body['dateTime']);
  const timeZone = textOf(body['timeZone']);
  if (timeZone !== undefined && !isTimeZone(timeZone)) throw invalid(`Invalid time zone definition for ${side} time.`);
  if (date !== undefined && dateTime !== undefined) throw invalid(`Invalid ${side} time.`);
  if (date !== undefined) return { date };
  if (dateTime === undefined) throw required(`Missing ${side} time.`);
  const instant = asRfc3339(dateTime);
  if (instant !== undefined) return { atMs: instant, timeZone: timeZone ?? calendarZone };
  if (timeZone === undefined) throw required(`Missing time zone definition for ${side} time.`);
  const wall = Temporal.PlainDateTime.from(dateTime.slice(0, 19));
  return { atMs: wall.toZonedDateTime(timeZone, { disambiguation: 'compatible' }).epochMilliseconds, timeZone };
}

/** Google gives the instant in the offset of the calendar (or of the zone asked for), beside the event's own zone. */
export function renderMoment(moment: Moment, zone: string): JsonObject {
  if ('date' in moment) return { date: moment.date };
  return { dateTime: formatInstant(moment.atMs, zone), timeZone: moment.timeZone };
}

export function formatInstant(atMs: number, zone: string): string {
  const zoned = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(zone);
  const wall = zoned.toPlainDateTime().toString({ smallestUnit: 'second' });
  return zoned.offsetNanoseconds === 0 ? `${wall}Z` : `${wall}${zoned.offset}`;
}

/** Where a day begins in a zone, or the instant itself. */
export function instantOf(moment: Moment, zone: string): number {
  return 'date' in moment ? Temporal.PlainDate.from(moment.date).toZonedDateTime(zone).epochMilliseconds : moment.atMs;
}

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
