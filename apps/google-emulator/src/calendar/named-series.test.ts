import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEvent, startTestEmulator, type Loose, type TestAnswer, type TestCaller, type TestEmulator } from '../testing/test-emulator.js';

let emulator: TestEmulator;
let jansen: TestCaller;

beforeAll(async () => {
  emulator = await startTestEmulator();
  jansen = await emulator.as('jansen@example.com');
});
afterAll(() => emulator.stop());

const events = 'calendars/primary/events';
const at = (time: string): Loose => ({ dateTime: time, timeZone: 'Europe/Amsterdam' });
const daily = { start: at('2026-12-01T10:00:00'), end: at('2026-12-01T11:00:00'), recurrence: ['RRULE:FREQ=DAILY;COUNT=3'] };
const later = { start: at('2026-12-02T15:00:00'), end: at('2026-12-02T16:00:00'), originalStartTime: at('2026-12-02T10:00:00') };
const bring = (body: object): Promise<TestAnswer> => jansen.call('POST', `${events}/import`, { body: { summary: 'Elders', ...body } });
const startsOf = async (id: string): Promise<string[]> => ((await jansen.call('GET', `${events}/${id}/instances`)).body['items'] as Loose[]).map(({ start }) => String(start.dateTime).slice(0, 16));
const errorOf = ({ status, body }: TestAnswer): unknown[] => [status, body['error']?.errors[0].reason];

describe('a new event that names its series', () => {
  it('is the exception there, under the id of that occurrence', async () => {
    const series = await jansen.insert(anEvent(daily));
    const made = await jansen.insert(anEvent({ ...later, recurringEventId: series['id'], summary: 'Later' }));
    expect(made).toMatchObject({ id: `${series['id']}_20261202T090000Z`, recurringEventId: series['id'], iCalUID: series['iCalUID'], originalStartTime: { dateTime: '2026-12-02T10:00:00+01:00' } });
    expect(await startsOf(series['id'])).toEqual(['2026-12-01T10:00', '2026-12-02T15:00', '2026-12-03T10:00']);
    expect(made['etag']).toBe((await jansen.call('GET', `${events}/${series['id']}`)).body['etag']);
    expect(errorOf(await jansen.call('POST', events, { body: anEvent({ ...later, recurringEventId: series['id'] }) }))).toEqual([409, 'duplicate']);
    expect(errorOf(await jansen.call('POST', events, { body: anEvent({ ...later, recurringEventId: series['id'], originalStartTime: at('2026-12-02T10:30:00') }) }))).toEqual([400, 'invalid']);
  });

  it('is refused to a guest, and to who would tie an event to it afterwards', async () => {
    const bakker = await emulator.as('bakker@example.com');
    const series = await jansen.insert(anEvent({ ...daily, attendees: [{ email: bakker.email }] }));
    expect(errorOf(await bakker.call('POST', events, { body: anEvent({ ...later, recurringEventId: series['id'] }) }))).toEqual([403, 'forbiddenForNonOrganizer']);
    const single = await jansen.insert(anEvent());
    expect(errorOf(await jansen.call('PATCH', `${events}/${single['id']}`, { body: { recurringEventId: series['id'] } }))).toEqual([400, 'invalid']);
  });
});

describe('an imported exception', () => {
  it('joins the series of its UID, moved or cancelled, and replaces what was imported before', async () => {
    const iCalUID = 'reeks@elders.nl';
    const series = (await bring({ ...daily, iCalUID })).body;
    const first = (await bring({ ...later, iCalUID })).body;
    expect(first).toMatchObject({ recurringEventId: series['id'], iCalUID, id: `${series['id']}_20261202T090000Z`, privateCopy: true });
    expect((await bring({ ...later, iCalUID, location: 'Zaal' })).body['location']).toBe('Zaal');
    expect((await bring({ ...later, iCalUID, originalStartTime: at('2026-12-03T10:00:00'), status: 'cancelled' })).status).toBe(200);
    expect(await startsOf(series['id'])).toEqual(['2026-12-01T10:00', '2026-12-02T15:00']);
    expect(errorOf(await bring({ ...later, iCalUID, recurringEventId: 'eenandere' }))).toEqual([400, 'invalid']);
    expect(errorOf(await bring({ ...later, iCalUID, recurrence: ['RRULE:FREQ=DAILY'] }))).toEqual([400, 'invalid']);
  });

  it('stands by itself until its series comes', async () => {
    const iCalUID = 'losse@elders.nl';
    const lone = (await bring({ ...later, iCalUID })).body;
    expect((await jansen.call('GET', `${events}/${lone['id']}`)).body).toMatchObject({ status: 'confirmed', start: { dateTime: '2026-12-02T15:00:00+01:00' } });
    const series = (await bring({ ...daily, iCalUID })).body;
    expect(lone['recurringEventId']).toBe(series['id']);
    expect(await startsOf(series['id'])).toEqual(['2026-12-01T10:00', '2026-12-02T15:00', '2026-12-03T10:00']);
    const single = (await jansen.call('GET', events, { query: { singleEvents: 'true', iCalUID } })).body['items'] as Loose[];
    expect(single.map(({ id }) => id)).toHaveLength(3);
  });
});
