import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createGoogleEvents } from './google-events.js';
import { openEmulator, type Emulator, type Person } from './testing/google-emulator.js';

let emulator: Emulator;
let person: Person;
beforeAll(async () => {
  emulator = await openEmulator();
});
afterAll(() => emulator.stop());
beforeEach(async () => {
  person = await emulator.aPerson();
});

const zone = 'Europe/Amsterdam';
const timed = (start: string, end: string) => ({ start: { dateTime: `${start}:00`, timeZone: zone }, end: { dateTime: `${end}:00`, timeZone: zone } });
const allDay = (first: string, end: string) => ({ start: { date: first }, end: { date: end } });
const make = (summary: string, body: object) => person.api<{ id: string }>('POST', person.events, { summary, ...body });
const list = (fromOn: string, untilOn: string) => createGoogleEvents(person.options).listDays(person.calendar, { fromOn, untilOn, zone });
const subjects = async (fromOn: string, untilOn: string) => (await list(fromOn, untilOn)).records.map(({ fields }) => fields.subject);

describe('what overlaps some days', () => {
  it.each<[string, object]>([
    ['lies in them', timed('2027-02-23T10:00', '2027-02-23T11:00')],
    ['straddles the first midnight', timed('2027-02-22T23:00', '2027-02-23T01:00')],
    ['straddles the last one', timed('2027-02-24T23:30', '2027-02-25T00:30')],
    ['takes no time at the first one', timed('2027-02-23T00:00', '2027-02-23T00:00')],
    ['lasts the first day', allDay('2027-02-23', '2027-02-24')],
    ['lasts the last day', allDay('2027-02-24', '2027-02-25')],
    ['lasts from long ago until long after', allDay('2026-01-01', '2028-01-01')],
  ])('is listed: %s', async (_where, body) => {
    await make('Erin', body);
    await make('Lang ervoor', timed('2027-02-21T10:00', '2027-02-21T11:00'));
    await make('Lang erna', timed('2027-02-26T10:00', '2027-02-26T11:00'));
    expect(await subjects('2027-02-23', '2027-02-24')).toEqual(['Erin']);
  });

  it.each([
    ['the short night', '2027-03-28', '2027-03-28T00:00', '2027-03-28T23:59'],
    ['the long night', '2026-10-25', '2026-10-25T00:00', '2026-10-25T23:59'],
  ])('is listed on the day of %s, up to its last minute', async (_night, day, first, last) => {
    await make('Eerst', timed(first, first));
    await make('Laatst', timed(last, last));
    expect(new Set(await subjects(day, day))).toEqual(new Set(['Eerst', 'Laatst']));
  });

  it('leaves out what was deleted', async () => {
    const { id } = await make('Weg', timed('2027-02-23T10:00', '2027-02-23T11:00'));
    await make('Er nog', timed('2027-02-23T10:00', '2027-02-23T11:00'));
    await person.api('DELETE', `${person.events}/${id}`);
    expect(await subjects('2027-02-23', '2027-02-24')).toEqual(['Er nog']);
  });

  it('carries everything, private content too, as a single read does', async () => {
    const { id } = await make('Geheim', { ...timed('2027-02-23T10:00', '2027-02-23T11:00'), visibility: 'private', description: 'Notitie', extendedProperties: { private: { inventiveEvent: 'x.0' } } });
    const { records: [record] } = await list('2027-02-23', '2027-02-23');
    expect(record).toMatchObject({ id, reduced: false, ownedByUser: true, fields: { subject: 'Geheim', description: 'Notitie' }, marks: { inventiveEvent: 'x.0' } });
    expect(await createGoogleEvents(person.options).get(person.calendar, record!.id)).toEqual({ kind: 'found', record });
  });

  it('comes from a calendar that is there, or the account is told', async () => {
    await person.fault('calendar.events.list', { error: { status: 404, reason: 'notFound' } });
    await expect(list('2027-02-23', '2027-02-23')).rejects.toMatchObject({ kind: 'calendar' });
  });

  it('writes nothing', async () => {
    await list('2027-02-23', '2027-02-23');
    expect(await emulator.callsOf(person.email)).toEqual([expect.objectContaining({ method: 'calendar.events.list', status: 200 })]);
  });
});
