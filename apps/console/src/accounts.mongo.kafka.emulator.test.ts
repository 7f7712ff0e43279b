import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asAccountId, asCalendarId, asGoogleEventId, asInventiveId, asPairId, asSourceName, type AccountId } from '@calsync/calendar-model';
import { subscribe } from '@calsync/event-log';
import type { Message } from '@calsync/event-contracts';
import { KeyRing } from '@calsync/service-chassis/sealing';
import type { Pair } from '@calsync/sync-engine';
import { anAppointment, anEvent } from '@calsync/sync-engine/testing';
import { createPairs, createUnpaired } from '@calsync/sync-store';
import { administratorOf, json, path } from './testing/administrator.js';
import type { Browser } from './testing/browser.js';
import { consoleUnderTest, until, type ConsoleUnderTest } from './testing/console-under-test.js';
import { disagreements, unreadTypes, type OpenApi } from './testing/page-types.js';

const KEYS = `1:${Buffer.alloc(32, 5).toString('base64')}`;
let console_: ConsoleUnderTest;
let administrator: Awaited<ReturnType<typeof administratorOf>>;
let beheer: Browser;
let account: AccountId;
const commands: Message[] = [];
let closeCommands: (() => Promise<void>) | undefined;
const pairs = () => createPairs(console_.connection, new KeyRing(KEYS));
const unpaired = () => createUnpaired(console_.connection, new KeyRing(KEYS));
const at = (rest: string) => `/api/accounts/${account}/${rest}`;
const post = (rest: string, body: object) => beheer.request('POST', at(rest), { json: body });
const code = async (response: Promise<Response>) => [(await response).status, (await json<{ code?: string }>(response)).code];

beforeAll(async () => {
  console_ = await consoleUnderTest({ MASTER_KEYS: KEYS });
  const reader = subscribe({
    brokers: console_.brokers, topic: 'sync.commands', topicPrefix: console_.prefix, fromBeginning: true,
    onMessage: (decoded) => void (decoded.kind === 'message' && commands.push(decoded.message)),
  });
  closeCommands = () => reader.close();
  administrator = await administratorOf(console_);
  beheer = administrator.beheer;
  const user = await administrator.user('jansen');
  await beheer.request('PUT', path(user, 'settings'), { json: { ...user.settings, on: false } });
  await administrator.linkUser('jansen');
  account = asAccountId((await administrator.user('jansen')).account?.id ?? '');
}, 120_000);
afterAll(async () => {
  await closeCommands?.();
  await console_?.close();
}, 60_000);

describe('[R10.3] a comparison', () => {
  it('can be asked for before linking begins, is told to the services, and shown as waiting', async () => {
    expect((await administrator.user('jansen')).account?.state).toBe('off');
    const { commandId } = await json<{ commandId: string }>(post('comparisons', { mode: 'preview' }));
    expect(await json(beheer.get(at(`comparisons/${commandId}`)))).toMatchObject({ commandId, mode: 'preview', state: 'waiting', progress: { done: 0, total: 0 } });
    expect(await json(beheer.get(at('comparisons')))).toMatchObject({ comparisons: [{ commandId }] });
    const told = await until('the services are told', async () => commands.find(({ id }) => id === commandId));
    expect(told).toMatchObject({ type: 'nl.inventive.sync.comparison.requested.v1', key: account, data: { commandId, accountId: account, mode: 'preview' } });
  });

  it('of nobody, of another account or in another mode is refused', async () => {
    expect(await code(beheer.request('POST', '/api/accounts/nobody/comparisons', { json: { mode: 'repair' } }))).toEqual([404, 'not-linked']);
    expect(await code(post('comparisons', { mode: 'wipe' }))).toEqual([400, 'invalid']);
    expect(await code(beheer.get(at('comparisons/unknown')))).toEqual([404, 'not-found']);
    const { commandId } = await json<{ commandId: string }>(post('comparisons', { mode: 'repair' }));
    expect(await code(beheer.get(`/api/accounts/nobody/comparisons/${commandId}`))).toEqual([404, 'not-found']);
  });
});

describe('[R10.2] [lesson 20] items without another half', () => {
  it('are listed with the reason; only a question shows what it is about, and never of a private item', async () => {
    const open = asInventiveId('0'.repeat(31) + '1');
    const secret = asInventiveId('0'.repeat(31) + '2');
    const outside = asInventiveId('0'.repeat(31) + '3');
    const record = (id: typeof open, fields = {}) => anAppointment({ id, fields: { subject: 'Bespreking Zuid', ...fields } });
    await unpaired().put({ side: 'inventive', accountId: account, itemId: open, reason: 'ambiguous-match', record: record(open) });
    await unpaired().put({ side: 'inventive', accountId: account, itemId: secret, reason: 'ambiguous-match', record: record(secret, { subject: 'Ziekenhuis', privacy: 'private' }) });
    await unpaired().put({ side: 'inventive', accountId: account, itemId: outside, reason: 'outside-window' });
    await unpaired().put({ side: 'google', accountId: account, calendarId: asCalendarId('jansen@example.com'), itemId: asGoogleEventId('event1'), reason: 'ambiguous-match', record: anEvent({ fields: { subject: 'Bespreking zuid' } }) });

    const all = await beheer.get(at('unpaired'));
    const text = await all.text();
    expect(text).not.toContain('Ziekenhuis');
    expect(JSON.parse(text)).toMatchObject({ counts: { 'ambiguous-match': 3, 'outside-window': 1 } });
    const { items } = await json<{ items: { itemId: string; group: string }[] }>(beheer.get(at('unpaired?reason=ambiguous-match')));
    expect(items.toSorted((a, b) => (a.itemId < b.itemId ? -1 : 1))).toMatchObject([
      { itemId: open, subject: 'Bespreking Zuid', start: '2026-11-24T10:00:00', zone: 'Europe/Amsterdam' },
      { itemId: secret, private: true, start: '2026-11-24T10:00:00' },
      { itemId: 'event1', side: 'google', subject: 'Bespreking zuid' },
    ]);
    expect(items[1]).not.toHaveProperty('subject');
    // As the matching sees it: the same times and subject could belong together, the private one is another.
    const groupOf = (itemId: string) => items.find((item) => item.itemId === itemId)?.group;
    expect([groupOf(open) === groupOf('event1'), groupOf(open) === groupOf(secret)]).toEqual([true, false]);
    const { items: firstTwo, next } = await json<{ items: { itemId: string }[]; next: string }>(beheer.get(at('unpaired?reason=ambiguous-match&limit=2')));
    const further = await json<{ items: { itemId: string }[] }>(beheer.get(at(`unpaired?reason=ambiguous-match&limit=2&after=${encodeURIComponent(next)}`)));
    expect([...firstTwo, ...further.items].map(({ itemId }) => itemId).toSorted()).toEqual(items.map(({ itemId }) => itemId).toSorted());
    expect(further).not.toHaveProperty('next');
    expect((await beheer.get(at('unpaired?after=nowhere'))).status).toBe(400);
    expect(await json(beheer.get('/api/users?only=questions'))).toMatchObject({ users: [{ loginName: 'jansen', account: { questions: 3 } }], found: 1, attention: 1, questions: 1 });
    expect(await json(beheer.get('/api/users?search=JANS&limit=1'))).toMatchObject({ users: [{ loginName: 'jansen' }], found: 1 });
    expect(await json(beheer.get('/api/users?offset=1&limit=1'))).toMatchObject({ users: [{}], found: 4, total: 4 });
    expect((await beheer.get(at('unpaired?reason=no-such-reason'))).status).toBe(400);

    expect(await code(post('unpaired/resolve', { inventiveId: open, eventId: 'event1' }))).toEqual([409, 'account-not-live']);
    await console_.connection.collection<{ _id: string }>('accounts').updateOne({ _id: account }, { $set: { state: 'live' } });
    for (const malformed of [{}, { inventiveId: 'A'.repeat(33) }, { inventiveId: '-'.repeat(32) }]) expect(await code(post('unpaired/resolve', malformed))).toEqual([400, 'invalid']);
    const { pairId } = await json<{ pairId: string }>(post('unpaired/resolve', { inventiveId: open, eventId: 'event1' }));
    expect(await pairs().byId(asPairId(pairId))).toMatchObject({ appointmentId: open, eventId: 'event1', inventive: { needsRead: true }, google: { needsRead: true } });
    expect(await code(post('unpaired/resolve', { inventiveId: open }))).toEqual([404, 'no-open-question']);
    expect(await json(beheer.get(at('unpaired')))).toMatchObject({ counts: { 'ambiguous-match': 1 } });
  });
});

describe('[R8.4] [lesson 20] the history of a pair', () => {
  let made = 0;
  const aPair = async (fields: object, changes: Partial<Pair> = {}): Promise<Pair> => {
    made += 1;
    const row = anAppointment({ id: asInventiveId(String(made).padStart(32, 'A')), fields });
    const pair: Pair = {
      id: asPairId(`00000000-0000-4000-8000-00000000000${made}`), accountId: account, source: asSourceName('demo'), status: 'active', revision: 0, appointmentId: row.id,
      inventiveGeneration: 0, calendarId: asCalendarId('jansen@example.com'), eventId: asGoogleEventId(`history${made}`), googleGeneration: 0,
      inventive: { state: 'known', record: row, version: row.version, seq: 1, needsRead: false, changedAt: {} }, google: { state: 'unknown', seq: 0, needsRead: false, changedAt: {} },
      dueSeq: 1, attempts: 0, reasons: [], outbox: [], recentWrites: [],
      lostValues: [{ field: 'subject', winner: 'google', kept: 'nu', lost: 'Ziekenhuis', at: '2026-11-24T10:00:00.000Z' }],
      ...changes,
    };
    expect(await pairs().insert(pair, 'live')).toBe('inserted');
    return pair;
  };

  it('shows what was overwritten and what won, and takes the wish to have it back', async () => {
    const pair = await aPair({});
    expect(await json(beheer.get(at(`pairs/${pair.id}/history`)))).toEqual({
      appointment: { subject: 'Overleg', start: '2026-11-24T10:00:00', end: '2026-11-24T11:00:00', zone: 'Europe/Amsterdam' }, state: 'active',
      lostValues: [{ index: 0, field: 'subject', at: '2026-11-24T10:00:00.000Z', winner: 'google', kept: 'nu', lost: 'Ziekenhuis', restoring: false, restorable: true, stands: false }],
    });
    expect((await post(`pairs/${pair.id}/history/0/restore`, {})).status).toBe(202);
    expect(await json(beheer.get(at(`pairs/${pair.id}/history`)))).toMatchObject({ lostValues: [{ restoring: true }] });
    expect(await pairs().byId(pair.id)).toMatchObject({ restoring: [0], dueSeq: 2 });
    expect(await code(post(`pairs/${pair.id}/history/1/restore`, {}))).toEqual([404, 'not-found']);
    expect(await code(beheer.request('POST', `/api/accounts/nobody/pairs/${pair.id}/history/0/restore`, { json: {} }))).toEqual([404, 'not-found']);
  });

  it.each<[string, object, Partial<Pair>]>([
    ['a private item', { privacy: 'private' }, {}],
    ['one that was private until that was overwritten', {}, { lostValues: [{ field: 'subject', winner: 'google', kept: 'nu', lost: 'Ziekenhuis', at: '2026-11-24T10:00:00.000Z' }, { field: 'privacy', winner: 'google', kept: 'public', lost: 'private', at: '2026-11-24T10:00:00.000Z' }] }],
    ['one that is gone, of which nobody knows', {}, { status: 'closed', inventive: { state: 'tombstone', seq: 2, needsRead: false, changedAt: {} } }],
  ])('of %s shows the names of the fields only', async (_what, fields, changes) => {
    const pair = await aPair(fields, changes);
    const text = await (await beheer.get(at(`pairs/${pair.id}/history`))).text();
    expect(text).toContain('"subject"');
    expect(text).not.toMatch(/Ziekenhuis|"kept"|"lost"/);
  });

  it('of what was said of a participant is for a person to say again', async () => {
    const pair = await aPair({}, { lostValues: [{ field: 'participants', winner: 'google', kept: 'ja', lost: 'nee', at: '2026-11-24T10:00:00.000Z' }] });
    expect(await code(post(`pairs/${pair.id}/history/0/restore`, {}))).toEqual([409, 'not-restorable']);
  });

  it('of an event that is only to be read is not put back', async () => {
    const event = anEvent({ ownedByUser: false });
    const pair = await aPair({}, { google: { state: 'known', record: event, seq: 1, needsRead: false, changedAt: {} } });
    expect(await code(post(`pairs/${pair.id}/history/0/restore`, {}))).toEqual([409, 'not-restorable']);
  });

  it('of a pair that was stopped is refused, and says what to do first', async () => {
    const pair = await aPair({}, { status: 'quarantined', reasons: ['quarantined-loop'] });
    expect(await json(beheer.get(at(`pairs/${pair.id}/history`)))).toMatchObject({ waits: 'quarantined-loop', lostValues: [{ restorable: true }] });
    expect(await code(post(`pairs/${pair.id}/history/0/restore`, {}))).toEqual([409, 'restore-in-quarantine']);
    expect(await pairs().byId(pair.id)).not.toHaveProperty('restoring');
  });

  it('of an appointment that is gone has nothing to be put back in', async () => {
    const pair = await aPair({}, { inventive: { state: 'tombstone', seq: 2, needsRead: false, changedAt: {} } });
    expect(await code(post(`pairs/${pair.id}/history/0/restore`, {}))).toEqual([409, 'nothing-to-restore-in']);
  });
});

describe('[R7.8] agreeing to what the brake holds', () => {
  it('needs an account that is held: no other goes unguarded for an hour', async () => {
    const release = async () => beheer.request('POST', path(await administrator.user('jansen'), 'release'), { json: {} });
    const accounts = console_.connection.collection<{ _id: string }>('accounts');
    await accounts.updateOne({ _id: account }, { $set: { state: 'live' } });
    expect(await code(release())).toEqual([409, 'not-held']);
    expect(await console_.connection.collection('brake-ledgers').countDocuments()).toBe(0);
    await accounts.updateOne({ _id: account }, { $set: { state: 'held' } });
    expect((await release()).status).toBe(204);
    expect((await administrator.user('jansen')).account?.state).toBe('joining');
    expect(await console_.connection.collection('brake-ledgers').countDocuments()).toBe(1);
  });
});

describe('the description of the API', () => {
  it('promises all that the pages read', async () => {
    const document = await json<OpenApi>(beheer.get('/api/docs-json'));
    const answers = {
      'get /api/session': 'Session',
      'get /api/users': 'Overview',
      'get /api/users/{source}/{userId}': 'OneUser',
      'get /api/users/{source}/{userId}/settings': 'SettingsView',
      'put /api/users/{source}/{userId}/settings': 'SettingsView',
      'get /api/users/{source}/{userId}/calendars': '{ readonly calendars: readonly GoogleCalendar[] }',
      'get /api/sources/{name}/administrations': 'Administrations',
      'put /api/sources/{name}/administrations/{id}/settings': 'ChangedAdministration',
      'get /api/sources': '{ readonly sources: readonly SourceEnvironment[] }',
      'get /api/changes': '{ readonly changes: readonly Change[] }',
      'get /api/accounts/{id}/unpaired': 'UnpairedPage',
      'get /api/accounts/{id}/pairs': 'PairPage',
      'get /api/accounts/{id}/pairs/{pairId}/history': 'History',
      'get /api/accounts/{id}/comparisons': '{ readonly comparisons: readonly Comparison[] }',
    };
    expect(disagreements(document, answers)).toEqual([]);
    // What is asked instead of answered.
    expect(unreadTypes(answers)).toEqual(['EnvironmentAnswer', 'UsersQuery', 'PairsQuery']);
  }, 60_000);
});
