import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIELD_NAMES } from '@calsync/calendar-model';
import { equalFields, isBlank, STORABLE } from './comparison.js';
import { at, ZONE } from './testing/builders.js';

const equal = <Field extends Parameters<typeof equalFields>[0]>(field: Field, a: never, b: never): boolean => equalFields(field, a, b, ZONE);
const sameText = (field: 'subject' | 'location' | 'notes', a: string, b: string): boolean => equalFields(field, a, b, ZONE);
const sameTime = (a: ReturnType<typeof at>, b: ReturnType<typeof at>): boolean => equalFields('when', a, b, ZONE);

describe('[C1] subject and location', () => {
  it.each(['subject', 'location'] as const)('%s: white space and composed letters say nothing', (field) => {
    expect(sameText(field, ' Café  Zuid\n', 'Cafe\u0301 Zuid')).toBe(true);
    expect(sameText(field, 'Café', 'café')).toBe(false);
    expect(sameText(field, 'a b', 'ab')).toBe(false);
  });
});

describe('[C2] [lesson 13] notes', () => {
  it.each([
    ['a\r\nb\rc', 'a\nb\nc', true],
    ['a\u00A0b  \nc', 'a b\nc', true],
    ['\n \na\n\n', 'a', true],
    ['a\n\n\nb', 'a\n\nb', false],
    ['  a', 'a', false],
    ['a', 'A', false],
  ])('%j and %j: %s', (a, b, same) => expect(sameText('notes', a, b)).toBe(same));
});

describe('[C3] times', () => {
  it('equal instants in other zones, with and without seconds', () => {
    expect(sameTime(at('2026-12-01T10:00:00', '2026-12-01T11:00:00'), at('2026-12-01T09:00', '2026-12-01T05:00', 'UTC'))).toBe(false);
    expect(sameTime(at('2026-12-01T10:00:00', '2026-12-01T11:00:00'), at('2026-12-01T09:00', '2026-12-01T10:00', 'UTC'))).toBe(true);
    expect(sameTime(at('2026-12-01T10:00', '2026-12-01T11:00'), at('2026-12-01T10:00:00', '2026-12-01T11:00:00'))).toBe(true);
    expect(sameTime(at('2026-12-01T10:00:00', '2026-12-01T11:00:00'), at('2026-12-01T10:00:30', '2026-12-01T11:00:00'))).toBe(false);
  });
  it('the skipped hour: the row says 02:30, Google answers 03:30', () => {
    expect(sameTime(at('2027-03-28T02:30:00', '2027-03-28T04:00:00'), at('2027-03-28T03:30:00', '2027-03-28T04:00:00'))).toBe(true);
    expect(sameTime(at('2027-03-28T01:30:00', '2027-03-28T02:30:00'), at('2027-03-28T00:30:00', '2027-03-28T01:30:00', 'UTC'))).toBe(true);
    expect(sameTime(at('2027-03-28T02:30:00', '2027-03-28T04:00:00'), at('2027-03-28T02:00:00', '2027-03-28T04:00:00'))).toBe(false);
  });
  it('the repeated hour: either pass is the row’s 02:30, also where only one end is in it', () => {
    const row = at('2026-10-25T02:30:00', '2026-10-25T04:00:00');
    expect(sameTime(row, at('2026-10-25T00:30:00', '2026-10-25T03:00:00', 'UTC'))).toBe(true);
    expect(sameTime(row, at('2026-10-25T01:30:00', '2026-10-25T03:00:00', 'UTC'))).toBe(true);
    expect(sameTime(row, at('2026-10-25T02:30:00', '2026-10-25T03:00:00', 'UTC'))).toBe(false);
    expect(sameTime(at('2026-10-24T23:00:00', '2026-10-25T02:15:00'), at('2026-10-24T21:00:00', '2026-10-25T01:15:00', 'UTC'))).toBe(true);
  });
  it('around both nights, what Google answers to a row’s time equals the row', () => {
    const nights = [Date.UTC(2026, 9, 24, 22), Date.UTC(2027, 2, 27, 22)];
    fc.assert(
      fc.property(fc.constantFrom(...nights), fc.nat(48), fc.nat(16), fc.constantFrom('UTC', 'America/New_York', 'Asia/Kolkata', ZONE), (night, quarter, length, zone) => {
        const wall = (ms: number): string => new Date(ms).toISOString().slice(0, 19);
        const [start, end] = [wall(night + quarter * 900_000), wall(night + (quarter + length) * 900_000)];
        const answer = (edge: string): string => Temporal.PlainDateTime.from(edge).toZonedDateTime(ZONE).withTimeZone(zone).toPlainDateTime().toString({ smallestUnit: 'second' });
        expect(sameTime(at(start, end), at(answer(start), answer(end), zone))).toBe(true);
      }),
      { verbose: 1 },
    );
  });
});

describe('[C4] all-day', () => {
  const day = { kind: 'all-day', firstOn: '2026-12-01', lastOn: '2026-12-01' } as const;
  it('is a date, never a midnight', () => {
    expect(sameTime(day, { ...day })).toBe(true);
    expect(sameTime(day, { ...day, lastOn: '2026-12-02' })).toBe(false);
    expect(sameTime(day, { ...day, firstOn: '2026-11-30' })).toBe(false);
    expect(sameTime(day, at('2026-12-01T00:00:00', '2026-12-02T00:00:00'))).toBe(false);
    expect(sameTime(at('2026-12-01T00:00:00', '2026-12-02T00:00:00'), day)).toBe(false);
  });
});

describe('[C5] showAs and privacy', () => {
  it('by what Google can hold', () => {
    expect([equal('showAs', 'away' as never, 'busy' as never), equal('showAs', 'tentative' as never, 'away' as never), equal('showAs', 'free' as never, 'tentative' as never)]).toEqual([true, false, false]);
    expect([equal('privacy', 'public' as never, 'public' as never), equal('privacy', 'public' as never, 'private' as never)]).toEqual([true, false]);
  });
  it('the capability table names every field on both sides', () => {
    for (const side of ['inventive', 'google'] as const) expect(Object.keys(STORABLE[side]).sort()).toEqual([...FIELD_NAMES].sort());
    expect(STORABLE.google.showAs).toBe('projected');
    expect([STORABLE.inventive.subject, STORABLE.inventive.location]).toEqual(['projected', 'projected']);
  });
  it('[M5] only texts can be empty', () => {
    expect([isBlank('notes', ' \n'), isBlank('subject', 'x'), isBlank('when', at('2026-12-01T00:00:00', '2026-12-01T00:00:00'))]).toEqual([true, false, false]);
  });
});
