import { describe, expect, it } from 'vitest';
import { asAccountId } from '@calsync/calendar-model';
import { planRolling, rollingDay } from './window-days.js';

const account = { daysBefore: 30, daysAfter: 90 };
const known = (rolledOn: string, coveredUntilOn: string) => ({ rolledOn, coveredUntilOn });

describe('what entered the window', () => {
  it.each([
    ['nothing on the same day', '2026-11-24', known('2026-11-24', '2027-02-22'), undefined],
    ['nothing when the day goes back, as for one who moves west', '2026-11-23', known('2026-11-24', '2027-02-22'), undefined],
    ['the last day on the next one', '2026-11-25', known('2026-11-24', '2027-02-22'), ['2027-02-23', '2027-02-23']],
    ['three days after three days', '2026-11-27', known('2026-11-24', '2027-02-22'), ['2027-02-23', '2027-02-25']],
    ['the window, no more, after a year', '2027-11-24', known('2026-11-24', '2027-02-22'), ['2027-10-25', '2028-02-22']],
    ['the window where nobody knows', '2026-11-24', undefined, ['2026-10-25', '2027-02-22']],
    ['what a window that grew did not have', '2026-11-25', known('2026-11-24', '2026-12-04'), ['2026-12-05', '2027-02-23']],
    ['one day after a window that shrank, whatever was read before', '2026-11-25', known('2026-11-24', '2027-11-24'), ['2027-02-23', '2027-02-23']],
    ['29 February', '2027-12-01', known('2027-11-30', '2028-02-28'), ['2028-02-29', '2028-02-29']],
  ] as const)('is %s', (_what, todayOn, before, entered) => {
    expect(planRolling(account, todayOn, before)).toEqual(entered && { entered: { fromOn: entered[0], untilOn: entered[1] }, after: { rolledOn: todayOn, coveredUntilOn: entered[1] } });
  });

  it('is today only, in a window of one day', () => {
    expect(planRolling({ daysBefore: 0, daysAfter: 0 }, '2026-11-25', known('2026-11-24', '2026-11-24'))?.entered).toEqual({ fromOn: '2026-11-25', untilOn: '2026-11-25' });
  });
});

describe('the day of an account', () => {
  it.each([
    ['an ordinary night', 'Europe/Amsterdam', '2026-11-24', '2026-11-24T23:00:00Z'],
    ['the short night', 'Europe/Amsterdam', '2027-03-27', '2027-03-27T23:00:00Z'],
    ['the night after it', 'Europe/Amsterdam', '2027-03-28', '2027-03-28T22:00:00Z'],
    ['the long night', 'Europe/Amsterdam', '2026-10-24', '2026-10-24T22:00:00Z'],
    ['the night after it', 'Europe/Amsterdam', '2026-10-25', '2026-10-25T23:00:00Z'],
    ['a night without midnight', 'America/Santiago', '2026-09-05', '2026-09-06T04:00:00Z'],
    ['a zone ahead', 'Pacific/Auckland', '2026-11-24', '2026-11-24T11:00:00Z'],
  ])('ends within half an hour after the midnight of %s (%s), and never before a minute has passed', (_night, zone, lastOn, midnight) => {
    const id = asAccountId('some-account');
    const after = (minutes: number) => rollingDay({ id, zone }, Date.parse(midnight) + minutes * 60_000);
    const next = Temporal.PlainDate.from(lastOn).add({ days: 1 }).toString();
    expect([after(-1), after(0), after(0.99), after(30)]).toEqual([lastOn, lastOn, lastOn, next]);
    const changes = Array.from({ length: 31 }, (_, minute) => after(minute)).filter((day, minute, days) => minute > 0 && day !== days[minute - 1]);
    expect(changes).toEqual([next]);
  });

  it('begins for ten thousand accounts at ten thousand moments', () => {
    const midnight = Date.parse('2026-11-24T23:00:00Z');
    const perMinute = new Map<number, number>();
    for (let n = 0; n < 10_000; n += 1) {
      const zoned = { id: asAccountId(`account-${n}`), zone: 'Europe/Amsterdam' };
      const minute = Array.from({ length: 31 }, (_, at) => at).find((at) => rollingDay(zoned, midnight + at * 60_000) === '2026-11-25') ?? -1;
      perMinute.set(minute, (perMinute.get(minute) ?? 0) + 1);
    }
    expect([Math.min(...perMinute.keys()), Math.max(...perMinute.keys())]).toEqual([2, 30]);
    // 345 on the average.
    expect(Math.max(...perMinute.values())).toBeLessThan(500);
  });
});
