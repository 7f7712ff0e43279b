import type { LibraryName } from './libraries.js';
import { wallTextOf, type Series } from './series.js';

/** Where a library departs from RFC 5545, found by this comparison. A difference that none of these explains fails it. */
export interface KnownFault {
  readonly library: LibraryName;
  readonly name: string;
  readonly reason: string;
  /** The line of RFC 5545 that decides. */
  readonly rfc: string;
  /** Whether the rule is one of those that the library gets wrong. */
  appliesTo?(rule: ReadonlyMap<string, string>): boolean;
  /** Whether it explains all that differs, where not the rule but a single time is at fault. */
  explains?(series: Series, ours: readonly number[], theirs: readonly number[]): boolean;
}

const has = (rule: ReadonlyMap<string, string>, ...names: string[]): boolean => names.every((name) => rule.has(name));
const lacks = (rule: ReadonlyMap<string, string>, ...names: string[]): boolean => names.every((name) => !rule.has(name));

export const knownFaults: readonly KnownFault[] = [
  {
    library: 'dateutil',
    name: 'weeks without a weekday',
    reason: 'BYWEEKNO without BYDAY gives all seven days of the week instead of the weekday of the start.',
    rfc: '§3.3.10: “Information, not contained in the rule, necessary to determine the various recurrence instance start time and dates are derived from the Start Time (DTSTART)”',
    appliesTo: (rule) => has(rule, 'BYWEEKNO') && lacks(rule, 'BYDAY'),
  },
  {
    library: 'dateutil',
    name: 'places in the first week',
    reason: 'BYSETPOS of a weekly rule counts the first week from the day of the start, not from its first day.',
    rfc: '§3.3.10: BYSETPOS “corresponds to the nth occurrence within the set of recurrence instances specified by the rule”, of one interval: here the week, which begins on WKST',
    appliesTo: (rule) => rule.get('FREQ') === 'WEEKLY' && has(rule, 'BYSETPOS'),
  },
  {
    library: 'lib-recur',
    name: 'days of the month in one month only',
    reason: 'A yearly rule with BYMONTHDAY and without BYMONTH is expanded in the month of the start alone.',
    rfc: '§3.3.10, table: BYMONTHDAY of YEARLY is “Expand”: in every month of the year',
    appliesTo: (rule) => rule.get('FREQ') === 'YEARLY' && has(rule, 'BYMONTHDAY') && lacks(rule, 'BYMONTH'),
  },
  {
    library: 'lib-recur',
    name: 'days counted from the end of the year',
    reason: 'Negative BYYEARDAY of an hourly rule, or of minutes or seconds, is a day off.',
    rfc: '§3.3.10: “-1 represents the last day of the year (December 31st)”',
    appliesTo: (rule) => ['HOURLY', 'MINUTELY', 'SECONDLY'].includes(rule.get('FREQ') ?? '') && (rule.get('BYYEARDAY') ?? '').includes('-'),
  },
  {
    library: 'lib-recur',
    name: 'the hour that comes twice',
    reason: 'A time in the hour that an autumn night has twice is taken as the second one.',
    rfc: '§3.3.5: “If the local time described occurs more than once …, the DATE-TIME value refers to the first occurrence”',
    explains: (series, ours, theirs) => {
      const wall = (seconds: number): string => wallTextOf(seconds, series.zone);
      // An hour, or half of one on Lord Howe. Where a list is full, one time less at its beginning is one more at its end.
      const twice = (at: number): boolean => [3600, -3600, 1800, -1800].some((step) => wall(at + step) === wall(at));
      const last = ours.length === series.most ? (ours.at(-1) ?? 0) : Infinity;
      const differing = [...ours.filter((at) => !theirs.includes(at)), ...theirs.filter((at) => !ours.includes(at) && at <= last)];
      return series.zone !== '' && differing.length > 0 && differing.every(twice);
    },
  },
  {
    library: 'lib-recur',
    name: 'weeks over the turn of the year',
    reason: 'With BYSETPOS a day of BYWEEKNO is counted in the year of its week, also where it lies in the calendar year before or after.',
    rfc: '§3.3.10: BYSETPOS counts “within the set of recurrence instances specified by the rule”, of one interval: here the calendar year',
    appliesTo: (rule) => has(rule, 'BYWEEKNO', 'BYSETPOS'),
  },
  {
    library: 'lib-recur',
    name: 'places in the first year',
    reason: 'BYSETPOS of a yearly rule counts the first year from the start, not from its first day.',
    rfc: '§3.3.10: BYSETPOS counts “within the set of recurrence instances specified by the rule”, of one interval: here the year',
    explains: (series, ours, theirs) => {
      const rule = ruleOf(series);
      const differing = [...ours.filter((at) => !theirs.includes(at)), ...theirs.filter((at) => !ours.includes(at))].toSorted((a, b) => a - b)[0];
      const inFirstYear = differing !== undefined && wallTextOf(differing, series.zone).slice(0, 4) === series.start.slice(0, 4);
      // The start, which it doesn't find in that year, isn't counted then: one more stands at the end.
      const oneMore = has(rule, 'COUNT') && theirs.length === ours.length + 1 && ours.every((at, index) => theirs[index] === at);
      return rule.get('FREQ') === 'YEARLY' && has(rule, 'BYSETPOS') && (inFirstYear || oneMore);
    },
  },
  {
    library: 'lib-recur',
    name: 'weeks that the year does not have',
    reason: 'Week 53 or -53 of a year of 52 weeks is taken as the week beside it.',
    rfc: '§3.3.10: “Recurrence rules may generate recurrence instances with an invalid date … such recurrence instances MUST be ignored”',
    appliesTo: (rule) => /(^|,)-?53(,|$)/.test(rule.get('BYWEEKNO') ?? ''),
  },
];

export function ruleOf(series: Series): ReadonlyMap<string, string> {
  const line = series.lines.find((one) => one.startsWith('RRULE')) ?? '';
  return new Map(line.slice(line.indexOf(':') + 1).split(';').map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)] as const));
}

/** Those that the rule alone tells: such a rule is no witness. */
export function faultsOfRule(series: Series, library: LibraryName): readonly KnownFault[] {
  const rule = ruleOf(series);
  return knownFaults.filter((fault) => fault.library === library && fault.appliesTo?.(rule) === true);
}

/** What explains that a library differs from the emulator; undefined if nothing known does. */
export function explanation(series: Series, library: LibraryName, ours: readonly number[], theirs: readonly number[]): KnownFault | undefined {
  return faultsOfRule(series, library)[0] ?? knownFaults.find((fault) => fault.library === library && fault.explains?.(series, ours, theirs) === true);
}
