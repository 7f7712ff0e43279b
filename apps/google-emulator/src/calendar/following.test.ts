import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { anEvent, startTestEmulator, type Loose, type TestCaller, type TestEmulator } from '../testing/test-emulator.js';

let emulator: TestEmulator;
let bakker: TestCaller;
const events = 'calendars/primary/events';

beforeAll(async () => {
  emulator = await startTestEmulator({ QUOTA_USER_PER_MINUTE: '1000000', QUOTA_PROJECT_PER_MINUTE: '1000000' });
});
afterAll(() => emulator.stop());

type Step =
  | { readonly kind: 'insert' | 'rename' | 'move' | 'remind' | 'delete' | 'revive'; readonly which: number }
  /** Read on: so many pages of that size, even if the list isn't finished. */
  | { readonly kind: 'read'; readonly pages: number; readonly size: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom('insert', 'rename', 'move', 'remind', 'delete', 'revive'), which: fc.nat(9) }),
  fc.record({ kind: fc.constant('read'), pages: fc.integer({ min: 1, max: 2 }), size: fc.integer({ min: 1, max: 3 }) }),
);

/** Follows a calendar as Google's guide says: a full list, then deltas; each page is taken in as it comes. */
class Follower {
  readonly mirror = new Map<string, string>();
  #syncToken: string | undefined;
  #pageToken: string | undefined;

  async readPage(size: number): Promise<boolean> {
    const query = { maxResults: String(size), ...(this.#syncToken === undefined ? {} : { syncToken: this.#syncToken }), ...(this.#pageToken === undefined ? {} : { pageToken: this.#pageToken }) };
    const { status, body } = await bakker.call('GET', events, { query });
    if (status !== 200) throw new Error(`a page was refused: ${status} ${JSON.stringify(body)}`);
    if ('nextPageToken' in body === 'nextSyncToken' in body) throw new Error('a page must have either a page token or a sync token');
    for (const item of body['items'] as Loose[]) {
      if (item['status'] === 'cancelled') this.mirror.delete(item['id']);
      else this.mirror.set(item['id'], item['etag']);
    }
    this.#pageToken = body['nextPageToken'];
    if (body['nextSyncToken'] !== undefined) this.#syncToken = body['nextSyncToken'];
    return this.#pageToken === undefined;
  }

  async readAll(): Promise<void> {
    // The list may have been in the middle: finish it, then one delta more.
    for (let round = 0; round < 2; round += 1) while (!(await this.readPage(3)));
  }
}

async function perform(action: Step, ids: string[], follower: Follower): Promise<void> {
  if (action.kind === 'read') {
    for (let page = 0; page < action.pages; page += 1) await follower.readPage(action.size);
    return;
  }
  const id = ids[action.which % Math.max(1, ids.length)];
  if (action.kind === 'insert' || id === undefined) {
    ids.push((await bakker.insert(anEvent()))['id']);
    return;
  }
  if (action.kind === 'delete') {
    await bakker.call('DELETE', `${events}/${id}`);
    return;
  }
  const day = String(1 + Math.abs(action.which)).padStart(2, '0');
  const bodies = {
    rename: { summary: `naam ${action.which}` },
    move: { start: { dateTime: `2026-12-${day}T08:00:00Z` }, end: { dateTime: `2026-12-${day}T09:00:00Z` } },
    remind: { reminders: { useDefault: false, overrides: [{ method: 'popup', minutes: action.which }] } },
    revive: { status: 'confirmed' },
  };
  await bakker.call('PATCH', `${events}/${id}`, { body: bodies[action.kind] });
}

it('brings who follows by tokens, in pages of any size and at any moment, to what stands in the calendar', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      await emulator.control('reset', {});
      bakker = await emulator.as('bakker@example.com');
      const follower = new Follower();
      const ids: string[] = [];
      // Something to read from the beginning: what is deleted between two pages of the first list is the hard case.
      for (let n = 0; n < 4; n += 1) ids.push((await bakker.insert(anEvent()))['id']);
      for (const action of steps) await perform(action, ids, follower);
      await follower.readAll();
      const { body } = await bakker.call('GET', events, { query: { maxResults: '2500' } });
      expect(Object.fromEntries(follower.mirror)).toEqual(Object.fromEntries((body['items'] as Loose[]).map((item) => [item['id'], item['etag']])));
    }),
    { numRuns: 60 },
  );
}, 60_000);
