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

  it('shares a calendar, lists it and ends that', async () => {
    const { body } = await emulator.control('tokens', { email: 'visser@example.com' });
    const theirs = new OAuth2Client();
    theirs.setCredentials({ access_token: body['access_token'] });
    const other = calendar({ version: 'v3', auth: theirs, rootUrl: emulator.url });
    const calendarId = (await client.calendars.insert({ requestBody: { summary: 'Team' } })).data.id ?? '';
    const rule = (await client.acl.insert({ calendarId, sendNotifications: false, requestBody: { role: 'reader', scope: { type: 'user', value: 'visser@example.com' } } })).data;
    await other.calendarList.insert({ colorRgbFormat: true, requestBody: { id: calendarId, backgroundColor: '#0088aa' } });
    await client.acl.update({ calendarId, ruleId: rule.id ?? '', requestBody: { role: 'writer', scope: rule.scope ?? {} } });
    expect((await other.calendarList.get({ calendarId })).data).toMatchObject({ accessRole: 'writer', backgroundColor: '#0088aa', dataOwner: 'devries@example.com' });
    expect((await client.acl.list({ calendarId })).data.items?.map(({ id, role }) => [id, role])).toEqual([['user:devries@example.com', 'owner'], ['user:visser@example.com', 'writer']]);
    await client.acl.delete({ calendarId, ruleId: rule.id ?? '' });
    await expect(other.events.list({ calendarId })).rejects.toMatchObject({ status: 404 });
    expect((await client.settings.watch({ requestBody: { id: 'node-settings', type: 'web_hook', address: 'http://127.0.0.1:9/none' } })).data.kind).toBe('api#channel');
    await client.calendars.delete({ calendarId });
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
