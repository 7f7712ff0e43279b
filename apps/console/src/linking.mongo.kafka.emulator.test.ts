import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KafkaMessagePublisher, subscribe } from '@calsync/event-log';
import type { Message } from '@calsync/event-contracts';
import { administratorOf, json, path, resultOf, type UserView } from './testing/administrator.js';
import type { Browser } from './testing/browser.js';
import { consoleUnderTest, until, type ConsoleUnderTest } from './testing/console-under-test.js';

let console_: ConsoleUnderTest;
let administrator: Awaited<ReturnType<typeof administratorOf>>;
let beheer: Browser;
const user = (loginName: string) => administrator.user(loginName);
const beginLink = (who: UserView, body?: object) => administrator.beginLink(who, body);
const linkUser = (loginName: string) => administrator.linkUser(loginName);
const commands: Message[] = [];
let closeCommands: (() => Promise<void>) | undefined;

beforeAll(async () => {
  console_ = await consoleUnderTest();
  const reader = subscribe({
    brokers: console_.brokers, topic: 'sync.commands', topicPrefix: console_.prefix, fromBeginning: true,
    onMessage: (decoded) => void (decoded.kind === 'message' && commands.push(decoded.message)),
  });
  closeCommands = () => reader.close();
  administrator = await administratorOf(console_);
  beheer = administrator.beheer;
}, 120_000);
afterAll(async () => {
  await closeCommands?.();
  await console_?.close();
}, 60_000);

describe('linking by an administrator', () => {
  it('goes through Google and ends with a joining account and one message to the services', async () => {
    const url = new URL(await beginLink(await user('jansen')));
    expect(Object.fromEntries(url.searchParams)).toMatchObject({ response_type: 'code', access_type: 'offline', prompt: 'select_account consent', code_challenge_method: 'S256', login_hint: 'jansen@example.com' });
    const back = await beheer.get(await beheer.consent(url.href));
    expect(back.status).toBe(303);
    expect(resultOf(back.headers.get('location'))).toBe('linked');
    const { account } = await user('jansen');
    expect(account).toMatchObject({ email: 'jansen@example.com', state: 'joining' });
    const message = await until('the services are told', async () => commands.find((one) => one.key === account?.id));
    expect(message.type).toBe('nl.inventive.sync.account-linked.v1');
    expect(await json(beheer.get(`/api/accounts/${account?.id}/pairs`))).toMatchObject({ pairs: [] });
    const stored = JSON.stringify(await console_.connection.collection('grants').find().toArray());
    expect(stored).toContain('v1.1.');
    expect(stored).not.toMatch(/ya29|1\/\//);
  });

  it('resumes when the same account is linked again', async () => {
    const before = await user('jansen');
    expect(resultOf((await linkUser('jansen')).headers.get('location'))).toBe('resumed');
    expect((await user('jansen')).account?.id).toBe(before.account?.id);
  });

  it('stores nothing when the person refuses', async () => {
    const url = await beginLink(await user('devries'));
    const back = await beheer.get(await beheer.consent(url, { decision: 'cancel' }));
    expect(resultOf(back.headers.get('location'))).toBe('denied');
    expect((await user('devries')).account).toBeUndefined();
  });

  it('stores nothing when a calendar permission was unticked, and names it', async () => {
    const scope = 'https://www.googleapis.com/auth/calendar.calendarlist.readonly';
    const back = await beheer.get(await beheer.consent(await beginLink(await user('devries')), { without: scope }));
    expect(resultOf(back.headers.get('location'))).toBe('missing-scopes');
    expect(await json(beheer.get('/api/session'))).toMatchObject({ linkResult: { code: 'missing-scopes', values: { scopes: scope } } });
    expect((await user('devries')).account).toBeUndefined();
  });

  it('refuses another address until the administrator confirms that very one', async () => {
    const chosen = { email: 'pieter.prive@example.com' };
    const back = await beheer.get(await beheer.consent(await beginLink(await user('devries')), chosen));
    expect(resultOf(back.headers.get('location'))).toBe('unexpected-address');
    expect(await json(beheer.get('/api/session'))).toMatchObject({ linkResult: { values: { expected: 'devries@example.com', actual: 'pieter.prive@example.com' } } });
    expect((await user('devries')).account).toBeUndefined();
    const again = await beheer.get(await beheer.consent(await beginLink(await user('devries'), { confirmedEmail: 'pieter.prive@example.com' }), chosen));
    expect(resultOf(again.headers.get('location'))).toBe('linked');
    expect((await user('devries')).account?.email).toBe('pieter.prive@example.com');
  });

  it('refuses a Google account that belongs to another user, and a second one for the same user', async () => {
    const taken = await beheer.get(await beheer.consent(await beginLink(await user('visser'), { confirmedEmail: 'jansen@example.com' }), { email: 'jansen@example.com' }));
    expect(resultOf(taken.headers.get('location'))).toBe('google-account-taken');
    const second = await beheer.get(await beheer.consent(await beginLink(await user('devries')), { email: 'devries@example.com' }));
    expect(resultOf(second.headers.get('location'))).toBe('user-has-other-account');
  });

  it('takes an answer of Google once, from the browser that began, and only with a state that was given out', async () => {
    const answer = await beheer.consent(await beginLink(await user('bakker')));
    const thief = await console_.browser().get(answer);
    expect(thief.status).toBe(400);
    expect((await beheer.get(answer)).status).toBe(400);
    expect((await user('bakker')).account).toBeUndefined();

    const second = await beheer.consent(await beginLink(await user('bakker')));
    expect(resultOf((await beheer.get(second)).headers.get('location'))).toBe('linked');
    const replayed = await beheer.get(second);
    expect(replayed.status).toBe(400);
    expect(await replayed.text()).toContain('used already');
    expect((await beheer.get('/google/oauth/callback?code=x&state=invented')).status).toBe(400);
  });

  it('refuses a code with another person’s journey: PKCE and nonce belong together', async () => {
    const [one, other] = [new URL(await beheer.consent(await beginLink(await user('visser')))), new URL(await beheer.consent(await beginLink(await user('visser'))))];
    one.searchParams.set('code', other.searchParams.get('code') ?? '');
    expect(resultOf((await beheer.get(one.href)).headers.get('location'))).toBe('google-refused');
    expect((await user('visser')).account).toBeUndefined();
  });

  it('unlinks without deleting, tells the services, and links the same account again as the same', async () => {
    const before = (await user('bakker')).account!;
    expect((await beheer.request('DELETE', path(await user('bakker'), 'link'))).status).toBe(204);
    expect((await user('bakker')).account).toBeUndefined();
    await until('the services are told', async () => commands.find((one) => one.key === before.id && one.type === 'nl.inventive.sync.account-unlinked.v1'));
    expect(await json(beheer.request('DELETE', path(await user('bakker'), 'link')))).toMatchObject({ code: 'not-linked' });
    expect(resultOf((await linkUser('bakker')).headers.get('location'))).toBe('resumed');
    expect((await user('bakker')).account?.id).toBe(before.id);
  });
});

describe('the grant of an unlinked account', () => {
  const revocations = async (): Promise<number> =>
    (await json<{ calls: { method: string; count: number }[] }>(fetch(`${console_.google.url}/_emulator/stats`))).calls.filter((call) => call.method === 'oauth2.revoke').reduce((sum, call) => sum + call.count, 0);
  const unlinkAndRetire = async (loginName: string): Promise<void> => {
    const who = await user(loginName);
    await beheer.request('DELETE', path(who, 'link'));
    const grants = console_.connection.collection<{ _id: string }>('grants');
    expect(await grants.countDocuments({ _id: who.account!.id })).toBe(1);
    await grants.updateOne({ _id: who.account!.id }, { $set: { retireAt: new Date(Date.now() - 1) } });
    await until('the grant is erased', async () => (await grants.countDocuments({ _id: who.account!.id })) === 0);
  };

  it('is revoked at Google and erased after its grace', async () => {
    const before = await revocations();
    await unlinkAndRetire('devries');
    expect(await revocations()).toBe(before + 1);
  });

  it('is only erased where the same Google account serves another user by then', async () => {
    const bakker = await user('bakker');
    const account = bakker.account!;
    await beheer.request('DELETE', path(bakker, 'link'));
    const devries = await user('devries');
    await beheer.get(await beheer.consent(await beginLink(devries, { confirmedEmail: account.email }), { email: account.email }));
    expect((await user('devries')).account?.email).toBe(account.email);
    const before = await revocations();
    const grants = console_.connection.collection<{ _id: string }>('grants');
    await grants.updateOne({ _id: account.id }, { $set: { retireAt: new Date(Date.now() - 1) } });
    await until('the grant is erased', async () => (await grants.countDocuments({ _id: account.id })) === 0);
    expect(await revocations()).toBe(before);
  });
});

describe('a personal link', () => {
  const invite = async (loginName: string): Promise<string> => (await json<{ url: string }>(beheer.request('POST', path(await user(loginName), 'invitation'), { json: {} }))).url;
  const follow = async (guest: Browser, url: string): Promise<string> => {
    const answer = await guest.request('POST', url, { form: new URLSearchParams() });
    expect(answer.status).toBe(303);
    return answer.headers.get('location') ?? '';
  };

  it('links without a console account, in the guest’s own browser, and works once', async () => {
    const url = await invite('visser');
    const guest = console_.browser();
    const page = await guest.get(url);
    expect(page.headers.get('content-security-policy')).toContain(`form-action 'self' http`);
    expect(await page.text()).toContain('visser@example.com');
    // Looking, as a mail scanner does, doesn't use it up; refusing at Google doesn't either.
    expect((await guest.get(await guest.consent(await follow(guest, url), { decision: 'cancel' }))).status).toBe(400);
    const done = await guest.get(await guest.consent(await follow(guest, url)));
    expect(done.status).toBe(200);
    expect(await done.text()).toContain('visser@example.com');
    expect((await user('visser')).account).toMatchObject({ state: 'joining' });
    const spent = await guest.get(url);
    expect(spent.status).toBe(400);
    expect(await spent.text()).toContain('was used or has expired');
    expect((await guest.get('/api/users')).status).toBe(401);
  });

  it('links once where two browsers follow it together', async () => {
    await beheer.request('DELETE', path(await user('visser'), 'link'));
    const url = await invite('visser');
    const guests = [console_.browser(), console_.browser()];
    const answers = await Promise.all(guests.map(async (guest) => guest.consent(await follow(guest, url))));
    const ends = await Promise.all(guests.map((guest, at) => guest.get(answers[at] ?? '')));
    expect(ends.map((end) => end.status).toSorted((one, other) => one - other)).toEqual([200, 400]);
  });

  it('expires', async () => {
    const url = await invite('visser');
    await console_.connection.collection('link-requests').updateMany({ kind: 'invitation' }, { $set: { expiresAt: new Date(Date.now() - 1) } });
    expect((await console_.browser().get(url)).status).toBe(400);
    expect((await console_.browser().request('POST', url, { form: new URLSearchParams() })).status).toBe(400);
    expect((await console_.browser().get('/koppelen/invented')).status).toBe(400);
  });
});

describe('changes', () => {
  const applied = (id: string, accountId: string): Message => ({
    type: 'nl.inventive.sync.applied.v1', id, key: 'pair', source: '/reconciler', time: new Date().toISOString(),
    data: { pairId: 'pair', revision: 1, accountId, source: 'demo', at: new Date().toISOString(), side: 'google', act: 'update', fields: ['subject'], latencyMs: 120 },
  });

  it('that cross appear in the list, live and as the last sync of the user, once each', async () => {
    const account = (await user('jansen')).account!;
    const stream = await beheer.get('/api/changes/stream', { accept: 'text/event-stream' });
    const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
    const publisher = new KafkaMessagePublisher({ brokers: console_.brokers, clientId: 'test', topicPrefix: console_.prefix });
    await publisher.connect();
    await publisher.publish([applied('change-1', account.id), applied('change-1', account.id), applied('change-2', account.id)]);
    await publisher.close();
    let seen = '';
    while (!seen.includes('change-2')) seen += (await reader.read()).value ?? '';
    await reader.cancel();
    expect(seen.match(/"id":"change-1"/g)).toHaveLength(1);
    const { changes } = await json<{ changes: { id: string; kind: string; side: string; position: string }[] }>(beheer.get('/api/changes'));
    expect(changes.map((one) => one.id).sort()).toEqual(['change-1', 'change-2']);
    expect(changes[0]).toMatchObject({ kind: 'applied', side: 'google', accountId: account.id });
    expect((await user('jansen')).account?.lastSyncAt).toBeDefined();
    // A browser that was away gets what it missed.
    const resumed = await beheer.get('/api/changes/stream', { accept: 'text/event-stream', 'last-event-id': '0' });
    const resumedReader = resumed.body!.pipeThrough(new TextDecoderStream()).getReader();
    let missed = '';
    while (!missed.includes('change-2')) missed += (await resumedReader.read()).value ?? '';
    await resumedReader.cancel();
  });
});

describe('when Inventive is away', () => {
  it('the linked users are still shown, and settings say why they can’t be saved', async () => {
    const jansen = await user('jansen');
    await console_.inventive.stop();
    const overview = await until('the console noticed', async () => {
      const answer = await json<{ sources: { reachable: boolean }[]; users: UserView[] }>(beheer.get('/api/users'));
      return answer.sources[0]?.reachable === false && answer;
    }, 20_000);
    expect(overview.users.map((one) => one.loginName)).toContain('jansen');
    expect(await json(beheer.request('PUT', path(jansen, 'settings'), { json: jansen.settings }))).toMatchObject({ status: 503, code: 'inventive-unreachable' });
  });
});
