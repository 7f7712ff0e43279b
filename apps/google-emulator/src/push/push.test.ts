import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { receive, type Receiver } from '../testing/receiver.js';
import { anEvent, startTestEmulator, type TestAnswer, type TestCaller, type TestEmulator } from '../testing/test-emulator.js';

let emulator: TestEmulator;
let receiver: Receiver;
let bakker: TestCaller;
let made = 0;

beforeAll(async () => {
  emulator = await startTestEmulator({ CHANNEL_MAX_SECONDS: '3600', PUSH_ATTEMPTS: '4' });
});
afterAll(() => emulator.stop());
beforeEach(async () => {
  await emulator.control('reset', {});
  bakker = await emulator.as('bakker@example.com');
  receiver = await receive();
});
afterEach(() => receiver.stop());

async function watch(fields: object = {}, query = {}, path = 'calendars/primary/events/watch'): Promise<TestAnswer> {
  made += 1;
  return bakker.call('POST', path, { body: { id: `channel-${made}`, type: 'web_hook', address: receiver.url, ...fields }, query });
}
const reasonOf = (answer: TestAnswer): string => answer.body['error'].errors[0].reason;
const notifications = async (): Promise<object> => (await emulator.control('stats')).body['notifications'];

describe('what a channel is asked with', () => {
  it.each([
    [{ params: { ttl: 'lang' } }, 400, 'ttl'],
    [{ params: { ttl: '60', colour: 'red' } }, 501, "params.colour"],
  ])('%j is refused by name', async (fields, status, word) => {
    const answer = await watch(fields);
    expect([answer.status, answer.body['error'].message]).toEqual([status, expect.stringContaining(word)]);
  });
});

describe('a channel', () => {
  it('gets sync, then a message per change with all of Google\'s headers and no body', async () => {
    const channel = (await watch({ token: 'geheim' })).body;
    const sync = await receiver.next();
    expect(sync.headers).toMatchObject({
      'x-goog-channel-id': channel['id'], 'x-goog-message-number': '1', 'x-goog-resource-id': channel['resourceId'], 'x-goog-resource-state': 'sync',
      'x-goog-resource-uri': `${emulator.url}/calendar/v3/calendars/bakker%40example.com/events?alt=json`, 'x-goog-channel-token': 'geheim',
      'x-goog-channel-expiration': new Date(Number(channel['expiration'])).toUTCString(), 'content-length': '0',
    });
    expect(sync.headers['user-agent']).toMatch(/^APIs-Google;/);
    const event = await bakker.insert(anEvent());
    const exists = await receiver.next();
    expect([exists.headers['x-goog-resource-state'], exists.body]).toEqual(['exists', '']);
    await bakker.call('DELETE', `calendars/primary/events/${event['id']}`);
    const third = await receiver.next();
    expect(Number(third.headers['x-goog-message-number'])).toBeGreaterThan(Number(exists.headers['x-goog-message-number']));
    await vi.waitFor(async () => expect(await notifications()).toEqual({ sent: 3, delivered: 3, failed: 0, dropped: 0 }));
  });

  it('is told in order when changes come fast', async () => {
    await watch();
    await receiver.next();
    await bakker.insert(anEvent());
    await receiver.next();
    await Promise.all(Array.from({ length: 20 }, () => bakker.insert(anEvent())));
    const numbers: number[] = [];
    for (let n = 0; n < 20; n += 1) numbers.push(Number((await receiver.next()).headers['x-goog-message-number']));
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  });

  it('hears nothing of reminders, of patches without a change, or of other types than asked', async () => {
    await watch({}, { eventTypes: 'focusTime' });
    await receiver.next();
    const event = await bakker.insert(anEvent());
    await watch();
    await receiver.next();
    await bakker.call('PATCH', `calendars/primary/events/${event['id']}`, { body: { summary: 'Overleg' } });
    await bakker.call('PATCH', `calendars/primary/events/${event['id']}`, { body: { reminders: { useDefault: false } } });
    await bakker.insert(anEvent({ eventType: 'focusTime' }));
    await Promise.all([receiver.next(), receiver.next()]);
    expect(await notifications()).toMatchObject({ sent: 4 });
  });

  it('is stopped by the same user only, and is unique while it lives', async () => {
    const channel = (await watch({ id: 'enig' })).body;
    expect(reasonOf(await watch({ id: 'enig' }))).toBe('channelIdNotUnique');
    const body = { id: 'enig', resourceId: channel['resourceId'] };
    const jansen = await emulator.as('jansen@example.com');
    expect((await jansen.call('POST', 'channels/stop', { body })).status).toBe(404);
    expect((await bakker.call('POST', 'channels/stop', { body })).status).toBe(204);
    const again = await bakker.call('POST', 'channels/stop', { body });
    expect([again.status, again.body['error'].message]).toEqual([404, "Channel 'enig' not found for project 'emulator'"]);
    await receiver.next();
    await bakker.insert(anEvent());
    expect(receiver.all).toHaveLength(1);
  });

  it('lives as long as the smaller of what is asked and allowed, by the emulator\'s clock', async () => {
    const nowMs = Date.now();
    const short = Number((await watch({ params: { ttl: '60' } })).body['expiration']);
    const long = Number((await watch({ expiration: String(nowMs + 9e9) })).body['expiration']);
    expect([Math.round((short - nowMs) / 10_000), Math.round((long - nowMs) / 10_000)]).toEqual([6, 360]);
    await Promise.all([receiver.next(), receiver.next()]);
    expect((await emulator.control('stats')).body['channels']).toHaveLength(2);
    await emulator.control('clock', { advance: 'PT2M' });
    expect((await emulator.control('stats')).body['channels']).toHaveLength(1);
    await bakker.insert(anEvent());
    await receiver.next();
    expect(receiver.all).toHaveLength(3);
  });

  it.each([
    ['plain http to a far host', { address: 'http://example.com/x' }, 'push.webhookUrlNotHttps'],
    ['no address', { address: undefined }, 'required'],
    ['a long id', { id: 'x'.repeat(65) }, 'invalid'],
    ['a long token', { token: 'x'.repeat(257) }, 'invalid'],
    ['another type', { type: 'pubsub' }, 'invalid'],
    ['an expiration in the past', { expiration: '1000' }, 'invalid'],
  ])('is refused with %s', async (_what, fields, reason) => {
    const answer = await watch(fields);
    expect([answer.status, reasonOf(answer)]).toEqual([400, reason]);
  });

  it('watches the calendar list', async () => {
    await watch({}, {}, 'users/me/calendarList/watch');
    await receiver.next();
    await bakker.call('POST', 'calendars', { body: { summary: 'Nieuw' } });
    expect((await receiver.next()).headers['x-goog-resource-uri']).toContain('/users/me/calendarList');
  });
});

describe('delivery', () => {
  it('tries again after 5xx and broken connections, with the same number', async () => {
    receiver.answers.push(503, 'cut', 500);
    await watch();
    const numbers = [];
    for (let n = 0; n < 4; n += 1) numbers.push((await receiver.next()).headers['x-goog-message-number']);
    expect(numbers).toEqual(['1', '1', '1', '1']);
    await vi.waitFor(async () => expect(await notifications()).toEqual({ sent: 1, delivered: 1, failed: 0, dropped: 0 }));
  });

  it('gives a message up after any other answer, and after the last attempt', async () => {
    receiver.answers.push(404);
    await watch();
    await vi.waitFor(async () => expect(await notifications()).toMatchObject({ failed: 1 }));
    receiver.answers.push(502, 502, 502, 502);
    await bakker.insert(anEvent());
    await vi.waitFor(async () => expect(await notifications()).toEqual({ sent: 2, delivered: 0, failed: 2, dropped: 0 }));
    expect(receiver.all).toHaveLength(5);
  });

  it('can be made to drop, double and delay', async () => {
    await watch();
    await receiver.next();
    await emulator.control('faults', { match: { email: 'bakker@example.com' }, action: { notifications: 'drop' }, times: 1 });
    await bakker.insert(anEvent());
    await emulator.control('faults', { action: { notifications: 'duplicate' }, times: 1 });
    await bakker.insert(anEvent());
    const [first, second] = [await receiver.next(), await receiver.next()];
    expect(first.headers['x-goog-message-number']).toBe(second.headers['x-goog-message-number']);
    await emulator.control('faults', { action: { notifications: 'delay', ms: 150 }, times: 1 });
    const beganMs = performance.now();
    await bakker.insert(anEvent());
    expect((await receiver.next()).atMs - beganMs).toBeGreaterThan(140);
    await vi.waitFor(async () => expect(await notifications()).toEqual({ sent: 4, delivered: 4, failed: 0, dropped: 1 }));
  });
});
