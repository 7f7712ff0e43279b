import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { administratorOf, json, path } from './testing/administrator.js';
import { Browser } from './testing/browser.js';
import { consoleUnderTest, type ConsoleUnderTest } from './testing/console-under-test.js';

let console_: ConsoleUnderTest;
let administrator: Awaited<ReturnType<typeof administratorOf>>;
let beheer: Browser;
const user = (loginName: string) => administrator.user(loginName);

beforeAll(async () => {
  console_ = await consoleUnderTest();
  administrator = await administratorOf(console_);
  beheer = administrator.beheer;
}, 120_000);
afterAll(() => console_?.close(), 60_000);

describe('the doors', () => {
  it('refuse everything without a session but health, the login page and what Google and invited users open', async () => {
    const stranger = console_.browser();
    const refused: [string, string][] = [
      ['GET', '/api/session'], ['GET', '/api/users'], ['GET', '/api/changes'], ['GET', '/api/changes/stream'], ['GET', '/api/accounts/x/pairs'], ['GET', '/api/accounts/x/unpaired'], ['POST', '/api/accounts/x/comparisons'], ['GET', '/api/accounts/x/pairs/y/history'],
      ['PUT', '/api/users/demo/x/settings'], ['GET', '/api/sources/demo/administrations'], ['PUT', '/api/sources/demo/administrations/x/settings'], ['GET', '/api/users/demo/x/calendars'], ['PUT', '/api/users/demo/x/calendar'], ['POST', '/api/users/demo/x/link'], ['DELETE', '/api/users/demo/x/link'], ['POST', '/api/users/demo/x/invitation'],
      ['GET', '/api/docs'], ['GET', '/api/docs-json'], ['GET', '/api/docs-yaml'], ['GET', '/API/users'], ['GET', '/%61pi/users'], ['GET', '//api/users'], ['GET', '/unknown'],
    ];
    for (const [method, address] of refused) {
      const response = await stranger.request(method, console_.url + address);
      expect(response.status, `${method} ${address}`).toBe(401);
      expect(response.headers.get('content-type')).toContain('application/problem+json');
    }
    for (const address of ['/health', '/health/live', '/health/ready']) expect((await stranger.get(address)).status, address).toBe(200);
  });

  it('say in the language of the browser what to do', async () => {
    const dutch = await json<{ title: string }>(console_.browser().get('/api/users', { 'accept-language': 'nl-NL,nl;q=0.9,en;q=0.5' }));
    const english = await json<{ title: string; status: number; code: string }>(console_.browser().get('/api/users', { 'accept-language': 'en-GB,en' }));
    expect(dutch.title).toBe('Niet aangemeld');
    expect(english).toMatchObject({ title: 'Not logged in', status: 401, code: 'not-logged-in' });
  });

  it('open with the password that was printed once, give a new session id, and close at logout', async () => {
    expect(console_.printed).toHaveLength(1);
    const browser = console_.browser();
    expect((await browser.login('wrong password')).status).toBe(401);
    const response = await browser.login(console_.printed[0] ?? '');
    expect(response.headers.get('set-cookie')).toMatch(/^console=.*HttpOnly.*SameSite=Lax/i);
    expect((await browser.get('/api/users')).status).toBe(200);
    expect((await browser.request('DELETE', '/api/session')).status).toBe(204);
    expect((await browser.get('/api/users')).status).toBe(401);
  });

  it('close after seven days, however busy the session', async () => {
    const browser = console_.browser();
    await browser.login(console_.printed[0] ?? '');
    const sessions = console_.connection.collection<{ _id: string; session: string; expiresAt: Date }>('console-sessions');
    const [newest] = await sessions.find({ session: { $exists: true } }).sort({ expiresAt: -1 }).limit(1).toArray();
    const aged = { ...(JSON.parse(newest?.session ?? '{}') as object), loggedInAt: Date.now() - 7 * 86_400_000 };
    await sessions.updateOne({ _id: newest?._id ?? '' }, { $set: { session: JSON.stringify(aged) } });
    expect((await browser.get('/api/users')).status).toBe(401);
  });

  it('take JSON only: the form of a foreign page can log this browser in as nobody', async () => {
    const form = new URLSearchParams({ username: 'beheer', password: console_.printed[0] ?? '' });
    const response = await console_.browser().request('POST', '/api/session', { form });
    expect([response.status, response.headers.getSetCookie()]).toEqual([400, []]);
    expect((await beheer.request('POST', path(await user('bakker'), 'link'), { form })).status).toBe(400);
  });

  it('let no cache keep what the API says', async () => {
    expect((await beheer.get('/api/users')).headers.get('cache-control')).toBe('no-store');
  });

  it('demand the CSRF token of this session for every change', async () => {
    const browser = console_.browser();
    await browser.login(console_.printed[0] ?? '');
    const own = browser.csrfToken;
    browser.csrfToken = '';
    expect(await json(browser.request('DELETE', '/api/session'))).toMatchObject({ code: 'csrf-token', status: 403 });
    browser.csrfToken = beheer.csrfToken;
    expect((await browser.request('DELETE', '/api/session')).status).toBe(403);
    browser.csrfToken = own;
    expect((await browser.request('DELETE', '/api/session')).status).toBe(204);
  });

  it('keep neither password nor session id readable in the database', async () => {
    const administrator = await console_.connection.collection('administrators').findOne({});
    expect(administrator?.['passwordHash']).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    const sessions = await console_.connection.collection('console-sessions').find().toArray();
    expect(sessions.length).toBeGreaterThan(0);
    expect(JSON.stringify(sessions)).not.toContain(console_.printed[0]);
  });

  it('serve the metrics to this machine only, unless a proxy stands in between', async () => {
    expect((await console_.browser().get('/metrics')).status).toBe(200);
    expect((await console_.browser().get('/metrics', { 'x-forwarded-for': '203.0.113.9' })).status).toBe(403);
    // The details of health likewise; whether it lives and is ready, a balancer may ask.
    expect((await console_.browser().get('/health', { 'x-forwarded-for': '203.0.113.9' })).status).toBe(401);
    expect((await console_.browser().get('/health/ready', { 'x-forwarded-for': '203.0.113.9' })).status).toBe(200);
  });

  it('describe the API to who is logged in', async () => {
    const document = await json<{ openapi: string; paths: Record<string, Record<string, { requestBody?: unknown; responses: Record<string, unknown> }>> }>(beheer.get('/api/docs-json'));
    expect(document.openapi).toMatch(/^3\./);
    expect(Object.keys(document.paths).sort()).toEqual([
      '/api/accounts/{id}/comparisons', '/api/accounts/{id}/comparisons/{commandId}', '/api/accounts/{id}/pairs', '/api/accounts/{id}/pairs/{pairId}/history',
      '/api/accounts/{id}/pairs/{pairId}/history/{index}/restore', '/api/accounts/{id}/pairs/{pairId}/retry', '/api/accounts/{id}/unpaired', '/api/accounts/{id}/unpaired/resolve', '/api/changes', '/api/changes/stream', '/api/session', '/api/sources', '/api/sources/{name}/administrations', '/api/sources/{name}/administrations/{id}/settings', '/api/sources/{name}/environment', '/api/users',
      '/api/users/{source}/{userId}', '/api/users/{source}/{userId}/calendar', '/api/users/{source}/{userId}/calendars', '/api/users/{source}/{userId}/invitation', '/api/users/{source}/{userId}/link', '/api/users/{source}/{userId}/release', '/api/users/{source}/{userId}/settings',
    ]);
    expect(JSON.stringify(document.paths['/api/users/{source}/{userId}/settings']?.['put'])).toContain('daysBefore');
  });
});

describe('settings', () => {
  it('of a new user are the defaults, and are kept when changed', async () => {
    const bakker = await user('bakker');
    expect(await json(beheer.get(path(bakker, 'settings')))).toMatchObject({ on: true, daysBefore: 30, daysAfter: 90, direction: 'both', effective: { privateContent: { value: 'busy-only', from: 'default' } } });
    const saved = await beheer.request('PUT', path(bakker, 'settings'), { json: { ...bakker.settings, daysBefore: 7, direction: 'to-google' } });
    expect(saved.status).toBe(200);
    expect((await user('bakker')).settings).toMatchObject({ daysBefore: 7, direction: 'to-google' });
  });

  it('that make no sense are refused field by field', async () => {
    const bakker = await user('bakker');
    const refused = await beheer.request('PUT', path(bakker, 'settings'), { json: { ...bakker.settings, daysAfter: -1, direction: 'sideways' } });
    expect(refused.status).toBe(400);
    const problem = await json<{ code: string; errors: { path: string }[] }>(refused);
    expect(problem.code).toBe('invalid');
    expect(problem.errors.map((one) => one.path).sort()).toEqual(['daysAfter', 'direction']);
    expect(await json(beheer.request('PUT', path(bakker, 'settings'), { json: { ...bakker.settings, administrationId: 'F'.repeat(32) } }))).toMatchObject({ code: 'unknown-administration' });
    expect(await json(beheer.request('PUT', `/api/users/demo/${'F'.repeat(32)}/settings`, { json: bakker.settings }))).toMatchObject({ code: 'unknown-user' });
    expect(await json(beheer.request('PUT', path({ ...bakker, source: 'other' }, 'settings'), { json: bakker.settings }))).toMatchObject({ code: 'unknown-source' });
    expect((await beheer.request('PUT', path(bakker, 'settings'), { headers: { 'content-type': 'application/json' } })).status).toBe(400);
  });
});

describe('too many attempts', () => {
  it('to log in are refused with the time to wait', async () => {
    const browser = console_.browser();
    let last: Response | undefined;
    for (let attempt = 0; attempt < 12 && last?.status !== 429; attempt += 1) last = await browser.login(`wrong ${attempt}`);
    expect(last?.status).toBe(429);
    expect(await json(last!)).toMatchObject({ code: 'too-many-attempts' });
  });
});

describe('behind a proxy, on https', () => {
  it('the cookie is secure, and a login that could not last is refused with the reason', async () => {
    const secure = await consoleUnderTest({ CONSOLE_PUBLIC_URL: 'https://agenda.example.nl', TRUST_PROXY: 'true' });
    try {
      const login = (headers: Record<string, string>) =>
        new Browser(secure.url).request('POST', '/api/session', { json: { username: 'beheer', password: secure.printed[0] }, headers });
      expect(await json(login({}))).toMatchObject({ code: 'insecure-connection' });
      const response = await login({ 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.7' });
      expect(response.headers.get('set-cookie')).toMatch(/^__Host-console=.*Path=\/.*HttpOnly.*Secure/i);
      expect(response.headers.get('strict-transport-security')).toContain('max-age=');
    } finally {
      await secure.close();
    }
  }, 60_000);
});
