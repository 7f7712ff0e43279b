import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SourceEnvironments } from '@calsync/accounts';
import { asAccountId, asInstallationId, asSourceName } from '@calsync/calendar-model';
import { createChannels } from '@calsync/sync-store';
import { administratorOf, json, path } from './testing/administrator.js';
import type { Browser } from './testing/browser.js';
import { consoleUnderTest, type ConsoleUnderTest } from './testing/console-under-test.js';

const source = asSourceName('demo');
const KNOWN = { address: 'https://inventive.example.com', database: 'D1' };
const FOUND = { address: 'https://test.example.com', database: 'D1' };

let console_: ConsoleUnderTest;
let administrator: Awaited<ReturnType<typeof administratorOf>>;
let beheer: Browser;
let environments: SourceEnvironments;
beforeAll(async () => {
  console_ = await consoleUnderTest();
  administrator = await administratorOf(console_);
  beheer = administrator.beheer;
  await administrator.linkUser('jansen');
  const account = await console_.connection.collection('accounts').findOne({});
  environments = new SourceEnvironments({ connection: console_.connection, installation: asInstallationId(String(account?.['installation'])) });
}, 120_000);
afterAll(() => console_?.close(), 60_000);

const sources = async () => (await json<{ sources: readonly Record<string, unknown>[] }>(beheer.get('/api/sources'))).sources;
const answer = (body: object, name: string = source) => beheer.request('POST', `/api/sources/${name}/environment`, { json: body });
const refusal = async (response: Promise<Response>) => {
  const got = await response;
  return [got.status, (await json<{ code: string }>(got)).code];
};

describe('an Inventive server', () => {
  it('[R13.1] that is another is shown, and nothing of it is linked, unlinked or released', async () => {
    expect(await sources()).toEqual([{ name: 'demo', state: 'unseen' }]);
    await environments.recognise(source, KNOWN);
    expect(await sources()).toMatchObject([{ name: 'demo', state: 'known', known: KNOWN }]);
    expect(await refusal(answer({ answer: 'moved' }))).toEqual([409, 'not-locked']);
    await environments.recognise(source, FOUND);
    expect(await sources()).toMatchObject([{ name: 'demo', state: 'locked', known: KNOWN, found: FOUND }]);
    const jansen = await administrator.user('jansen');
    for (const [method, rest] of [['POST', 'link'], ['POST', 'invitation'], ['POST', 'release'], ['DELETE', 'link']] as const) {
      expect(await refusal(beheer.request(method, path(jansen, rest), { json: {} }))).toEqual([409, 'source-locked']);
    }
    expect(await refusal(answer({ answer: 'perhaps' }))).toEqual([400, 'invalid']);
    expect(await refusal(answer({ answer: 'moved' }, 'elders'))).toEqual([404, 'unknown-source']);
  });

  it('[R13.2] that has moved goes on, in a new epoch, and its accounts compare', async () => {
    await console_.connection.collection('capture_watermarks').insertOne({ _id: source as never, fencingToken: 1, epoch: 4, readFrom: '9', counter: '9', marks: [] });
    expect((await answer({ answer: 'moved' })).status).toBe(204);
    expect(await sources()).toMatchObject([{ state: 'known', known: FOUND }]);
    expect(await console_.connection.collection('capture_watermarks').findOne({})).toMatchObject({ epoch: 5, counter: '0' });
    expect((await administrator.user('jansen')).account?.state).toBe('joining');
  });

  it('[R13.3] that is a copy has its links ended here, and the original keeps its consent and its subscriptions', async () => {
    const { account } = await administrator.user('jansen');
    const channels = createChannels(console_.connection);
    await channels.add({ id: 'kanaal', accountId: asAccountId(account?.id ?? ''), calendarId: 'jansen@example.com' as never, subject: 'events', tokenHash: 'x', state: 'opening', createdAt: Date.now() });
    await environments.recognise(source, KNOWN);
    expect((await answer({ answer: 'copy' })).status).toBe(204);
    expect((await administrator.user('jansen')).account).toBeUndefined();
    expect([await channels.all(), await console_.connection.collection('grants').countDocuments()]).toEqual([[], 0]);
    const { calls } = (await (await fetch(`${console_.google.url}/_emulator/stats`)).json()) as { calls: readonly { method: string }[] };
    expect(calls.filter(({ method }) => method === 'oauth2.revoke' || method === 'calendar.channels.stop')).toEqual([]);
    // Linked anew it is somebody else: marks of the original are another installation's.
    await administrator.linkUser('jansen');
    expect((await administrator.user('jansen')).account?.id).not.toBe(account?.id);
  });
});
