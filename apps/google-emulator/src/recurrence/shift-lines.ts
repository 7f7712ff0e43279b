import type { EventFields, Moment } from '../state/records.js';
import { dayMs } from './day-facts.js';
import { compactMoment } from './occurrence-id.js';
import { expandRule } from './expand-rule.js';
import { instantOfWall, splitLine, wallOf } from './recurrence-set.js';
import { startOfPeriod } from './period.js';
import { parseRule, parseStamp, type Rule, type Stamp } from './rule.js';
import { linesOf } from './series.js';

/** The lines of a series cut in two: what ends before the day of the split, and what goes on from there. */
export function splitLines(fields: EventFields, split: Moment): { readonly before: readonly string[]; readonly after: readonly string[] } {
  const before: string[] = [];
  const after: string[] = [];
  const startMs = wallMsOf(fields.start);
  const splitMs = wallMsOf(split);
  for (const line of linesOf(fields)) {
    const { name, value } = splitLine(line);
    if (name === 'EXRULE') {
      before.push(line);
      after.push(line);
    } else if (name === 'RRULE') {
      const rule = parseRule(value);
      before.push(withParts(value, { COUNT: undefined, UNTIL: untilBefore(split, rule, fields.start) }));
      const left = rule.count === undefined ? undefined : rule.count - countBefore(rule, startMs, splitMs);
      if (left === undefined || left > 0) after.push(left === undefined ? line : withParts(value, { COUNT: String(left) }));
    } else {
      const head = line.slice(0, line.indexOf(':') + 1);
      const values = value.split(',');
      // The start of the later half is its own first one.
      const isBefore = (text: string): boolean => stampWallMs(parseStamp(startOfPeriod(text)), splitLine(line).parameters.get('TZID'), split) < splitMs;
      const [early, late] = [values.filter(isBefore), values.filter((text) => !isBefore(text))];
      if (early.length > 0) before.push(head + early.join(','));
      if (late.length > 0) after.push(head + late.join(','));
    }
  }
  return { before, after };
}

/** All times in the lines moved with their series; weekdays of a weekly rule go along over midnight. */
export function shiftLines(lines: readonly string[], byMs: number): readonly string[] {
  if (byMs === 0) return lines;
  return lines.map((line) => {
    const { name, value } = splitLine(line);
    if (name === 'RDATE' || name === 'EXDATE') {
      const head = line.slice(0, line.indexOf(':') + 1);
      return head + value.split(',').map((text) => text.split('/').map((part) => (/^\d/.test(part) ? shiftStamp(part, byMs) : part)).join('/')).join(',');
    }
    const rule = parseRule(value);
    const days = Math.round(byMs / dayMs);
    return withParts(value, {
      ...(rule.until === undefined ? {} : { UNTIL: shiftStamp(/UNTIL=([^;]+)/i.exec(value)?.[1] ?? '', byMs) }),
      ...(rule.frequency === 'WEEKLY' && rule.byDay.length > 0 ? { BYDAY: rule.byDay.map(({ weekday }) => weekdays[(((weekday + days) % 7) + 7) % 7]).join(',') } : {}),
    }, name);
  });
}

const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

export function wallMsOf(moment: Moment): number {
  return 'date' in moment ? Date.parse(moment.date) : wallOf(moment.atMs, moment.timeZone);
}

/** The last second before the local day of the split, in UTC; for days, the day before. An end that comes sooner stays. */
function untilBefore(split: Moment, rule: Rule, start: Moment): string {
  const midnight = Math.floor(wallMsOf(split) / dayMs) * dayMs;
  const own = rule.until === undefined ? Infinity : stampWallMs(rule.until, undefined, start);
  if (rule.until !== undefined && own < midnight) return formatStamp(rule.until.kind, rule.until.ms);
  if ('date' in split) return formatStamp('date', midnight - dayMs);
  return compactMoment({ atMs: instantOfWall(midnight, split.timeZone) - 1000, timeZone: 'UTC' });
}

/** How much of COUNT the first half has used up; the start of the series is always one of it. */
function countBefore(rule: Rule, startMs: number, splitMs: number): number {
  const { count: _all, ...endless } = rule;
  const times = [...expandRule(endless, startMs, { fromMs: startMs, toMs: splitMs - 1 })];
  return times.length + (times[0] === startMs ? 0 : 1);
}

function withParts(value: string, changes: Readonly<Record<string, string | undefined>>, name = 'RRULE'): string {
  const parts = value.split(';').filter((part) => !(part.split('=')[0]?.toUpperCase() as string in changes));
  for (const [key, text] of Object.entries(changes)) if (text !== undefined) parts.push(`${key}=${text}`);
  return `${name}:${parts.join(';')}`;
}

function stampWallMs(stamp: Stamp, tzid: string | undefined, of: Moment): number {
  if ('date' in of || stamp.kind === 'date') return Math.floor(stamp.ms / dayMs) * dayMs;
  if (stamp.kind === 'utc') return wallOf(stamp.ms, of.timeZone);
  return tzid === undefined ? stamp.ms : wallOf(instantOfWall(stamp.ms, tzid), of.timeZone);
}

function shiftStamp(text: string, byMs: number): string {
  const { kind, ms } = parseStamp(text.toUpperCase());
  return formatStamp(kind, ms + (kind === 'date' ? Math.round(byMs / dayMs) * dayMs : byMs));
}

function formatStamp(kind: Stamp['kind'], ms: number): string {
  const text = new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
  return kind === 'date' ? text.slice(0, 8) : kind === 'utc' ? `${text}Z` : text;
}
