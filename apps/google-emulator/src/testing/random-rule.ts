import fc from 'fast-check';
import { frequencies } from '../recurrence/rule.js';

export interface RandomRule {
  readonly startMs: number;
  /** `FREQ=…` */
  readonly text: string;
}

const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;

const some = <T>(one: fc.Arbitrary<T>, maxLength: number): fc.Arbitrary<readonly T[]> => fc.uniqueArray(one, { minLength: 1, maxLength });
const signed = (most: number): fc.Arbitrary<number> => fc.integer({ min: -most, max: most }).filter((number) => number !== 0);
const maybe = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(one, { nil: undefined, freq: 2 });

/** Parts of a rule, each now and then there. */
const parts = fc.record({
  frequency: fc.constantFrom(...frequencies),
  interval: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 7 })),
  count: maybe(fc.integer({ min: 1, max: 30 })),
  untilDays: maybe(fc.integer({ min: 0, max: 3000 })),
  weekStart: maybe(fc.constantFrom(...weekdays)),
  byMonth: maybe(some(fc.integer({ min: 1, max: 12 }), 3)),
  byWeekNo: maybe(some(signed(53), 3)),
  byYearDay: maybe(some(signed(366), 4)),
  byMonthDay: maybe(some(signed(31), 4)),
  byDay: maybe(some(fc.constantFrom(...weekdays), 3)),
  nth: maybe(some(signed(5), 3)),
  byHour: maybe(some(fc.integer({ min: 0, max: 23 }), 3)),
  byMinute: maybe(some(fc.integer({ min: 0, max: 59 }), 2)),
  bySecond: maybe(some(fc.integer({ min: 0, max: 59 }), 2)),
  bySetPosition: maybe(some(signed(4), 2)),
  startMs: fc.integer({ min: Date.UTC(1990, 0, 1) / 1000, max: Date.UTC(2040, 0, 1) / 1000 }).map((seconds) => seconds * 1000),
});

/** Any rule that RFC 5545 allows. Weekdays are all counted or none (`1SU,WE` has libraries disagree), weeks stand with their days. */
export const randomRule: fc.Arbitrary<RandomRule> = parts.map((given) => {
  const { frequency, startMs } = given;
  const long = frequency === 'MONTHLY' || frequency === 'YEARLY';
  const counted = long && given.nth !== undefined;
  const weeks = frequency === 'YEARLY' && !counted && given.byDay !== undefined ? given.byWeekNo : undefined;
  const filters: Record<string, readonly unknown[] | undefined> = {
    BYMONTH: given.byMonth,
    BYWEEKNO: weeks,
    BYYEARDAY: ['DAILY', 'WEEKLY', 'MONTHLY'].includes(frequency) || weeks !== undefined ? undefined : given.byYearDay,
    BYMONTHDAY: frequency === 'WEEKLY' || weeks !== undefined ? undefined : given.byMonthDay,
    BYDAY: counted ? given.nth?.map((nth, index) => `${nth}${weekdays[(index * 3 + Math.abs(nth)) % 7]}`) : given.byDay,
    BYHOUR: given.byHour,
    BYMINUTE: given.byMinute,
    BYSECOND: given.bySecond,
  };
  const chosen = Object.entries(filters).filter(([, values]) => values !== undefined);
  const end = given.count !== undefined ? [`COUNT=${given.count}`] : given.untilDays !== undefined ? [`UNTIL=${new Date(startMs + given.untilDays * 86_400_000).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`] : [];
  const text = [
    `FREQ=${frequency}`,
    `INTERVAL=${given.interval}`,
    ...(given.weekStart === undefined ? [] : [`WKST=${given.weekStart}`]),
    ...chosen.map(([name, values]) => `${name}=${values?.join(',')}`),
    ...(given.bySetPosition !== undefined && chosen.length > 0 ? [`BYSETPOS=${given.bySetPosition.join(',')}`] : []),
    ...end,
  ].join(';');
  return { startMs, text };
});
