import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEmulator, type Loose, type TestCaller, type TestEmulator } from '../testing/test-emulator.js';

let emulator: TestEmulator;
let jansen: TestCaller;

beforeAll(async () => {
  emulator = await startTestEmulator();
  jansen = await emulator.as('jansen@example.com');
});
afterAll(() => emulator.stop());

const events = 'calendars/primary/events';
const at = (time: string): Loose => ({ dateTime: time, timeZone: 'Europe/Amsterdam' });
const series = (...recurrence: string[]): Promise<Loose> => jansen.insert({ summary: 'Reeks', start: at('2027-03-01T10:00:00'), end: at('2027-03-01T11:00:00'), recurrence });
const times = async (id: string, query = {}): Promise<string[]> => ((await jansen.call('GET', `${events}/${id}/instances`, { query })).body['items'] as Loose[]).map(({ start, end }) => `${start.dateTime.slice(5, 16)}–${end.dateTime.slice(5, 16)}`);

describe('a period among the dates of a series', () => {
  it('begins and lasts as it says: by its end or a duration, in UTC, in a zone of its own or the series’', async () => {
    const { id } = await series('RDATE;VALUE=PERIOD:20270302T080000Z/20270302T113000Z,20270303T080000Z/PT15M', 'RDATE;VALUE=PERIOD;TZID=America/New_York:20270304T090000/P1DT1H', 'RDATE;VALUE=PERIOD:20270306T120000/P1W', 'RDATE:20270305T090000Z');
    expect(await times(id)).toEqual(['03-01T10:00–03-01T11:00', '03-02T09:00–03-02T12:30', '03-03T09:00–03-03T09:15', '03-04T15:00–03-05T16:00', '03-05T10:00–03-05T11:00', '03-06T12:00–03-13T12:00']);
    // A list looks at the end of each: the week-long one is still there after six days.
    const listed = (await jansen.call('GET', events, { query: { singleEvents: 'true', timeMin: '2027-03-12T00:00:00Z', timeMax: '2027-03-14T00:00:00Z' } })).body['items'] as Loose[];
    expect(listed.map((one) => one['id'])).toEqual([`${id}_20270306T110000Z`]);
    const unexpanded = (await jansen.call('GET', events, { query: { timeMin: '2027-03-12T00:00:00Z', timeMax: '2027-03-14T00:00:00Z' } })).body['items'] as Loose[];
    expect(unexpanded.map((one) => one['id'])).toEqual([id]);
  });

  it('is an occurrence like others: it can be left out, changed, split off and moved along', async () => {
    const { id } = await series('RRULE:FREQ=DAILY;COUNT=3', 'RDATE;VALUE=PERIOD:20270310T080000Z/PT15M,20270311T080000Z/20270311T083000Z', 'EXDATE:20270311T080000Z');
    expect(await times(id, { timeMin: '2027-03-09T00:00:00Z' })).toEqual(['03-10T09:00–03-10T09:15']);
    expect((await jansen.call('PATCH', `${events}/${id}_20270310T080000Z`, { body: { summary: 'Kort' } })).body).toMatchObject({ summary: 'Kort', end: { dateTime: '2027-03-10T09:15:00+01:00' } });
    const other = await series('RDATE:20270302T090000Z', 'RDATE;VALUE=PERIOD:20270310T080000Z/PT15M,20270311T080000Z/20270311T083000Z');
    await emulator.control('ui/all-events', { email: jansen.email, calendarId: 'primary', eventId: other['id'], patch: { start: at('2027-03-01T12:00:00'), end: at('2027-03-01T13:00:00') } });
    expect(await times(other['id'])).toEqual(['03-01T12:00–03-01T13:00', '03-02T12:00–03-02T13:00', '03-10T11:00–03-10T11:15', '03-11T11:00–03-11T11:30']);
    const split = await emulator.control('ui/this-and-following', { email: jansen.email, calendarId: 'primary', eventId: `${other['id']}_20270310T100000Z`, patch: { summary: 'Tweede helft' } });
    expect([split.status, await times(other['id'])]).toEqual([200, ['03-01T12:00–03-01T13:00', '03-02T12:00–03-02T13:00']]);
    expect(await times(split.body['id'])).toEqual(['03-10T11:00–03-10T11:15', '03-11T11:00–03-11T11:30']);
  });
});
