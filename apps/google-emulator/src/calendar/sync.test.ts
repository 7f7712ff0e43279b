import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { anEvent, startTestEmulator, type TestAnswer, type TestCaller, type TestEmulator } from '../testing/test-emulator.js';

let emulator: TestEmulator;
let bakker: TestCaller;
const events = 'calendars/primary/events';

beforeAll(async () => {
  emulator = await startTestEmulator({ SYNC_TOKEN_MAX_SECONDS: String(7 * 86_400) });
});
afterAll(() => emulator.stop());
beforeEach(async () => {
  await emulator.control('reset', {});
  bakker = await emulator.as('bakker@example.com');
});

const list = (query: Record<string, string | string[]> = {}): Promise<TestAnswer> => bakker.call('GET', events, { query });
const ids = (answer: TestAnswer): string[] => answer.body['items'].map((item: { id: string }) => item.id);
const reasonOf = (answer: TestAnswer): string => answer.body['error'].errors[0].reason;
const tokenNow = async (query = {}): Promise<string> => (await list(query)).body['nextSyncToken'];

describe('deltas', () => {
  it('hold what changed since, deletions in their bare form, each once', async () => {
    const [kept, gone, changed] = [await bakker.insert(anEvent()), await bakker.insert(anEvent()), await bakker.insert(anEvent())];
    const syncToken = await tokenNow();
    await bakker.call('PATCH', `${events}/${changed['id']}`, { body: { summary: 'a' } });
    await bakker.call('PATCH', `${events}/${changed['id']}`, { body: { summary: 'b' } });
    await bakker.call('DELETE', `${events}/${gone['id']}`);
    const fresh = await bakker.insert(anEvent());
    const delta = await list({ syncToken });
    expect(ids(delta)).toEqual([changed['id'], gone['id'], fresh['id']]);
    expect(ids(delta)).not.toContain(kept['id']);
    const tombstone = delta.body['items'].find((item: { id: string }) => item.id === gone['id']);
    expect(Object.keys(tombstone).sort()).toEqual(['etag', 'id', 'kind', 'status']);
    expect(tombstone.status).toBe('cancelled');
    const detailed = (await list({ syncToken, showDeleted: 'true' })).body['items'].find((item: { id: string }) => item.id === gone['id']);
    expect(detailed.summary).toBe('Overleg');
    expect(ids(await list({ syncToken: delta.body['nextSyncToken'] }))).toEqual([]);
  });

  it('say nothing of changes that give no new version', async () => {
    const event = await bakker.insert(anEvent());
    const syncToken = await tokenNow();
    await bakker.call('PATCH', `${events}/${event['id']}`, { body: { summary: 'Overleg' } });
    await bakker.call('PATCH', `${events}/${event['id']}`, { body: { reminders: { useDefault: false } } });
    expect(ids(await list({ syncToken }))).toEqual([]);
  });

  it('remember the bounds of the first request, but always tell of deletions', async () => {
    const inside = await bakker.insert(anEvent());
    const syncToken = await tokenNow({ timeMin: '2026-11-01T00:00:00Z' });
    await bakker.insert(anEvent({ start: { date: '2020-01-01' }, end: { date: '2020-01-02' } }));
    await bakker.call('DELETE', `${events}/${inside['id']}`);
    expect(ids(await list({ syncToken }))).toEqual([inside['id']]);
  });
});

describe('pages', () => {
  it('have either a page token or a sync token, and miss nothing that changes while paging', async () => {
    const made: string[] = [];
    for (let n = 0; n < 5; n += 1) made.push((await bakker.insert(anEvent()))['id']);
    const first = await list({ maxResults: '2' });
    expect(first.body).toHaveProperty('nextPageToken');
    expect(first.body).not.toHaveProperty('nextSyncToken');
    await bakker.call('PATCH', `${events}/${made[0]}`, { body: { summary: 'tussendoor' } });
    await bakker.call('DELETE', `${events}/${made[4]}`);
    const seen = ids(first);
    let page = first;
    while (page.body['nextPageToken'] !== undefined) {
      page = await list({ maxResults: '2', pageToken: page.body['nextPageToken'] });
      seen.push(...ids(page));
    }
    expect(page.body).toHaveProperty('nextSyncToken');
    expect(new Set(seen)).toEqual(new Set(made.slice(0, 4)));
    const delta = await list({ syncToken: page.body['nextSyncToken'] });
    expect(ids(delta)).toEqual([made[0], made[4]]);
  });

  it('page through a delta with the same sync token repeated', async () => {
    const syncToken = await tokenNow();
    for (let n = 0; n < 3; n += 1) await bakker.insert(anEvent());
    const first = await list({ syncToken, maxResults: '2' });
    const second = await list({ syncToken, maxResults: '2', pageToken: first.body['nextPageToken'] });
    expect(ids(second)).toHaveLength(1);
    expect(second.body).toHaveProperty('nextSyncToken');
    expect((await list({ pageToken: first.body['nextPageToken'] })).status).toBe(400);
  });
});

describe('tokens', () => {
  it.each([
    ['iCalUID', 'x'], ['orderBy', 'updated'], ['privateExtendedProperty', 'a=b'], ['q', 'x'], ['sharedExtendedProperty', 'a=b'],
    ['timeMin', '2026-01-01T00:00:00Z'], ['timeMax', '2027-01-01T00:00:00Z'], ['updatedMin', '2026-11-20T00:00:00Z'], ['showDeleted', 'false'],
  ])('refuse %s beside them', async (name, value) => {
    const answer = await list({ syncToken: await tokenNow(), [name]: value });
    expect([answer.status, reasonOf(answer)]).toEqual([400, 'invalid']);
  });

  it('are 400 when malformed or of another calendar', async () => {
    const answer = await list({ syncToken: 'CPDAlvWDx70CEPDAlvWDx70CGAU=' });
    expect([answer.status, answer.body['error'].message]).toEqual([400, 'Invalid sync token value.']);
    const jansen = await emulator.as('jansen@example.com');
    expect((await jansen.call('GET', events, { query: { syncToken: await tokenNow() } })).status).toBe(400);
  });

  it('are 410 fullSyncRequired by age, by a fault, and after a reset', async () => {
    const aged = await tokenNow();
    await emulator.control('clock', { advance: 'P8D' });
    bakker = await emulator.as('bakker@example.com');
    const old = await list({ syncToken: aged });
    expect([old.status, old.body['error'].errors[0]]).toEqual([410, {
      domain: 'calendar', reason: 'fullSyncRequired', message: 'Sync token is no longer valid, a full sync is required.', locationType: 'parameter', location: 'syncToken',
    }]);
    const ended = await tokenNow();
    await emulator.control('faults', { match: { email: 'devries@example.com' }, action: { expireSyncTokens: true } });
    expect((await list({ syncToken: ended })).status).toBe(200);
    await emulator.control('faults', { match: { email: 'bakker@example.com', client: 'emulator' }, action: { expireSyncTokens: true } });
    expect((await list({ syncToken: ended })).status).toBe(410);
    const fresh = await tokenNow();
    expect((await list({ syncToken: fresh })).status).toBe(200);
    await emulator.control('reset', {});
    bakker = await emulator.as('bakker@example.com');
    expect((await list({ syncToken: fresh })).status).toBe(410);
  });

  it('do not come with orderBy, q or property filters', async () => {
    for (const [name, value] of [['orderBy', 'updated'], ['q', 'x'], ['privateExtendedProperty', 'a=b']] as const) expect((await list({ [name]: value })).body).not.toHaveProperty('nextSyncToken');
    expect((await list({ timeMin: '2026-01-01T00:00:00Z' })).body).toHaveProperty('nextSyncToken');
  });
});

describe('filters', () => {
  it('bound by end and start, exclusively', async () => {
    const event = await bakker.insert(anEvent());
    const found = async (timeMin: string, timeMax: string): Promise<boolean> => ids(await list({ timeMin, timeMax })).includes(event['id']);
    expect(await found('2026-12-01T10:30:00+01:00', '2026-12-01T10:40:00+01:00')).toBe(true);
    expect(await found('2026-12-01T11:00:00+01:00', '2026-12-01T12:00:00+01:00')).toBe(false);
    expect(await found('2026-12-01T09:00:00+01:00', '2026-12-01T10:00:00+01:00')).toBe(false);
    const empty = await list({ timeMin: '2026-12-01T10:00:00Z', timeMax: '2026-12-01T10:00:00Z' });
    expect([empty.status, reasonOf(empty), empty.body['error'].errors[0].location]).toEqual([400, 'timeRangeEmpty', 'timeMax']);
  });

  it('find by property, text, UID, type and time of change', async () => {
    const marked = await bakker.insert(anEvent({ summary: 'Kwartaalgesprek', location: 'Zaal Één', extendedProperties: { private: { a: '1', b: '2' } } }));
    await bakker.insert(anEvent({ extendedProperties: { private: { a: '1' } } }));
    const focus = await bakker.insert(anEvent({ eventType: 'focusTime' }));
    expect(ids(await list({ privateExtendedProperty: ['a=1', 'b=2'] }))).toEqual([marked['id']]);
    expect(ids(await list({ q: 'kwartaal één' }))).toEqual([marked['id']]);
    expect(ids(await list({ iCalUID: marked['iCalUID'] }))).toEqual([marked['id']]);
    expect(ids(await list({ eventTypes: ['focusTime', 'birthday'] }))).toEqual([focus['id']]);
    await bakker.call('DELETE', `${events}/${marked['id']}`);
    expect(ids(await list({ updatedMin: new Date(Date.now() - 60_000).toISOString() }))).toContain(marked['id']);
    expect(ids(await list())).not.toContain(marked['id']);
    expect(ids(await list({ showDeleted: 'true' }))).toContain(marked['id']);
    const old = await list({ updatedMin: '2020-01-01T00:00:00Z' });
    expect([old.status, reasonOf(old)]).toEqual([410, 'updatedMinTooLongAgo']);
  });

  it('order by start only for single events', async () => {
    const later = await bakker.insert(anEvent());
    const earlier = await bakker.insert(anEvent({ start: { date: '2026-11-30' }, end: { date: '2026-12-01' } }));
    expect(ids(await list({ orderBy: 'startTime', singleEvents: 'true' }))).toEqual([earlier['id'], later['id']]);
    const refused = await list({ orderBy: 'startTime' });
    expect([refused.status, refused.body['error'].message]).toEqual([400, 'The requested ordering is not available for the particular query.']);
  });

  it('show the fields asked for, and name a wrong one', async () => {
    const event = await bakker.insert(anEvent({ attendees: [{ email: 'a@x.nl' }, { email: 'b@x.nl' }] }));
    const answer = await list({ fields: 'items(id,start/dateTime),nextSyncToken' });
    expect(answer.body).toEqual({ nextSyncToken: expect.any(String), items: [{ id: event['id'], start: { dateTime: '2026-12-01T10:00:00+01:00' } }] });
    const wrong = await list({ fields: 'items(id,titel)' });
    expect([wrong.status, wrong.body['error'].message]).toEqual([400, 'Invalid field selection items/titel']);
    expect((await list({ maxAttendees: '1' })).body['items'][0]).toMatchObject({ attendeesOmitted: true });
  });
});

describe('the calendar list', () => {
  it('tells new and deleted calendars by token, and no change of title', async () => {
    const syncToken = (await bakker.call('GET', 'users/me/calendarList')).body['nextSyncToken'];
    const made = (await bakker.call('POST', 'calendars', { body: { summary: 'Verlof' } })).body;
    const delta = await bakker.call('GET', 'users/me/calendarList', { query: { syncToken } });
    expect(ids(delta)).toEqual([made['id']]);
    await bakker.call('PATCH', 'calendars/primary', { body: { summary: 'Carla' } });
    expect(ids(await bakker.call('GET', 'users/me/calendarList', { query: { syncToken: delta.body['nextSyncToken'] } }))).toEqual([]);
    expect((await bakker.call('DELETE', `calendars/${encodeURIComponent(made['id'])}`)).status).toBe(204);
    const gone = await bakker.call('GET', 'users/me/calendarList', { query: { syncToken: delta.body['nextSyncToken'] } });
    expect(gone.body['items']).toMatchObject([{ id: made['id'], deleted: true }]);
    expect((await bakker.call('GET', `calendars/${encodeURIComponent(made['id'])}/events`)).status).toBe(404);
  });
});
