import { EmulatorClock } from '@calsync/emulator-kit';
import { afterEach, describe, expect, it } from 'vitest';
import { anEvent, startTestEmulator, type TestEmulator } from '../testing/test-emulator.js';
import { Quota } from './quota.js';

let emulator: TestEmulator | undefined;
afterEach(async () => {
  await emulator?.stop();
  emulator = undefined;
});

describe('quotas', () => {
  it('refuse a user beyond his minute with Google\'s body; a patch costs three; the window slides', async () => {
    emulator = await startTestEmulator({ QUOTA_USER_PER_MINUTE: '5' });
    const bakker = await emulator.as('bakker@example.com');
    const event = await bakker.insert(anEvent());
    const patch = () => bakker.call('PATCH', `calendars/primary/events/${event['id']}`, { body: { summary: 'x' } });
    expect((await patch()).status).toBe(200);
    const refused = await patch();
    expect([refused.status, refused.body]).toEqual([403, {
      error: { errors: [{ domain: 'usageLimits', reason: 'userRateLimitExceeded', message: 'User Rate Limit Exceeded' }], code: 403, message: 'User Rate Limit Exceeded' },
    }]);
    expect((await bakker.call('GET', `calendars/primary/events/${event['id']}`)).status).toBe(200);
    const visser = await emulator.as('visser@example.com');
    expect((await visser.call('GET', 'colors')).status).toBe(200);
    await emulator.control('clock', { advance: 'PT61S' });
    expect((await patch()).status).toBe(200);
  });

  it('refuse a project, in the form that is set', async () => {
    emulator = await startTestEmulator({ QUOTA_PROJECT_PER_MINUTE: '1', QUOTA_ANSWER: 'alternate' });
    const bakker = await emulator.as('bakker@example.com');
    const answers = [];
    for (let n = 0; n < 3; n += 1) {
      const answer = await bakker.call('GET', 'colors');
      answers.push([answer.status, answer.body['error']?.errors[0].reason]);
    }
    expect(answers).toEqual([[200, undefined], [403, 'rateLimitExceeded'], [429, 'rateLimitExceeded']]);
  });

  it('count each user for himself', () => {
    const quota = new Quota(new EmulatorClock(), { userPerMinute: 1, projectPerMinute: 10, answer: '403' });
    quota.spend('app', 'a@x.nl', 1);
    quota.spend('app', 'b@x.nl', 1);
    expect(() => quota.spend('app', 'a@x.nl', 1)).toThrow('User Rate Limit Exceeded');
    quota.spend('other', 'a@x.nl', 1);
  });
});
