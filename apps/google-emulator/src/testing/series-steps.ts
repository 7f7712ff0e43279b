import fc from 'fast-check';
import { baseOf } from '../recurrence/occurrence-id.js';
import { anEvent, type Loose, type TestCaller, type TestEmulator } from './test-emulator.js';

export const events = 'calendars/primary/events';

const kinds = ['rename one', 'move one', 'cancel one', 'revive one', 'rename all', 'trim', 'move series', 'to single', 'to series', 'delete', 'revive', 'split', 'split and move', 'split and delete', 'all rename', 'all move', 'insert', 'read'] as const;
export interface SeriesStep {
  readonly kind: (typeof kinds)[number];
  readonly which: number;
}
export const seriesStep: fc.Arbitrary<SeriesStep> = fc.record({ kind: fc.constantFrom(...kinds), which: fc.nat(11) });

/** Follows as Google's guide says; a deleted master takes what is known of its series with it, a cancelled occurrence is kept as a hole. */
export class Follower {
  readonly mirror = new Map<string, Loose>();
  #syncToken: string | undefined;

  constructor(
    private readonly who: TestCaller,
    private readonly query: Readonly<Record<string, string>> = {},
  ) {}

  async readAll(): Promise<void> {
    for (let pageToken: string | undefined = ''; pageToken !== undefined; ) {
      const query: Record<string, string> = { maxResults: '2', ...this.query, ...(this.#syncToken === undefined ? {} : { syncToken: this.#syncToken }), ...(pageToken === '' ? {} : { pageToken }) };
      const { status, body } = await this.who.call('GET', events, { query });
      if (status !== 200) throw new Error(`a page was refused: ${status} ${JSON.stringify(body)}`);
      for (const item of body['items'] as Loose[]) this.#take(item);
      pageToken = body['nextPageToken'];
      if (body['nextSyncToken'] !== undefined) this.#syncToken = body['nextSyncToken'];
    }
  }

  #take(item: Loose): void {
    if (item['status'] !== 'cancelled' || (item['recurringEventId'] !== undefined && this.query['singleEvents'] === undefined)) this.mirror.set(item['id'], item);
    else this.mirror.delete(item['id']);
    if (item['status'] === 'cancelled') for (const known of this.mirror.values()) if (known['recurringEventId'] === item['id']) this.mirror.delete(known['id']);
  }
}

const at = (hour: number, day = 4): object => ({ dateTime: `2027-01-${String(day).padStart(2, '0')}T${String(hour).padStart(2, '0')}:00:00`, timeZone: 'Europe/Amsterdam' });
const from = (hour: number, day = 4): object => ({ start: at(hour, day), end: at(hour + 1, day) });
export const series = (fields: object = {}): object => anEvent({ ...from(9), recurrence: ['RRULE:FREQ=DAILY;COUNT=8'], ...fields });
export const listOf = async (who: TestCaller, query: Record<string, string> = {}): Promise<Loose[]> => (await who.call('GET', events, { query: { maxResults: '2500', ...query } })).body['items'];

export interface SeriesStage {
  readonly emulator: TestEmulator;
  readonly who: TestCaller;
  readonly follower: Follower;
  /** Of every series made so far. */
  readonly ids: string[];
  /** What a new series holds beside its times. */
  readonly fields?: object;
}

/** Does one of the things that people do to series, to whatever stands there. */
export async function perform({ kind, which }: SeriesStep, { emulator, who, follower, ids, fields = {} }: SeriesStage): Promise<void> {
  if (kind === 'read') return follower.readAll();
  if (kind === 'insert') return void ids.push((await who.insert(series(fields)))['id']);
  const standing = await listOf(who);
  const masters = standing.filter((event) => event['recurringEventId'] === undefined).map((event) => event['id'] as string);
  const id = masters[which % Math.max(1, masters.length)] ?? ids[0] ?? '';
  const { body } = await who.call('GET', `${events}/${id}/instances`, { query: { showDeleted: 'true' } });
  const all = (body['items'] ?? []) as Loose[];
  const one = (all[which % Math.max(1, all.length)]?.['id'] ?? id) as string;
  const patch = (target: string, change: object): Promise<unknown> => who.call('PATCH', `${events}/${target}`, { body: change });
  const ui = (door: string, change: object): Promise<unknown> => emulator.control(`ui/${door}`, { email: who.email, calendarId: 'primary', eventId: one, patch: change });
  const day = 4 + (which % all.length || 0);
  const acts: Readonly<Record<Exclude<SeriesStep['kind'], 'read' | 'insert'>, () => Promise<unknown>>> = {
    'rename one': () => patch(one, { summary: `een ${which}` }),
    'move one': () => patch(one, from(12, 20)),
    'cancel one': () => who.call('DELETE', `${events}/${one}`),
    'revive one': () => patch(one, { status: 'confirmed' }),
    'rename all': () => patch(id, { summary: `alle ${which}` }),
    trim: () => patch(id, { recurrence: [`RRULE:FREQ=DAILY;COUNT=${1 + which}`] }),
    'move series': () => patch(id, from(8 + which)),
    'to single': () => patch(id, { recurrence: [] }),
    'to series': () => patch(id, { recurrence: ['RRULE:FREQ=DAILY;INTERVAL=2;COUNT=5'] }),
    delete: () => who.call('DELETE', `${events}/${id}`),
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

