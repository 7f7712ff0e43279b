/** A series as RFC 5545 writes it: what is given to the emulator and to each library alike. */
export interface Series {
  readonly id: string;
  /** `20270104`, or a wall time: `20270104T090000`. */
  readonly start: string;
  /** IANA name; empty for a series of days. */
  readonly zone: string;
  /** The last wall time that is compared. */
  readonly horizon: string;
  /** So many occurrences are compared at most. */
  readonly most: number;
  /** RRULE, RDATE, EXDATE lines. */
  readonly lines: readonly string[];
}

/** Starts of occurrences in seconds since 1970 (of a day: its midnight in UTC), or why there are none. */
export type Occurrences = { readonly kind: 'found'; readonly seconds: readonly number[] } | { readonly kind: 'failed'; readonly message: string };

export type Expansions = ReadonlyMap<string, Occurrences>;

export const isOfDays = (series: Series): boolean => series.zone === '';

/** `20270104T090000` ↔ milliseconds as if it were UTC. */
export function wallMs(text: string): number {
  const match = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2}))?/.exec(text);
  if (match === null) throw new Error(`no date or time: ${text}`);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

export function wallText(ms: number, ofDays: boolean): string {
  const text = new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
  return ofDays ? text.slice(0, 8) : text;
}

/** The instant of a wall time, in seconds; what the zone doesn't have moves forward. */
export function secondsOf(text: string, zone: string): number {
  const ms = wallMs(text);
  if (zone === '') return ms / 1000;
  return Temporal.PlainDateTime.from(new Date(ms).toISOString().slice(0, -1)).toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds / 1000;
}

export function wallTextOf(seconds: number, zone: string): string {
  if (zone === '') return wallText(seconds * 1000, true);
  return Temporal.Instant.fromEpochMilliseconds(seconds * 1000).toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'second' }).replaceAll(/[-:]/g, '');
}

export const utcText = (seconds: number): string => `${wallText(seconds * 1000, false)}Z`;

/** What libraries that know no periods are given in their place: only when they begin is compared. */
export function withoutPeriods(line: string): string {
  if (!line.startsWith('RDATE;VALUE=PERIOD')) return line;
  const colon = line.indexOf(':');
  return line.slice(0, colon).replace(';VALUE=PERIOD', '') + line.slice(colon).replaceAll(/\/[^,]+/g, '');
}
