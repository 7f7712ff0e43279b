import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountAtConsole, type SeenCounts } from './system/comparisons.js';
import { hours, onDay } from './system/hours-of-a-day.js';
import { inMongo } from './system/in-mongo.js';
import { loseMessages } from './system/lose-messages.js';
import type { PersonAtDesk } from './system/person-at-desk.js';
import type { PersonAtGoogle } from './system/person-at-google.js';
import { startProduct, type Product } from './system/product.js';
import { waitUntil } from './system/wait-until.js';

let product: Product;
let desk: PersonAtDesk;
let phone: PersonAtGoogle;
const GRACE = { COMPARE_GRACE_MS: '1000' };
const today = Temporal.Now.plainDateISO('Europe/Amsterdam');
const HEALTHY = { matched: 0, toInventive: 0, toGoogle: 0, different: 0, ambiguous: 0, repaired: 0 };

beforeAll(async () => {
  product = await startProduct({ env: GRACE });
  await product.link('jansen');
  [desk, phone] = [await product.desk('jansen'), await product.phone('jansen')];
  await product.quiet();
}, 180_000);
afterAll(() => product?.stop(), 60_000);

const writes = async () => [...(await product.googleWrites()), ...(await product.inventiveWrites())].length;
const inGoogle = (summary: string) => waitUntil(`"${summary}" stands in Google`, async () => (await phone.withSummary(summary))[0]);
const inInventive = (subject: string) => waitUntil(`"${subject}" stands in Inventive`, async () => (await desk.withSubject(subject))[0]);
describe('a full comparison', () => {
  it('[R12.1] of a healthy system finds all in step, mends nothing and writes nothing; it is told', async () => {
    const account = await accountAtConsole(product, 'jansen');
    await product.quiet();
    const before = await writes();
    const { counts, commandId, progress } = await account.compare('repair');
    expect(counts).toMatchObject(HEALTHY);
    expect([counts.paired, progress.done]).toEqual([expect.any(Number), progress.total]);
    expect(counts.paired).toBeGreaterThan(5);
    await product.quiet();
    expect(await writes()).toBe(before);
    expect(await toldOf(commandId)).toMatchObject([{ mode: 'repair', repaired: 0, paired: counts.paired }]);
    expect((await account.ask<{ comparisons: unknown[] }>('comparisons')).comparisons).toMatchObject([{ commandId, state: 'done' }]);
  }, 90_000);

  it('[R12.2] [R12.3] mends and counts what no message told of, on both sides, and then finds nothing', async () => {
    const account = await accountAtConsole(product, 'jansen');
    const [row, doomed] = [await desk.create({ Onderwerp: 'Drift rij', ...onDay(3, 9) }), await desk.create({ Onderwerp: 'Drift weg', ...onDay(3, 10) })];
    const [event, gone] = [await phone.insert({ summary: 'Drift event', ...hours(4, 9) }), await phone.insert({ summary: 'Drift event weg', ...hours(4, 10) })];
    const born = await inInventive('Drift event');
    const bornGone = await inInventive('Drift event weg');
    await Promise.all([inGoogle('Drift rij'), inGoogle('Drift weg')]);
    await product.quiet();
    await loseMessages(product, async () => {
      await desk.change(row.ID, { Locatie: 'ongemeld' });
      await desk.delete(doomed.ID);
      await desk.create({ Onderwerp: 'Drift nieuw', ...onDay(3, 11) });
      await phone.patch(event.id, { location: 'ook ongemeld' });
      await phone.delete(gone.id);
      await phone.insert({ summary: 'Drift event nieuw', ...hours(4, 11) });
    }, { 'inventive.appointments': 3, 'google.calendar-events': 3 }, GRACE);
    await product.quiet();
    expect([await phone.withSummary('Drift nieuw'), await desk.withSubject('Drift event nieuw'), (await desk.get(born.ID))?.Locatie]).toEqual([[], [], '']);

    const preview = await account.compare('preview');
    expect(preview.counts).toMatchObject({ toGoogle: 1, toInventive: 1, different: 4, matched: 0, repaired: 0 });
    const { counts } = await account.compare('repair');
    expect(counts).toMatchObject({ toGoogle: 1, toInventive: 1, different: 4, matched: 0, repaired: 6 });
    await Promise.all([inGoogle('Drift nieuw'), inInventive('Drift event nieuw')]);
    await product.quiet();
    expect([(await inGoogle('Drift rij')).location, (await desk.get(born.ID))?.Locatie]).toEqual(['ongemeld', 'ook ongemeld']);
    expect([await phone.withSummary('Drift weg'), await desk.get(bornGone.ID)]).toEqual([[], undefined]);
    expect((await account.compare('repair')).counts).toMatchObject(HEALTHY);
    expect(await metric('comparison_repaired_total')).toBe(6);
  }, 150_000);

  it('[R12.2] mends a pair of which the database lost what it knew', async () => {
    const account = await accountAtConsole(product, 'jansen');
    const row = await desk.create({ Onderwerp: 'Kwijt', ...onDay(5, 9) });
    await inGoogle('Kwijt');
    await product.quiet();
    const pairs = await inMongo(product, async (db) => (await db.collection('pairs').updateOne({ appointmentId: row.ID }, { $unset: { 'google.record': '', 'google.version': '' }, $set: { 'google.state': 'unknown' } })).modifiedCount);
    expect(pairs).toBe(1);
    const before = await writes();
    expect((await account.compare('repair')).counts).toMatchObject({ different: 1, repaired: 1 });
    await product.quiet();
    expect(await writes()).toBe(before);
    expect((await account.compare('repair')).counts).toMatchObject(HEALTHY);
  }, 90_000);

  it('[R12.3] [lesson 6] deletes nothing that a list leaves out', async () => {
    const account = await accountAtConsole(product, 'jansen');
    await product.quiet();
    const hidden = (await phone.events()).map(({ id }) => id).slice(0, 20);
    const before = await writes();
    const { id } = (await product.emulator('google', 'faults', { match: { method: 'calendar.events.list', client: 'inventive-calendar-sync' }, action: { omit: hidden } })) as { id: string };
    const { counts } = await account.compare('repair');
    await product.emulator('google', `faults/${id}`, undefined, 'DELETE');
    expect(counts).toMatchObject(HEALTHY);
    await product.quiet();
    expect(await writes()).toBe(before);
  }, 90_000);

  it('[R12.1] [R12.2] finds recurring events in step, and mends what was missed of them as the series that they are', async () => {
    const account = await accountAtConsole(product, 'jansen');
    const series = await phone.insert({ summary: 'Reeks', recurrence: ['RRULE:FREQ=DAILY;COUNT=5'], ...hours(10, 14) });
    const occurrence = (n: number) => {
      const start = Temporal.PlainDateTime.from(`${today.add({ days: 10 + n }).toString()}T14:00`).toZonedDateTime('Europe/Amsterdam').toInstant();
      return `${series.id}_${start.toString({ smallestUnit: 'second' }).replaceAll(/[-:]/g, '')}`;
    };
    const rows = async () => (await desk.agenda()).filter(({ Onderwerp }) => Onderwerp.startsWith('Reeks'));
    await waitUntil('five rows stand in Inventive', async () => (await rows()).length === 5);
    await product.quiet();
    expect((await account.compare('repair')).counts).toMatchObject(HEALTHY);
    await phone.patch(occurrence(1), { location: 'elders' });
    await waitUntil('one is an exception', async () => (await rows()).some(({ Locatie }) => Locatie === 'elders'));
    await product.quiet();
    expect((await account.compare('repair')).counts).toMatchObject(HEALTHY);

    const before = (await rows()).map(({ ID }) => ID).sort();
    await loseMessages(product, async () => {
      await phone.patch(series.id, { description: 'ongemeld' });
      await phone.delete(occurrence(2));
    }, { 'inventive.appointments': 0, 'google.calendar-events': 2 }, GRACE);
    await product.quiet();
    expect(await rows()).toHaveLength(5);
    const { counts } = await account.compare('repair');
    expect(counts.different).toBeGreaterThan(0);
    expect(counts).toMatchObject({ toInventive: 0, toGoogle: 0, matched: 0, repaired: counts.different });
    await waitUntil('one row is gone, the others are as in Google', async () => {
      const left = await rows();
      return left.length === 4 && left.filter(({ Opmerking }) => Opmerking === 'ongemeld').length >= 3;
    });
    await product.quiet();
    expect((await rows()).every(({ ID }) => before.includes(ID))).toBe(true);
    expect((await account.compare('repair')).counts).toMatchObject(HEALTHY);
  }, 200_000);

  it('[lesson 8] follows a full list after an expired sync token: nothing is wiped, and a deletion that the list has forgotten still arrives', async () => {
    const event = await phone.insert({ summary: 'Vergeten', ...hours(7, 14) });
    const row = await inInventive('Vergeten');
    await product.quiet();
    const rows = (await desk.agenda()).length;
    await product.kill9('google-receiver');
    await phone.delete(event.id);
    const { id } = (await product.emulator('google', 'faults', { match: { method: 'calendar.events.list', client: 'inventive-calendar-sync' }, action: { omit: [event.id] } })) as { id: string };
    await product.emulator('google', 'faults', { match: { email: 'jansen@example.com', client: 'inventive-calendar-sync' }, action: { expireSyncTokens: true } });
    await product.restart('google-receiver');
    await waitUntil('the deletion arrives', async () => (await desk.get(row.ID)) === undefined, 60_000);
    await product.emulator('google', `faults/${id}`, undefined, 'DELETE');
    await product.quiet();
    expect((await desk.agenda()).length).toBe(rows - 1);
  }, 120_000);

  it('[R12.4] that the reconciler dies in goes on afterwards, and counts everything once', async () => {
    const account = await accountAtConsole(product, 'jansen');
    await loseMessages(product, async () => {
      for (let n = 0; n < 20; n += 1) await desk.create({ Onderwerp: `Halverwege ${n}`, ...onDay(6 + n, 9) });
    }, { 'inventive.appointments': 20, 'google.calendar-events': 0 }, { COMPARE_GRACE_MS: '6000' });
    await product.quiet();
    const { commandId } = await account.ask<{ commandId: string }>('comparisons', { mode: 'repair' });
    const seen = () => account.ask<{ state: string; counts?: SeenCounts }>(`comparisons/${commandId}`);
    await waitUntil('it runs', async () => (await seen()).state === 'running');
    await product.kill9('reconciler');
    expect((await seen()).state).toBe('running');
    await product.restart('reconciler', GRACE);
    // Its lease runs out first: nobody works on an account that another may be at.
    const ended = await waitUntil('it has ended', async () => (await seen()).counts, 120_000);
    expect(ended).toMatchObject({ toGoogle: 20, repaired: 20, different: 0 });
    await waitUntil('all stand in Google', async () => (await phone.events()).filter(({ summary }) => summary?.startsWith('Halverwege')).length === 20);
  }, 200_000);

  it('[R12.5] is stopped by the brake where it would delete much', async () => {
    await product.link('bakker');
    const [his, google] = [await product.desk('bakker'), await product.phone('bakker')];
    const account = await accountAtConsole(product, 'bakker');
    const rows = await Promise.all(Array.from({ length: 16 }, (_, n) => his.create({ Onderwerp: `Rem ${n}`, ...onDay(1 + n, 9) })));
    const left = async () => (await google.events()).filter(({ summary }) => summary?.startsWith('Rem ')).length;
    await waitUntil('all stand in Google', async () => (await left()) === rows.length);
    await product.quiet();
    await loseMessages(product, async () => {
      for (const row of rows) await his.delete(row.ID);
    }, { 'inventive.appointments': 16, 'google.calendar-events': 0 }, GRACE);
    expect((await account.compare('repair')).counts).toMatchObject({ different: 16, repaired: 16 });
    await waitUntil('the account is held', async () => (await product.accountState('bakker')) === 'held', 60_000);
    expect(await left()).toBeGreaterThan(0);
    await product.release('bakker');
    await waitUntil('the rest is deleted', async () => (await left()) === 0, 60_000);
  }, 200_000);

  it('nobody was ever mailed', async () => expect(await product.mails()).toEqual([]));
});

/** What was published of this comparison. */
async function toldOf(commandId: string): Promise<readonly unknown[]> {
  const kafka = new Kafka({ brokers: product.kafkaBrokers.split(','), clientId: 'told-of', logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `told-of-${commandId}` });
  await consumer.connect();
  try {
    const told: unknown[] = [];
    await consumer.subscribe({ topics: ['sync.outcomes'], fromBeginning: true });
    await consumer.run({ eachMessage: async ({ message }) => {
      if (String(message.headers?.['ce_id']) === commandId) told.push(JSON.parse(String(message.value)));
    } });
    await waitUntil('the outcome is told', async () => told.length > 0);
    return told;
  } finally {
    await consumer.disconnect();
  }
}

/** Since the service started. */
async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${product.url('reconciler')}/metrics`)).text();
  return text.split('\n').filter((line) => line.startsWith(`${name}{`)).reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}
