import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { anEvent, startTestEmulator, type Loose, type TestCaller, type TestEmulator } from '../testing/test-emulator.js';

let emulator: TestEmulator;
let bakker: TestCaller;
const events = 'calendars/primary/events';
const at = (dateTime: string): object => ({ dateTime, timeZone: 'America/Chicago' });
const split = 'dishes00_20250327T123000Z';

beforeAll(async () => {
  emulator = await startTestEmulator({ QUOTA_USER_PER_MINUTE: '1000000', QUOTA_PROJECT_PER_MINUTE: '1000000' });
});
beforeEach(async () => {
  await emulator.control('reset', {});
  bakker = await emulator.as('bakker@example.com');
  await bakker.insert(anEvent({ id: 'dishes00', start: at('2025-03-24T07:30:00'), end: at('2025-03-24T08:15:00'), recurrence: ['RRULE:FREQ=DAILY;COUNT=10'] }));
});
afterAll(() => emulator.stop());

const edit = (door: string, eventId: string, patch: object): Promise<Loose> => emulator.control(`ui/${door}`, { email: bakker.email, calendarId: 'primary', eventId, patch });
const items = async (query: Record<string, string> = {}): Promise<Loose[]> => (await bakker.call('GET', events, { query })).body['items'];
const token = async (): Promise<string> => (await bakker.call('GET', events)).body['nextSyncToken'];
const instances = async (id: string): Promise<Loose[]> => (await bakker.call('GET', `${events}/${id}/instances`)).body['items'];
const patch = (id: string, body: object): Promise<unknown> => bakker.call('PATCH', `${events}/${id}`, { body });

describe('this and following', () => {
  it('at the same time: the old master ends before that day, the new one has an _R id; one version', async () => {
    await patch('dishes00_20250329T123000Z', { summary: 'Anders' });
    const syncToken = await token();
    const { status, body } = await edit('this-and-following', split, { summary: '🧽' });
    expect([status, body['id'], body['iCalUID'], body['sequence'], body['recurrence']]).toEqual([200, 'dishes00_R20250327T123000', 'dishes00_R20250327T123000@google.com', 0, ['RRULE:FREQ=DAILY;COUNT=7']]);
    const delta = await items({ syncToken });
    expect(delta.map((event) => [event['id'], event['recurringEventId'], event['recurrence']?.[0]])).toEqual(
      expect.arrayContaining([['dishes00', undefined, 'RRULE:FREQ=DAILY;UNTIL=20250327T045959Z'], ['dishes00_R20250327T123000', undefined, 'RRULE:FREQ=DAILY;COUNT=7'], ['dishes00_20250329T123000Z', 'dishes00_R20250327T123000', undefined]]),
    );
    expect(delta).toHaveLength(3);
    for (const name of ['etag', 'updated', 'created']) expect(new Set(delta.map((event) => event[name])).size).toBe(1);
    expect(await instances('dishes00')).toHaveLength(3);
    expect((await instances('dishes00_R20250327T123000')).map((event) => event['summary'])).toEqual(['🧽', '🧽', 'Anders', '🧽', '🧽', '🧽', '🧽']);
    expect((await bakker.call('GET', `${events}/${split}`)).body).toMatchObject({ recurringEventId: 'dishes00_R20250327T123000', summary: '🧽' });
    const touched = (await bakker.call('PATCH', `${events}/${split}`, { body: { location: 'keuken' } })).body;
    expect((await items()).map((event) => event['etag'])).toEqual(Array(4).fill(touched['etag']));
  });

  it('at another time: wholly new id and iCalUID, joined only by created and version', async () => {
    await patch('dishes00_20250329T123000Z', { status: 'cancelled' });
    const syncToken = await token();
    const { body } = await edit('this-and-following', split, { start: at('2025-03-27T08:30:00'), end: at('2025-03-27T09:15:00') });
    expect(body['id']).toMatch(/^[a-v0-9]{26}$/);
    expect([body['iCalUID'], body['sequence']]).toEqual([`${body['id']}@google.com`, 1]);
    const delta = await items({ syncToken });
    expect(new Set(delta.map((event) => event['id']))).toEqual(new Set(['dishes00', 'dishes00_20250329T123000Z', body['id']]));
    expect(delta.find((event) => event['id'] === 'dishes00_20250329T123000Z')).toEqual({ kind: 'calendar#event', etag: body['etag'], id: 'dishes00_20250329T123000Z', status: 'cancelled' });
    expect(new Set(delta.map((event) => event['etag'])).size).toBe(1);
    expect(delta.find((event) => event['id'] === 'dishes00')).toMatchObject({ created: body['created'], updated: body['updated'] });
    expect((await instances(body['id'])).map((event) => event['start'].dateTime)[6]).toBe('2025-04-02T15:30:00+02:00');
  });

  it('deleted: only the end is trimmed; at the first occurrence the whole series changes', async () => {
    await edit('this-and-following', split, { status: 'cancelled' });
    expect((await items()).map((event) => [event['id'], event['recurrence'][0]])).toEqual([['dishes00', 'RRULE:FREQ=DAILY;UNTIL=20250327T045959Z']]);
    expect((await edit('this-and-following', 'dishes00_20250324T123000Z', { summary: 'Alles' }))['body']).toMatchObject({ id: 'dishes00', summary: 'Alles' });
    expect(await items()).toHaveLength(1);
  });

  it('followed by the deletion of the later half tells the exceptions that it took over, by id alone', async () => {
    await patch('dishes00_20250329T123000Z', { summary: 'Anders' });
    const syncToken = await token();
    await edit('this-and-following', split, { summary: 'b' });
    await bakker.call('DELETE', `${events}/dishes00_R20250327T123000`);
    const delta = await items({ syncToken });
    expect(new Set(delta.map((event) => [event['id'], event['status'], event['recurringEventId']].join(' ')))).toEqual(new Set(['dishes00 confirmed ', 'dishes00_R20250327T123000 cancelled ', 'dishes00_20250329T123000Z cancelled ']));
    expect(await items()).toHaveLength(1);
    await patch('dishes00_R20250327T123000', { status: 'confirmed' });
    expect((await bakker.call('GET', `${events}/dishes00_20250329T123000Z`)).body).toMatchObject({ status: 'confirmed', summary: 'Anders' });
  });

  it('cuts days and dates as well', async () => {
    await bakker.insert(anEvent({ id: 'dagen0', start: { date: '2027-01-04' }, end: { date: '2027-01-05' }, recurrence: ['RRULE:FREQ=DAILY;UNTIL=20270110', 'EXDATE;VALUE=DATE:20270105,20270109'] }));
    const { body } = await edit('this-and-following', 'dagen0_20270107', { summary: 'b' });
    expect([body['id'], body['recurrence']]).toEqual(['dagen0_R20270107', ['RRULE:FREQ=DAILY;UNTIL=20270110', 'EXDATE;VALUE=DATE:20270109']]);
    expect((await instances('dagen0')).map((event) => event['start'].date)).toEqual(['2027-01-04', '2027-01-06']);
    expect((await instances('dagen0_R20270107')).map((event) => event['id'])).toEqual(['dagen0_20270107', 'dagen0_20270108', 'dagen0_20270110']);
  });
});

describe('all events', () => {
  it('rewrites later halves and exceptions too', async () => {
    await edit('this-and-following', split, { summary: 'b' });
    await patch('dishes00_20250325T123000Z', { summary: 'c', location: 'keuken' });
    await edit('all-events', split, { summary: 'Allemaal' });
    const all = await items();
    expect(all.map((event) => event['summary'])).toEqual(['Allemaal', 'Allemaal', 'Allemaal']);
    expect(all.find((event) => event['recurringEventId'] !== undefined)).toMatchObject({ location: 'keuken' });
    expect(new Set(all.map((event) => event['etag'])).size).toBe(1);
  });

  it('moves a whole series by an hour: exceptions go along under new ids', async () => {
    await patch('dishes00_20250325T123000Z', { summary: 'c' });
    await patch('dishes00_20250326T123000Z', { status: 'cancelled' });
    const syncToken = await token();
    const { body } = await edit('all-events', split, { start: at('2025-03-27T08:30:00'), end: at('2025-03-27T09:15:00') });
    expect([body['id'], body['sequence'], body['start'].dateTime]).toEqual(['dishes00', 1, '2025-03-24T14:30:00+01:00']);
    expect(new Set((await items({ syncToken })).map((event) => [event['id'], event['status'], event['recurringEventId']].join(' ')))).toEqual(new Set([
      'dishes00 confirmed ',
      'dishes00_20250325T123000Z cancelled ',
      'dishes00_20250325T133000Z confirmed dishes00',
      'dishes00_20250326T123000Z cancelled ',
      'dishes00_20250326T133000Z cancelled dishes00',
    ]));
    expect(await instances('dishes00')).toHaveLength(9);
  });

  it('is refused for an event that is no series', async () => {
    const single = await bakker.insert(anEvent());
    for (const door of ['all-events', 'this-and-following']) expect((await edit(door, single['id'], { summary: 'x' }))['status']).toBe(409);
  });
});
