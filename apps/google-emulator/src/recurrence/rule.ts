import { invalid } from '../calendar/google-error.js';

export const frequencies = ['SECONDLY', 'MINUTELY', 'HOURLY', 'DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const;
export type Frequency = (typeof frequencies)[number];

/** Monday is 0. `nth`: the how-manieth of its month or year, from the end if negative. */
export interface ByDay {
  readonly weekday: number;
  readonly nth?: number;
}

/** A time as RFC 5545 writes it: a day, a wall time, or an instant in UTC; always as milliseconds as if it were UTC. */
export interface Stamp {
  readonly kind: 'date' | 'local' | 'utc';
  readonly ms: number;
}

/** An RRULE or EXRULE, as it was written: nothing filled in from the start of its event. */
export interface Rule {
  readonly frequency: Frequency;
  readonly interval: number;
  readonly count?: number;
  readonly until?: Stamp;
  readonly weekStart: number;
  readonly bySecond: readonly number[];
  readonly byMinute: readonly number[];
  readonly byHour: readonly number[];
  readonly byDay: readonly ByDay[];
  readonly byMonthDay: readonly number[];
  readonly byYearDay: readonly number[];
  readonly byWeekNo: readonly number[];
  readonly byMonth: readonly number[];
  readonly bySetPosition: readonly number[];
}

const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const known = ['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'WKST', 'BYSECOND', 'BYMINUTE', 'BYHOUR', 'BYDAY', 'BYMONTHDAY', 'BYYEARDAY', 'BYWEEKNO', 'BYMONTH', 'BYSETPOS'];

const badRule = (): Error => invalid('Invalid recurrence rule.');

/** Reads `FREQ=…;…`. What RFC 5545 forbids → Google's 400. */
export function parseRule(text: string): Rule {
  const parts = new Map<string, string>();
  for (const part of text.split(';')) {
    const [name = '', value, more] = part.toUpperCase().split('=');
    if (!known.includes(name) || value === undefined || value === '' || more !== undefined || parts.has(name)) throw badRule();
    parts.set(name, value);
  }
  const numbers = (name: string, least: number, most: number, signed = false): number[] => {
    const value = parts.get(name);
    if (value === undefined) return [];
    return value.split(',').map((one) => {
      const number = /^[+-]?\d{1,3}$/.test(one) ? Number(one) : Number.NaN;
      const size = signed ? Math.abs(number) : number;
      if (!(size >= least && size <= most)) throw badRule();
      return number;
    });
  };
  const whole = (name: string): number | undefined => {
    const value = parts.get(name);
    if (value === undefined) return undefined;
    if (!/^\d{1,9}$/.test(value) || Number(value) < 1) throw badRule();
    return Number(value);
  };
  const frequency = frequencies.find((one) => one === parts.get('FREQ'));
  if (frequency === undefined) throw badRule();
  const count = whole('COUNT');
  const until = parts.has('UNTIL') ? parseStamp(parts.get('UNTIL') ?? '') : undefined;
  const rule: Rule = {
    frequency,
    interval: whole('INTERVAL') ?? 1,
    ...(count === undefined ? {} : { count }),
    ...(until === undefined ? {} : { until }),
    weekStart: weekdayOf(parts.get('WKST') ?? 'MO'),
    bySecond: numbers('BYSECOND', 0, 60),
    byMinute: numbers('BYMINUTE', 0, 59),
    byHour: numbers('BYHOUR', 0, 23),
    byDay: (parts.get('BYDAY')?.split(',') ?? []).map(parseByDay),
    byMonthDay: numbers('BYMONTHDAY', 1, 31, true),
    byYearDay: numbers('BYYEARDAY', 1, 366, true),
    byWeekNo: numbers('BYWEEKNO', 1, 53, true),
    byMonth: numbers('BYMONTH', 1, 12),
    bySetPosition: numbers('BYSETPOS', 1, 366, true),
  };
  checkTogether(rule, parts);
  return rule;
}

/** `20250327`, `20250327T123000` or `20250327T123000Z`. */
export function parseStamp(text: string): Stamp {
  const match = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?$/.exec(text);
  if (match === null) throw badRule();
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map((part) => Number(part ?? 0));
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, Math.min(second, 59), 0);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || hour > 23 || minute > 59 || second > 60) throw badRule();
  return { kind: match[4] === undefined ? 'date' : match[7] === 'Z' ? 'utc' : 'local', ms: date.getTime() };
}

function parseByDay(text: string): ByDay {
  const match = /^([+-]?\d{1,2})?([A-Z]{2})$/.exec(text);
  if (match === null) throw badRule();
  const weekday = weekdayOf(match[2] ?? '');
  if (match[1] === undefined) return { weekday };
  const nth = Number(match[1]);
  if (nth === 0 || Math.abs(nth) > 53) throw badRule();
  return { weekday, nth };
}

function weekdayOf(name: string): number {
  const weekday = weekdays.indexOf(name);
  if (weekday < 0) throw badRule();
  return weekday;
}

/** The combinations that RFC 5545 §3.3.10 forbids by MUST NOT. */
function checkTogether(rule: Rule, parts: ReadonlyMap<string, string>): void {
  const { frequency } = rule;
  const counted = rule.byDay.some((day) => day.nth !== undefined);
  const onlyPositions = ![...parts.keys()].some((name) => name.startsWith('BY') && name !== 'BYSETPOS');
  if (rule.count !== undefined && rule.until !== undefined) throw badRule();
  if (counted && frequency !== 'MONTHLY' && frequency !== 'YEARLY') throw badRule();
  if (counted && rule.byWeekNo.length > 0) throw badRule();
  if (rule.byWeekNo.length > 0 && frequency !== 'YEARLY') throw badRule();
  if (rule.byYearDay.length > 0 && ['DAILY', 'WEEKLY', 'MONTHLY'].includes(frequency)) throw badRule();
  if (rule.byMonthDay.length > 0 && frequency === 'WEEKLY') throw badRule();
  if (rule.bySetPosition.length > 0 && onlyPositions) throw badRule();
}
