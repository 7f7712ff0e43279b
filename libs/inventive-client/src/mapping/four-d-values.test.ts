import { describe, expect, it } from 'vitest';
import { booleanOf, dateOf, keyOf, sentDate, splitWallTime, stampOf, textOf, timeOf, wallTime } from './four-d-values.js';

describe('the values of 4D', () => {
  it.each([
    ['6!3!2017', '2017-03-06'],
    ['31!12!2026', '2026-12-31'],
    ['!!2020-04-03!!', '2020-04-03'],
    ['2026-11-24', '2026-11-24'],
    ['2026-11-24T23:00:00Z', '2026-11-24'],
    ['0!0!0', undefined],
    ['00!00!0000', undefined],
    ['', undefined],
    [null, undefined],
  ])('reads the date %j as %j', (given, expected) => expect(dateOf(given)).toBe(expected));

  it('refuses what is no date rather than guessing', () => {
    expect(() => dateOf('morgen')).toThrow('not a date');
    expect(() => dateOf('6/3/2017')).toThrow('not a date');
  });

  it('sends dates without time and zone', () => expect(sentDate('2026-03-06')).toBe('06!03!2026'));

  it.each([
    [0, 0],
    [36_000_000, 36_000_000],
    ['10:00', 36_000_000],
    ['10:00:30', 36_030_000],
    ['', 0],
    [null, 0],
  ])('reads the time %j as %i ms', (given, expected) => expect(timeOf(given)).toBe(expected));

  it('makes wall times, and midnight of the next day of 24:00', () => {
    expect(wallTime('2026-11-24', 34_230_000)).toBe('2026-11-24T09:30:30');
    expect(wallTime('2026-12-31', 86_400_000)).toBe('2027-01-01T00:00:00');
    expect(splitWallTime('2026-11-24T09:30:30')).toEqual({ date: '2026-11-24', timeMs: 34_230_000 });
  });

  it.each([
    ['a3f0c1d2e4b5968778695a4b3c2d1e0f', 'A3F0C1D2E4B5968778695A4B3C2D1E0F'],
    ['A3F0C1D2-E4B5-9687-7869-5A4B3C2D1E0F', 'A3F0C1D2E4B5968778695A4B3C2D1E0F'],
    ['00000000000000000000000000000000', undefined],
    ['00000000-0000-0000-0000-000000000000', undefined],
    ['', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('reads the key %j as %j', (given, expected) => expect(keyOf(given)).toBe(expected));

  it('takes null and blank for the same text', () => expect([null, '', undefined].map(textOf)).toEqual(['', '', '']));
  it('reads booleans', () => expect([true, 'true', false, null, 'false'].map(booleanOf)).toEqual([true, true, false, false, false]));
  it('keeps every digit of a stamp', () => expect([9_007_199_254_740_993n, 12, '9007199254740993', null, 1.5].map(stampOf)).toEqual([9_007_199_254_740_993n, 12n, 9_007_199_254_740_993n, undefined, undefined]));
});
