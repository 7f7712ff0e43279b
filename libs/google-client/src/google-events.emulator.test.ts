import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { asGoogleEventId, deriveGoogleEventId, derivePairId, asAccountId, asInventiveId, type GoogleFields } from '@calsync/calendar-model';
import { Failure, type GoogleEvents } from '@calsync/sync-engine';
import { openEmulator, type Emulator, type Person } from './testing/google-emulator.js';
import { createGoogleEvents } from './google-events.js';

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

let ids = 0;
const newId = () => deriveGoogleEventId(derivePairId(asAccountId(person.email), { side: 'inventive', appointmentId: asInventiveId(String((ids += 1)).padStart(32, '0')) }), 0);
const marksFor = (id: string) => ({ inventiveInstallation: 'i', inventiveAdministration: 'a', inventiveAppointment: 'p', inventiveEvent: `${id}.0` });
const timed = { kind: 'timed', start: '2026-12-01T14:00:00', end: '2026-12-01T15:00:00', zone: 'Europe/Amsterdam' } as const;
const days = { kind: 'all-day', firstOn: '2026-12-24', lastOn: '2026-12-26' } as const;
const full: GoogleFields = { subject: 'Overleg ☕', when: timed, location: 'Zaal 2', description: 'Notitie\nmet <b>regels</b> & tekens', showAs: 'free', privacy: 'private' };

async function anInserted(fields: GoogleFields = full) {
  const id = newId();
  const outcome = await google.insert(person.calendar, id, fields, marksFor(id));
  if (outcome.kind !== 'written') throw new Error(outcome.kind);
  return outcome.record;
}

describe('an event made by us', () => {
  it('stands as it was meant, and reads the same', async () => {
    const record = await anInserted();
    expect(record).toMatchObject({ status: 'confirmed', shape: 'single', ownedByUser: true, eventType: 'default', fields: full, marks: marksFor(record.id), reduced: false });
    expect(await google.get(person.calendar, record.id)).toEqual({ kind: 'found', record });
  });
  it('can be all-day', async () => {
    expect((await anInserted({ ...full, when: days })).fields.when).toEqual(days);
  });
  it('exists when it is made a second time, also after it was deleted', async () => {
    const record = await anInserted();
    expect(await google.insert(person.calendar, record.id, full, marksFor(record.id))).toEqual({ kind: 'exists' });
    expect(await google.delete(person.calendar, record.id, record.etag)).toEqual({ kind: 'gone' });
    expect(await google.insert(person.calendar, record.id, full, marksFor(record.id))).toEqual({ kind: 'exists' });
  });
  it('exists after a create whose answer got lost', async () => {
    await person.fault('calendar.events.insert', { applyThenDrop: true });
    const id = newId();
    expect(await google.insert(person.calendar, id, full, marksFor(id))).toEqual({ kind: 'exists' });
    expect(await google.get(person.calendar, id)).toMatchObject({ kind: 'found', record: { fields: full } });
  });
  it('is refused with an id that Google does not take', async () => {
    expect(await google.insert(person.calendar, asGoogleEventId('Hoofdletters'), full, marksFor('x'))).toMatchObject({ kind: 'refused' });
  });
});

describe('a change', () => {
  it('names only what changes: guests, colour and video link of the person stay', async () => {
    const raw = await person.api<{ id: string }>('POST', person.events, {
      summary: 'Kennismaking', start: { dateTime: '2026-12-01T14:00:00+01:00' }, end: { dateTime: '2026-12-01T15:00:00+01:00' }, colorId: '5', extendedProperties: { private: { hunne: '1' }, shared: { ons: '2' } },
    });
    const found = await google.get(person.calendar, asGoogleEventId(raw.id));
    if (found.kind !== 'found') throw new Error(found.kind);
    expect(await google.patch(person.calendar, found.record, { fields: { location: 'Kantine' }, marks: marksFor(raw.id) })).toMatchObject({ kind: 'written', record: { fields: { location: 'Kantine', subject: 'Kennismaking' } } });
    expect(await person.api('GET', `${person.events}/${raw.id}`)).toMatchObject({ colorId: '5', extendedProperties: { private: { hunne: '1', inventiveEvent: `${raw.id}.0` }, shared: { ons: '2' } } });
  });
  it('empties a text', async () => {
    const record = await anInserted();
    expect(await google.patch(person.calendar, record, { fields: { location: '', description: '' } })).toMatchObject({ kind: 'written', record: { fields: { ...full, location: '', description: '' } } });
  });
  it('goes from times to days and back', async () => {
    const record = await anInserted();
    const allDay = await google.patch(person.calendar, record, { fields: { when: days } });
    expect(allDay).toMatchObject({ kind: 'written', record: { fields: { when: days } } });
    if (allDay.kind !== 'written') return;
    expect(await google.patch(person.calendar, allDay.record, { fields: { when: timed } })).toMatchObject({ kind: 'written', record: { fields: { when: timed } } });
  });
  it("is written in the event's own zone", async () => {
    const raw = await person.api<{ id: string }>('POST', person.events, { summary: 'Call', start: { dateTime: '2026-12-01T09:00:00-06:00', timeZone: 'America/Chicago' }, end: { dateTime: '2026-12-01T10:00:00-06:00', timeZone: 'America/Chicago' } });
    const found = await google.get(person.calendar, asGoogleEventId(raw.id));
    if (found.kind !== 'found') throw new Error(found.kind);
    expect(found.record).toMatchObject({ zone: 'America/Chicago', fields: { when: { start: '2026-12-01T09:00:00' } } });
    const moved = await google.patch(person.calendar, found.record, { fields: { when: { kind: 'timed', start: '2026-12-01T17:00:00', end: '2026-12-01T18:00:00', zone: 'Europe/Amsterdam' } } });
    expect(moved).toMatchObject({ kind: 'written', record: { zone: 'America/Chicago', fields: { when: { start: '2026-12-01T10:00:00', zone: 'America/Chicago' } } } });
  });
  it('is stale when somebody was faster, and then changes nothing', async () => {
    const record = await anInserted();
    await person.api('PATCH', `${person.events}/${record.id}`, { summary: 'Van de persoon' });
    expect(await google.patch(person.calendar, record, { fields: { subject: 'Van ons' } })).toEqual({ kind: 'stale' });
    expect(await google.delete(person.calendar, record.id, record.etag)).toEqual({ kind: 'stale' });
    expect(await google.get(person.calendar, record.id)).toMatchObject({ kind: 'found', record: { fields: { subject: 'Van de persoon' } } });
  });
  it('is stale after a change of ours whose answer got lost: the caller reads and finds its own work', async () => {
    const record = await anInserted();
    await person.fault('calendar.events.patch', { applyThenDrop: true });
    expect(await google.patch(person.calendar, record, { fields: { subject: 'Nieuw' } })).toEqual({ kind: 'stale' });
    expect(await google.get(person.calendar, record.id)).toMatchObject({ record: { fields: { subject: 'Nieuw' } } });
  });
  it('is gone where there is no such event', async () => {
    const record = await anInserted();
    expect(await google.patch(person.calendar, { ...record, id: newId() }, { fields: { subject: 'x' } })).toEqual({ kind: 'gone' });
  });
});

describe('a deletion', () => {
  it('is told as cancelled, can be repeated, and be taken back', async () => {
    const record = await anInserted();
    expect(await google.delete(person.calendar, record.id, record.etag)).toEqual({ kind: 'gone' });
    expect(await google.delete(person.calendar, record.id, record.etag)).toEqual({ kind: 'gone' });
    const after = await google.get(person.calendar, record.id);
    expect(after).toMatchObject({ kind: 'cancelled', record: { id: record.id, status: 'cancelled' } });
    if (after.kind !== 'cancelled') return;
    expect(await google.patch(person.calendar, after.record, { fields: full, marks: marksFor(record.id), revive: true })).toMatchObject({ kind: 'written', record: { status: 'confirmed', fields: full } });
  });
  it('whose answer got lost is done', async () => {
    const record = await anInserted();
    await person.fault('calendar.events.delete', { applyThenDrop: true });
    expect(await google.delete(person.calendar, record.id, record.etag)).toEqual({ kind: 'gone' });
  });
  it('of something that never was proves nothing on a read', async () => {
    expect(await google.get(person.calendar, newId())).toEqual({ kind: 'absent' });
  });
});

describe('trouble', () => {
  it('of a moment is waited out', async () => {
    const record = await anInserted();
    await person.fault('calendar.events.get', { error: { status: 503, reason: 'backendError' } }, 2);
    expect(await google.get(person.calendar, record.id)).toMatchObject({ kind: 'found' });
  });
  it('that lasts is a transient failure after three tries', async () => {
    const record = await anInserted();
    await person.fault('calendar.events.get', { error: { status: 500, reason: 'backendError' } }, 3);
    await expect(google.get(person.calendar, record.id)).rejects.toMatchObject({ name: 'Failure', kind: 'transient' });
    expect((await emulator.callsOf(person.email)).find(({ method, status }) => method === 'calendar.events.get' && status === 500)?.count).toBe(3);
  });
  it('with the quota is told at once: the account waits, not the slot', async () => {
    await person.fault('calendar.events.get', { error: { status: 403, reason: 'userRateLimitExceeded' } });
    await expect(google.get(person.calendar, newId())).rejects.toMatchObject({ kind: 'quota' });
    expect(await google.get(person.calendar, newId())).toEqual({ kind: 'absent' });
  });
  it('with a token is repaired once by another', async () => {
    const record = await anInserted();
    person.spoilToken();
    expect(await google.get(person.calendar, record.id)).toMatchObject({ kind: 'found' });
    expect(person.asked).toMatchObject({ discarded: 1 });
  });
  it('with every token is a matter of consent', async () => {
    await person.fault('calendar.events.get', { error: { status: 401, reason: 'authError' } }, 2);
    await expect(google.get(person.calendar, newId())).rejects.toMatchObject({ kind: 'authorization' });
  });
  it('never shows a token or a subject', async () => {
    await person.fault('calendar.events.insert', { error: { status: 500, reason: 'backendError' } }, 3);
    const id = newId();
    const failure = await google.insert(person.calendar, id, { ...full, subject: 'Geheim' }, marksFor(id)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Failure);
    expect(`${(failure as Error).stack} ${JSON.stringify(failure)}`).not.toMatch(/Geheim|Bearer|ya29/);
    expect((failure as Error).cause).toBeUndefined();
  });
});
