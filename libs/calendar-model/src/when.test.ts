import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { inZone, toInstant, toWallTime } from './when.js';

const AMSTERDAM = 'Europe/Amsterdam';

describe('wall time', () => {
  it('that DST skips means the same time one hour later', () => {
    expect(toInstant('2026-03-29T02:30:00', AMSTERDAM)).toBe('2026-03-29T01:30:00.000Z');
    expect(toWallTime('2026-03-29T01:30:00.000Z', AMSTERDAM)).toBe('2026-03-29T03:30:00');
  });

  it('that DST repeats means its first pass', () => {
    expect(toInstant('2026-10-25T02:30:00', AMSTERDAM)).toBe('2026-10-25T00:30:00.000Z');
  });

  it('comes back from its instant, whenever the clock showed it once', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true }), fc.constantFrom(AMSTERDAM, 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe'), (date, zone) => {
        const wall = toWallTime(new Date(Math.floor(date.getTime() / 1000) * 1000).toISOString(), zone);
        expect(toWallTime(toInstant(wall, zone), zone)).toBe(wall);
      }),
    );
  });
});

describe('the same moments in another zone', () => {
  it('keep their instants; a whole day stays that day', () => {
    expect(inZone({ kind: 'timed', start: '2026-11-24T10:00:00', end: '2026-11-24T11:00:00', zone: AMSTERDAM }, 'America/New_York')).toEqual({
      kind: 'timed', start: '2026-11-24T04:00:00', end: '2026-11-24T05:00:00', zone: 'America/New_York',
    });
    const day = { kind: 'all-day', firstOn: '2026-11-24', lastOn: '2026-11-25' } as const;
    expect(inZone(day, 'America/New_York')).toBe(day);
  });
});
