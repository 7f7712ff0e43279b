import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { receive, type Receiver } from '../testing/receiver.js';
import { anEvent, startTestEmulator, type Loose, type TestAnswer, type TestCaller, type TestEmulator } from '../testing/test-emulator.js';

let emulator: TestEmulator;
let jansen: TestCaller;
let bakker: TestCaller;
/** A calendar of jansen, of its own in each test. */
let team: string;

beforeAll(async () => {
  emulator = await startTestEmulator();
  jansen = await emulator.as('jansen@example.com');
  bakker = await emulator.as('bakker@example.com');
});
afterAll(() => emulator.stop());
beforeEach(async () => {
  team = String((await jansen.call('POST', 'calendars', { body: { summary: 'Team' } })).body['id']);
});

const path = (rest = ''): string => `calendars/${encodeURIComponent(team)}${rest}`;
const entry = (): string => `users/me/calendarList/${encodeURIComponent(team)}`;
const share = (role: string, scope: object = { type: 'user', value: bakker.email }, query = {}): Promise<TestAnswer> => jansen.call('POST', path('/acl'), { body: { role, scope }, query: { sendNotifications: 'false', ...query } });
const make = async (fields: object): Promise<Loose> => (await jansen.call('POST', path('/events'), { body: anEvent(fields) })).body;
const errorOf = ({ status, body }: TestAnswer): unknown[] => [status, body['error']?.errors[0].reason];

describe('a role', () => {
  it.each([
    // role, sees the title, sees that of a private one, writes, writes a private one, reads the rules, changes them
    ['none', 404, 404, 404, 404, 404, 404],
    ['freeBusyReader', 'time', 'time', 403, 403, 403, 403],
    ['reader', 'all', 'time', 403, 403, 403, 403],
    ['writerWithoutPrivateAccess', 'all', 'time', 200, 403, 403, 403],
    ['writer', 'all', 'all', 200, 200, 200, 403],
    ['owner', 'all', 'all', 200, 200, 200, 200],
  ] as const)('of %s lets so much through', async (role, open, hidden, write, writeHidden, readRules, changeRules) => {
    const plain = await make({});
    const secret = await make({ summary: 'Geheim', description: 'Niet voor jou', visibility: 'private' });
    if (role !== 'none') await share(role);
    const seen = async (id: string): Promise<unknown> => {
      const { status, body } = await bakker.call('GET', path(`/events/${id}`));
      return status !== 200 ? status : 'summary' in body ? 'all' : 'time';
    };
    expect([await seen(plain['id']), await seen(secret['id'])]).toEqual([open, hidden]);
    const list = await bakker.call('GET', path('/events'));
    expect(JSON.stringify(list.body).includes('Niet voor jou')).toBe(hidden === 'all');
    expect(list.body['accessRole']).toBe(role === 'none' ? undefined : role);
    expect((await bakker.call('PATCH', path(`/events/${plain['id']}`), { body: { location: 'Zaal' } })).status).toBe(write);
    expect((await bakker.call('PATCH', path(`/events/${secret['id']}`), { body: { location: 'Zaal' } })).status).toBe(writeHidden);
    expect((await bakker.call('POST', path('/events'), { body: anEvent() })).status).toBe(write);
    expect((await bakker.call('GET', path('/acl'))).status).toBe(readRules);
    expect((await bakker.call('POST', path('/acl'), { body: { role: 'reader', scope: { type: 'user', value: 'devries@example.com' } }, query: { sendNotifications: 'false' } })).status).toBe(changeRules);
    expect((await bakker.call('PATCH', path(), { body: { description: 'x' } })).status).toBe(changeRules);
    // Only the data owner deletes a calendar.
    expect((await bakker.call('DELETE', path())).status).toBe(role === 'none' ? 404 : 403);
    expect((await jansen.call('GET', path())).status).toBe(200);
  });

  it('to free/busy gives single events, busy ones alone, and free/busy itself', async () => {
    await share('freeBusyReader');
    const series = await make({ start: { dateTime: '2026-12-01T10:00:00Z', timeZone: 'Etc/UTC' }, end: { dateTime: '2026-12-01T11:00:00Z', timeZone: 'Etc/UTC' }, recurrence: ['RRULE:FREQ=DAILY;COUNT=3'] });
    const free = await make({ transparency: 'transparent' });
    const first = (await bakker.call('GET', path('/events'))).body;
    expect((first['items'] as Loose[]).map(({ id }) => id)).toEqual(['01', '02', '03'].map((day) => `${series['id']}_202612${day}T100000Z`));
    expect(Object.keys(first['items'][0]).sort()).toEqual(['created', 'end', 'etag', 'eventType', 'iCalUID', 'id', 'kind', 'originalStartTime', 'recurringEventId', 'sequence', 'start', 'status', 'updated', 'visibility']);
    await jansen.call('PATCH', path(`/events/${free['id']}`), { body: { transparency: 'opaque' } });
    await jansen.call('PATCH', path(`/events/${series['id']}_20261202T100000Z`), { body: { transparency: 'transparent' } });
    const delta = (await bakker.call('GET', path('/events'), { query: { syncToken: first['nextSyncToken'] } })).body;
    const told = Object.fromEntries((delta['items'] as Loose[]).map(({ id, status }) => [id, status]));
    expect(told).toMatchObject({ [free['id']]: 'confirmed', [`${series['id']}_20261202T100000Z`]: 'cancelled' });
    const busy = await bakker.call('POST', 'freeBusy', { body: { timeMin: '2026-12-01T00:00:00Z', timeMax: '2026-12-04T00:00:00Z', items: [{ id: team }] } });
    expect(busy.body['calendars'][team].busy).toContainEqual({ start: '2026-12-03T10:00:00Z', end: '2026-12-03T11:00:00Z' });
  });

  it('comes from the person, his domain or everybody, whichever gives most; a group has no members', async () => {
    await share('owner', { type: 'group', value: 'iedereen@example.com' });
    expect((await bakker.call('GET', path())).status).toBe(404);
    await share('reader', { type: 'default' });
    await share('freeBusyReader');
    expect((await bakker.call('GET', path('/events'))).body['accessRole']).toBe('reader');
    await share('writer', { type: 'domain', value: 'example.com' });
    expect((await bakker.call('GET', path('/events'))).body['accessRole']).toBe('writer');
    const stranger = await emulator.as('iemand@elders.nl');
    expect((await stranger.call('GET', path('/events'))).body['accessRole']).toBe('reader');
    const scope = (name: string): string => `https://www.googleapis.com/auth/${name}`;
    const onlyPublic = await emulator.as(bakker.email, [scope('calendar.events.public.readonly')]);
    expect((await onlyPublic.call('GET', path('/events'))).body['accessRole']).toBe('reader');
    expect((await onlyPublic.call('GET', 'calendars/primary/events')).status).toBe(404);
    const onlyTimes = await emulator.as(bakker.email, [scope('calendar.events.freebusy')]);
    expect((await onlyTimes.call('GET', path('/events'))).body['accessRole']).toBe('freeBusyReader');
    const owned = await emulator.as(bakker.email, [scope('calendar.events.owned')]);
    expect([(await owned.call('GET', path('/events'))).status, (await owned.call('GET', 'calendars/primary/events')).status]).toEqual([404, 200]);
  });

  it('writes in the name of the calendar: its organiser stays, the creator is who did it', async () => {
    await share('writer');
    const made = (await bakker.call('POST', path('/events'), { body: anEvent() })).body;
    expect([made['creator'], made['organizer']]).toEqual([{ email: bakker.email }, { email: team, displayName: 'Team', self: true }]);
    const moved = await bakker.call('POST', path(`/events/${made['id']}/move`), { query: { destination: 'primary' } });
    expect(moved.body['organizer']).toEqual({ email: bakker.email, self: true });
  });
});

describe('the rules', () => {
  it('are listed, followed by token, and told to their watchers', async () => {
    const receiver: Receiver = await receive();
    try {
      const first = (await jansen.call('GET', path('/acl'))).body;
      expect(first['items']).toMatchObject([{ id: 'user:jansen@example.com', role: 'owner', scope: { type: 'user', value: 'jansen@example.com' } }]);
      await jansen.call('POST', path('/acl/watch'), { body: { id: `acl-${team.slice(2, 12)}`, type: 'web_hook', address: receiver.url } });
      const rule = (await share('reader')).body;
      expect([(await receiver.next()).headers['x-goog-resource-state'], (await receiver.next()).headers['x-goog-resource-state']]).toEqual(['sync', 'exists']);
      expect((await jansen.call('PATCH', path(`/acl/${rule['id']}`), { body: { role: 'writer' }, headers: { 'if-match': '"1"' } })).status).toBe(412);
      const changed = (await jansen.call('PATCH', path(`/acl/${rule['id']}`), { body: { role: 'writer' } })).body;
      expect([changed['role'], changed['etag'] === rule['etag']]).toEqual(['writer', false]);
      const since = async (): Promise<Loose[]> => (await jansen.call('GET', path('/acl'), { query: { syncToken: first['nextSyncToken'] } })).body['items'] as Loose[];
      expect(await since()).toEqual([changed]);
      expect((await jansen.call('DELETE', path(`/acl/${rule['id']}`))).status).toBe(204);
      expect(await since()).toMatchObject([{ id: rule['id'], role: 'none' }]);
      expect((await jansen.call('GET', path(`/acl/${rule['id']}`))).status).toBe(404);
      expect((await jansen.call('GET', path('/acl'))).body['items']).toHaveLength(1);
      expect((await jansen.call('GET', path('/acl'), { query: { showDeleted: 'true' } })).body['items']).toHaveLength(2);
    } finally {
      await receiver.stop();
    }
  });

  it('come in pages', async () => {
    for (const name of ['a', 'b', 'c']) await share('reader', { type: 'user', value: `${name}@x.nl` });
    const ids: string[] = [];
    let page: Loose = {};
    do {
      page = (await jansen.call('GET', path('/acl'), { query: { maxResults: '2', ...(page['nextPageToken'] === undefined ? {} : { pageToken: page['nextPageToken'] }) } })).body;
      ids.push(...(page['items'] as Loose[]).map(({ id }) => String(id)));
    } while (page['nextPageToken'] !== undefined);
    expect(ids).toEqual(['user:jansen@example.com', 'user:a@x.nl', 'user:b@x.nl', 'user:c@x.nl']);
  });

  it.each([
    ['no role', { scope: { type: 'default' } }, 400, 'required'],
    ['an unknown role', { role: 'baas', scope: { type: 'default' } }, 400, 'invalid'],
    ['no scope', { role: 'reader' }, 400, 'required'],
    ['a scope of nobody', { role: 'reader', scope: { type: 'user' } }, 400, 'required'],
    ['an unknown kind of scope', { role: 'reader', scope: { type: 'buurt', value: 'x' } }, 400, 'invalid'],
    ['the own access', { role: 'reader', scope: { type: 'user', value: 'jansen@example.com' } }, 403, 'cannotChangeOwnAcl'],
  ])('refuse %s', async (_what, body, status, reason) => {
    expect(errorOf(await jansen.call('POST', path('/acl'), { body }))).toEqual([status, reason]);
  });

  it('tell by mail whom a calendar is shared with, unless asked not to, and never of an end', async () => {
    const mails = async (): Promise<Loose[]> => ((await emulator.control('stats')).body['mails'] as Loose[]).filter(({ kind }) => kind === 'sharing');
    const before = (await mails()).length;
    await share('reader');
    expect(await mails()).toHaveLength(before);
    await share('writer', undefined, { sendNotifications: 'true' });
    expect((await mails()).slice(before)).toMatchObject([{ to: bakker.email, eventId: null }]);
    await jansen.call('DELETE', path(`/acl/user:${bakker.email}`));
    expect(await mails()).toHaveLength(before + 1);
  });

  it('end the sync tokens of those whose role they change, and nobody else’s', async () => {
    await share('reader');
    const tokenOf = async (who: TestCaller): Promise<string> => String((await who.call('GET', path('/events'))).body['nextSyncToken']);
    const [his, mine] = [await tokenOf(bakker), await tokenOf(jansen)];
    await share('writer');
    expect(errorOf(await bakker.call('GET', path('/events'), { query: { syncToken: his } }))).toEqual([410, 'fullSyncRequired']);
    expect((await jansen.call('GET', path('/events'), { query: { syncToken: mine } })).status).toBe(200);
  });
});

describe('a shared calendar in somebody’s list', () => {
  it('is there once he puts it there, with his role and what he sets; it goes with his access', async () => {
    const list = async (query = {}): Promise<Loose> => (await bakker.call('GET', 'users/me/calendarList', { query })).body;
    const ids = async (query = {}): Promise<string[]> => ((await list(query))['items'] as Loose[]).map(({ id }) => String(id));
    expect((await bakker.call('POST', 'users/me/calendarList', { body: { id: team } })).status).toBe(404);
    await share('reader');
    expect(await ids()).not.toContain(team);
    const { nextSyncToken } = await list();
    const inserted = (await bakker.call('POST', 'users/me/calendarList', { body: { id: team, summaryOverride: 'Van Jansen' } })).body;
    expect(inserted).toMatchObject({ id: team, summary: 'Team', summaryOverride: 'Van Jansen', accessRole: 'reader', dataOwner: jansen.email });
    expect(await ids({ minAccessRole: 'writer' })).not.toContain(team);
    // A change of the role alone is neither in the delta nor in the etag.
    const withIt = String((await list())['nextSyncToken']);
    await share('writer');
    expect(((await list({ syncToken: withIt }))['items'] as Loose[]).map(({ id }) => id)).toEqual([]);
    expect((await bakker.call('GET', entry())).body).toMatchObject({ accessRole: 'writer', etag: inserted['etag'] });
    expect(await ids({ minAccessRole: 'writer' })).toContain(team);

    const hidden = (await bakker.call('PATCH', entry(), { body: { hidden: true } })).body;
    expect([hidden['hidden'], hidden['summaryOverride']]).toEqual([true, 'Van Jansen']);
    expect([(await ids()).includes(team), (await ids({ showHidden: 'true' })).includes(team)]).toEqual([false, true]);
    await jansen.call('DELETE', path(`/acl/user:${bakker.email}`));
    expect((await list({ syncToken: nextSyncToken }))['items']).toEqual([{ kind: 'calendar#calendarListEntry', etag: expect.any(String), id: team, deleted: true }]);
    expect((await bakker.call('GET', entry())).status).toBe(404);
    // Access alone doesn't bring it back.
    await share('reader');
    expect(await ids({ showHidden: 'true' })).not.toContain(team);
  });

  it('has colours by id or by themselves', async () => {
    await jansen.call('PATCH', entry(), { body: { backgroundColor: '#123456' } });
    expect((await jansen.call('GET', entry())).body['backgroundColor']).toBe('#9fc6e7');
    const own = (await jansen.call('PATCH', entry(), { body: { backgroundColor: '#fa5730', foregroundColor: '#ffffff' }, query: { colorRgbFormat: 'true' } })).body;
    expect([own['backgroundColor'], own['foregroundColor'], own['colorId']]).toEqual(['#fa5730', '#ffffff', '4']);
    expect((await jansen.call('PATCH', entry(), { body: { colorId: '99' } })).status).toBe(400);
    expect((await jansen.call('PATCH', entry(), { body: { colorId: '2' } })).body['backgroundColor']).toBe('#d06b64');
  });

  it('gives its own default reminders, in its list of events too', async () => {
    await jansen.call('PATCH', entry(), { body: { defaultReminders: [{ method: 'email', minutes: 60 }] } });
    expect((await jansen.call('GET', path('/events'))).body['defaultReminders']).toEqual([{ method: 'email', minutes: 60 }]);
  });

  it('goes from every list with the calendar; an own one may leave the list and stay', async () => {
    await share('reader');
    await bakker.call('POST', 'users/me/calendarList', { body: { id: team } });
    expect((await jansen.call('DELETE', entry())).status).toBe(204);
    expect([(await jansen.call('GET', entry())).status, (await jansen.call('GET', path())).status]).toEqual([404, 200]);
    expect((await jansen.call('DELETE', 'users/me/calendarList/primary')).status).toBe(400);
    await jansen.call('POST', 'users/me/calendarList', { body: { id: team } });
    const token = String((await bakker.call('GET', 'users/me/calendarList')).body['nextSyncToken']);
    await jansen.call('DELETE', path());
    expect((await bakker.call('GET', 'users/me/calendarList', { query: { syncToken: token } })).body['items']).toMatchObject([{ id: team, deleted: true }]);
  });
});

describe('a primary calendar', () => {
  it('is cleared as if each event were deleted; nobody is mailed, invitations are declined', async () => {
    const guest = await emulator.as('leeg@example.com');
    const own = await guest.insert(anEvent({ attendees: [{ email: bakker.email }] }));
    const series = await guest.insert(anEvent({ start: { date: '2026-12-01' }, end: { date: '2026-12-02' }, recurrence: ['RRULE:FREQ=DAILY;COUNT=3'] }));
    const invitation = await jansen.insert(anEvent({ attendees: [{ email: guest.email }] }));
    const token = String((await guest.call('GET', 'calendars/primary/events')).body['nextSyncToken']);
    expect((await guest.call('POST', 'calendars/primary/clear')).status).toBe(204);
    expect((await guest.call('GET', 'calendars/primary/events')).body['items']).toEqual([]);
    const delta = (await guest.call('GET', 'calendars/primary/events', { query: { syncToken: token } })).body['items'] as Loose[];
    expect(Object.fromEntries(delta.map(({ id, status }) => [id, status]))).toEqual(Object.fromEntries([own, series, invitation].map(({ id }) => [id, 'cancelled'])));
    expect((await bakker.call('GET', `calendars/primary/events/${own['id']}`)).body['status']).toBe('cancelled');
    expect((await jansen.call('GET', `calendars/primary/events/${invitation['id']}`)).body['attendees'][0].responseStatus).toBe('declined');
    expect(errorOf(await jansen.call('POST', path('/clear')))).toEqual([400, 'invalid']);
  });

  it('has working hours, which stay unless others are given; labels likewise', async () => {
    const workingHours = { workingHoursEnabled: true, availableTimes: [{ dayOfWeek: 'monday', periodStart: 540, periodEnd: 1020 }] };
    const labelProperties = { eventLabels: [{ id: '7d1f6a0e-0000-4000-8000-000000000001', name: 'Reis', backgroundColor: '#039be5' }] };
    await jansen.call('PATCH', 'calendars/primary', { body: { workingHours, labelProperties } });
    const put = await jansen.call('PUT', 'calendars/primary', { body: { summary: 'jansen@example.com', timeZone: 'Europe/Amsterdam', workingHours: {} } });
    expect([put.body['workingHours'], put.body['labelProperties']]).toEqual([workingHours, labelProperties]);
    const off = await jansen.call('PATCH', 'calendars/primary', { body: { workingHours: { workingHoursEnabled: false }, labelProperties: { eventLabels: [] } } });
    expect([off.body['workingHours'], off.body['labelProperties']]).toEqual([{ workingHoursEnabled: false }, undefined]);
    expect((await jansen.call('GET', 'users/me/calendarList/primary')).body).not.toHaveProperty('workingHours');
  });
});

describe('settings', () => {
  it('come in pages', async () => {
    const first = (await jansen.call('GET', 'users/me/settings', { query: { maxResults: '8' } })).body;
    const second = (await jansen.call('GET', 'users/me/settings', { query: { maxResults: '8', pageToken: first['nextPageToken'] } })).body;
    expect([first['items'].length, second['items'].length, 'nextSyncToken' in first, 'nextSyncToken' in second]).toEqual([8, 4, false, true]);
  });
});
