import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asAccountId, asCalendarId, asGoogleEventId } from '@calsync/calendar-model';
import type { ObservedCall } from './google-calls.js';
import { createGoogleEvents } from './google-events.js';

/** Answers that Google gives and no emulator does: an event without a zone, silence, cut lines. */
const asked: string[] = [];
let ifMatch: string | undefined;
let answer: (path: string, response: http.ServerResponse) => void;
const server = http.createServer((request, response) => {
  asked.push(`${request.method} ${request.url}`);
  ifMatch = request.headers['if-match'];
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
    expect(Object.fromEntries(query)).toEqual({ singleEvents: 'true', showDeleted: 'false', maxResults: '2500', timeMin: '2027-02-21T23:00:00Z', timeMax: '2027-02-24T23:00:00Z' });
    expect(asked).toHaveLength(3);
  });
  it('of a list whose second page never comes are no list', async () => {
    answer = (path, response) => (path.includes('pageToken') ? response.writeHead(503).end() : json(response, { items: [], nextPageToken: '1' }));
    await expect(open().listDays(calendar, { fromOn: '2027-02-23', untilOn: '2027-02-23', zone: 'Europe/Amsterdam' })).rejects.toMatchObject({ kind: 'transient' });
  });
  it('of a list leave out what is cancelled, whether it was asked for or not', async () => {
    const start = { dateTime: '2027-02-23T10:00:00Z' };
    answer = (_path, response) => json(response, { items: [{ id: 's_20270223T100000Z', status: 'cancelled', recurringEventId: 's', originalStartTime: start }, { id: 'er', status: 'confirmed', start, end: start }] });
    const { records } = await open().listDays(calendar, { fromOn: '2027-02-23', untilOn: '2027-02-23', zone: 'Europe/Amsterdam' });
    expect(records.map(({ id }) => id)).toEqual(['er']);
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

describe('a series that is read', () => {
  const days = { fromOn: '2027-02-22', untilOn: '2027-03-01', zone: 'Europe/Amsterdam' };
  const at = (day: string) => ({ dateTime: `${day}T10:00:00Z`, timeZone: 'UTC' });
  const master = (etag: string) => ({ id: 'series', etag, status: 'confirmed', start: at('2027-02-01'), end: at('2027-02-01'), recurrence: ['RRULE:FREQ=DAILY'] });
  const occurrence = (day: string, summary: string) => ({
    id: `series_${day.replaceAll('-', '')}T100000Z`, status: 'confirmed', summary, recurringEventId: 'series', originalStartTime: at(day), start: at(day), end: at(day),
  });
  const refuse = (response: http.ServerResponse, status: number, reason: string) => {
    response.statusCode = status;
    json(response, { error: { code: status, errors: [{ domain: 'global', reason }] } });
  };
  const reading = () => open().readSeries(calendar, asGoogleEventId('series'), days);

  it('is read anew where its version moved between two pages: never half of the old and half of the new', async () => {
    let etag = '"1"';
    answer = (path, response) => {
      if (!path.includes('/instances')) return json(response, master(etag));
      const word = etag === '"1"' ? 'Oud' : 'Nieuw';
      if (!path.includes('pageToken')) return json(response, { items: [occurrence('2027-02-23', word)], nextPageToken: '1' });
      // Somebody writes while the second page of the first reading is under way.
      etag = '"2"';
      return json(response, { items: [occurrence('2027-02-24', 'Nieuw')] });
    };
    const series = await reading();
    expect(series).toMatchObject({ kind: 'found', master: { etag: '"2"' }, records: [{ fields: { subject: 'Nieuw' } }, { fields: { subject: 'Nieuw' } }], unreadable: [] });
  });
  it('that never stands still is a failure of the moment', async () => {
    let version = 0;
    asked.length = 0;
    answer = (path, response) => (path.includes('/instances') ? json(response, { items: [] }) : json(response, master(`"${(version += 1)}"`)));
    await expect(reading()).rejects.toMatchObject({ kind: 'transient' });
    expect(asked.filter((call) => call.includes('/instances'))).toHaveLength(5);
  });
  it.each<[string, object, object]>([
    ['was deleted', { id: 'series', status: 'cancelled' }, { kind: 'cancelled' }],
    ['is none', { id: 'series', status: 'confirmed', start: at('2027-02-01'), end: at('2027-02-01') }, { kind: 'not-a-series', record: { shape: 'single' } }],
  ])('that %s has no occurrences to ask for', async (_name, event, kind) => {
    asked.length = 0;
    answer = (_path, response) => json(response, event);
    expect(await reading()).toMatchObject(kind);
    expect(asked).toHaveLength(1);
  });
  it('that Google does not know proves nothing', async () => {
    answer = (_path, response) => refuse(response, 404, 'notFound');
    expect(await reading()).toEqual({ kind: 'absent' });
  });
  it('that is deleted while it is read is deleted', async () => {
    let there = true;
    answer = (path, response) => {
      if (!path.includes('/instances')) return json(response, there ? master('"1"') : { id: 'series', etag: '"2"', status: 'cancelled' });
      there = false;
      return refuse(response, 410, 'deleted');
    };
    expect(await reading()).toEqual({ kind: 'cancelled' });
  });
  it('whose second page never comes is no reading', async () => {
    answer = (path, response) => {
      if (!path.includes('/instances')) return json(response, master('"1"'));
      return path.includes('pageToken') ? void response.writeHead(503).end() : json(response, { items: [], nextPageToken: '1' });
    };
    await expect(reading()).rejects.toMatchObject({ kind: 'transient' });
  });
  it('and may not be read is a failure that the loops know', async () => {
    answer = (_path, response) => refuse(response, 403, 'forbidden');
    await expect(reading()).rejects.toMatchObject({ name: 'Failure', kind: 'permanent' });
  });
});

describe('a label that gives way to a colour', () => {
  const labelled = { calendarId: calendar.calendarId, id: asGoogleEventId('abc'), etag: '"1"', status: 'confirmed', shape: 'single', eventType: 'default', ownedByUser: true, fields: {}, reduced: false, colour: { kind: 'label', id: 'l1' } } as const;
  const versions: (string | undefined)[] = [];
  const patched = (decide: (call: number) => number) => {
    let call = 0;
    versions.length = 0;
    answer = (_path, response) => {
      versions.push(ifMatch);
      const status = decide((call += 1));
      if (status === 200) return json(response, { id: 'abc', etag: `"${call + 1}"`, status: 'confirmed', ...(call > 1 ? { colorId: '5' } : {}) });
      response.statusCode = status;
      return json(response, { error: { code: status, errors: [{ domain: 'global', reason: status === 412 ? 'conditionNotMet' : 'invalid' }] } });
    };
    return open().patch(calendar, labelled, { fields: { subject: 'Nieuw' }, decor: { colour: { kind: 'colour', id: '5' } } });
  };
  it('goes first, and the second call names the version that the first one left', async () => {
    asked.length = 0;
    expect(await patched(() => 200)).toMatchObject({ kind: 'written', record: { etag: '"3"', colour: { kind: 'colour', id: '5' } } });
    expect(asked.map((call) => new URL(call.split(' ')[1]!, root).searchParams.get('eventLabelVersion'))).toEqual(['1', null]);
    expect(versions).toEqual(['"1"', '"2"']);
  });
  it('stays half done where somebody was faster: the caller plans again', async () => {
    expect(await patched((call) => (call === 1 ? 200 : 412))).toEqual({ kind: 'stale' });
  });
  it('that Google does not take never stops what was to be written with it', async () => {
    expect(await patched((call) => (call === 2 ? 400 : 200))).toMatchObject({ kind: 'written' });
    expect(await patched(() => 400)).toMatchObject({ kind: 'refused' });
  });
});
