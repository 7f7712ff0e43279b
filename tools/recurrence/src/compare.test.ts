import { describe, expect, it } from 'vitest';
import { hasWitness, judge } from './compare.js';
import { secondsIn, stepsOf } from './golden.js';
import type { LibraryName } from './libraries.js';
import { candidates } from './random-series.js';
import type { Expansions, Occurrences, Series } from './series.js';

const series = (rule: string): Series => ({ id: '1', start: '20270104T090000', zone: 'Europe/Amsterdam', horizon: '20280104T090000', most: 10, lines: [`RRULE:${rule}`] });
const found = (...seconds: number[]): Expansions => new Map<string, Occurrences>([['1', { kind: 'found', seconds }]]);
const libraries = (dateutil: Expansions, libRecur: Expansions): ReadonlyMap<LibraryName, Expansions> => new Map([['dateutil', dateutil], ['lib-recur', libRecur]]);

describe('a verdict', () => {
  it('passes what all three say, and nothing else that isn’t explained', () => {
    const daily = series('FREQ=DAILY');
    expect(judge(daily, found(1, 2), libraries(found(1, 2), found(1, 2)))).toMatchObject({ excused: [] });
    expect(judge(daily, found(1, 2), libraries(found(1, 2), found(1, 2))).wrong).toBeUndefined();
    expect(judge(daily, found(1, 2), libraries(found(1, 2), found(1))).wrong).toContain('lib-recur');
    expect(judge(daily, found(1), libraries(found(1, 2), found(1, 2))).wrong).toContain('dateutil');
    expect(judge(daily, new Map([['1', { kind: 'failed', message: '400' }]]), libraries(found(1), found(1))).wrong).toContain('400');
  });

  it('excuses a library for a known fault, if the other one agrees', () => {
    const yearly = series('FREQ=YEARLY;BYMONTHDAY=4');
    expect(judge(yearly, found(1, 2), libraries(found(1, 2), found(1))).excused.map(({ fault }) => fault.name)).toEqual(['days of the month in one month only']);
    expect(judge(yearly, found(1, 2), libraries(found(1), found(1))).wrong).toContain('dateutil');
    expect(hasWitness(yearly)).toBe(true);
    expect(hasWitness(series('FREQ=YEARLY;BYWEEKNO=53;BYMONTHDAY=4'))).toBe(false);
  });
});

it('makes the same random rules of the same seed', () => {
  expect(candidates(7, 20)).toEqual(candidates(7, 20));
  expect(candidates(7, 20)).not.toEqual(candidates(8, 20));
});

it('records times by their distances', () => {
  const times = [10, 20, 25, 100];
  expect(secondsIn(stepsOf(times))).toEqual(times);
});
