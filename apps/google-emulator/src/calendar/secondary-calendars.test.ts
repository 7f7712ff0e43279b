import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEvent, startTestEmulator, type Loose, type TestAnswer, type TestCaller, type TestEmulator } from '../testing/test-emulator.js';

let emulator: TestEmulator;
let jansen: TestCaller;

beforeAll(async () => {
  emulator = await startTestEmulator();
  jansen = await emulator.as('jansen@example.com');
});
afterAll(() => emulator.stop());

const eventsOf = (calendarId: string): string => `calendars/${encodeURIComponent(calendarId)}/events`;
const aCalendar = async (summary: string): Promise<string> => String((await jansen.call('POST', 'calendars', { body: { summary } })).body['id']);
const tokenOf = async (calendarId: string): Promise<string> => String((await jansen.call('GET', eventsOf(calendarId))).body['nextSyncToken']);
const since = async (calendarId: string, syncToken: string): Promise<Loose[]> => (await jansen.call('GET', eventsOf(calendarId), { query: { syncToken } })).body['items'] as Loose[];
const move = (from: string, id: string, destination: string): Promise<TestAnswer> => jansen.call('POST', `${eventsOf(from)}/${id}/move`, { query: { destination } });

describe('an event of a secondary calendar', () => {
  it('is organised by the calendar and created by the person', async () => {
    const team = await aCalendar('Team');
    const organizer = { email: team, displayName: 'Team', self: true };
    const creator = { email: 'jansen@example.com' };
    const made = (await jansen.call('POST', eventsOf(team), { body: anEvent() })).body;
    expect([made['organizer'], made['creator']]).toEqual([organizer, creator]);
    const series = (await jansen.call('POST', eventsOf(team), { body: anEvent({ start: { date: '2026-12-01' }, end: { date: '2026-12-02' }, recurrence: ['RRULE:FREQ=DAILY;COUNT=3'] }) })).body;
    const second = (await jansen.call('GET', `${eventsOf(team)}/${series['id']}_20261202`)).body;
    expect([second['organizer'], second['creator']]).toEqual([organizer, creator]);
    const copied = (await emulator.control('ui/copy', { email: jansen.email, calendarId: team, eventId: made['id'] })).body;
    expect([copied['organizer'], copied['creator']]).toEqual([organizer, creator]);
    const imported = (await jansen.call('POST', `${eventsOf(team)}/import`, { body: anEvent({ iCalUID: 'geen-organisator@x.nl' }) })).body;
    expect([imported['organizer'], imported['creator']]).toEqual([organizer, creator]);
  });

  it('of a primary calendar both are the person himself', async () => {
    const event = await jansen.insert(anEvent());
    expect([event['organizer'], event['creator']]).toEqual([{ email: jansen.email, self: true }, { email: jansen.email, self: true }]);
  });
});

describe('a move between calendars of one person', () => {
  it('keeps id and iCalUID, changes the organiser, and is in the deltas of both', async () => {
    const [first, second] = [await aCalendar('Eerste'), await aCalendar('Tweede')];
    const event = (await jansen.call('POST', eventsOf(first), { body: anEvent({ extendedProperties: { private: { merk: '1' } } }) })).body;
    const [beforeFirst, beforeSecond] = [await tokenOf(first), await tokenOf(second)];
    const moved = (await move(first, event['id'], second)).body;
    expect(moved).toMatchObject({ id: event['id'], iCalUID: event['iCalUID'], created: event['created'], organizer: { email: second, displayName: 'Tweede', self: true }, creator: { email: jansen.email }, extendedProperties: { private: { merk: '1' } } });
    expect(await since(first, beforeFirst)).toEqual([{ kind: 'calendar#event', etag: expect.any(String), id: event['id'], status: 'cancelled' }]);
    expect(await since(second, beforeSecond)).toMatchObject([{ id: event['id'], status: 'confirmed', etag: moved['etag'] }]);

    const [leaving, arriving] = [await tokenOf(second), await tokenOf(first)];
    expect((await move(second, event['id'], first)).body).toMatchObject({ id: event['id'], organizer: { email: first } });
    expect(await since(second, leaving)).toMatchObject([{ id: event['id'], status: 'cancelled' }]);
    expect(await since(first, arriving)).toMatchObject([{ id: event['id'], status: 'confirmed', summary: 'Overleg' }]);
  });

  it('from the primary calendar to another and back', async () => {
    const team = await aCalendar('Heen en weer');
    const event = await jansen.insert(anEvent());
    expect((await move('primary', event['id'], team)).body).toMatchObject({ organizer: { email: team, displayName: 'Heen en weer' }, creator: { email: jansen.email } });
    const back = (await move(team, event['id'], 'primary')).body;
    expect([back['organizer'], back['creator']]).toEqual([{ email: jansen.email, self: true }, { email: jansen.email, self: true }]);
    expect((await move(team, event['id'], 'primary')).status).toBe(410);
    expect((await move('primary', event['id'], 'primary')).status).toBe(409);
    expect((await move('primary', event['id'], 'bestaat-niet@group.calendar.google.com')).status).toBe(404);
  });

  it.each(['birthday', 'focusTime', 'outOfOffice', 'workingLocation'])('is refused to an event of type %s', async (eventType) => {
    const team = await aCalendar('Alleen gewone');
    const days = { start: { date: '2026-12-01' }, end: { date: '2026-12-02' }, transparency: 'transparent' };
    const body: Record<string, object> = {
      birthday: { ...days, visibility: 'private', recurrence: ['RRULE:FREQ=YEARLY'] },
      focusTime: {}, outOfOffice: {},
      workingLocation: { ...days, visibility: 'public', workingLocationProperties: { type: 'homeOffice', homeOffice: {} } },
    };
    const event = await jansen.insert(anEvent({ ...body[eventType], eventType }));
    const refused = await move('primary', event['id'], team);
    expect([refused.status, refused.body['error'].errors[0].reason]).toEqual([400, 'eventTypeRestriction']);
  });
});
