import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { baseOf } from './occurrence-id.js';
import { anEvent, startTestEmulator, type Loose, type TestCaller, type TestEmulator } from '../testing/test-emulator.js';

let emulator: TestEmulator;
let bakker: TestCaller;
const events = 'calendars/primary/events';

beforeAll(async () => {
  emulator = await startTestEmulator({ QUOTA_USER_PER_MINUTE: '1000000', QUOTA_PROJECT_PER_MINUTE: '1000000' });
});
afterAll(() => emulator.stop());

const kinds = ['rename one', 'move one', 'cancel one', 'revive one', 'rename all', 'trim', 'move series', 'to single', 'to series', 'delete', 'revive', 'split', 'split and move', 'split and delete', 'all rename', 'all move', 'insert', 'read'] as const;
interface Step {
  readonly kind: (typeof kinds)[number];
  readonly which: number;
}
const step: fc.Arbitrary<Step> = fc.record({ kind: fc.constantFrom(...kinds), which: fc.nat(11) });

/** Follows as Google's guide says; a deleted master takes what is known of its series with it, a cancelled occurrence is kept as a hole. */
class Follower {
  readonly mirror = new Map<string, Loose>();
  #syncToken: string | undefined;

  async readAll(): Promise<void> {
    for (let pageToken: string | undefined = ''; pageToken !== undefined; ) {
      const query: Record<string, string> = { maxResults: '2', ...(this.#syncToken === undefined ? {} : { syncToken: this.#syncToken }), ...(pageToken === '' ? {} : { pageToken }) };
      const { status, body } = await bakker.call('GET', events, { query });
      if (status !== 200) throw new Error(`a page was refused: ${status} ${JSON.stringify(body)}`);
      for (const item of body['items'] as Loose[]) this.#take(item);
      pageToken = body['nextPageToken'];
      if (body['nextSyncToken'] !== undefined) this.#syncToken = body['nextSyncToken'];
    }
  }

  #take(item: Loose): void {
    if (item['status'] !== 'cancelled' || item['recurringEventId'] !== undefined) this.mirror.set(item['id'], item);
    else this.mirror.delete(item['id']);
    if (item['status'] === 'cancelled') for (const known of this.mirror.values()) if (known['recurringEventId'] === item['id']) this.mirror.delete(known['id']);
  }
}

const at = (hour: number, day = 4): object => ({ dateTime: `2027-01-${String(day).padStart(2, '0')}T${String(hour).padStart(2, '0')}:00:00`, timeZone: 'Europe/Amsterdam' });
const from = (hour: number, day = 4): object => ({ start: at(hour, day), end: at(hour + 1, day) });
const series = (): object => anEvent({ ...from(9), recurrence: ['RRULE:FREQ=DAILY;COUNT=8'] });
const list = async (query: Record<string, string> = {}): Promise<Loose[]> => (await bakker.call('GET', events, { query: { maxResults: '2500', ...query } })).body['items'];

async function perform({ kind, which }: Step, ids: string[], follower: Follower): Promise<void> {
  if (kind === 'read') return follower.readAll();
  if (kind === 'insert') return void ids.push((await bakker.insert(series()))['id']);
  const standing = await list();
  const masters = standing.filter((event) => event['recurringEventId'] === undefined).map((event) => event['id'] as string);
  const id = masters[which % Math.max(1, masters.length)] ?? ids[0] ?? '';
  const { body } = await bakker.call('GET', `${events}/${id}/instances`, { query: { showDeleted: 'true' } });
  const all = (body['items'] ?? []) as Loose[];
  const one = (all[which % Math.max(1, all.length)]?.['id'] ?? id) as string;
  const patch = (target: string, change: object): Promise<unknown> => bakker.call('PATCH', `${events}/${target}`, { body: change });
  const ui = (door: string, change: object): Promise<unknown> => emulator.control(`ui/${door}`, { email: bakker.email, calendarId: 'primary', eventId: one, patch: change });
  const day = 4 + (which % all.length || 0);
  const acts: Readonly<Record<Exclude<Step['kind'], 'read' | 'insert'>, () => Promise<unknown>>> = {
    'rename one': () => patch(one, { summary: `een ${which}` }),
    'move one': () => patch(one, from(12, 20)),
    'cancel one': () => bakker.call('DELETE', `${events}/${one}`),
    'revive one': () => patch(one, { status: 'confirmed' }),
    'rename all': () => patch(id, { summary: `alle ${which}` }),
    trim: () => patch(id, { recurrence: [`RRULE:FREQ=DAILY;COUNT=${1 + which}`] }),
    'move series': () => patch(id, from(8 + which)),
    'to single': () => patch(id, { recurrence: [] }),
    'to series': () => patch(id, { recurrence: ['RRULE:FREQ=DAILY;INTERVAL=2;COUNT=5'] }),
    delete: () => bakker.call('DELETE', `${events}/${id}`),
    revive: () => patch(ids[which % ids.length] ?? '', { status: 'confirmed' }),
    split: () => ui('this-and-following', { summary: `verder ${which}` }),
    'split and move': () => ui('this-and-following', from(14, day)),
    'split and delete': () => ui('this-and-following', { status: 'cancelled' }),
    'all rename': () => ui('all-events', { summary: `overal ${which}` }),
    'all move': () => ui('all-events', from(10 + (which % 3), day)),
  };
  // Two halves that are made to overlap have occurrences of one id: the README leaves open which counts.
  const halves = new Set([...masters, ...ids].filter((other) => baseOf(other) === baseOf(id))).size;
  const mayOverlap = kind === 'trim' || kind === 'move series' || kind === 'to series' || kind === 'revive' || kind === 'all move' || kind === 'split and move';
  await acts[mayOverlap && halves > 1 ? 'rename all' : kind]();
}

it('brings who follows by tokens to what stands in the calendar, whatever happens to series', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 20 }), async (steps) => {
      await emulator.control('reset', {});
      bakker = await emulator.as('bakker@example.com');
      const follower = new Follower();
      const ids: string[] = [(await bakker.insert(series()))['id']];
      for (const action of steps) await perform(action, ids, follower);
      await follower.readAll();
      await follower.readAll();
      const standing = await list();
      expect(Object.fromEntries(follower.mirror)).toEqual(Object.fromEntries(standing.map((item) => [item['id'], item])));

      const versions = new Map<string, Set<string>>();
      for (const item of standing) versions.set(baseOf(item['id']), (versions.get(baseOf(item['id'])) ?? new Set()).add(item['etag']));
      for (const etags of versions.values()) expect(etags.size).toBe(1);

      // What is shown expanded is what the instances of all masters are, and each is found by its id.
      const expanded = await list({ singleEvents: 'true' });
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
