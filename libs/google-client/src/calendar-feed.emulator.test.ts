import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { asCalendarId } from '@calsync/calendar-model';
import type { FeedItem } from '@calsync/sync-engine';
import { createCalendarFeed, type GoogleCalendarFeed } from './calendar-feed.js';
import { openEmulator, type Emulator, type Person } from './testing/google-emulator.js';

let emulator: Emulator;
let person: Person;
let feed: GoogleCalendarFeed;
beforeAll(async () => {
  emulator = await openEmulator();
});
afterAll(() => emulator.stop());
beforeEach(async () => {
  person = await emulator.aPerson();
  feed = createCalendarFeed(person.options);
});

const at = (hour: number) => ({ start: { dateTime: `2026-12-01T${String(hour).padStart(2, '0')}:00:00+01:00` }, end: { dateTime: `2026-12-01T${String(hour).padStart(2, '0')}:30:00+01:00` } });
const add = (over: object = {}) => person.api<{ id: string; etag: string }>('POST', person.events, { summary: 'Overleg', ...at(9), ...over });

async function readAll(syncToken?: string): Promise<{ items: FeedItem[]; syncToken: string; pages: number; zone: string; access: string }> {
  const items: FeedItem[] = [];
  let pageToken: string | undefined;
  for (let pages = 1; ; pages += 1) {
    const answer = await feed.page(person.calendar, { ...(syncToken ? { syncToken } : {}), ...(pageToken ? { pageToken } : {}) });
    if (answer.kind !== 'page') throw new Error(answer.kind);
    items.push(...answer.page.items);
    const { next, calendarZone, access } = answer.page;
    if (next.kind === 'end') return { items, syncToken: next.syncToken, pages, zone: calendarZone, access };
    pageToken = next.pageToken;
  }
}

describe('the feed of a calendar', () => {
  it('is the whole calendar first, with the zone and what we may do', async () => {
    const one = await add();
    const all = await readAll();
    expect(all).toMatchObject({ zone: 'Europe/Amsterdam', access: 'writer', items: [{ id: one.id, etag: one.etag, cancelled: false, reduced: false, event: { summary: 'Overleg' } }] });
  });

  it('then what changed: made, changed, deleted', async () => {
    const [stays, goes, changes] = [await add(), await add(), await add()];
    const { syncToken } = await readAll();
    const made = await add();
    await person.api('DELETE', `${person.events}/${goes.id}`);
    await person.api('PATCH', `${person.events}/${changes.id}`, { location: 'Zaal' });
    const delta = await readAll(syncToken);
    expect(new Map(delta.items.map((item) => [item.id as string, item.cancelled]))).toEqual(new Map([[made.id, false], [goes.id, true], [changes.id, false]]));
    expect(delta.items.map(({ id }) => id)).not.toContain(stays.id);
    expect((await readAll(delta.syncToken)).items).toEqual([]);
  });

  it('tells a change that is far outside every window', async () => {
    const { syncToken } = await readAll();
    const far = await add({ start: { date: '2031-05-05' }, end: { date: '2031-05-06' } });
    expect((await readAll(syncToken)).items).toMatchObject([{ id: far.id }]);
  });

  it('comes in pages, and asks again for one that was cut off', async () => {
    const made = [await add(), await add(), await add(), await add()];
    await person.fault('calendar.events.list', { cutAfterPage: 1 });
    const all = await readAll();
    expect(all.pages).toBeGreaterThan(1);
    expect(new Set(all.items.map(({ id }) => id))).toEqual(new Set(made.map(({ id }) => id)));
  });

  it('leaves the content of a private event out', async () => {
    await add({ summary: 'Bedrijfsarts', description: 'geheim', location: 'geheim', visibility: 'private' });
    const { items } = await readAll();
    expect(items).toMatchObject([{ reduced: true, event: { visibility: 'private', organizer: { self: true }, start: { timeZone: 'Europe/Amsterdam' } } }]);
    expect(JSON.stringify(items)).not.toMatch(/Bedrijfsarts|geheim/);
  });

  it('says that a token is lost, whether it aged or never was one', async () => {
    const { syncToken } = await readAll();
    await emulator.door('faults', { match: { email: person.email }, action: { expireSyncTokens: true } });
    expect(await feed.page(person.calendar, { syncToken })).toEqual({ kind: 'sync-token-lost' });
    expect(await feed.page(person.calendar, { syncToken: 'nonsense' })).toEqual({ kind: 'sync-token-lost' });
  });

  it('fails for the calendar where there is none, or nothing may be seen', async () => {
    await expect(feed.page({ ...person.calendar, calendarId: asCalendarId('nobody@group.calendar.google.com') }, {})).rejects.toMatchObject({ kind: 'calendar' });
  });

  it('knows the calendar behind "primary"', async () => {
    expect(await feed.primaryCalendar(person.calendar.accountId)).toEqual({ id: person.email, zone: 'Europe/Amsterdam' });
  });
});

describe('a channel', () => {
  const received: { state: string | undefined; channel: string | undefined; token: string | undefined; resource: string | undefined }[] = [];
  let server: http.Server;
  let address: string;
  beforeAll(async () => {
    server = http.createServer((request, response) => {
      const header = (name: string) => request.headers[name] as string | undefined;
      received.push({ state: header('x-goog-resource-state'), channel: header('x-goog-channel-id'), token: header('x-goog-channel-token'), resource: header('x-goog-resource-id') });
      response.writeHead(204).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/google/notifications`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const of = (id: string) => received.filter(({ channel }) => channel === id);

  it('tells of changes until it is stopped, and can be stopped twice', async () => {
    const id = `c-${person.email.replaceAll(/\W/g, '-')}`;
    const before = Date.now();
    const opened = await feed.watch(person.calendar, 'events', { id, token: 'secret', address, ttlSeconds: 3_600 });
    expect(opened.expiresAt).toBeGreaterThan(before + 3_500_000);
    expect(opened.expiresAt).toBeLessThan(before + 3_700_000);
    await expect.poll(() => of(id)).toMatchObject([{ state: 'sync', token: 'secret', resource: opened.resourceId }]);
    await add();
    await expect.poll(() => of(id).at(-1)).toMatchObject({ state: 'exists', token: 'secret', resource: opened.resourceId });
    await feed.stop(person.calendar.accountId, { id, resourceId: opened.resourceId });
    await feed.stop(person.calendar.accountId, { id, resourceId: opened.resourceId });
  });
  it('watches the list of calendars too', async () => {
    const id = `l-${person.email.replaceAll(/\W/g, '-')}`;
    const opened = await feed.watch(person.calendar, 'calendar-list', { id, token: 'secret', address, ttlSeconds: 3_600 });
    await expect.poll(() => of(id)).toMatchObject([{ state: 'sync', resource: opened.resourceId }]);
  });
  it('is refused where the address does not please Google, and the calendar is not blamed', async () => {
    await expect(feed.watch(person.calendar, 'events', { id: 'x', token: 's', address: 'http://push.example.nl/', ttlSeconds: 60 })).rejects.toMatchObject({ kind: 'permanent' });
  });
});
