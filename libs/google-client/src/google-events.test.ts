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
