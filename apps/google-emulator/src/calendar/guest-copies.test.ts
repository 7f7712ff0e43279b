import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { anEvent, startTestEmulator, type Loose, type TestAnswer, type TestCaller, type TestEmulator } from '../testing/test-emulator.js';

let emulator: TestEmulator;
let jansen: TestCaller;
let bakker: TestCaller;
let devries: TestCaller;

beforeAll(async () => {
  emulator = await startTestEmulator({ QUOTA_USER_PER_MINUTE: '1000000', QUOTA_PROJECT_PER_MINUTE: '1000000' });
});
afterAll(() => emulator.stop());
beforeEach(async () => {
  await emulator.control('reset', {});
  [jansen, bakker, devries] = await Promise.all([emulator.as('jansen@example.com'), emulator.as('bakker@example.com'), emulator.as('devries@example.com')]);
});

const events = 'calendars/primary/events';
const get = (who: TestCaller, id: string): Promise<TestAnswer> => who.call('GET', `${events}/${id}`);
const patch = (who: TestCaller, id: string, body: object, query = {}): Promise<TestAnswer> => who.call('PATCH', `${events}/${id}`, { body, query });
const reasonOf = (answer: TestAnswer): string => answer.body['error'].errors[0].reason;
const guests = (...emails: string[]): Loose => ({ attendees: emails.map((email) => ({ email })) });
const replyOf = (event: Loose, email: string): string | undefined => event['attendees']?.find((attendee: Loose) => attendee['email'] === email)?.['responseStatus'];
const answer = async (who: TestCaller, id: string, responseStatus: string, query = {}): Promise<TestAnswer> => {
  const { body } = await get(who, id);
  return patch(who, id, { attendees: body['attendees'].map((attendee: Loose) => (attendee['self'] === true ? { ...attendee, responseStatus } : attendee)) }, query);
};

/** Follows a calendar by tokens: what each reading brought. */
async function follower(who: TestCaller): Promise<() => Promise<Loose[]>> {
  let token = (await who.call('GET', events, { query: { maxResults: '2500' } })).body['nextSyncToken'];
  return async () => {
    const { body } = await who.call('GET', events, { query: { syncToken: token } });
    token = body['nextSyncToken'];
    return body['items'];
  };
}

describe('an invitation', () => {
  it('stands in the calendar of every guest who has an account, with the same ids and his own settings', async () => {
    const delta = await follower(bakker);
    const event = await jansen.insert(anEvent({ ...guests('bakker@example.com', 'klant@elders.nl', 'devries@example.com'), colorId: '4', reminders: { useDefault: false, overrides: [{ method: 'popup', minutes: 3 }] }, extendedProperties: { private: { mark: '1' }, shared: { all: '2' } } }));
    const copy = (await get(bakker, event['id'])).body;
    expect(copy).toMatchObject({ id: event['id'], iCalUID: event['iCalUID'], summary: 'Overleg', sequence: 0, organizer: { email: 'jansen@example.com' }, creator: { email: 'jansen@example.com' }, reminders: { useDefault: true }, extendedProperties: { shared: { all: '2' } } });
    expect(copy['organizer']).not.toHaveProperty('self');
    expect(copy).not.toHaveProperty('colorId');
    expect(copy['extendedProperties']).not.toHaveProperty('private');
    expect(copy['attendees'].filter((attendee: Loose) => attendee['self'] === true)).toEqual([{ email: 'bakker@example.com', responseStatus: 'needsAction', self: true }]);
    expect((await delta()).map((item) => item['id'])).toEqual([event['id']]);
    expect((await get(devries, event['id'])).status).toBe(200);
    expect((await emulator.control('stats')).body['mails']).toEqual([]);
  });

  it('reaches an account that comes to exist later, but no resource', async () => {
    const event = await jansen.insert(anEvent({ attendees: [{ email: 'later@example.com' }, { email: 'visser@example.com', resource: true }] }));
    const later = await emulator.as('later@example.com');
    expect((await get(later, event['id'])).body['summary']).toBe('Overleg');
    expect((await get(await emulator.as('visser@example.com'), event['id'])).status).toBe(404);
  });

  it('follows the organiser in what is shared and keeps what is the guest’s own', async () => {
    const event = await jansen.insert(anEvent(guests('bakker@example.com')));
    await patch(bakker, event['id'], { colorId: '7', transparency: 'transparent', visibility: 'private', extendedProperties: { private: { mine: 'x' } }, reminders: { useDefault: false, overrides: [{ method: 'popup', minutes: 1 }] } });
    const delta = await follower(bakker);
    const changed = (await patch(jansen, event['id'], { summary: 'Anders', location: 'Zaal 2', start: { dateTime: '2026-12-01T09:00:00+01:00' } })).body;
    const copy = (await get(bakker, event['id'])).body;
    expect(copy).toMatchObject({ summary: 'Anders', location: 'Zaal 2', sequence: 1, start: { dateTime: '2026-12-01T09:00:00+01:00' }, colorId: '7', transparency: 'transparent', visibility: 'private', extendedProperties: { private: { mine: 'x' } }, reminders: { overrides: [{ method: 'popup', minutes: 1 }] } });
    expect(copy['etag']).toBe(changed['etag']);
    expect(await delta()).toEqual([copy]);
    // What is the organiser's own moves no copy.
    await patch(jansen, event['id'], { colorId: '2', transparency: 'transparent', extendedProperties: { private: { a: 'b' } } });
    expect(await delta()).toEqual([]);
    expect((await get(bakker, event['id'])).body).toEqual(copy);
  });

  it('leaves somebody’s own event of that id alone', async () => {
    await bakker.insert(anEvent({ id: 'same00001', summary: 'van mij' }));
    await jansen.insert(anEvent({ id: 'same00001', ...guests('bakker@example.com') }));
    expect((await get(bakker, 'same00001')).body).toMatchObject({ summary: 'van mij', organizer: { email: 'bakker@example.com', self: true } });
  });

  it('is withdrawn from who is taken off the list, and comes back with him', async () => {
    const event = await jansen.insert(anEvent(guests('bakker@example.com', 'devries@example.com')));
    const delta = await follower(bakker);
    await patch(jansen, event['id'], guests('devries@example.com'));
    expect(await delta()).toEqual([{ kind: 'calendar#event', etag: expect.any(String), id: event['id'], status: 'cancelled' }]);
    expect((await get(bakker, event['id'])).body['status']).toBe('cancelled');
    expect((await get(devries, event['id'])).body['status']).toBe('confirmed');
    await patch(jansen, event['id'], guests('devries@example.com', 'bakker@example.com'));
    expect((await get(bakker, event['id'])).body).toMatchObject({ status: 'confirmed', summary: 'Overleg' });
  });

  it('ends with the organiser’s event, and is revived with it', async () => {
    const event = await jansen.insert(anEvent(guests('bakker@example.com')));
    await jansen.call('DELETE', `${events}/${event['id']}`);
    expect((await get(bakker, event['id'])).body['status']).toBe('cancelled');
    await patch(jansen, event['id'], { status: 'confirmed' });
    expect((await get(bakker, event['id'])).body['status']).toBe('confirmed');
  });

  it('changes its organiser when it moves to another calendar', async () => {
    const event = await jansen.insert(anEvent(guests('bakker@example.com')));
    const calendar = (await jansen.call('POST', 'calendars', { body: { summary: 'Project' } })).body;
    await jansen.call('POST', `${events}/${event['id']}/move`, { query: { destination: calendar['id'] } });
    expect((await get(bakker, event['id'])).body).toMatchObject({ status: 'confirmed', organizer: { email: calendar['id'] } });
    expect(reasonOf(await bakker.call('POST', `${events}/${event['id']}/move`, { query: { destination: 'primary' } }))).toBe('forbiddenForNonOrganizer');
  });
});

describe('a guest', () => {
  it('replies to everybody, and mails the organiser only if asked', async () => {
    const event = await jansen.insert(anEvent(guests('bakker@example.com', 'devries@example.com')));
    const [organiser, other] = [await follower(jansen), await follower(devries)];
    expect((await answer(bakker, event['id'], 'accepted')).status).toBe(200);
    for (const delta of [organiser, other]) expect((await delta()).map((item) => replyOf(item, 'bakker@example.com'))).toEqual(['accepted']);
    const seen = await Promise.all([jansen, bakker, devries].map(async (who) => (await get(who, event['id'])).body));
    expect(new Set(seen.map((one) => one['etag'])).size).toBe(1);
    expect((await emulator.control('stats')).body['mails']).toEqual([]);
    await answer(bakker, event['id'], 'declined', { sendUpdates: 'all' });
    expect((await emulator.control('stats')).body['mails']).toMatchObject([{ kind: 'reply', to: 'jansen@example.com', eventId: event['id'] }]);
  });

  it('replies by attendeesOmitted with his own entry alone', async () => {
    const event = await jansen.insert(anEvent(guests('bakker@example.com', 'devries@example.com')));
    const short = (await bakker.call('GET', `${events}/${event['id']}`, { query: { maxAttendees: '1' } })).body;
    expect([short['attendeesOmitted'], short['attendees'].length]).toEqual([true, 1]);
    await patch(bakker, event['id'], { attendeesOmitted: true, attendees: [{ email: 'bakker@example.com', responseStatus: 'tentative' }] });
    const original = (await get(jansen, event['id'])).body;
    expect([replyOf(original, 'bakker@example.com'), replyOf(original, 'devries@example.com')]).toEqual(['tentative', 'needsAction']);
  });

  it.each([
    ['the subject', { summary: 'x' }],
    ['the time', { start: { dateTime: '2026-12-01T08:00:00+01:00' } }],
    ['the recurrence', { recurrence: ['RRULE:FREQ=DAILY'], start: { timeZone: 'Europe/Amsterdam' } }],
    ['the reply of another', { attendees: [{ email: 'bakker@example.com' }, { email: 'devries@example.com', responseStatus: 'declined' }] }],
    ['the list without himself', { attendees: [{ email: 'devries@example.com' }] }],
    ['shared properties', { extendedProperties: { shared: { a: 'b' } } }],
    ['the rights of guests', { guestsCanModify: true }],
    ['the status', { status: 'tentative' }],
  ])('may not change %s', async (_what, body) => {
    const event = await jansen.insert(anEvent(guests('bakker@example.com', 'devries@example.com')));
    const delta = await follower(jansen);
    const refused = await patch(bakker, event['id'], body);
    expect([refused.status, reasonOf(refused)]).toEqual([403, 'forbiddenForNonOrganizer']);
    expect(await delta()).toEqual([]);
  });

  it('may change everything but the rights if guests can modify', async () => {
    const event = await jansen.insert(anEvent({ ...guests('bakker@example.com'), guestsCanModify: true }));
    await patch(bakker, event['id'], { summary: 'van de gast', start: { dateTime: '2026-12-01T08:00:00+01:00' } });
    expect((await get(jansen, event['id'])).body).toMatchObject({ summary: 'van de gast', sequence: 1, start: { dateTime: '2026-12-01T08:00:00+01:00' } });
    expect(reasonOf(await patch(bakker, event['id'], { guestsCanModify: false }))).toBe('forbiddenForNonOrganizer');
  });

  it('may invite others unless that is forbidden', async () => {
    const open = await jansen.insert(anEvent(guests('bakker@example.com')));
    await patch(bakker, open['id'], guests('bakker@example.com', 'devries@example.com'));
    expect((await get(devries, open['id'])).body['summary']).toBe('Overleg');
    const closed = await jansen.insert(anEvent({ ...guests('bakker@example.com'), guestsCanInviteOthers: false }));
    expect(reasonOf(await patch(bakker, closed['id'], guests('bakker@example.com', 'devries@example.com')))).toBe('forbiddenForNonOrganizer');
  });

  it('sees himself and the organiser only, where guests are hidden, and still replies', async () => {
    const event = await jansen.insert(anEvent({ ...guests('jansen@example.com', 'bakker@example.com', 'devries@example.com'), guestsCanSeeOtherGuests: false }));
    const copy = (await get(bakker, event['id'])).body;
    expect([copy['attendees'].map((one: Loose) => one['email']), copy['attendeesOmitted']]).toEqual([['jansen@example.com', 'bakker@example.com'], true]);
    await answer(bakker, event['id'], 'accepted');
    expect((await get(jansen, event['id'])).body['attendees']).toHaveLength(3);
    expect(replyOf((await get(jansen, event['id'])).body, 'bakker@example.com')).toBe('accepted');
  });

  it('removes his copy and declines; the organiser’s changes don’t bring it back, he himself does', async () => {
    const event = await jansen.insert(anEvent(guests('bakker@example.com')));
    const delta = await follower(jansen);
    expect((await bakker.call('DELETE', `${events}/${event['id']}`)).status).toBe(204);
    expect((await delta()).map((item) => [item['status'], replyOf(item, 'bakker@example.com')])).toEqual([['confirmed', 'declined']]);
    expect((await bakker.call('DELETE', `${events}/${event['id']}`)).status).toBe(410);
    await patch(jansen, event['id'], { summary: 'toch door' });
    expect((await get(bakker, event['id'])).body['status']).toBe('cancelled');
    expect((await patch(bakker, event['id'], { status: 'confirmed' })).body).toMatchObject({ status: 'confirmed', summary: 'toch door' });
  });

  it('of more than 200 replies to himself alone', async () => {
    const many = Array.from({ length: 200 }, (_, index) => ({ email: `gast${index}@elders.nl`, responseStatus: 'accepted' }));
    const event = await jansen.insert(anEvent({ attendees: [{ email: 'bakker@example.com' }, ...many] }));
    expect(replyOf(event, 'gast7@elders.nl')).toBe('needsAction');
    await answer(bakker, event['id'], 'accepted');
    expect(replyOf((await get(bakker, event['id'])).body, 'bakker@example.com')).toBe('accepted');
    await patch(jansen, event['id'], { summary: 'groot' });
    expect(replyOf((await get(jansen, event['id'])).body, 'bakker@example.com')).toBe('needsAction');
    const copy = (await get(bakker, event['id'])).body;
    expect([copy['summary'], replyOf(copy, 'bakker@example.com')]).toEqual(['groot', 'accepted']);
  });
});

describe('a series with guests', () => {
  const zone = { timeZone: 'Europe/Amsterdam' };
  const weekly = (): Loose => anEvent({ start: { dateTime: '2026-12-01T10:00:00+01:00', ...zone }, end: { dateTime: '2026-12-01T11:00:00+01:00', ...zone }, recurrence: ['RRULE:FREQ=WEEKLY;COUNT=4'], ...guests('bakker@example.com') });
  const at = (id: string, day: string): string => `${id}_202612${day}T090000Z`;
  const instances = async (who: TestCaller, id: string): Promise<string[]> => (await who.call('GET', `${events}/${id}/instances`)).body['items'].map((one: Loose) => `${one['id'].slice(-10, -8)} ${one['summary']} ${replyOf(one, 'bakker@example.com') ?? '-'}`);

  it('crosses with its exceptions, in both directions', async () => {
    const { id } = await jansen.insert(weekly());
    await patch(jansen, at(id, '08'), { summary: 'verplaatst', start: { dateTime: '2026-12-08T15:00:00+01:00', ...zone }, end: { dateTime: '2026-12-08T16:00:00+01:00', ...zone } });
    await jansen.call('DELETE', `${events}/${at(id, '15')}`);
    await answer(bakker, at(id, '22'), 'declined');
    for (const who of [jansen, bakker]) expect(await instances(who, id)).toEqual(['01 Overleg needsAction', '08 verplaatst needsAction', '22 Overleg declined']);
    expect((await get(bakker, at(id, '08'))).body).toMatchObject({ recurringEventId: id, start: { dateTime: '2026-12-08T15:00:00+01:00' } });
    await bakker.call('DELETE', `${events}/${at(id, '01')}`);
    expect(await instances(bakker, id)).toEqual(['08 verplaatst needsAction', '22 Overleg declined']);
    expect(await instances(jansen, id)).toEqual(['01 Overleg declined', '08 verplaatst needsAction', '22 Overleg declined']);
    const list = (await bakker.call('GET', events)).body['items'] as Loose[];
    expect(new Set(list.filter((item) => item['id'].startsWith(id)).map((item) => item['etag'])).size).toBe(1);
  });

  it('keeps a guest’s colour of one occurrence while the series changes and is split', async () => {
    const { id } = await jansen.insert(weekly());
    await patch(bakker, at(id, '22'), { colorId: '5' });
    expect((await jansen.call('GET', events)).body['items'].filter((item: Loose) => item['recurringEventId'] === id)).toEqual([]);
    await patch(jansen, id, { summary: 'allemaal' });
    expect((await get(bakker, at(id, '22'))).body).toMatchObject({ summary: 'allemaal', colorId: '5' });
    const half = (await emulator.control('ui/this-and-following', { email: jansen.email, calendarId: 'primary', eventId: at(id, '15'), patch: { summary: 'verder' } })).body;
    expect(await instances(bakker, id)).toEqual(['01 allemaal needsAction', '08 allemaal needsAction']);
    expect(await instances(bakker, half['id'])).toEqual(['15 verder needsAction', '22 verder needsAction']);
    expect((await get(bakker, at(id, '22'))).body).toMatchObject({ recurringEventId: half['id'], colorId: '5' });
    await jansen.call('DELETE', `${events}/${half['id']}`);
    expect((await get(bakker, half['id'])).body['status']).toBe('cancelled');
  });

  it('splits with another time into a new series at the guest’s too', async () => {
    const { id } = await jansen.insert(weekly());
    const half = (await emulator.control('ui/this-and-following', { email: jansen.email, calendarId: 'primary', eventId: at(id, '15'), patch: { start: { dateTime: '2026-12-15T14:00:00', ...zone }, end: { dateTime: '2026-12-15T15:00:00', ...zone } } })).body;
    expect(half['id']).not.toContain(id);
    expect((await get(bakker, half['id'])).body).toMatchObject({ recurrence: half['recurrence'], etag: half['etag'] });
    expect(await instances(bakker, id)).toHaveLength(2);
  });

  it('shows one occurrence to who is invited to that alone, and hides one from who is not', async () => {
    const { id } = await jansen.insert(weekly());
    await patch(jansen, at(id, '08'), guests('devries@example.com'));
    const alone = (await devries.call('GET', events, { query: { singleEvents: 'true' } })).body['items'];
    expect(alone.map((one: Loose) => [one['id'], one['recurringEventId']])).toEqual([[at(id, '08'), id]]);
    expect((await get(devries, id)).status).toBe(404);
    expect((await devries.call('GET', events)).body['items']).toEqual(alone);
    expect(await instances(bakker, id)).toHaveLength(3);
    expect((await get(bakker, at(id, '08'))).body['status']).toBe('cancelled');
    await answer(devries, at(id, '08'), 'accepted');
    expect(replyOf((await get(jansen, at(id, '08'))).body, 'devries@example.com')).toBe('accepted');
    await patch(jansen, id, { summary: 'nieuw', attendees: [{ email: 'bakker@example.com' }, { email: 'devries@example.com' }] });
    expect(await instances(devries, id)).toHaveLength(4);
    await patch(jansen, at(id, '08'), guests('bakker@example.com'));
    expect(await instances(devries, id)).toHaveLength(3);
    expect(await instances(bakker, id)).toHaveLength(4);
  });

  it('goes with the guest who deletes it, declined', async () => {
    const { id } = await jansen.insert(weekly());
    await bakker.call('DELETE', `${events}/${id}`);
    expect((await bakker.call('GET', events)).body['items']).toEqual([]);
    expect(replyOf((await get(jansen, id)).body, 'bakker@example.com')).toBe('declined');
    expect(await instances(jansen, id)).toHaveLength(4);
  });
});
