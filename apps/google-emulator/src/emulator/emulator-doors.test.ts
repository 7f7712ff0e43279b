import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { anEvent, startTestEmulator, type Loose, type TestAnswer, type TestCaller, type TestEmulator } from '../testing/test-emulator.js';

let emulator: TestEmulator;
let bakker: TestCaller;
const events = 'calendars/primary/events';

beforeAll(async () => {
  emulator = await startTestEmulator();
});
afterAll(() => emulator.stop());
beforeEach(async () => {
  await emulator.control('reset', {});
  bakker = await emulator.as('bakker@example.com');
});

const fault = async (body: object): Promise<string> => (await emulator.control('faults', body)).body['id'];
const stats = async (): Promise<Loose> => (await emulator.control('stats')).body;
const list = (query: Record<string, string> = {}): Promise<TestAnswer> => bakker.call('GET', events, { query });

describe('acting as somebody', () => {
  it('gives tokens of the client emulator, for known and new people', async () => {
    const { body } = await emulator.control('tokens', { email: 'nieuw@example.com', scopes: ['https://www.googleapis.com/auth/calendar.events'], expiresInS: 60 });
    expect(body).toMatchObject({ access_token: expect.any(String), refresh_token: expect.any(String), expires_in: 60, scope: 'https://www.googleapis.com/auth/calendar.events' });
    const account = (await emulator.control('accounts', { email: 'nieuw@example.com', name: 'Nina Nieuw' })).body;
    expect(account).toEqual({ email: 'nieuw@example.com', sub: expect.stringMatching(/^\d{21}$/) });
    expect((await emulator.control('accounts', { email: 'nieuw@example.com' })).body['sub']).toBe(account['sub']);
    expect((await emulator.control('tokens', { email: 'nieuw@example.com', naam: 'x' })).status).toBe(400);
  });
});

describe('statistics', () => {
  it('count calls by who and what, and hold accepted writes only', async () => {
    const event = await bakker.insert(anEvent());
    await bakker.call('POST', events, { body: anEvent({ id: event['id'] }) });
    await bakker.call('PATCH', `${events}/${event['id']}`, { body: {} });
    await list();
    await list();
    const { calls, writes } = await stats();
    const who = { email: 'bakker@example.com', client: 'emulator' };
    expect(calls).toContainEqual({ method: 'calendar.events.list', ...who, status: 200, count: 2 });
    expect(calls).toContainEqual({ method: 'calendar.events.insert', ...who, status: 409, count: 1 });
    expect(writes).toEqual([
      { at: expect.stringMatching(/Z$/), method: 'calendar.events.insert', ...who, calendarId: 'bakker@example.com', eventId: event['id'] },
      { at: expect.stringMatching(/Z$/), method: 'calendar.events.patch', ...who, calendarId: 'bakker@example.com', eventId: event['id'] },
    ]);
  });
});

describe('statistics of the rest', () => {
  it('have all fields of strangers', async () => {
    await fetch(`${emulator.url}/calendar/v3/calendars/primary/events`);
    expect((await stats())['calls']).toEqual([{ method: 'calendar.events.list', email: null, client: null, status: 401, count: 1 }]);
  });
  it('have all fields of what concerns no event too', async () => {
    await bakker.call('POST', 'calendars', { body: { summary: 'Tweede' } });
    const channel = await bakker.call('POST', 'users/me/calendarList/watch', { body: { id: 'no-token', type: 'web_hook', address: 'http://localhost:1/' } });
    const { writes, channels } = await stats();
    expect(writes).toMatchObject([{ method: 'calendar.calendars.insert', eventId: null }]);
    expect(channels).toMatchObject([{ id: 'no-token', resourceId: channel.body['resourceId'], token: null, calendarId: null, expiration: expect.any(Number) }]);
  });
});

describe('a reset', () => {
  it('brings back the demo and statistics of zero', async () => {
    await bakker.insert(anEvent());
    await emulator.control('accounts', { email: 'weg@example.com' });
    await bakker.call('POST', 'calendars/primary/acl', { body: { role: 'writer', scope: { type: 'default' } } });
    await bakker.call('PATCH', 'users/me/calendarList/primary', { body: { summaryOverride: 'Van mij' } });
    await emulator.control('clock', { advance: 'P1D' });
    await emulator.control('reset', {});
    expect(await stats()).toEqual({ calls: [], writes: [], mails: [], notifications: { sent: 0, delivered: 0, failed: 0, dropped: 0 }, channels: [] });
    expect((await list()).body['items']).toEqual([]);
    const jansen = await emulator.as('jansen@example.com');
    expect((await jansen.call('GET', 'calendars/bakker@example.com/events')).status).toBe(404);
    expect((await bakker.call('GET', 'users/me/calendarList/primary')).body).not.toHaveProperty('summaryOverride');
    const items = (await jansen.call('GET', events)).body['items'] as Loose[];
    expect(items.map((item) => item['summary'])).toEqual(['Tandarts', 'Lunch met Zoë 🥗']);
    for (const item of items) expect(Math.abs(Date.parse(item['start'].dateTime) - Date.now())).toBeLessThan(4 * 86_400_000);
    expect(Math.abs(Date.parse((await emulator.control('health')).body['now']) - Date.now())).toBeLessThan(60_000);
  });
});

describe('faults', () => {
  it('answer with an error instead of working, as often as asked', async () => {
    await fault({ match: { method: 'calendar.events.insert', email: 'bakker@example.com' }, action: { error: { status: 503, reason: 'backendError' } }, times: 2 });
    for (let n = 0; n < 2; n += 1) {
      const answer = await bakker.call('POST', events, { body: anEvent() });
      expect([answer.status, answer.body['error'].errors[0]]).toEqual([503, { domain: 'global', reason: 'backendError', message: 'Backend Error' }]);
    }
    await bakker.insert(anEvent());
    expect((await stats())['writes']).toHaveLength(1);
  });

  it('wait before the work', async () => {
    await fault({ action: { latencyMs: 120 }, times: 1 });
    const beganMs = performance.now();
    await list();
    expect(performance.now() - beganMs).toBeGreaterThan(110);
  });

  it('apply a write and cut the connection', async () => {
    await fault({ match: { method: 'calendar.events.insert' }, action: { applyThenDrop: true }, times: 1 });
    await expect(bakker.call('POST', events, { body: anEvent({ id: 'applied0001' }) })).rejects.toThrow(/fetch failed/);
    expect((await bakker.call('GET', `${events}/applied0001`)).body['status']).toBe('confirmed');
    expect((await bakker.call('POST', events, { body: anEvent({ id: 'applied0001' }) })).status).toBe(409);
    expect((await stats())['writes']).toMatchObject([{ eventId: 'applied0001' }]);
  });

  it('let reads pass while they wait for something to apply', async () => {
    const id = await fault({ match: { email: 'Bakker@Example.com' }, action: { applyThenDrop: true }, times: 1 });
    expect((await list()).status).toBe(200);
    expect((await emulator.control('faults')).body).toMatchObject([{ id, matched: 0 }]);
    await expect(bakker.call('POST', events, { body: anEvent() })).rejects.toThrow(/fetch failed/);
  });

  it('leave events out of lists', async () => {
    const [first, second] = [await bakker.insert(anEvent()), await bakker.insert(anEvent())];
    await fault({ match: { calendarId: 'bakker@example.com' }, action: { omit: [first['id']] }, times: 1 });
    expect((await list()).body['items'].map((item: Loose) => item['id'])).toEqual([second['id']]);
    expect((await list()).body['items']).toHaveLength(2);
  });

  it('cut a list after a page, making pages short enough to show it', async () => {
    for (let n = 0; n < 4; n += 1) await bakker.insert(anEvent());
    await fault({ action: { cutAfterPage: 1 }, times: 1 });
    const first = await list();
    expect(first.body['items']).toHaveLength(2);
    const pageToken = first.body['nextPageToken'];
    await expect(list({ pageToken })).rejects.toThrow(/fetch failed/);
    expect((await list({ pageToken })).body['items']).toHaveLength(2);
  });

  it('revoke a consent at once', async () => {
    await fault({ match: { email: 'bakker@example.com', client: 'emulator' }, action: { revoke: true } });
    expect((await list()).status).toBe(401);
  });

  it('break the token endpoint too', async () => {
    const { body } = await emulator.control('tokens', { email: 'bakker@example.com' });
    await fault({ match: { method: 'oauth2.token', email: 'bakker@example.com' }, action: { error: { status: 500 } }, times: 1 });
    const refresh = (): Promise<Response> => fetch(`${emulator.url}/token`, { method: 'POST', body: new URLSearchParams({ grant_type: 'refresh_token', client_id: 'emulator', client_secret: 'emulator-secret', refresh_token: body['refresh_token'] }) });
    expect([(await refresh()).status, (await refresh()).status]).toEqual([500, 200]);
    await fault({ match: { method: 'oauth2.token' }, action: { applyThenDrop: true }, times: 1 });
    await expect(refresh()).rejects.toThrow(/fetch failed/);
    expect((await refresh()).status).toBe(200);
  });

  it('are listed, removed one by one and all at once', async () => {
    const id = await fault({ action: { latencyMs: 1 } });
    await fault({ action: { latencyMs: 2 } });
    expect((await emulator.control('faults')).body).toMatchObject([{ id }, { action: { latencyMs: 2 } }]);
    await emulator.control(`faults/${id}`, undefined, 'DELETE');
    expect((await emulator.control('faults')).body).toHaveLength(1);
    await emulator.control('faults', undefined, 'DELETE');
    expect((await emulator.control('faults')).body).toEqual([]);
  });

  it.each([
    [{ action: {} }, 'exactly one'],
    [{ action: { omit: ['a'], latencyMs: 1 } }, 'exactly one'],
    [{ action: { slow: true } }, 'slow'],
    [{ match: { calendar: 'x' }, action: { latencyMs: 1 } }, 'calendar'],
    [{ action: { notifications: 'lose' } }, 'drop, delay or duplicate'],
    [{ action: { error: { status: 200 } } }, 'error.status'],
    [{ match: { method: 'calendar.events.inzert' }, action: { latencyMs: 1 } }, 'calendar.events.inzert'],
    [{ match: { calendarId: 'primary' }, action: { latencyMs: 1 } }, 'real id'],
    [{ match: { calendarId: 'bakker@example.com' }, action: { revoke: true } }, 'match.calendarId'],
    [{ match: { method: 'calendar.events.list' }, action: { notifications: 'drop' } }, 'match.method'],
  ])('that are malformed are refused: %j', async (body, word) => {
    const answer = await emulator.control('faults', body);
    expect(answer.status).toBe(400);
    expect(answer.body['error']).toContain(word);
  });
});

describe("what people do on Google's pages", () => {
  it('is refused where it needs a series', async () => {
    const body = { email: 'bakker@example.com', calendarId: 'primary', eventId: 'abcde_20261201', patch: {} };
    expect((await emulator.control('ui/this-and-following', body)).status).toBe(404);
    expect((await emulator.control('ui/all-events', body)).status).toBe(404);
  });
});
