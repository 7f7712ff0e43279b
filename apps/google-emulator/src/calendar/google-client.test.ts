import { OAuth2Client } from 'google-auth-library';
import { calendar, type calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { receive, type Receiver } from '../testing/receiver.js';
import { startTestEmulator, type TestEmulator } from '../testing/test-emulator.js';

let emulator: TestEmulator;
let receiver: Receiver;
let auth: OAuth2Client;
let client: calendar_v3.Calendar;

beforeAll(async () => {
  emulator = await startTestEmulator();
  receiver = await receive();
  const { url } = emulator;
  auth = new OAuth2Client({
    clientId: 'emulator',
    clientSecret: 'emulator-secret',
    endpoints: { oauth2TokenUrl: `${url}/token`, oauth2RevokeUrl: `${url}/revoke`, tokenInfoUrl: `${url}/tokeninfo` },
  });
  const { body } = await emulator.control('tokens', { email: 'devries@example.com', expiresInS: 0 });
  auth.setCredentials({ access_token: body['access_token'], refresh_token: body['refresh_token'], expiry_date: 1 });
  client = calendar({ version: 'v3', auth, rootUrl: url });
});
afterAll(async () => {
  await receiver.stop();
  await emulator.stop();
});

describe("Google's own Node client, with nothing changed but the root", () => {
  it('refreshes, writes, follows by token, deletes', async () => {
    const start = { dateTime: '2026-12-01T10:00:00+01:00' };
    const end = { dateTime: '2026-12-01T11:00:00+01:00' };
    const first = await client.events.list({ calendarId: 'primary' });
    expect(first.data.items).toEqual([]);
    const made = (await client.events.insert({ calendarId: 'primary', requestBody: { id: 'googleclient1', summary: 'Zoë 🥗', start, end } })).data;
    const patched = (await client.events.patch({ calendarId: 'primary', eventId: 'googleclient1', requestBody: { location: 'Utrecht' } }, { headers: { 'If-Match': made.etag ?? '' } })).data;
    expect(patched).toMatchObject({ summary: 'Zoë 🥗', location: 'Utrecht', status: 'confirmed' });
    const stale = client.events.patch({ calendarId: 'primary', eventId: 'googleclient1', requestBody: { location: 'x' } }, { headers: { 'If-Match': made.etag ?? '' } });
    await expect(stale).rejects.toMatchObject({ status: 412 });
    await client.events.delete({ calendarId: 'primary', eventId: 'googleclient1' });
    const delta = await client.events.list({ calendarId: 'primary', syncToken: first.data.nextSyncToken ?? '' });
    expect(delta.data.items).toMatchObject([{ id: 'googleclient1', status: 'cancelled' }]);
    await expect(client.events.delete({ calendarId: 'primary', eventId: 'googleclient1' })).rejects.toMatchObject({ status: 410 });
    expect((await client.calendarList.list()).data.items?.map((entry) => entry.id)).toEqual(['devries@example.com']);
  });

  it('watches and stops', async () => {
    const channel = (await client.events.watch({ calendarId: 'primary', requestBody: { id: 'node-client', type: 'web_hook', address: receiver.url, token: 'geheim' } })).data;
    expect((await receiver.next()).headers['x-goog-resource-state']).toBe('sync');
    await client.events.insert({ calendarId: 'primary', requestBody: { start: { date: '2026-12-01' }, end: { date: '2026-12-02' } } });
    expect((await receiver.next()).headers).toMatchObject({ 'x-goog-resource-state': 'exists', 'x-goog-channel-token': 'geheim', 'x-goog-resource-id': channel.resourceId });
    await client.channels.stop({ requestBody: { id: channel.id, resourceId: channel.resourceId } });
    await expect(client.channels.stop({ requestBody: { id: channel.id, resourceId: channel.resourceId } })).rejects.toMatchObject({ status: 404 });
  });

  it('learns that the consent was withdrawn', async () => {
    await auth.revokeCredentials();
    const { body } = await emulator.control('tokens', { email: 'devries@example.com' });
    auth.setCredentials({ refresh_token: body['refresh_token'] });
    expect((await client.events.list({ calendarId: 'primary' })).status).toBe(200);
    await emulator.control('faults', { match: { email: 'devries@example.com', client: 'emulator' }, action: { revoke: true } });
    auth.setCredentials({ refresh_token: body['refresh_token'] });
    await expect(client.events.list({ calendarId: 'primary' })).rejects.toThrow(/invalid_grant/);
  });
});
