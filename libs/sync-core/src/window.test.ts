import { describe, expect, it } from 'vitest';
import type { When } from '@calsync/calendar-model';
import { at, ZONE } from './testing/builders.js';
import { overlapsWindow, windowDays } from './window.js';

const window = { zone: ZONE, todayOn: '2026-12-10', daysBefore: 3, daysAfter: 2 };
const inside = (when: When, change: Partial<typeof window> = {}): boolean => overlapsWindow(when, { ...window, ...change });
const day = (firstOn: string, lastOn = firstOn): When => ({ kind: 'all-day', firstOn, lastOn });

describe('[W1] [R9.1] [R9.2] [R9.7] the window', () => {
  it('names its first and last day', () => expect(windowDays(window)).toEqual({ fromOn: '2026-12-07', untilOn: '2026-12-12' }));
  it.each([
    ['ends at the first midnight', at('2026-12-06T23:00:00', '2026-12-07T00:00:00'), false],
    ['ends just after it', at('2026-12-06T23:00:00', '2026-12-07T00:00:01'), true],
    ['spans all of it', at('2026-01-01T00:00:00', '2027-01-01T00:00:00'), true],
    ['begins just before the last midnight', at('2026-12-12T23:59:59', '2026-12-13T01:00:00'), true],
    ['begins at the last midnight', at('2026-12-13T00:00:00', '2026-12-13T01:00:00'), false],
    ['takes no time at the first midnight', at('2026-12-07T00:00:00', '2026-12-07T00:00:00'), true],
    ['takes no time just before it', at('2026-12-06T23:59:59', '2026-12-06T23:59:59'), false],
    ['takes no time at the last midnight', at('2026-12-13T00:00:00', '2026-12-13T00:00:00'), false],
    ['ends before it begins, and begins inside', at('2026-12-08T10:00:00', '2026-12-01T10:00:00'), true],
  ])('what %s', (_what, when, expected) => expect(inside(when)).toBe(expected));

  it.each([
    ['2026-12-06', '2026-12-06', false],
    ['2026-12-01', '2026-12-07', true],
    ['2026-12-12', '2026-12-20', true],
    ['2026-12-13', '2026-12-13', false],
    ['2026-12-08', '2026-12-01', true],
  ])('all-day from %s to %s', (firstOn, lastOn, expected) => expect(inside(day(firstOn, lastOn))).toBe(expected));

  it('has its edges in the user’s zone', () => {
    const late = at('2026-12-12T23:30:00', '2026-12-13T00:30:00', 'UTC');
    expect([inside(late), inside(late, { zone: 'UTC' }), inside(late, { zone: 'America/New_York' })]).toEqual([false, true, true]);
  });
  it.each([
    ['the short night', '2027-03-28', '2027-03-27T22:59:59', '2027-03-27T23:00:00', '2027-03-28T21:59:59', '2027-03-28T22:00:00'],
    ['the long night', '2026-10-25', '2026-10-24T21:59:59', '2026-10-24T22:00:00', '2026-10-25T22:59:59', '2026-10-25T23:00:00'],
  ])('of one day holds exactly the day of %s', (_night, todayOn, before, first, last, after) => {
    const of = (moment: string): boolean => inside(at(moment, moment, 'UTC'), { todayOn, daysBefore: 0, daysAfter: 0 });
    expect([of(before), of(first), of(last), of(after)]).toEqual([false, true, true, false]);
  });
});
