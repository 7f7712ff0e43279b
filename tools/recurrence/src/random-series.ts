import fc from 'fast-check';
import { secondsOf, utcText, wallMs, wallText, wallTextOf, type Expansions, type Series } from './series.js';

const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
const frequencies = ['SECONDLY', 'MINUTELY', 'HOURLY', 'DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const;
/** Whole and half hours of summer time, both halves of the world, a zone that skipped a day, and some without summer time. */
const zones = ['Europe/Amsterdam', 'Europe/Amsterdam', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Apia', 'Asia/Kathmandu', 'America/Sao_Paulo', 'UTC'] as const;
const day = 86_400_000;
/** Long enough for a few occurrences, short enough for every library to come to its end. */
const horizons: Readonly<Record<string, number>> = { SECONDLY: day / 12, MINUTELY: 3 * day, HOURLY: 60 * day, DAILY: 3 * 366 * day, WEEKLY: 5 * 366 * day, MONTHLY: 12 * 366 * day, YEARLY: 40 * 366 * day };

export const mostCompared = 120;

const some = <T>(one: fc.Arbitrary<T>, maxLength: number): fc.Arbitrary<readonly T[]> => fc.uniqueArray(one, { minLength: 1, maxLength });
const signed = (most: number): fc.Arbitrary<number> => fc.integer({ min: -most, max: most }).filter((number) => number !== 0);
const maybe = <T>(one: fc.Arbitrary<T>, freq = 2): fc.Arbitrary<T | undefined> => fc.option(one, { nil: undefined, freq });

const parts = fc.record({
  frequency: fc.constantFrom(...frequencies, 'DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'),
  interval: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 9 })),
  weekStart: maybe(fc.constantFrom(...weekdays)),
  byMonth: maybe(some(fc.integer({ min: 1, max: 12 }), 4), 1),
  byWeekNo: maybe(some(signed(53), 3)),
  byYearDay: maybe(some(signed(366), 4)),
  byMonthDay: maybe(some(signed(31), 4)),
  byDay: maybe(some(fc.constantFrom(...weekdays), 3)),
  nth: maybe(some(fc.record({ nth: signed(5), weekday: fc.constantFrom(...weekdays) }), 3)),
  farNth: fc.integer({ min: 0, max: 9 }),
  byHour: maybe(some(fc.integer({ min: 0, max: 23 }), 3), 1),
  byMinute: maybe(some(fc.integer({ min: 0, max: 59 }), 2), 1),
  bySecond: maybe(some(fc.integer({ min: 0, max: 59 }), 2), 1),
  bySetPosition: maybe(some(signed(4), 2)),
  ofDays: fc.integer({ min: 0, max: 3 }).map((number) => number === 0),
  zone: fc.constantFrom(...zones),
  startMinutes: fc.integer({ min: Date.UTC(1995, 0, 1) / 60_000, max: Date.UTC(2035, 0, 1) / 60_000 }),
  ending: fc.constantFrom('none', 'count', 'until', 'until just before', 'until day'),
  endAt: fc.nat(40),
  dropped: fc.array(fc.nat(30), { maxLength: 3 }),
  added: fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 2 }),
  inUtc: fc.boolean(),
  /** Added times may come as periods: they begin as dates do. */
  asPeriods: fc.constantFrom('no', 'no', 'durations', 'ends'),
});
type Parts = typeof parts extends fc.Arbitrary<infer T> ? T : never;

/** A rule without end at a random moment, and what is to be done with it once it is known when it happens. */
export interface Candidate {
  readonly series: Series;
  readonly parts: Parts;
}

export function candidates(seed: number, count: number): readonly Candidate[] {
  return fc.sample(parts, { seed, numRuns: count }).map((given, index) => {
    const short = ['SECONDLY', 'MINUTELY', 'HOURLY'].includes(given.frequency);
    const ofDays = given.ofDays && !short;
    const startMs = given.startMinutes * 60_000;
    const zone = ofDays ? '' : given.zone;
    const series: Series = { id: `?${index}`, start: wallText(startMs, ofDays), zone, horizon: wallText(startMs + (horizons[given.frequency] ?? day), ofDays), most: mostCompared, lines: [`RRULE:${ruleOf(given, ofDays)}`] };
    return { series, parts: given };
  });
}

/** Any rule that RFC 5545 §3.3.10 allows. */
function ruleOf(given: Parts, ofDays: boolean): string {
  const { frequency } = given;
  const long = frequency === 'MONTHLY' || frequency === 'YEARLY';
  const counted = long && given.nth !== undefined;
  const weeks = frequency === 'YEARLY' && !counted ? given.byWeekNo : undefined;
  const nths = given.nth?.map(({ nth, weekday }) => `${frequency === 'YEARLY' && given.byMonth === undefined && given.farNth === 0 ? nth * 10 : nth}${weekday}`);
  const filters: Record<string, readonly unknown[] | undefined> = {
    BYMONTH: given.byMonth,
    BYWEEKNO: weeks,
    BYYEARDAY: ['DAILY', 'WEEKLY', 'MONTHLY'].includes(frequency) ? undefined : given.byYearDay,
    BYMONTHDAY: frequency === 'WEEKLY' ? undefined : given.byMonthDay,
    BYDAY: counted ? nths : given.byDay,
    BYHOUR: ofDays ? undefined : given.byHour,
    BYMINUTE: ofDays ? undefined : given.byMinute,
    BYSECOND: ofDays ? undefined : given.bySecond,
  };
  // A place that no period of the rule has: nothing ever happens, and some libraries look for it up to the year 9999.
  const most = { SECONDLY: 0, MINUTELY: given.bySecond?.length ?? 0, HOURLY: (given.bySecond?.length ?? 1) * (given.byMinute?.length ?? 1) }[frequency as string] ?? 9;
  const positions = (given.bySetPosition ?? []).filter((place) => Math.abs(place) <= most);
  const chosen = Object.entries(filters).filter(([, values]) => values !== undefined);
  return [
    `FREQ=${frequency}`,
    ...(given.interval === 1 ? [] : [`INTERVAL=${given.interval}`]),
    ...(given.weekStart === undefined ? [] : [`WKST=${given.weekStart}`]),
    ...chosen.map(([name, values]) => `${name}=${values?.join(',')}`),
    ...(positions.length > 0 && chosen.length > 0 ? [`BYSETPOS=${positions.join(',')}`] : []),
  ].join(';');
}

/**
 * Series that begin at an occurrence of their rule and have one more at least (a start off the rule is left undefined by RFC 5545 §3.8.5.3),
 * with an end, and days added and left out.
 * @param found when the candidates' rules happen
 */
export function settle(all: readonly Candidate[], found: Expansions, count: number): { readonly series: readonly Series[]; readonly without: number } {
  const series: Series[] = [];
  let without = 0;
  for (const candidate of all) {
    if (series.length === count) break;
    const times = found.get(candidate.series.id);
    const settled = times?.kind === 'found' && times.seconds.length >= 2 ? settleOne(candidate, times.seconds, String(series.length + 1)) : undefined;
    if (settled === undefined) without += 1;
    else series.push(settled);
  }
  return { series, without };
}

function settleOne({ series, parts: given }: Candidate, times: readonly number[], id: string): Series | undefined {
  const { zone } = series;
  const ofDays = zone === '';
  const first = times[0] ?? 0;
  const start = wallTextOf(first, zone);
  // It stands in a spring gap: written down, it would be another time.
  if (secondsOf(start, zone) !== first || !Number.isInteger(first)) return undefined;
  const pick = (index: number): number => times[index % times.length] ?? first;
  const stamp = (seconds: number): string => (ofDays ? wallTextOf(seconds, zone) : utcText(seconds));
  const last = pick(given.endAt);
  const ends: Readonly<Record<Parts['ending'], string>> = {
    none: '',
    count: `;COUNT=${1 + (given.endAt % times.length)}`,
    until: `;UNTIL=${stamp(last)}`,
    'until just before': `;UNTIL=${stamp(last - (ofDays ? 86_400 : 1))}`,
    'until day': `;UNTIL=${stamp(last + 86_400)}`,
  };
  const before = given.ending === 'until just before' && last === first;
  const lineOf = (name: string, seconds: readonly number[]): string => {
    if (ofDays) return `${name};VALUE=DATE:${seconds.map((at) => wallTextOf(at, zone)).join(',')}`;
    if (given.inUtc) return `${name}:${seconds.map(utcText).join(',')}`;
    return `${name};TZID=${zone}:${seconds.map((at) => wallTextOf(at, zone)).join(',')}`;
  };
  const periodsOf = (from: readonly number[], form: 'durations' | 'ends'): string => {
    const write = (at: number): string => (given.inUtc ? utcText(at) : wallTextOf(at, zone));
    const until = (at: number): string => (form === 'durations' ? 'PT45M' : write(at + 86_400));
    return `RDATE;VALUE=PERIOD${given.inUtc ? '' : `;TZID=${zone}`}:${from.map((at) => `${write(at)}/${until(at)}`).join(',')}`;
  };
  // Never the start itself: whether a series without its first one begins there or later is nobody's question here.
  const dropped = [...new Set(given.dropped.map(pick))].filter((at) => at !== first && (given.inUtc || ofDays || secondsOf(wallTextOf(at, zone), zone) === at));
  const added = given.added.map((steps) => first + steps * (ofDays ? 86_400 : 5400)).filter((at) => secondsOf(wallTextOf(at, zone), zone) === at);
  return {
    ...series,
    id,
    start,
    horizon: wallText(wallMs(start) + (horizons[given.frequency] ?? day), ofDays),
    lines: [`${series.lines[0] ?? ''}${before ? '' : ends[given.ending]}`, ...(dropped.length === 0 ? [] : [lineOf('EXDATE', dropped)]), ...(added.length === 0 ? [] : [given.asPeriods === 'no' || ofDays ? lineOf('RDATE', added) : periodsOf(added, given.asPeriods)])],
  };
}
