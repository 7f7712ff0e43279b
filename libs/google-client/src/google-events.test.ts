import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asAccountId, asCalendarId, asGoogleEventId } from '@calsync/calendar-model';
import type { ObservedCall } from './google-calls.js';
import { createGoogleEvents } from './google-events.js';

/** Answers that Google gives and no emulator does: an event without a zone, silence, cut lines. */
const asked: string[] = [];
let answer: (path: string, response: http.ServerResponse) => void;
const server = http.createServer((request, response) => {
  asked.push(`${request.method} ${request.url}`);
  answer(request.url ?? '', response);
});
const json = (response: http.ServerResponse, body: object) => response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
const seen: ObservedCall[] = [];
let root: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const calendar = { accountId: asAccountId('a'), calendarId: asCalendarId('jansen@example.com') };
const open = () =>
  createGoogleEvents({
    root, timeoutMs: 100, random: () => 0, observe: (call) => void seen.push(call),
    tokens: { tokenFor: async () => 'token', discard: async () => undefined }, limiter: { take: async () => undefined, prepare: async () => undefined },
    clock: { now: () => Date.now(), sleep: async () => undefined },
  });

describe('answers of Google', () => {
  it('an event without a zone is read in the zone of its calendar, which is asked once', async () => {
    asked.length = 0;
    answer = (path, response) =>
      path.includes('calendarList')
        ? json(response, { id: 'jansen@example.com', timeZone: 'America/New_York' })
        : json(response, { id: 'abc', etag: '"1"', status: 'confirmed', start: { dateTime: '2026-12-01T14:00:00Z' }, end: { dateTime: '2026-12-01T15:00:00Z' } });
    const google = open();
    for (let time = 0; time < 3; time += 1) {
      expect(await google.get(calendar, asGoogleEventId('abc'))).toMatchObject({ record: { fields: { when: { start: '2026-12-01T09:00:00', zone: 'America/New_York' } } } });
    }
    expect(asked.filter((call) => call.includes('calendarList'))).toHaveLength(1);
  });
  it('of a list are read page by page, to the last; an odd event is named and hides no other', async () => {
    asked.length = 0;
    const start = { dateTime: '2027-02-23T10:00:00Z' };
    answer = (path, response) => {
      const page = Number(new URL(path, root).searchParams.get('pageToken') ?? 0);
      json(response, { timeZone: 'America/New_York', items: [{ id: `event${page}`, start, end: start }, { id: `odd${page}`, start: { dateTime: 'morgen' } }], ...(page < 2 ? { nextPageToken: String(page + 1) } : {}) });
    };
    const { records, unreadable } = await open().listDays(calendar, { fromOn: '2027-02-23', untilOn: '2027-02-23', zone: 'Europe/Amsterdam' });
    expect(records.map(({ id, fields }) => [id, fields.when])).toEqual([0, 1, 2].map((page) => [`event${page}`, { kind: 'timed', start: '2027-02-23T05:00:00', end: '2027-02-23T05:00:00', zone: 'America/New_York' }]));
    expect(unreadable.map(({ id }) => id)).toEqual(['odd0', 'odd1', 'odd2']);
    expect(JSON.stringify(unreadable)).not.toContain('morgen');
    const query = new URL(asked[0]!.split(' ')[1]!, root).searchParams;
    expect(Object.fromEntries(query)).toEqual({ singleEvents: 'true', showDeleted: 'false', maxResults: '250', timeMin: '2027-02-21T23:00:00Z', timeMax: '2027-02-24T23:00:00Z' });
    expect(asked).toHaveLength(3);
  });
  it('of a list name a series once, as its master', async () => {
    answer = (_path, response) => json(response, { items: [{ id: 'series', start: { dateTime: '2027-02-01T10:00:00Z', timeZone: 'UTC' }, recurrence: ['RRULE:FREQ=DAILY'] }] });
    const { records } = await open().listDays(calendar, { fromOn: '2027-02-23', untilOn: '2027-02-23', zone: 'Europe/Amsterdam' });
    expect(records.map(({ id, shape }) => [id, shape])).toEqual([['series', 'master']]);
  });
  it('of a list whose second page never comes are no list', async () => {
    answer = (path, response) => (path.includes('pageToken') ? response.writeHead(503).end() : json(response, { items: [], nextPageToken: '1' }));
    await expect(open().listDays(calendar, { fromOn: '2027-02-23', untilOn: '2027-02-23', zone: 'Europe/Amsterdam' })).rejects.toMatchObject({ kind: 'transient' });
  });
  it('silence ends with the time-out, is tried three times, and is a transient failure', async () => {
    asked.length = 0;
    answer = () => undefined;
    await expect(open().get(calendar, asGoogleEventId('abc'))).rejects.toMatchObject({ kind: 'transient' });
    expect(asked).toHaveLength(3);
  });
  it('a cut line on a delete that was done already comes out as gone', async () => {
    let calls = 0;
    answer = (_path, response) => {
      calls += 1;
      if (calls === 1) return void response.destroy();
      response.statusCode = 410;
      json(response, { error: { code: 410, errors: [{ domain: 'global', reason: 'deleted' }] } });
    };
    expect(await open().delete(calendar, asGoogleEventId('abc'), '"1"')).toEqual({ kind: 'gone' });
  });
  it('a Retry-After is handed on, not sat out', async () => {
    asked.length = 0;
    answer = (_path, response) => {
      response.statusCode = 503;
      response.setHeader('retry-after', '20');
      json(response, {});
    };
    await expect(open().get(calendar, asGoogleEventId('abc'))).rejects.toMatchObject({ kind: 'transient', retryAfterMs: 20_000 });
    expect(asked).toHaveLength(1);
  });
  it('tell the time at Google', async () => {
    seen.length = 0;
    answer = (_path, response) => {
      response.setHeader('date', 'Tue, 24 Nov 2026 10:00:00 GMT');
      json(response, { id: 'abc', status: 'cancelled' });
    };
    await open().get(calendar, asGoogleEventId('abc'));
    expect(seen).toMatchObject([{ method: 'calendar.events.get', result: '200', googleTimeMs: Date.parse('2026-11-24T10:00:00Z') }]);
  });
});
