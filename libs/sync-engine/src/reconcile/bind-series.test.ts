import { describe, expect, it } from 'vitest';
import { asGoogleEventId, type GoogleEventRecord, type When } from '@calsync/calendar-model';
import { anAppointment, ACCOUNT, anEvent } from '../testing/records.js';
import { bindSeries, shifted, startText, type MasterAsRead } from './bind-series.js';
import { pairBornOnBothSides } from './born-pair.js';
import type { Pair } from './pair.js';

const ZONE = 'Europe/Amsterdam';
const at = (start: string): When => ({ kind: 'timed', start: `${start}:00`, end: `${start}:00`, zone: ZONE });
const on = (day: string): When => ({ kind: 'all-day', firstOn: day, lastOn: day });
const A = asGoogleEventId('aaa');
const B = asGoogleEventId('bbb');
const CREATED = '2026-01-01T10:00:00.000Z';
const occurrence = (seriesId: typeof A, when: When, masterId = seriesId): GoogleEventRecord & { occurrence: NonNullable<GoogleEventRecord['occurrence']> } =>
  ({ ...anEvent({ id: asGoogleEventId(`${masterId}_${startText(when)}`), shape: 'occurrence', fields: { when } }), occurrence: { seriesId, originalStart: startText(when), masterId } });
const pairOf = (record: GoogleEventRecord): Pair => pairBornOnBothSides(anAppointment(), record, ACCOUNT, 0);
const master = (id: typeof A, first: When, rest: Partial<MasterAsRead> = {}): MasterAsRead => ({ id, seriesId: id, first, created: CREATED, ...rest });
const bind = (pairs: readonly Pair[], masters: readonly MasterAsRead[], occurrences: readonly GoogleEventRecord[]) => {
  const { bound, fresh, lost } = bindSeries(pairs, { masters, occurrences, singles: [] });
  return { bound: bound.map(({ pair, record }) => [pair.occurrence?.originalStart, record.occurrence?.originalStart]), fresh: fresh.length, lost: lost.length };
};

describe('the start of an occurrence after its series moved', () => {
  it.each<[string, When, When, string, string]>([
    ['by an hour, before and after the clocks go back', at('2026-10-20T10:00'), at('2026-10-20T11:00'), '2026-10-20T08:00:00Z', '2026-10-20T09:00:00Z'],
    ['by an hour, on the other side of that night', at('2026-10-20T10:00'), at('2026-10-20T11:00'), '2026-10-27T09:00:00Z', '2026-10-27T10:00:00Z'],
    ['into the hour that the spring skips', at('2027-03-21T01:30'), at('2027-03-21T02:30'), '2027-03-28T00:30:00Z', '2027-03-28T01:30:00Z'],
    ['to another zone at the same time on the wall', at('2026-11-24T10:00'), { kind: 'timed', start: '2026-11-24T10:00:00', end: '2026-11-24T11:00:00', zone: 'America/New_York' }, '2026-12-01T09:00:00Z', '2026-12-01T15:00:00Z'],
    ['by a day, of whole days', on('2026-11-24'), on('2026-11-25'), '2026-12-01', '2026-12-02'],
    ['from a time to the whole day', at('2026-11-24T10:00'), on('2026-11-24'), '2026-12-01T09:00:00Z', '2026-12-01'],
    ['from the whole day to a time', on('2026-11-24'), at('2026-11-24T10:00'), '2026-12-01', '2026-12-01T09:00:00Z'],
  ])('[R4.4] %s', (_what, from, to, start, wanted) => {
    expect(shifted(start, from, to)).toBe(wanted);
  });
});

describe('which pair belongs to which occurrence', () => {
  const weeks = ['2026-11-24', '2026-12-01', '2026-12-08'];
  const pairs = weeks.map((day) => pairOf(occurrence(A, at(`${day}T10:00`))));

  it('[R4.5] [lesson 5] the same start under another master and id', () => {
    const half = asGoogleEventId('aaa_R20261201T090000');
    const now = [occurrence(A, at('2026-11-24T10:00')), ...weeks.slice(1).map((day) => occurrence(A, at(`${day}T10:00`), half))];
    const seen = bind(pairs, [master(A, at('2026-11-24T10:00')), master(half, at('2026-12-01T10:00'), { seriesId: A })], now);
    expect(seen).toEqual({ bound: pairs.map(({ occurrence: key }) => [key?.originalStart, key?.originalStart]), fresh: 0, lost: 0 });
  });

  it('[R4.5] [lesson 5] a wholly new series that was made at the same moment: by day, else by as much as the first one went', () => {
    const later = (time: string, shift = 0) => weeks.slice(1).map((day) => occurrence(B, at(`${Temporal.PlainDate.from(day).add({ days: shift }).toString()}T${time}`)));
    const kept = occurrence(A, at('2026-11-24T10:00'));
    for (const [moved, first] of [[later('15:00'), at('2026-12-01T15:00')], [later('09:00', 2), at('2026-12-03T09:00')]] as const) {
      const seen = bind(pairs, [master(A, at('2026-11-24T10:00')), master(B, first)], [kept, ...moved]);
      expect(seen).toEqual({ bound: [[startText(at('2026-11-24T10:00')), startText(at('2026-11-24T10:00'))], ...moved.map(({ occurrence: key }, n) => [pairs[n + 1]?.occurrence?.originalStart, key.originalStart])], fresh: 0, lost: 0 });
    }
  });

  it('[R4.5] a series that only looks like it, made at another moment, is another one', () => {
    const other = weeks.slice(1).map((day) => occurrence(B, at(`${day}T15:00`)));
    const seen = bind(pairs, [master(A, at('2026-11-24T10:00')), master(B, at('2026-12-01T15:00'), { created: '2026-05-05T00:00:00.000Z' })], [occurrence(A, at('2026-11-24T10:00')), ...other]);
    expect(seen).toMatchObject({ fresh: 2, lost: 2 });
  });

  it('[R4.6] what was called deleted is bound by its own start only', () => {
    const gone = pairs.map((pair): Pair => ({ ...pair, google: { ...pair.google, state: 'tombstone' } }));
    const moved = weeks.map((day) => occurrence(A, at(`${day}T11:00`)));
    expect(bind(gone, [master(A, at('2026-11-24T11:00'), { before: at('2026-11-24T10:00') })], moved)).toEqual({ bound: [], fresh: 3, lost: 0 });
    expect(bind(pairs, [master(A, at('2026-11-24T11:00'), { before: at('2026-11-24T10:00') })], moved)).toMatchObject({ fresh: 0, lost: 0 });
  });
});
