import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountAtConsole } from './system/comparisons.js';
import { hours, onDay } from './system/hours-of-a-day.js';
import { inMongo } from './system/in-mongo.js';
import { startProduct, type Product } from './system/product.js';
import { waitUntil } from './system/wait-until.js';

let product: Product;
const GRACE = { COMPARE_GRACE_MS: '1000' };
const HEALTHY = { matched: 0, toInventive: 0, toGoogle: 0, different: 0, ambiguous: 0, repaired: 0 };

beforeAll(async () => {
  product = await startProduct({ env: GRACE });
}, 180_000);
afterAll(() => product?.stop(), 60_000);

const writes = async () => [...(await product.googleWrites()), ...(await product.inventiveWrites())].length;

describe('of two full agendas', () => {
  it('joining fifty items that stand on both sides doubles none, and writes only what is missing', async () => {
    const [desk, phone] = [await product.desk('bakker'), await product.phone('bakker')];
    const today = Temporal.Now.plainDateISO('Europe/Amsterdam');
    for (let n = 0; n < 50; n += 1) {
      const day = today.add({ days: n % 25 }).toString();
      const hour = 8 + Math.floor(n / 25);
      await desk.create({ Onderwerp: `Dubbel ${n}`, BeginDatum: `${day}T00:00:00Z`, EindDatum: `${day}T00:00:00Z`, BeginTijd: hour * 3_600_000, EindTijd: (hour + 1) * 3_600_000 });
      const at = (h: number) => ({ dateTime: `${day}T${String(h).padStart(2, '0')}:00:00`, timeZone: 'Europe/Amsterdam' });
      await phone.insert({ summary: n % 2 === 0 ? `Dubbel ${n}` : `dubbel  ${n}`, start: at(hour), end: at(hour + 1) });
    }
    const onDesk = (await desk.agenda()).length;
    await product.link('bakker');
    await product.quiet();
    const subjects = (items: readonly (string | undefined)[]) => items.filter((text) => /^dubbel/i.test(text ?? ''));
    expect(subjects((await phone.events()).map(({ summary }) => summary))).toHaveLength(50);
    expect(subjects((await desk.agenda()).map(({ Onderwerp }) => Onderwerp))).toHaveLength(50);
    // Nothing is born in Inventive: all that Google held was there already. In Google each gets its marks, once.
    expect((await desk.agenda()).length).toBe(onDesk);
    expect((await product.inventiveWrites()).filter(({ op }) => op === 'create')).toEqual([]);
    const perEvent = Map.groupBy(await product.googleWrites(), ({ eventId }) => eventId);
    expect([...perEvent.values()].filter((writes) => writes.length > 1)).toEqual([]);
    expect(await product.mails()).toEqual([]);
  }, 180_000);
});

describe('before linking begins', () => {
  it('[R10.1] [R10.2] [R10.3] an administrator sees what would happen, nothing is written; switched on it happens so', async () => {
    const [his, google] = [await product.desk('visser'), await product.phone('visser')];
    await product.settings('visser', { on: false });
    for (let n = 0; n < 4; n += 1) {
      await his.create({ Onderwerp: `Beide ${n}`, ...onDay(n, 20) });
      await google.insert({ summary: `beide  ${n}`, ...hours(n, 20) });
    }
    await his.create({ Onderwerp: 'Alleen Inventive', ...onDay(1, 21) });
    await google.insert({ summary: 'Alleen Google', ...hours(1, 22) });
    await google.insert({ summary: 'Focus', eventType: 'focusTime', ...hours(2, 22) });
    const twins = [await his.create({ Onderwerp: 'Tweeling', Locatie: 'A', ...onDay(2, 21) }), await his.create({ Onderwerp: 'Tweeling', Locatie: 'B', ...onDay(2, 21) })];
    const one = await google.insert({ summary: 'Tweeling', ...hours(2, 21) });
    const console = await product.console();
    const user = (await console.users()).find(({ loginName }) => loginName === 'visser');
    if (user === undefined) throw new Error('no user visser');
    const before = await writes();
    await console.link(user, 'visser@example.com');
    const account = await accountAtConsole(product, 'visser');
    const { counts } = await account.compare('preview');
    expect([await product.accountState('visser'), await writes() - before]).toEqual(['off', 0]);
    expect(counts).toMatchObject({ matched: 4, ambiguous: 1, paired: 0, different: 0, repaired: 0, leftAlone: { 'event-type-not-synchronised': 1 } });
    // Every item is in exactly one place.
    const left = Object.values(counts.leftAlone).reduce((sum, n) => sum + n, 0);
    expect(counts.inventive + counts.google).toBe(2 * counts.matched + counts.toInventive + counts.toGoogle + 3 + left);
    expect(await inMongo(product, (db) => Promise.all(['pairs', 'unpaired'].map((name) => db.collection(name).countDocuments({ accountId: account.id }))))).toEqual([0, 0]);

    await product.settings('visser', { on: true });
    await waitUntil('the account is live', async () => (await product.accountState('visser')) === 'live', 60_000);
    await product.quiet();
    const created = async () => [(await product.googleWrites()).filter(({ email, method }) => email === 'visser@example.com' && method === 'calendar.events.insert').length, (await his.agenda()).length];
    expect((await created())[0]).toBe(counts.toGoogle);
    expect((await google.withSummary('Tweeling')).length + (await his.withSubject('Tweeling')).length).toBe(3);

    const list = () => account.ask<{ items: { side: string; itemId: string; subject?: string }[]; counts: Record<string, number> }>('unpaired?reason=ambiguous-match');
    expect((await list()).items.map(({ subject }) => subject)).toEqual(['Tweeling', 'Tweeling', 'Tweeling']);
    await account.ask('unpaired/resolve', { inventiveId: twins[1]?.ID, eventId: one.id });
    await waitUntil('the two are one', async () => (await google.get(one.id)).location === 'B');
    await account.ask('unpaired/resolve', { inventiveId: twins[0]?.ID });
    await waitUntil('the other has its own', async () => (await google.withSummary('Tweeling')).length === 2);
    await product.quiet();
    expect([(await list()).items, (await account.compare('repair')).counts]).toMatchObject([[], HEALTHY]);
    await expect(account.ask('unpaired/resolve', { eventId: one.id })).rejects.toThrow('404');
  }, 200_000);

  it('[R10.4] linking after everything about the pairs was lost finds them by the marks in Google and writes nothing', async () => {
    const account = await accountAtConsole(product, 'visser');
    const born = await (await product.phone('visser')).insert({ summary: 'In Google geboren', ...hours(3, 22) });
    const his = await product.desk('visser');
    await waitUntil('it stands in Inventive', async () => (await his.withSubject('In Google geboren'))[0]);
    await product.quiet();
    await product.settings('visser', { on: false });
    await waitUntil('the account is off', async () => (await product.accountState('visser')) === 'off');
    await product.kill9('reconciler');
    await inMongo(product, async (db) => {
      for (const name of ['pairs', 'unpaired', 'window-days', 'brake-ledgers', 'comparisons']) await db.collection(name).deleteMany({});
    });
    await product.restart('reconciler', GRACE);
    const [before, rows] = [await writes(), (await his.agenda()).length];
    await product.settings('visser', { on: true });
    await waitUntil('the account is live', async () => (await product.accountState('visser')) === 'live', 60_000);
    await product.quiet();
    expect([await writes() - before, (await his.agenda()).length]).toEqual([0, rows]);
    const { counts } = await account.compare('repair');
    expect(counts).toMatchObject(HEALTHY);
    expect(counts.paired).toBeGreaterThan(5);
    // And they are the same pairs: an edit still crosses.
    await (await product.phone('visser')).patch(born.id, { location: 'weer gevonden' });
    await waitUntil('the edit crosses', async () => (await his.withSubject('In Google geboren'))[0]?.Locatie === 'weer gevonden');
  }, 150_000);

  it('nobody was ever mailed', async () => expect(await product.mails()).toEqual([]));
});
