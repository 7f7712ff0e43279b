import { beforeEach, describe, expect, it } from 'vitest';
import { asAccountId, asCalendarId } from '@calsync/calendar-model';
import { createMemoryCalendars, createMemoryChannels, plainSecrets } from '../simulation/memory-receive.js';
import { acceptNotification, type Notification } from './accept-notification.js';

const calendar = { accountId: asAccountId('a'), calendarId: asCalendarId('jansen@example.com') };
const secrets = plainSecrets();
const token = secrets.mint();
const genuine: Notification = { channelId: 'c1', token, resourceId: 'r1', resourceState: 'exists', expiration: undefined };

let channels = createMemoryChannels();
let states = createMemoryCalendars();
const results: string[] = [];
const accept = (notification: Partial<Notification>) =>
  acceptNotification({ channels, states, secrets, clock: { now: () => 1_000 }, metrics: { notification: (result) => void results.push(result) } }, { ...genuine, ...notification });

beforeEach(async () => {
  channels = createMemoryChannels();
  states = createMemoryCalendars();
  results.length = 0;
  await states.follow(calendar, { state: 'live', active: true, now: 1 });
  await channels.add({ id: 'c1', ...calendar, subject: 'events', tokenHash: secrets.hash(token), state: 'open', createdAt: 0, resourceId: 'r1' });
});
const mark = async () => (await states.find(calendar))!.mark;

describe('a notification', () => {
  it('marks its calendar and says which', async () => {
    expect(await accept({})).toMatchObject({ kind: 'accepted', calendar: { ...calendar, dirty: true, mark: 2 } });
  });

  const forged: [string, Partial<Notification>][] = [
    ['an unknown channel', { channelId: 'c2' }],
    ['another token', { token: secrets.mint() }],
    ['no token', { token: undefined }],
    ['an empty token', { token: '' }],
    ['no channel', { channelId: undefined }],
    ['another resource', { resourceId: 'r2' }],
    ['no resource', { resourceId: undefined }],
    ['a channel id too long for Google', { channelId: 'c'.repeat(65) }],
    ['a token too long for Google', { token: 't'.repeat(257) }],
    ['the hash instead of the token', { token: secrets.hash(token) }],
  ];
  it.each(forged)('%s is unknown and leaves no trace', async (_name, over) => {
    expect(await accept(over)).toEqual({ kind: 'unknown' });
    expect(await mark()).toBe(1);
    expect(results).toEqual(['refused']);
  });

  it('sync says that the channel listens, and is no hint', async () => {
    await channels.add({ id: 'c3', ...calendar, subject: 'events', tokenHash: secrets.hash(token), state: 'opening', createdAt: 0 });
    expect(await accept({ channelId: 'c3', resourceId: 'r3', resourceState: 'sync', expiration: 'Tue, 24 Nov 2026 01:13:52 GMT' })).toEqual({ kind: 'sync' });
    expect(await channels.find('c3')).toMatchObject({ state: 'open', heard: true, resourceId: 'r3', expiresAt: Date.parse('2026-11-24T01:13:52Z') });
    expect(await mark()).toBe(1);
  });
  it('counts over a channel that is still being opened', async () => {
    await channels.add({ id: 'c3', ...calendar, subject: 'calendar-list', tokenHash: secrets.hash(token), state: 'opening', createdAt: 0 });
    expect(await accept({ channelId: 'c3', resourceId: 'whatever' })).toMatchObject({ kind: 'accepted' });
  });
});
