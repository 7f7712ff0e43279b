import { describe, expect, it } from 'vitest';
import { asGoogleEventId, type GoogleEventRecord } from '@calsync/calendar-model';
import { ACCOUNT, WHEN } from '../testing/records.js';
import { ModelGoogle } from './model-google.js';

const calendar = { accountId: ACCOUNT.id, calendarId: ACCOUNT.calendarId };
const id = asGoogleEventId;
const told = ({ id: which, status, shape, updated }: GoogleEventRecord) => `${which} ${shape} ${status}${updated === undefined ? ' bare' : ''}`;
const days = (google: ModelGoogle) => google.series.occurrences().map((one) => `${one.id} ${one.fields.when?.kind === 'timed' ? one.fields.when.start.slice(5, 16) : ''} ${one.fields.subject}`);

function aSeries(): ModelGoogle {
  const google = new ModelGoogle(() => 1_795_500_000_000, () => 'works');
  google.series.create(id('s1'), { subject: 'Stand-up', when: WHEN }, { every: 'day', interval: 1, count: 4 });
  return google;
}
const FIRST = 's1_20261124T090000Z';
const THIRD = 's1_20261126T090000Z';

describe('the model of recurring events', () => {
  it('gives ids by original start, and reads an occurrence that nobody touched', async () => {
    const google = aSeries();
    expect(days(google)).toEqual([`${FIRST} 11-24T10:00 Stand-up`, 's1_20261125T090000Z 11-25T10:00 Stand-up', `${THIRD} 11-26T10:00 Stand-up`, 's1_20261127T090000Z 11-27T10:00 Stand-up']);
    expect(await google.get(calendar, id(THIRD))).toMatchObject({ kind: 'found', record: { shape: 'occurrence', occurrence: { seriesId: 's1', originalStart: '2026-11-26T09:00:00Z', masterId: 's1' } } });
    expect(await google.get(calendar, id('s1_20270101T090000Z'))).toEqual({ kind: 'absent' });
  });

  it('is one version: a change of one occurrence makes the etag of another stale', async () => {
    const google = aSeries();
    const before = google.series.find(id(FIRST))!;
    google.series.editOccurrence(id(THIRD), { subject: 'Anders' });
    expect(google.news.slice(1).map(told)).toEqual([`${THIRD} occurrence confirmed`, 's1 master confirmed']);
    expect(await google.patch(calendar, before, { fields: { subject: 'Nieuw' } })).toEqual({ kind: 'stale' });
    expect(await google.patch(calendar, google.series.find(id(FIRST))!, { fields: { subject: 'Nieuw' } })).toMatchObject({ kind: 'written' });
    expect(google.writes).toBe(1);
  });

  it('cancels one, told bare, and gives it back', async () => {
    const google = aSeries();
    google.series.cancelOccurrence(id(THIRD));
    expect(google.news.slice(1).map(told)).toEqual(['s1 master confirmed', `${THIRD} occurrence cancelled bare`]);
    expect(days(google)).toHaveLength(3);
    expect((await google.get(calendar, id(THIRD))).kind).toBe('cancelled');
    google.series.restoreOccurrence(id(THIRD));
    expect(days(google)).toHaveLength(4);
  });

  it('splits at the same time into a half whose occurrences keep their ids, exceptions included', () => {
    const google = aSeries();
    google.series.editOccurrence(id('s1_20261127T090000Z'), { subject: 'Laatste' });
    expect(google.series.following(id(THIRD), { fields: { location: 'Elders' } })).toBe('s1_R20261126T090000');
    expect(google.series.masters()).toEqual(['s1', 's1_R20261126T090000']);
    expect(days(google).map((text) => text.split(' ')[0])).toEqual([FIRST, 's1_20261125T090000Z', THIRD, 's1_20261127T090000Z']);
    expect(google.series.find(id('s1_20261127T090000Z'))).toMatchObject({ fields: { subject: 'Laatste' }, occurrence: { seriesId: 's1', masterId: 's1_R20261126T090000' } });
  });

  it('splits at another time into a wholly new series; what the old one lost is told once, bare', () => {
    const google = aSeries();
    google.series.editOccurrence(id('s1_20261127T090000Z'), { subject: 'Laatste' });
    const from = google.news.length;
    const later = google.series.following(id(THIRD), { shiftMinutes: 60 })!;
    expect(google.news.slice(from).map(told)).toEqual([`${later} master confirmed`, 's1 master confirmed', 's1_20261127T090000Z occurrence cancelled bare']);
    expect(days(google).map((text) => text.split(' ')[1])).toEqual(['11-24T10:00', '11-25T10:00', '11-26T11:00', '11-27T11:00']);
  });

  it('moves as a whole, exceptions with it, under new ids', () => {
    const google = aSeries();
    google.series.editOccurrence(id(THIRD), { subject: 'Anders' });
    google.series.editAll(id('s1'), { location: 'Zaal 2' }, 30);
    expect(days(google)[2]).toBe('s1_20261126T093000Z 11-26T10:30 Anders');
    expect(google.series.find(id('s1_20261126T093000Z'))?.fields.location).toBe('Zaal 2');
  });

  it('turns into a single event and back', async () => {
    const google = aSeries();
    google.series.toSingle(id('s1'));
    expect(google.living().map(told)).toEqual(['s1 single confirmed']);
    google.toSeries(id('s1'), { every: 'week', interval: 1, count: 2 });
    expect(google.living()).toEqual([]);
    expect(days(google)).toHaveLength(2);
    expect((await google.readSeries(calendar, id('s1'), { fromOn: '2026-11-20', untilOn: '2026-11-26', zone: 'Europe/Amsterdam' }))).toMatchObject({ kind: 'found', records: [{ id: FIRST }] });
  });

  it('is told to be deleted by its master alone, bare', async () => {
    const google = aSeries();
    google.series.cancelOccurrence(id(THIRD));
    const from = google.news.length;
    google.series.removeAll(id('s1'));
    expect(google.news.slice(from).map(told)).toEqual(['s1 single cancelled bare']);
    expect((await google.get(calendar, id(FIRST))).kind).toBe('cancelled');
    expect(await google.patch(calendar, google.series.find(id(FIRST))!, { fields: {}, revive: true })).toMatchObject({ kind: 'refused' });
  });
});
