import { randomUUID } from 'node:crypto';
import { createConnection, type Connection } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GrantStore, linkAccount, MongoAccountDirectory, prepareAccounts, publishAnnouncements, unlinkAccount } from '@calsync/accounts';
import { asCalendarId, asInstallationId, asInventiveId, asSourceName, type AccountId, type InventiveId } from '@calsync/calendar-model';
import { TOPICS, type Message } from '@calsync/event-contracts';
import { ensureTopics, KafkaMessagePublisher, subscribe, type Subscription } from '@calsync/event-log';
import { kafkaForTests, mongoForTests, startGoogleEmulator, startProcess, type ChildApp } from '@calsync/local-servers/testing';
import { KeyRing } from '@calsync/service-chassis/sealing';
import { channelSecrets, createChannels } from '@calsync/sync-store';

const installation = asInstallationId(randomUUID());
const source = asSourceName('demo');
const masterKeys = `1:${Buffer.alloc(32, 7).toString('base64')}`;
const { brokers } = kafkaForTests();
const mongo = mongoForTests();

let emulator: ChildApp;
let receiver: ChildApp;
let connection: Connection;
let grants: GrantStore;
let publisher: KafkaMessagePublisher;
let subscription: Subscription;
/** Everything on the topic of the accounts of this run, with when it arrived here. */
const heard: { readonly message: Message; readonly at: number }[] = [];

/** `PORT` is the first one's, so that the address in a channel outlives the process; `'0'` for one beside it. */
async function startReceiver(env: Record<string, string> = {}): Promise<ChildApp> {
  const port = receiver === undefined ? '0' : new URL(receiver.url).port;
  return startProcess({
    name: 'google-receiver', script: 'apps/google-receiver/dist/main.js',
    env: {
      PORT: port, KAFKA_BROKERS: brokers.join(','), MONGODB_URI: mongo.uri, MONGODB_DATABASE: mongo.database, INSTALLATION_ID: installation, MASTER_KEYS: masterKeys,
      GOOGLE_API_ROOT: emulator.url, GOOGLE_CLIENT_ID: 'emulator', GOOGLE_CLIENT_SECRET: 'emulator-secret', FLOOR_POLL_MS: '300', LOG_LEVEL: 'warn',
      RECEIVER_PUBLIC_URL: receiver === undefined ? 'http://127.0.0.1:1' : receiver.url, SWEEP_SECONDS: '3600', ...env,
    },
  });
}

beforeAll(async () => {
  emulator = await startGoogleEmulator();
  await ensureTopics(brokers);
  connection = await createConnection(mongo.uri, { dbName: mongo.database }).asPromise();
  grants = new GrantStore({ connection, installation, keys: new KeyRing(masterKeys) });
  await prepareAccounts(connection, grants);
  publisher = new KafkaMessagePublisher({ brokers, clientId: 'test' });
  await publisher.connect();
  subscription = subscribe({
    brokers, topic: TOPICS.calendarEvents.name, fromBeginning: true,
    onMessage: async (decoded) => {
      if (decoded.kind === 'message') heard.push({ message: decoded.message, at: performance.now() });
    },
  });
  // Twice: the port is known once it runs, and Google's notifications must find it there.
  receiver = await startReceiver();
  await receiver.stop();
  receiver = await startReceiver();
}, 120_000);
afterAll(async () => {
  await receiver?.stop();
  await subscription?.close();
  await publisher?.close();
  const { mails } = await door<{ mails: unknown[] }>('stats');
  await emulator?.stop();
  await connection?.dropDatabase();
  await connection?.close();
  if (mails.length > 0) throw new Error(`Google would have sent ${mails.length} mails`);
});

async function door<T>(path: string, body?: object, method = body ? 'POST' : 'GET'): Promise<T> {
  const response = await fetch(new URL(`/_emulator/${path}`, emulator.url), { method, ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}) });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as T;
}
const tell = () => publishAnnouncements({ connection, installation, publisher });

const overleg = { summary: 'Overleg', start: { dateTime: '2026-12-01T09:00:00+01:00' }, end: { dateTime: '2026-12-01T10:00:00+01:00' } };
let people = 0;
async function aLinkedPerson() {
  const email = `receiver${(people += 1)}@example.com`;
  const userId: InventiveId = asInventiveId(String(people).padStart(32, '0'));
  const { sub } = await door<{ sub: string }>('accounts', { email });
  const own = await door<{ access_token: string }>('tokens', { email });
  const calendar = new URL(`/calendar/v3/calendars/${encodeURIComponent(email)}/events`, emulator.url);
  const call = async (method: string, path: string, body?: object, token = own.access_token): Promise<{ id: string; etag: string }> => {
    const response = await fetch(`${calendar.href}${path}`, { method, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, ...(body ? { body: JSON.stringify(body) } : {}) });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    const text = await response.text();
    return (text ? JSON.parse(text) : {}) as { id: string; etag: string };
  };
  const link = async (): Promise<AccountId> => {
    const granted = await door<{ access_token: string; refresh_token: string }>('tokens', { email });
    const outcome = await linkAccount(
      { connection, installation, grants }, { source, userId, loginName: email, fullName: email, zone: 'Europe/Amsterdam', defaultAdministrationId: asInventiveId('A'.repeat(32)) },
      { sub, email }, { refreshToken: granted.refresh_token, accessToken: granted.access_token, useUntil: Date.now() + 3_000_000 }, { id: asCalendarId(email), primary: true },
    );
    if (outcome.kind !== 'linked') throw new Error(outcome.kind);
    await tell();
    return outcome.account.id;
  };
  const accountId = await link();
  return {
    email, userId, accountId, link,
    add: (over: object = {}) => call('POST', '', { ...overleg, ...over }),
    /** With a token of now: the emulator's clock was moved. */
    addNow: async () => call('POST', '', overleg, (await door<{ access_token: string }>('tokens', { email })).access_token),
    patch: (id: string, body: object) => call('PATCH', `/${id}`, body),
    remove: (id: string) => call('DELETE', `/${id}`),
    messages: () => heard.filter(({ message }) => message.key === `${accountId}/${email}`),
    listed: () => heard.filter(({ message }) => message.key === `${accountId}/${email}` && message.type === 'com.google.calendar.full-list.completed.v1').length,
    about: (id: string) => heard.filter(({ message }) => message.key === `${accountId}/${email}` && message.subject === id),
    channels: async () => (await door<{ channels: { email: string; address: string }[] }>('stats')).channels.filter((channel) => channel.email === email),
    fault: (body: { action: object; times?: number; match?: object }) => door<{ id: string }>('faults', { ...body, match: { email, ...body.match } }),
  };
}
type Linked = Awaited<ReturnType<typeof aLinkedPerson>>;
const patience = { timeout: 60_000, interval: 20 };
async function listening(): Promise<Linked> {
  const person = await aLinkedPerson();
  await expect.poll(person.listed, patience).toBeGreaterThan(0);
  await expect.poll(async () => (await person.channels()).length, patience).toBe(2);
  await expect.poll(() => isQuiet(person), patience).toBe(true);
  return person;
}
/** A new channel leaves a hint: until that is served too, a change could be told without its own notification. */
async function isQuiet(person: Linked): Promise<boolean> {
  const { details } = (await (await fetch(new URL('/health', receiver.url))).json()) as { details: { receiver: Record<'pulls' | 'fullLists' | 'channels', { running: number; waiting: number }> } };
  const busy = (['pulls', 'fullLists', 'channels'] as const).some((lane) => details.receiver[lane].running + details.receiver[lane].waiting > 0);
  return !busy && (await connection.collection('calendars').findOne({ accountId: person.accountId }))?.['dirty'] === false;
}
const lastOf = (person: Linked, id: string) => person.about(id).at(-1)?.message;
const metric = async (name: string): Promise<number> => {
  const text = await (await fetch(new URL('/metrics', receiver.url))).text();
  return text.split('\n').filter((line) => line.startsWith(name)).reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
};

describe('a linked account', () => {
  it('is listed in full, watched, and every change is told within moments', async () => {
    const person = await listening();
    const tookMs: number[] = [];
    for (let round = 0; round < 20; round += 1) {
      const began = performance.now();
      const { id, etag } = await person.add({ summary: `Overleg ${round}` });
      await expect.poll(() => lastOf(person, id), { timeout: 5_000, interval: 1 }).toMatchObject({ type: 'com.google.calendar.event.changed.v1', data: { reduced: false, event: { etag } } });
      tookMs.push(person.about(id)[0]!.at - began);
    }
    tookMs.sort((a, b) => a - b);
    console.log(`insert at Google → message at a subscriber, ms: p50 ${tookMs[10]!.toFixed(0)}, max ${tookMs[19]!.toFixed(0)}`);
  });

  it('tells changes and deletions, once each', async () => {
    const person = await listening();
    const { id } = await person.add();
    await expect.poll(() => person.about(id).length, patience).toBe(1);
    const { etag } = await person.patch(id, { location: 'Kantine' });
    await expect.poll(() => lastOf(person, id), patience).toMatchObject({ data: { event: { location: 'Kantine', etag } } });
    await person.remove(id);
    await expect.poll(() => lastOf(person, id), patience).toMatchObject({ type: 'com.google.calendar.event.deleted.v1', data: { event: { status: 'cancelled' } } });
    const pulls = person.about(id).map(({ message }) => Number((message.data as { pull: string }).pull));
    expect(pulls).toEqual(pulls.toSorted((a, b) => a - b));
    expect(new Set(person.about(id).map(({ message }) => message.id)).size).toBe(3);
  });

  it('never has the content of a private event in a message', async () => {
    const person = await listening();
    const { id } = await person.add({ summary: 'Bedrijfsarts', visibility: 'private' });
    await expect.poll(() => lastOf(person, id), patience).toMatchObject({ data: { reduced: true, event: { visibility: 'private' } } });
    expect(JSON.stringify(person.messages())).not.toContain('Bedrijfsarts');
  });

  it('starts anew where the sync token is lost, and forgets nothing', async () => {
    const person = await listening();
    const [stays, goes] = [await person.add(), await person.add()];
    await expect.poll(() => person.about(goes.id).length, patience).toBe(1);
    const before = person.listed();
    await person.fault({ action: { notifications: 'drop' }, times: 1 });
    await person.remove(goes.id);
    await person.fault({ action: { expireSyncTokens: true } });
    const { id } = await person.add();
    await expect.poll(person.listed, patience).toBe(before + 1);
    expect(lastOf(person, id)?.type).toBe('com.google.calendar.event.changed.v1');
    expect(lastOf(person, goes.id)?.type).toBe('com.google.calendar.event.deleted.v1');
    expect(lastOf(person, stays.id)?.type).toBe('com.google.calendar.event.changed.v1');
  });

  it('is unwatched when it is unlinked, and joins again with everything told again', async () => {
    const person = await listening();
    const { id } = await person.add();
    await expect.poll(() => person.about(id).length, patience).toBe(1);
    await unlinkAccount({ connection, installation, grants }, source, person.userId);
    await tell();
    await expect.poll(async () => (await person.channels()).length, patience).toBe(0);
    const before = person.listed();
    await person.link();
    await expect.poll(person.listed, patience).toBeGreaterThan(before);
    expect(person.about(id).length).toBeGreaterThan(1);
    await expect.poll(async () => (await person.channels()).length, patience).toBe(2);
  });

  it('whose consent is withdrawn waits for a person, the others go on; consent given again, what happened meanwhile is told', async () => {
    const [gone, other] = [await listening(), await listening()];
    await gone.fault({ match: { client: 'emulator' }, action: { revoke: true } });
    // Whatever tells Google's side of a change: the next call finds the grant gone.
    const directory = new MongoAccountDirectory({ connection, installation, clock: { now: () => Date.now() } });
    await connection.collection('calendars').updateOne({ accountId: gone.accountId }, { $set: { nextSweepAt: new Date(0) } });
    await expect.poll(async () => (await directory.all()).find(({ id }) => id === gone.accountId)?.state, patience).toBe('needs-consent');
    const { id } = await other.add();
    await expect.poll(() => other.about(id).length, patience).toBe(1);
    expect((await fetch(new URL('/health/ready', receiver.url))).status).toBe(200);
    const unheard = await gone.addNow();
    await gone.link();
    await expect.poll(() => gone.about(unheard.id).length, patience).toBeGreaterThan(0);
    const { id: next } = await gone.addNow();
    await expect.poll(() => gone.about(next).length, patience).toBe(1);
  });
});

describe('a storm', () => {
  it('of changes and repeated notifications is told in full, for a small part of the quota', async () => {
    const person = await listening();
    const lists = async () => (await door<{ calls: { method: string; email: string | null; count: number }[] }>('stats')).calls.filter((call) => call.email === person.email && call.method === 'calendar.events.list').reduce((sum, { count }) => sum + count, 0);
    const before = await lists();
    const began = performance.now();
    const { id: twice } = await person.fault({ action: { notifications: 'duplicate' } });
    const made = await Promise.all(Array.from({ length: 200 }, (_, round) => person.add({ summary: `Overleg ${round}` })));
    await door(`faults/${twice}`, undefined, 'DELETE');
    await expect.poll(() => made.filter(({ id }) => person.about(id).length === 0).length, patience).toBe(0);
    await expect.poll(() => isQuiet(person), patience).toBe(true);
    for (const { id, etag } of made) expect(lastOf(person, id)).toMatchObject({ data: { event: { etag } } });
    expect(made.every(({ id }) => person.about(id).length === 1)).toBe(true);
    // Twenty at once, five a second then, and some for the quiet at the end.
    expect((await lists()) - before).toBeLessThan(30 + (6 * (performance.now() - began)) / 1_000);
  }, 150_000);
});

describe('a calendar that is lost', () => {
  it('holds its account, and is taken up again by itself when it answers: what happened meanwhile is told', async () => {
    const person = await listening();
    const directory = new MongoAccountDirectory({ connection, installation, clock: { now: () => Date.now() } });
    const state = async () => (await directory.all()).find(({ id }) => id === person.accountId)?.state;
    const { id: fault } = await person.fault({ match: { method: 'calendar.events.list', client: 'emulator' }, action: { error: { status: 404 } } });
    const { id } = await person.add();
    await expect.poll(state, patience).toBe('needs-calendar');
    await door(`faults/${fault}`, undefined, 'DELETE');
    await expect.poll(state, { ...patience, timeout: 30_000 }).toBe('joining');
    await expect.poll(() => lastOf(person, id)?.type, patience).toBe('com.google.calendar.event.changed.v1');
  });
});

describe('the open door', () => {
  const knock = (headers: Record<string, string>, body?: string, path = '/google/notifications') => fetch(new URL(path, receiver.url), { method: 'POST', headers, ...(body === undefined ? {} : { body }) });
  const cases: [string, Record<string, string>, string | undefined][] = [
    ['nothing at all', {}, undefined],
    ['a channel that was never opened', { 'x-goog-channel-id': randomUUID(), 'x-goog-channel-token': 'x', 'x-goog-resource-state': 'exists' }, undefined],
    ['a body that claims to be JSON', { 'content-type': 'application/json' }, '{"broken'],
    ['a body of a type that nobody reads', { 'content-type': 'application/x-nonsense' }, 'x'.repeat(5_000)],
  ];
  it.each(cases)('answers 404 to %s', async (_name, headers, body) => expect((await knock(headers, body)).status).toBe(404));

  it('answers 404 to the same address in other words', async () => {
    expect((await knock({ 'content-type': 'application/x-nonsense' }, 'x', '/google/%6eotifications')).status).toBe(404);
  });

  it('answers 404 to a real channel with a wrong token, and Google is not asked', async () => {
    const person = await listening();
    const channel = await connection.collection<{ _id: string; resourceId: string }>('channels').findOne({ accountId: person.accountId });
    const lists = async () => (await door<{ calls: { method: string; email?: string; count: number }[] }>('stats')).calls.filter((call) => call.email === person.email && call.method === 'calendar.events.list').reduce((sum, { count }) => sum + count, 0);
    const before = await lists();
    expect((await knock({ 'x-goog-channel-id': channel!._id, 'x-goog-channel-token': 'guess', 'x-goog-resource-id': channel!.resourceId, 'x-goog-resource-state': 'exists' })).status).toBe(404);
    expect(await lists()).toBe(before);
  });
});

describe('two replicas', () => {
  it('tell each change once, whoever hears of it', async () => {
    const person = await listening();
    const second = await startReceiver({ PORT: '0' });
    const made: string[] = [];
    for (let round = 0; round < 10; round += 1) made.push((await person.add({ summary: `Overleg ${round}` })).id);
    await expect.poll(() => made.every((id) => person.about(id).length > 0), patience).toBe(true);
    await expect.poll(async () => (await connection.collection('calendars').findOne({ accountId: person.accountId }))?.['dirty'], patience).toBe(false);
    expect(made.map((id) => person.about(id).length)).toEqual(made.map(() => 1));
    await second.stop();
  });
});

describe('what push loses', () => {
  it('is found by the sweep, and counted', async () => {
    const person = await listening();
    const before = await metric('sweep_repairs_total');
    await person.fault({ action: { notifications: 'drop' }, times: 100 });
    const { id } = await person.add();
    // Younger changes might still have their notification under way; an old one was lost.
    await new Promise((resolve) => setTimeout(resolve, 5_200));
    expect(person.about(id)).toHaveLength(0);
    await connection.collection('calendars').updateOne({ accountId: person.accountId }, { $set: { nextSweepAt: new Date(0) } });
    await expect.poll(() => person.about(id).length, patience).toBe(1);
    await expect.poll(() => metric('sweep_repairs_total'), patience).toBe(before + 1);
  });
});

describe('without its servers', () => {
  it('keeps hints and stays ready while Kafka is away; without MongoDB it says so, and Google repeats', async () => {
    const person = await listening();
    const secret = channelSecrets.mint();
    await createChannels(connection).add({
      id: randomUUID(), accountId: person.accountId, calendarId: asCalendarId(person.email), subject: 'events', tokenHash: channelSecrets.hash(secret), state: 'retiring', createdAt: Date.now(), resourceId: 'r', retireAt: Date.now() + 600_000, expiresAt: Date.now() + 600_000,
    });
    const { _id: id } = (await connection.collection<{ _id: string }>('channels').findOne({ accountId: person.accountId, resourceId: 'r' }))!;
    const notify = (url: string) => fetch(new URL('/google/notifications', url), { method: 'POST', headers: { 'x-goog-channel-id': id, 'x-goog-channel-token': secret, 'x-goog-resource-id': 'r', 'x-goog-resource-state': 'exists' } });
    const mark = async () => (await connection.collection('calendars').findOne({ accountId: person.accountId }))?.['mark'] as number;

    const noKafka = await startReceiver({ PORT: '0', KAFKA_BROKERS: '127.0.0.1:1' });
    const before = await mark();
    await expect.poll(async () => (await notify(noKafka.url)).status, patience).toBe(204);
    expect(await mark()).toBeGreaterThan(before);
    expect((await fetch(new URL('/health/ready', noKafka.url))).status).toBe(200);
    expect(await (await fetch(new URL('/health', noKafka.url))).json()).toMatchObject({ details: { receiver: { kafkaAnswers: false } } });
    await noKafka.stop();

    const noMongo = await startReceiver({ PORT: '0', MONGODB_URI: 'mongodb://127.0.0.1:1/?replicaSet=rs0' });
    expect((await notify(noMongo.url)).status).toBe(503);
    expect((await fetch(new URL('/health/ready', noMongo.url))).status).toBe(503);
    expect((await fetch(new URL('/health/live', noMongo.url))).status).toBe(200);
    await noMongo.stop();
  });
});

describe('kill -9', () => {
  it.each(['receive:before-publish', 'receive:after-publish-before-token'])('%s loses nothing', async (step) => {
    const person = await listening();
    await receiver.stop();
    receiver = await startReceiver({ CRASH_AT: step });
    const { id, etag } = await person.add();
    expect(await receiver.exited).toMatch(/SIGKILL/);
    receiver = await startReceiver();
    const began = performance.now();
    await expect.poll(() => lastOf(person, id), patience).toMatchObject({ data: { event: { etag } } });
    // The same state told twice has one id: who drops repeats sees it once.
    await expect.poll(async () => (await connection.collection('calendars').findOne({ accountId: person.accountId }))?.['dirty'], patience).toBe(false);
    expect(new Set(person.about(id).map(({ message }) => message.id)).size).toBe(1);
    console.log(`${step}: told ${person.about(id).length} times, working again ${(performance.now() - began).toFixed(0)} ms after the restart`);
    expect(performance.now() - began).toBeLessThan(15_000);
  });
});

// Last: what is written from here on is dated by a clock that was put forward.
describe('channels', () => {
  it("live by Google's clock: renewed with overlap before its end, opened anew after it, and no change is lost", async () => {
    const person = await listening();
    const ids = async () => (await door<{ channels: { id: string; email: string }[] }>('stats')).channels.filter(({ email }) => email === person.email).map((channel) => channel.id);
    const first = await ids();
    // At 70 % of seven days successors are due; the next call to Google tells the time.
    await door('clock', { advance: 'P5DT1H' });
    const { id } = await person.addNow();
    await expect.poll(async () => (await ids()).filter((channel) => !first.includes(channel)).length, patience).toBe(2);
    expect(await ids()).toEqual(expect.arrayContaining(first));
    await expect.poll(() => person.about(id).length, patience).toBeGreaterThan(0);
    await door('clock', { advance: 'P9D' });
    expect(await ids()).toEqual([]);
    const unheard = await person.addNow();
    await connection.collection('calendars').updateOne({ accountId: person.accountId }, { $set: { nextSweepAt: new Date(0) } });
    await expect.poll(() => person.about(unheard.id).length, patience).toBeGreaterThan(0);
    await expect.poll(async () => (await ids()).length, patience).toBe(2);
  });
});
