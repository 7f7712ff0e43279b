import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { baseOf } from './occurrence-id.js';
import { events, Follower, listOf, perform, series, seriesStep } from '../testing/series-steps.js';
import { startTestEmulator, type Loose, type TestCaller, type TestEmulator } from '../testing/test-emulator.js';

let emulator: TestEmulator;
let bakker: TestCaller;

beforeAll(async () => {
  emulator = await startTestEmulator({ QUOTA_USER_PER_MINUTE: '1000000', QUOTA_PROJECT_PER_MINUTE: '1000000' });
});
afterAll(() => emulator.stop());

it('brings who follows by tokens to what stands in the calendar, whatever happens to series', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(seriesStep, { minLength: 3, maxLength: 20 }), async (steps) => {
      await emulator.control('reset', {});
      bakker = await emulator.as('bakker@example.com');
      const follower = new Follower(bakker);
      const ids: string[] = [(await bakker.insert(series()))['id']];
      for (const action of steps) await perform(action, { emulator, who: bakker, ids, follower });
      await follower.readAll();
      await follower.readAll();
      const standing = await listOf(bakker);
      expect(Object.fromEntries(follower.mirror)).toEqual(Object.fromEntries(standing.map((item) => [item['id'], item])));

      const versions = new Map<string, Set<string>>();
      for (const item of standing) versions.set(baseOf(item['id']), (versions.get(baseOf(item['id'])) ?? new Set()).add(item['etag']));
      for (const etags of versions.values()) expect(etags.size).toBe(1);

      // What is shown expanded is what the instances of all masters are, and each is found by its id.
      const expanded = await listOf(bakker, { singleEvents: 'true' });
      const perMaster: Loose[] = standing.filter((event) => event['recurringEventId'] === undefined && event['recurrence'] === undefined);
      for (const master of standing.filter((event) => event['recurrence'] !== undefined)) perMaster.push(...((await bakker.call('GET', `${events}/${master['id']}/instances`)).body['items'] as Loose[]));
      const byId = (items: Loose[]): Loose => Object.fromEntries(items.map((item) => [item['id'], item]));
      expect(byId(expanded)).toEqual(byId(perMaster));
      expect(expanded).toHaveLength(perMaster.length);
      for (const event of expanded.slice(0, 5)) expect((await bakker.call('GET', `${events}/${event['id']}`)).body).toEqual(event);
    }),
    { numRuns: 40 },
  );
}, 60_000);

it('brings who follows single events by tokens to the occurrences that stand', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(seriesStep, { minLength: 3, maxLength: 15 }), async (steps) => {
      await emulator.control('reset', {});
      bakker = await emulator.as('bakker@example.com');
      const follower = new Follower(bakker, { singleEvents: 'true', maxResults: '50' });
      const ids: string[] = [(await bakker.insert(series()))['id']];
      for (const action of steps) await perform(action, { emulator, who: bakker, ids, follower });
      await follower.readAll();
      const standing = await listOf(bakker, { singleEvents: 'true' });
      expect(Object.fromEntries(follower.mirror)).toEqual(Object.fromEntries(standing.map((item) => [item['id'], item])));
    }),
    { numRuns: 40 },
  );
}, 60_000);
