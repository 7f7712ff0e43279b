import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { asGoogleEventId, type GoogleFields } from '@calsync/calendar-model';
import type { GoogleEvents } from '@calsync/sync-engine';
import { createGoogleEvents } from './google-events.js';
import { openEmulator, type Emulator, type Person } from './testing/google-emulator.js';

let emulator: Emulator;
let person: Person;
let google: GoogleEvents;
beforeAll(async () => {
  emulator = await openEmulator();
});
afterAll(() => emulator.stop());
beforeEach(async () => {
  person = await emulator.aPerson();
  google = createGoogleEvents(person.options);
});

const LABEL = '5f0c2a3e-0000-4000-8000-000000000001';
const when = { kind: 'timed', start: '2026-12-01T14:00:00', end: '2026-12-01T15:00:00', zone: 'Europe/Amsterdam' } as const;
const link = { title: 'Inventive', url: 'https://inventive.example.com/afspraak/1' };
const marks = { inventiveInstallation: 'i', inventiveAdministration: 'a', inventiveAppointment: 'p', inventiveEvent: 'e.0' };
let made = 0;
const newId = () => asGoogleEventId(`decor${(made += 1).toString(16).padStart(6, '0')}`);
const raw = (id: string) => person.api<Record<string, unknown>>('GET', `${person.events}/${id}`);
const labels = () => person.api('PATCH', `calendars/${encodeURIComponent(person.email)}`, { labelProperties: { eventLabels: [{ id: LABEL, name: 'Klant', backgroundColor: '#ff0000' }] } });
async function written(outcome: Promise<{ kind: string }>) {
  const found = await outcome;
  if (!('record' in found)) throw new Error(`not written: ${JSON.stringify(found)}`);
  return found.record as Extract<Awaited<ReturnType<GoogleEvents['patch']>>, { kind: 'written' }>['record'];
}
const byHand = async (body: object) => {
  const { id } = await person.api<{ id: string }>('POST', person.events, { summary: 'Van de persoon', start: { dateTime: '2026-12-01T14:00:00+01:00' }, end: { dateTime: '2026-12-01T15:00:00+01:00' }, ...body });
  const found = await google.get(person.calendar, asGoogleEventId(id));
  if (found.kind !== 'found') throw new Error(found.kind);
  return found.record;
};

describe('link and colour', () => {
  it('stand on a new event and are read back', async () => {
    const id = newId();
    const record = await written(google.insert(person.calendar, id, { when, subject: 'x' }, marks, { link, colour: { kind: 'colour', id: '5' } }));
    expect(record).toMatchObject({ link, colour: { kind: 'colour', id: '5' }, creatorEmail: person.email, organizerEmail: person.email });
    expect(await raw(id)).toMatchObject({ source: link, colorId: '5' });
  });
  it('go from colour to label, to another write, to colour again', async () => {
    await labels();
    const first = await written(google.insert(person.calendar, newId(), { when }, marks, { colour: { kind: 'colour', id: '5' } }));
    const labelled = await written(google.patch(person.calendar, first, { fields: {}, decor: { colour: { kind: 'label', id: LABEL } } }));
    expect(labelled.colour).toEqual({ kind: 'label', id: LABEL });
    const renamed = await written(google.patch(person.calendar, labelled, { fields: { subject: 'Nieuw' } }));
    expect(renamed.colour).toEqual({ kind: 'label', id: LABEL });
    const coloured = await written(google.patch(person.calendar, renamed, { fields: { location: 'Zaal 1' }, decor: { colour: { kind: 'colour', id: '7' } } }));
    expect(coloured).toMatchObject({ colour: { kind: 'colour', id: '7' }, fields: { subject: 'Nieuw', location: 'Zaal 1' } });
    expect(await raw(first.id)).not.toHaveProperty('eventLabelId');
  });
  it('are taken away, colour and label, also the colour that the label hides, and nothing else with them', async () => {
    await labels();
    const none = { colour: { kind: 'none' } } as const;
    const first = await written(google.insert(person.calendar, newId(), { when, subject: 'Blijft' }, marks, { link, colour: { kind: 'colour', id: '5' } }));
    const plain = await written(google.patch(person.calendar, first, { fields: {}, decor: none }));
    expect(plain).not.toHaveProperty('colour');
    const coloured = await written(google.patch(person.calendar, plain, { fields: {}, decor: { colour: { kind: 'colour', id: '7' } } }));
    const labelled = await written(google.patch(person.calendar, coloured, { fields: {}, decor: { colour: { kind: 'label', id: LABEL } } }));
    const again = await written(google.patch(person.calendar, labelled, { fields: { location: 'Zaal 1' }, decor: none }));
    expect(again).toMatchObject({ fields: { subject: 'Blijft', location: 'Zaal 1' }, link });
    for (const key of ['colorId', 'eventLabelId']) expect(await raw(first.id)).not.toHaveProperty(key);
  });
  it('of a label that the calendar does not have never stop an appointment', async () => {
    const colour = { kind: 'label', id: 'bestaat-niet' } as const;
    const record = await written(google.insert(person.calendar, newId(), { when, subject: 'Toch' }, marks, { link, colour }));
    expect(record).toMatchObject({ fields: { subject: 'Toch' }, link });
    expect(record).not.toHaveProperty('colour');
    const renamed = await written(google.patch(person.calendar, record, { fields: { subject: 'Ook nu' }, decor: { colour } }));
    expect(renamed).toMatchObject({ fields: { subject: 'Ook nu' }, link });
    // With nothing else to write the event stays as it was, and its version with it.
    expect(await written(google.patch(person.calendar, renamed, { fields: {}, decor: { colour } }))).toEqual(renamed);
    expect(await google.get(person.calendar, record.id)).toEqual({ kind: 'found', record: renamed });
  });
});

describe('reminders', () => {
  it('go from the default ones to a list, to none and back, and move no version', async () => {
    const first = await written(google.insert(person.calendar, newId(), { when, reminders: { useDefault: true, overrides: [] } }, marks));
    for (const reminders of [
      { useDefault: false, overrides: [{ method: 'email', minutes: 60 }, { method: 'popup', minutes: 15 }] },
      { useDefault: false, overrides: [{ method: 'popup', minutes: 0 }] },
      { useDefault: false, overrides: [] },
      { useDefault: true, overrides: [] },
    ]) {
      expect(await written(google.patch(person.calendar, first, { fields: { reminders } }))).toMatchObject({ etag: first.etag, fields: { reminders } });
    }
  });
  it('beyond four weeks are refused, in words without content', async () => {
    const record = await written(google.insert(person.calendar, newId(), { when }, marks));
    expect(await google.patch(person.calendar, record, { fields: { reminders: { useDefault: false, overrides: [{ method: 'popup', minutes: 40_321 }] } } })).toMatchObject({ kind: 'refused' });
  });
});

describe('tentative, free and busy', () => {
  it.each<[NonNullable<GoogleFields['showAs']>[]]>([[['tentative', 'busy', 'tentative', 'free', 'tentative', 'free', 'busy']], [['busy', 'free', 'tentative', 'busy', 'free', 'busy']]])('%j, one after the other', async (values) => {
    let record = await written(google.insert(person.calendar, newId(), { when, showAs: values[0]! }, marks));
    for (const showAs of values) {
      record = await written(google.patch(person.calendar, record, { fields: { showAs } }));
      expect(record).toMatchObject({ fields: { showAs }, shape: 'single' });
      expect((await google.get(person.calendar, record.id)).kind).toBe('found');
    }
  });
});

describe('what Inventive does not know', () => {
  it('[R1.11] [lesson 1] [lesson 14] survives every write of ours: guests, permissions, attachments, colour, reminders, private and shared properties', async () => {
    const theirs = {
      attendees: [{ email: person.email, responseStatus: 'accepted' }, { email: 'klant@example.nl', comment: 'graag later' }, { email: 'zaal@resource.calendar.google.com', resource: true }],
      guestsCanModify: true, guestsCanInviteOthers: false, guestsCanSeeOtherGuests: false, colorId: '3', source: { title: 'Ander systeem', url: 'https://elders.example' },
      reminders: { useDefault: false, overrides: [{ method: 'email', minutes: 30 }] }, extendedProperties: { private: { hunne: '1' }, shared: { ons: '2' } }, visibility: 'private', transparency: 'transparent',
    };
    const record = await byHand(theirs);
    const attached = await person.api<Record<string, unknown>>('PATCH', `${person.events}/${record.id}?supportsAttachments=true`, { attachments: [{ fileUrl: 'https://drive.google.com/x', title: 'Offerte' }] });
    expect(attached['attachments']).toHaveLength(1);
    const found = await google.get(person.calendar, record.id);
    if (found.kind !== 'found') throw new Error(found.kind);
    const changed = await written(google.patch(person.calendar, found.record, { fields: { subject: 'Nieuw', location: 'Zaal 9', description: 'x', when: { ...when, end: '2026-12-01T16:00:00' } }, marks }));
    expect(changed.fields.subject).toBe('Nieuw');
    const after = await raw(record.id);
    for (const key of ['guestsCanModify', 'guestsCanInviteOthers', 'guestsCanSeeOtherGuests', 'colorId', 'source', 'reminders', 'visibility', 'transparency', 'attachments', 'attendees']) expect([key, after[key]]).toEqual([key, attached[key]]);
    expect(after['extendedProperties']).toEqual({ private: { hunne: '1', ...marks }, shared: { ons: '2' } });
  });
});

describe('a series', () => {
  const days = { fromOn: '2027-02-22', untilOn: '2027-02-26', zone: 'Europe/Amsterdam' };
  const weekdays = { start: { dateTime: '2027-02-01T09:00:00', timeZone: 'Europe/Amsterdam' }, end: { dateTime: '2027-02-01T09:15:00', timeZone: 'Europe/Amsterdam' }, recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR'] };
  it('is read with its occurrences of some days: the moved one as it stands, the cancelled one not', async () => {
    const { id } = await person.api<{ id: string }>('POST', person.events, { summary: 'Stand-up', ...weekdays });
    await person.api('PATCH', `${person.events}/${id}_20270223T080000Z`, { summary: 'Later', start: { dateTime: '2027-02-23T11:00:00', timeZone: 'Europe/Amsterdam' }, end: { dateTime: '2027-02-23T11:15:00', timeZone: 'Europe/Amsterdam' } });
    await person.api('DELETE', `${person.events}/${id}_20270224T080000Z`);
    const series = await google.readSeries(person.calendar, asGoogleEventId(id), days);
    if (series.kind !== 'found') throw new Error(series.kind);
    const within = series.records.filter(({ occurrence }) => occurrence!.originalStart >= '2027-02-22' && occurrence!.originalStart < '2027-02-27');
    expect(within.map(({ fields, occurrence, shape }) => [shape, occurrence, fields.subject, fields.when])).toEqual([
      ['2027-02-22', 'Stand-up', '09:00'], ['2027-02-23', 'Later', '11:00'], ['2027-02-25', 'Stand-up', '09:00'], ['2027-02-26', 'Stand-up', '09:00'],
    ].map(([day, subject, from]) => ['occurrence', { seriesId: id, masterId: id, originalStart: `${day}T08:00:00Z` }, subject, { kind: 'timed', start: `${day}T${from}:00`, end: `${day}T${from!.slice(0, 3)}15:00`, zone: 'Europe/Amsterdam' }]));
    expect(series.master).toMatchObject({ shape: 'master', recurrence: weekdays.recurrence });
    const listed = await google.listDays(person.calendar, days);
    expect(listed.records.map(({ id: one }) => one).toSorted()).toEqual(series.records.map(({ id: one }) => one).toSorted());
  });
  it('that somebody changes while it is read is read anew', async () => {
    const { id } = await person.api<{ id: string }>('POST', person.events, { summary: 'Oud', ...weekdays });
    const seen = async (method: string) => (await emulator.callsOf(person.email)).find((call) => call.method === method && call.status === 200)?.count ?? 0;
    const before = await seen('calendar.events.instances');
    await person.fault('calendar.events.instances', { latencyMs: 1_500 });
    const reading = google.readSeries(person.calendar, asGoogleEventId(id), days);
    // The master is read, its occurrences are on their way.
    await vi.waitUntil(async () => (await seen('calendar.events.get')) > 0, { interval: 10, timeout: 5_000 });
    await person.api('PATCH', `${person.events}/${id}`, { summary: 'Nieuw' });
    expect(await reading).toMatchObject({ kind: 'found', master: { fields: { subject: 'Nieuw' } } });
    expect((await seen('calendar.events.instances')) - before).toBe(2);
  });
  it('that was deleted, that never was, and that is none are told apart', async () => {
    const { id } = await person.api<{ id: string }>('POST', person.events, { summary: 'Stand-up', ...weekdays });
    await person.api('DELETE', `${person.events}/${id}`);
    expect(await google.readSeries(person.calendar, asGoogleEventId(id), days)).toEqual({ kind: 'cancelled' });
    expect(await google.readSeries(person.calendar, newId(), days)).toEqual({ kind: 'absent' });
    expect(await google.readSeries(person.calendar, (await byHand({})).id, days)).toMatchObject({ kind: 'not-a-series' });
  });
});
