import { invalid } from '../calendar/google-error.js';
import { parseStamp, type Stamp } from './rule.js';

export interface Period {
  readonly start: Stamp;
  /** Its length in milliseconds, once it is known when it starts and which instant a stamp is. */
  lastsFrom(atMs: number, instantOf: (stamp: Stamp) => number): number;
}

const badPeriod = (): Error => invalid('Invalid recurrence rule.');

/** `20270104T090000Z/20270104T100000Z` or `20270104T090000Z/PT1H30M` (RFC 5545 §3.3.9). */
export function parsePeriod(text: string): Period {
  const [first = '', second, more] = text.split('/');
  if (second === undefined || more !== undefined) throw badPeriod();
  const start = parseStamp(first);
  if (start.kind === 'date') throw badPeriod();
  if (/^\d/.test(second)) {
    const end = parseStamp(second);
    if (end.kind === 'date') throw badPeriod();
    return { start, lastsFrom: (atMs, instantOf) => instantOf(end) - atMs };
  }
  const length = durationMs(second);
  return { start, lastsFrom: () => length };
}

/** The stamp at which a period begins; other values are that stamp themselves. */
export const startOfPeriod = (text: string): string => text.split('/')[0] ?? text;

/** Every occurrence lasts exactly: a day is 24 hours. */
function durationMs(text: string): number {
  const match = /^\+?P(?:(\d+)W|(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?)$/.exec(text);
  if (match === null) throw badPeriod();
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return ((((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}
