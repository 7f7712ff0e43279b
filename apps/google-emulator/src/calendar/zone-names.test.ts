import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEmulator, type Loose, type TestAnswer, type TestCaller, type TestEmulator } from '../testing/test-emulator.js';

let emulator: TestEmulator;
let jansen: TestCaller;

beforeAll(async () => {
  emulator = await startTestEmulator();
  jansen = await emulator.as('jansen@example.com');
});
afterAll(() => emulator.stop());

const events = 'calendars/primary/events';
let count = 0;
/** What Google's page reads from an .ics file of another maker. */
const imported = async (event: object, zoneRules?: string): Promise<TestAnswer> =>
  emulator.control('ui/import', { email: jansen.email, event: { iCalUID: `elders-${(count += 1)}@outlook.example`, summary: 'Van elders', ...event }, ...(zoneRules === undefined ? {} : { zoneRules }) });
const times = (timeZone?: string): Loose => ({ start: { dateTime: '2026-12-01T10:00:00+01:00', ...(timeZone === undefined ? {} : { timeZone }) }, end: { dateTime: '2026-12-01T11:00:00+01:00', ...(timeZone === undefined ? {} : { timeZone }) } });
const patch = (id: string, body: object): Promise<TestAnswer> => jansen.call('PATCH', `${events}/${id}`, { body });
const reasonOf = ({ status, body }: TestAnswer): unknown[] => [status, body['error']?.errors[0].message];

describe('the name of a zone that an imported event came with', () => {
  it.each(['W. Europe Standard Time', 'Customized Time Zone', 'GMT-07:00', 'Etc/GMT+3', undefined])('is given out as it is: %s', async (name) => {
    const event = (await imported(times(name))).body;
    expect([event['start'], event['end']]).toEqual([times(name)['start'], times(name)['end']]);
    expect((await jansen.call('GET', `${events}/${event['id']}`)).body['start']).toEqual(event['start']);
    const listed = (await jansen.call('GET', events)).body['items'] as Loose[];
    expect(listed.find(({ id }) => id === event['id'])?.['start']).toEqual(event['start']);
    expect((await jansen.call('GET', `${events}/${event['id']}`, { query: { timeZone: 'Asia/Tokyo' } })).body['start']).toEqual({ ...event['start'], dateTime: '2026-12-01T18:00:00+09:00' });
  });

  it('is taken by no method of the API', async () => {
    const refused = [400, 'Invalid time zone definition for start time.'];
    expect(reasonOf(await jansen.call('POST', events, { body: times('W. Europe Standard Time') }))).toEqual(refused);
    expect(reasonOf(await jansen.call('POST', `${events}/import`, { body: { ...times('W. Europe Standard Time'), iCalUID: 'api@outlook.example' } }))).toEqual(refused);
    const event = (await imported(times('W. Europe Standard Time'))).body;
    expect(reasonOf(await patch(event['id'], { start: { dateTime: '2026-12-01T09:00:00+01:00', timeZone: 'W. Europe Standard Time' } }))).toEqual(refused);
    expect(reasonOf(await jansen.call('PUT', `${events}/${event['id']}`, { body: event }))).toEqual(refused);
  });

  it('stays when a patch doesn’t name another', async () => {
    const event = (await imported(times('W. Europe Standard Time'))).body;
    expect((await patch(event['id'], { summary: 'Anders' })).body).toMatchObject({ sequence: event['sequence'], start: event['start'], summary: 'Anders' });
    const moved = (await patch(event['id'], { start: { dateTime: '2026-12-01T13:00:00+01:00' }, end: { dateTime: '2026-12-01T14:00:00+01:00' } })).body;
    expect(moved['start']).toEqual({ dateTime: '2026-12-01T13:00:00+01:00', timeZone: 'W. Europe Standard Time' });
    const named = (await patch(event['id'], { start: { dateTime: '2026-12-01T13:00:00', timeZone: 'Europe/London' }, end: { dateTime: '2026-12-01T14:00:00', timeZone: 'Europe/London' } })).body;
    expect(named['start']).toEqual({ dateTime: '2026-12-01T14:00:00+01:00', timeZone: 'Europe/London' });
    const bare = (await imported(times())).body;
    expect((await patch(bare['id'], { start: { dateTime: '2026-12-01T13:00:00+01:00' }, end: { dateTime: '2026-12-01T14:00:00+01:00' } })).body['start']).toEqual({ dateTime: '2026-12-01T13:00:00+01:00' });
  });

  it('belongs to every occurrence of a series, whose wall time follows the rules given', async () => {
    const series = (await imported({ start: { dateTime: '2027-03-26T10:00:00', timeZone: 'Eastern Standard Time' }, end: { dateTime: '2027-03-26T11:00:00', timeZone: 'Eastern Standard Time' }, recurrence: ['RRULE:FREQ=DAILY;COUNT=3'] }, 'America/New_York')).body;
    const instances = (await jansen.call('GET', `${events}/${series['id']}/instances`)).body['items'] as Loose[];
    expect(instances.map(({ start, end, originalStartTime }) => [start.dateTime, start.timeZone, end.timeZone, originalStartTime.timeZone])).toEqual(
      ['2027-03-26T15:00:00+01:00', '2027-03-27T15:00:00+01:00', '2027-03-28T16:00:00+02:00'].map((at) => [at, 'Eastern Standard Time', 'Eastern Standard Time', 'Eastern Standard Time']),
    );
    const second = (await patch(instances[1]?.['id'], { location: 'Zaal' })).body;
    expect([second['start'], second['sequence']]).toEqual([instances[1]?.['start'], series['sequence']]);
  });
});

describe('a locked copy', () => {
  it('refuses a change of its main fields, one by one, and takes the others', async () => {
    const { id, locked } = (await imported({ ...times('Etc/UTC'), locked: true })).body;
    expect(locked).toBe(true);
    for (const change of [{ summary: 'x' }, { description: 'x' }, { location: 'x' }, { end: { dateTime: '2026-12-01T12:00:00+01:00' } }, { recurrence: ['RRULE:FREQ=DAILY;COUNT=2'] }]) expect((await patch(id, change)).status).toBe(403);
    expect((await patch(id, { colorId: '3', extendedProperties: { private: { merk: '1' } } })).body).toMatchObject({ colorId: '3', locked: true, summary: 'Van elders' });
    // Who makes an event by the API can't lock it.
    expect(await jansen.insert({ ...times('Etc/UTC'), locked: true })).not.toHaveProperty('locked');
  });
});
