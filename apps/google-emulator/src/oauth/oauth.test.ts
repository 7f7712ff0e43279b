import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import { OAuth2Client } from 'google-auth-library';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callerOf, startTestEmulator, type Loose, type TestEmulator } from '../testing/test-emulator.js';

let emulator: TestEmulator;
const redirectUri = 'http://localhost:4000/google/oauth/callback';
const eventsScope = 'https://www.googleapis.com/auth/calendar.events';
const listScope = 'https://www.googleapis.com/auth/calendar.calendarlist.readonly';
const client = { client_id: 'inventive-calendar-sync', client_secret: 'emulator-secret' };

beforeAll(async () => {
  emulator = await startTestEmulator();
});
afterAll(() => emulator.stop());

const ask = (query: Record<string, string>): Promise<Response> => {
  const defaults = { client_id: client.client_id, redirect_uri: redirectUri, response_type: 'code', scope: `openid email ${eventsScope} ${listScope}`, access_type: 'offline', state: 'staat-1' };
  return fetch(`${emulator.url}/o/oauth2/v2/auth?${new URLSearchParams({ ...defaults, ...query })}`, { redirect: 'manual' });
};

/** Reads the form as a browser would, and presses a button. */
async function decide(page: Response, answers: { account?: string; other?: string; scopes?: readonly string[]; decision?: string }): Promise<Response> {
  const html = await page.text();
  const form = new URLSearchParams({ request: /name="request" value="([^"]+)"/.exec(html)?.[1] ?? '', account: answers.account ?? 'other', decision: answers.decision ?? 'allow' });
  if (answers.other !== undefined) form.set('other_email', answers.other);
  for (const scope of answers.scopes ?? [eventsScope, listScope]) form.append('scope', scope);
  return fetch(`${emulator.url}/o/oauth2/v2/auth/consent`, { method: 'POST', body: form, redirect: 'manual' });
}

const locationOf = (response: Response): URL => new URL(response.headers.get('location') ?? 'about:blank');
const post = async (path: string, form: Record<string, string>): Promise<{ status: number; body: Loose }> => {
  const response = await fetch(`${emulator.url}${path}`, { method: 'POST', body: new URLSearchParams(form) });
  return { status: response.status, body: (await response.json()) as Loose };
};
const exchange = (code: string, more: Record<string, string> = {}) => post('/token', { ...client, grant_type: 'authorization_code', code, redirect_uri: redirectUri, ...more });
const refresh = (token: string, more: Record<string, string> = {}) => post('/token', { ...client, grant_type: 'refresh_token', refresh_token: token, ...more });

async function link(email: string, query: Record<string, string> = {}): Promise<Loose> {
  const back = await decide(await ask({ prompt: 'consent select_account', ...query }), { account: email });
  return (await exchange(locationOf(back).searchParams.get('code') ?? '')).body;
}

describe('the consent page', () => {
  it('lists the accounts, chooses the hinted one, and has a tick per scope that is not for signing in', async () => {
    const html = await (await ask({ login_hint: 'bakker@example.com' })).text();
    for (const email of ['jansen', 'devries', 'bakker', 'visser']) expect(html).toContain(`value="${email}@example.com"`);
    expect(html).toMatch(/value="bakker@example.com" checked/);
    expect([...html.matchAll(/type="checkbox" name="scope" value="([^"]+)"/g)].map((found) => found[1])).toEqual([eventsScope, listScope].map((scope) => scope));
  });

  it('returns code, scope and state; only the ticked scopes are granted', async () => {
    const back = await decide(await ask({}), { account: 'jansen@example.com', scopes: [eventsScope] });
    expect(back.status).toBe(302);
    const { searchParams: query, origin, pathname } = locationOf(back);
    expect([`${origin}${pathname}`, query.get('state')]).toEqual([redirectUri, 'staat-1']);
    expect(query.get('scope')).toBe(`openid https://www.googleapis.com/auth/userinfo.email ${eventsScope}`);
    const { body } = await exchange(query.get('code') ?? '');
    expect(body['scope']).toBe(query.get('scope'));
    const caller = callerOf(emulator.url, 'jansen@example.com', body['access_token']);
    expect([(await caller.call('GET', 'calendars/primary/events')).status, (await caller.call('GET', 'users/me/calendarList')).status]).toEqual([200, 403]);
  });

  it('goes back with access_denied when cancelled, and asks again for a missing address', async () => {
    const cancelled = locationOf(await decide(await ask({}), { account: 'jansen@example.com', decision: 'cancel' }));
    expect([cancelled.searchParams.get('error'), cancelled.searchParams.get('state'), cancelled.searchParams.get('code')]).toEqual(['access_denied', 'staat-1', null]);
    const again = await decide(await ask({}), { other: 'niks' });
    expect([again.status, (await again.text()).includes('Enter an e-mail address.')]).toEqual([400, true]);
  });

  it('makes an account for another e-mail', async () => {
    const back = await decide(await ask({ access_type: 'online' }), { other: 'Nieuw@Elders.nl' });
    const { body } = await exchange(locationOf(back).searchParams.get('code') ?? '');
    expect(body).not.toHaveProperty('refresh_token');
    const me = (await (await fetch(`${emulator.url}/v1/userinfo`, { headers: { authorization: `Bearer ${body['access_token']}` } })).json()) as Loose;
    expect(me).toMatchObject({ email: 'nieuw@elders.nl', email_verified: true, sub: expect.stringMatching(/^\d{21}$/) });
  });

  it.each([
    ['a redirect that is not registered', { redirect_uri: 'https://evil.example/google/oauth/callback' }, 400, 'redirect_uri_mismatch'],
    ['a longer redirect', { redirect_uri: `${redirectUri}/x` }, 400, 'redirect_uri_mismatch'],
    ['an unknown client', { client_id: 'vreemd' }, 401, 'invalid_client'],
    ['an unknown scope', { scope: 'openid alles' }, 400, 'invalid_scope'],
    ['another response type', { response_type: 'token' }, 400, 'unsupported_response_type'],
    ['a plain challenge', { code_challenge: 'x', code_challenge_method: 'plain' }, 400, 'invalid_request'],
  ])('shows %s on its own page and never redirects', async (_what, query, status, code) => {
    const page = await ask(query);
    expect([page.status, page.headers.get('location')]).toEqual([status, null]);
    expect(await page.text()).toContain(`Error ${status}: ${code}`);
  });

  it('takes the registered path on any port of this machine', async () => {
    expect((await ask({ redirect_uri: 'http://127.0.0.1:51234/google/oauth/callback' })).status).toBe(200);
  });

  it('answers prompt=none without a page', async () => {
    const none = async (hint: string): Promise<URLSearchParams> => locationOf(await ask({ prompt: 'none', login_hint: hint, scope: `openid ${eventsScope}` })).searchParams;
    expect((await none('niemand@example.com')).get('error')).toBe('login_required');
    expect((await none('visser@example.com')).get('error')).toBe('interaction_required');
    await link('devries@example.com');
    expect((await none('devries@example.com')).get('code')).not.toBeNull();
  });
});

describe('the token endpoint', () => {
  it('checks the PKCE verifier, the redirect and that a code serves once', async () => {
    const verifier = randomBytes(32).toString('base64url');
    const challenge = { code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256' };
    const code = async (): Promise<string> => locationOf(await decide(await ask(challenge), { account: 'jansen@example.com' })).searchParams.get('code') ?? '';
    expect((await exchange(await code())).body).toEqual({ error: 'invalid_grant', error_description: 'Missing code verifier.' });
    const misused = await code();
    expect((await exchange(misused, { code_verifier: `${verifier}x` })).body['error']).toBe('invalid_grant');
    expect((await exchange(misused, { code_verifier: verifier })).body).toEqual({ error: 'invalid_grant', error_description: 'Bad Request' });
    expect((await exchange(await code(), { code_verifier: verifier, redirect_uri: 'http://localhost:9/google/oauth/callback' })).body['error']).toBe('redirect_uri_mismatch');
    const good = await code();
    expect((await exchange(good, { code_verifier: verifier })).status).toBe(200);
    expect((await exchange(good, { code_verifier: verifier })).body['error']).toBe('invalid_grant');
  });

  it('gives a refresh token at the first consent, or when consent is asked again', async () => {
    const once = await link('bakker@example.com', { prompt: 'select_account' });
    expect(once).toHaveProperty('refresh_token');
    expect(await link('bakker@example.com', { prompt: 'select_account' })).not.toHaveProperty('refresh_token');
    expect(await link('bakker@example.com')).toHaveProperty('refresh_token');
  });

  it('refreshes without a new refresh token or id token, and refuses strangers', async () => {
    const tokens = await link('jansen@example.com');
    const again = await refresh(tokens['refresh_token']);
    expect(Object.keys(again.body).sort()).toEqual(['access_token', 'expires_in', 'scope', 'token_type']);
    expect((await refresh(tokens['refresh_token'], { client_secret: 'fout' })).status).toBe(401);
    expect((await refresh(tokens['refresh_token'], { client_id: 'emulator' })).body).toEqual({ error: 'invalid_grant', error_description: 'Token has been expired or revoked.' });
    expect((await post('/token', { ...client, grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer' })).status).toBe(501);
  });

  it('rotates refresh tokens for a client set to it', async () => {
    await emulator.control('clients', { id: client.client_id, rotateRefreshTokens: true });
    const tokens = await link('jansen@example.com');
    const rotated = (await refresh(tokens['refresh_token'])).body;
    expect(rotated['refresh_token']).not.toBe(tokens['refresh_token']);
    expect((await refresh(tokens['refresh_token'])).body['error']).toBe('invalid_grant');
    expect((await refresh(rotated['refresh_token'])).status).toBe(200);
    await emulator.control('clients', { id: client.client_id, rotateRefreshTokens: false });
  });

  it('ends access by the emulator\'s clock', async () => {
    const tokens = await link('jansen@example.com');
    const caller = callerOf(emulator.url, 'jansen@example.com', tokens['access_token']);
    expect((await caller.call('GET', 'calendars/primary/events')).status).toBe(200);
    await emulator.control('clock', { advance: 'PT2H' });
    expect((await caller.call('GET', 'calendars/primary/events')).status).toBe(401);
    expect((await refresh(tokens['refresh_token'])).status).toBe(200);
    await emulator.control('clock', { advance: '-PT2H' });
  });

  it('ends everything of a person and client when revoked', async () => {
    const tokens = await link('jansen@example.com');
    expect((await fetch(`${emulator.url}/revoke?token=${tokens['access_token']}`, { method: 'POST' })).status).toBe(200);
    expect((await callerOf(emulator.url, 'jansen@example.com', tokens['access_token']).call('GET', 'calendars/primary/events')).status).toBe(401);
    expect((await refresh(tokens['refresh_token'])).body).toEqual({ error: 'invalid_grant', error_description: 'Token has been expired or revoked.' });
    expect((await fetch(`${emulator.url}/revoke?token=${tokens['refresh_token']}`, { method: 'POST' })).status).toBe(400);
  });
});

describe('identity', () => {
  it('signs id tokens that Google\'s library and jose both accept', async () => {
    const { url } = emulator;
    const tokens = await link('visser@example.com', { nonce: 'eenmalig', scope: `openid email profile ${eventsScope}` });
    const google = new OAuth2Client({
      clientId: client.client_id,
      issuers: [url],
      endpoints: { oauth2FederatedSignonPemCertsUrl: `${url}/oauth2/v1/certs`, oauth2FederatedSignonJwkCertsUrl: `${url}/oauth2/v3/certs`, tokenInfoUrl: `${url}/tokeninfo` },
    });
    const payload = (await google.verifyIdToken({ idToken: tokens['id_token'], audience: client.client_id })).getPayload();
    expect(payload).toMatchObject({ iss: url, email: 'visser@example.com', email_verified: true, hd: 'example.com', name: 'Daniël Visser', nonce: 'eenmalig' });
    const verified = await jwtVerify(tokens['id_token'], createRemoteJWKSet(new URL(`${url}/oauth2/v3/certs`)), { issuer: url, audience: client.client_id });
    expect(verified.payload.sub).toBe(payload?.sub);
    expect((await google.getTokenInfo(tokens['access_token'])).scopes).toContain(eventsScope);
    const pem = Object.values((await (await fetch(`${url}/oauth2/v1/certs`)).json()) as Record<string, string>)[0] ?? '';
    const certificate = new X509Certificate(pem);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
  });

  it('tells the same by the older userinfo and tokeninfo', async () => {
    const tokens = await link('visser@example.com', { scope: `openid email profile ${eventsScope}` });
    const headers = { authorization: `Bearer ${tokens['access_token']}` };
    const me = (await (await fetch(`${emulator.url}/oauth2/v2/userinfo`, { headers })).json()) as Loose;
    expect(me).toMatchObject({ email: 'visser@example.com', verified_email: true, family_name: 'Visser' });
    const info = (await (await fetch(`${emulator.url}/oauth2/v2/tokeninfo?access_token=${tokens['access_token']}`)).json()) as Loose;
    expect(info).toMatchObject({ user_id: me['id'], audience: client.client_id, email: 'visser@example.com' });
  });

  it('describes itself', async () => {
    const { url } = emulator;
    const configuration = (await (await fetch(`${url}/.well-known/openid-configuration`)).json()) as Loose;
    expect(configuration).toMatchObject({ issuer: url, token_endpoint: `${url}/token`, jwks_uri: `${url}/oauth2/v3/certs`, code_challenge_methods_supported: ['S256'] });
    const discovery = (await (await fetch(`${url}/discovery/v1/apis/calendar/v3/rest`)).json()) as Loose;
    expect([discovery['rootUrl'], discovery['baseUrl'], discovery['revision']]).toEqual([`${url}/`, `${url}/calendar/v3/`, '20261030']);
  });
});
