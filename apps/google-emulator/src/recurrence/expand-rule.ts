import { DayFacts, dayMs, dayOf, dayOfDate } from './day-facts.js';
import type { Rule } from './rule.js';

export interface Span {
  readonly fromMs: number;
  /** Inclusive. */
  readonly toMs: number;
}

const unitMs = { SECONDLY: 1000, MINUTELY: 60_000, HOURLY: 3_600_000 } as const;

/**
 * The times of a rule within a span, ascending. All are wall times as if they were UTC: the caller resolves the zone.
 * The start of the event counts as the first one of COUNT, whether the rule holds it or not (RFC 5545 §3.3.10).
 * @param untilMs the end of the rule in the same wall time, inclusive
 */
export function* expandRule(rule: Rule, startMs: number, span: Span, untilMs = Infinity): Generator<number> {
  const last = Math.min(span.toMs, untilMs);
  let left = rule.count ?? Infinity;
  let first = true;
  // What COUNT counts must be walked through; without it, the walk may begin where it is looked at.
  const skipTo = rule.count === undefined ? Math.max(startMs, span.fromMs) : startMs;
  for (const batch of batches(withDefaults(rule, startMs), startMs, skipTo, last)) {
    for (const at of batch) {
      if (at < startMs) continue;
      if (first && at !== startMs) left -= 1;
      first = false;
      if (left <= 0 || at > last) return;
      left -= 1;
      if (at >= span.fromMs) yield at;
    }
  }
}

/** What the rule leaves open comes from the start (RFC 5545: "information … derived from DTSTART"). */
function withDefaults(rule: Rule, startMs: number): Rule {
  const start = new Date(startMs);
  const weekday = { weekday: (start.getUTCDay() + 6) % 7 };
  const dayless = rule.byMonthDay.length + rule.byDay.length + rule.byYearDay.length + rule.byWeekNo.length === 0;
  if (rule.frequency === 'YEARLY' && rule.byWeekNo.length > 0 && rule.byDay.length + rule.byMonthDay.length + rule.byYearDay.length === 0) return { ...rule, byDay: [weekday] };
  if (!dayless) return rule;
  switch (rule.frequency) {
    case 'YEARLY':
      return { ...rule, byMonth: rule.byMonth.length > 0 ? rule.byMonth : [start.getUTCMonth() + 1], byMonthDay: [start.getUTCDate()] };
    case 'MONTHLY':
      return { ...rule, byMonthDay: [start.getUTCDate()] };
    case 'WEEKLY':
      return { ...rule, byDay: [weekday] };
    default:
      return rule;
  }
}

/** One list a period of the frequency, ascending. */
function* batches(rule: Rule, startMs: number, skipTo: number, lastMs: number): Generator<readonly number[]> {
  if (rule.frequency === 'HOURLY' || rule.frequency === 'MINUTELY' || rule.frequency === 'SECONDLY') {
    yield* shortBatches(rule, unitMs[rule.frequency], startMs, skipTo, lastMs);
    return;
  }
  const times = timesOfDay(rule, startMs);
  for (const [firstDay, endDay] of dayPeriods(rule, dayOf(startMs), dayOf(skipTo), dayOf(Math.min(lastMs, farthestMs)))) {
    const batch: number[] = [];
    for (let day = firstDay; day < endDay; day += 1) {
      if (!dayFits(rule, day)) continue;
      for (const time of times) batch.push(day * dayMs + time);
    }
    yield positions(rule, batch);
  }
}

/** Years of more than four digits can't be written. */
const farthestMs = Date.UTC(9999, 11, 30);

function* dayPeriods(rule: Rule, startDay: number, skipDay: number, lastDay: number): Generator<readonly [from: number, to: number]> {
  const { interval, frequency } = rule;
  if (frequency === 'DAILY' || frequency === 'WEEKLY') {
    const length = frequency === 'DAILY' ? 1 : 7;
    const anchor = frequency === 'DAILY' ? startDay : startDay - ((startDay + 3 - rule.weekStart) % 7 + 7) % 7;
    const step = length * interval;
    for (let from = anchor + Math.max(0, Math.floor((skipDay - anchor) / step)) * step; from <= lastDay; from += step) yield [from, from + length];
    return;
  }
  const start = new Date(startDay * dayMs);
  const skip = new Date(skipDay * dayMs);
  const months = frequency === 'MONTHLY' ? 1 : 12;
  const anchor = frequency === 'MONTHLY' ? start.getUTCFullYear() * 12 + start.getUTCMonth() : start.getUTCFullYear() * 12;
  const skipMonth = skip.getUTCFullYear() * 12 + skip.getUTCMonth();
  const step = months * interval;
  for (let month = anchor + Math.max(0, Math.floor((skipMonth - anchor) / step)) * step; ; month += step) {
    const from = dayOfDate(Math.floor(month / 12), month % 12, 1);
    if (from > lastDay) return;
    yield [from, dayOfDate(Math.floor((month + months) / 12), (month + months) % 12, 1)];
  }
}

/** Hours, minutes, seconds: whole days and hours that the rule leaves out are jumped over. */
function* shortBatches(rule: Rule, unit: number, startMs: number, skipTo: number, lastMs: number): Generator<readonly number[]> {
  const anchor = Math.floor(startMs / unit) * unit;
  const step = unit * rule.interval;
  const within = offsetsWithin(rule, unit, startMs);
  // A place that no period has: nothing would ever come of the walk.
  if (rule.bySetPosition.length > 0 && rule.bySetPosition.every((place) => Math.abs(place) > within.length)) return;
  const from = (atMs: number): number => Math.max(0, Math.ceil((atMs - anchor) / step));
  let k = Math.max(0, Math.floor((skipTo - anchor) / step));
  for (let at = anchor + k * step; at <= Math.min(lastMs, farthestMs); at = anchor + k * step) {
    const hour = Math.floor(at / 3_600_000);
    const minute = Math.floor(at / 60_000);
    if (!dayFits(rule, dayOf(at))) k = Math.max(k + 1, from((dayOf(at) + 1) * dayMs));
    else if (!fits(rule.byHour, hour - dayOf(at) * 24)) k = Math.max(k + 1, from((hour + 1) * 3_600_000));
    else if (unit < 3_600_000 && !fits(rule.byMinute, minute - hour * 60)) k = Math.max(k + 1, from((minute + 1) * 60_000));
    else if (unit === 1000 && !fits(rule.bySecond, at / 1000 - minute * 60)) k += 1;
    else {
      yield positions(rule, within.map((offset) => at + offset));
      k += 1;
    }
  }
}

function offsetsWithin(rule: Rule, unit: number, startMs: number): readonly number[] {
  if (unit === 1000) return [0];
  const start = new Date(startMs);
  const seconds = sorted(rule.bySecond, start.getUTCSeconds()).filter((second) => second < 60);
  if (unit === 60_000) return seconds.map((second) => second * 1000);
  return sorted(rule.byMinute, start.getUTCMinutes()).flatMap((minute) => seconds.map((second) => minute * 60_000 + second * 1000));
}

function timesOfDay(rule: Rule, startMs: number): readonly number[] {
  const within = offsetsWithin(rule, unitMs.HOURLY, startMs);
  return sorted(rule.byHour, new Date(startMs).getUTCHours()).flatMap((hour) => within.map((offset) => hour * unitMs.HOURLY + offset));
}

function sorted(values: readonly number[], otherwise: number): readonly number[] {
  return values.length === 0 ? [otherwise] : [...new Set(values)].sort((a, b) => a - b);
}

function fits(values: readonly number[], value: number): boolean {
  return values.length === 0 || values.includes(value);
}

/** Whether every part of the rule about days lets the day through. */
function dayFits(rule: Rule, day: number): boolean {
  const facts = new DayFacts(day);
  if (!fits(rule.byMonth, facts.month)) return false;
  if (rule.byMonthDay.length > 0 && !rule.byMonthDay.includes(facts.dayOfMonth) && !rule.byMonthDay.includes(facts.dayOfMonth - facts.daysInMonth - 1)) return false;
  if (rule.byYearDay.length > 0 && !rule.byYearDay.includes(facts.dayOfYear) && !rule.byYearDay.includes(facts.dayOfYear - facts.daysInYear - 1)) return false;
  if (rule.byDay.length > 0) {
    const perMonth = rule.frequency === 'MONTHLY' || rule.byMonth.length > 0;
    const place = perMonth ? facts.dayOfMonth : facts.dayOfYear;
    const length = perMonth ? facts.daysInMonth : facts.daysInYear;
    const fromFront = Math.floor((place - 1) / 7) + 1;
    const fromBack = -Math.floor((length - place) / 7) - 1;
    if (!rule.byDay.some(({ weekday, nth }) => weekday === facts.weekday && (nth === undefined || nth === fromFront || nth === fromBack))) return false;
  }
  if (rule.byWeekNo.length === 0) return true;
  const { week, weeks } = facts.weekOfYear(rule.weekStart);
  return rule.byWeekNo.includes(week) || rule.byWeekNo.includes(week - weeks - 1);
}

function positions(rule: Rule, batch: readonly number[]): readonly number[] {
  if (rule.bySetPosition.length === 0) return batch;
  const chosen = rule.bySetPosition.map((place) => (place > 0 ? batch[place - 1] : batch[batch.length + place])).filter((at) => at !== undefined);
  return [...new Set(chosen)].sort((a, b) => a - b);
}
