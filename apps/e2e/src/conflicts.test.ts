import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountAtConsole } from './system/comparisons.js';
import type { PersonAtDesk, SeenRow } from './system/person-at-desk.js';
import type { PersonAtGoogle, SeenEvent } from './system/person-at-google.js';
import { startProduct, type Product } from './system/product.js';
import { waitUntil } from './system/wait-until.js';

let product: Product;
let desk: PersonAtDesk;
let phone: PersonAtGoogle;
let account: Awaited<ReturnType<typeof accountAtConsole>>;

beforeAll(async () => {
  product = await startProduct();
  await product.link('jansen');
  [desk, phone, account] = [await product.desk('jansen'), await product.phone('jansen'), await accountAtConsole(product, 'jansen')];
  await product.quiet();
}, 180_000);
afterAll(() => product?.stop(), 60_000);

/** An appointment with its event, both as `subject`. */
async function inStep(subject: string, values: Record<string, unknown> = {}): Promise<{ row: SeenRow; event: SeenEvent }> {
  const row = await desk.create({ Onderwerp: subject, ...values });
  const event = await waitUntil(`"${subject}" stands in Google`, async () => (await phone.withSummary(subject))[0]);
  await product.quiet();
  return { row, event };
}
const both = async ({ row, event }: { row: SeenRow; event: SeenEvent }) => {
  const [here, there] = [await desk.get(row.ID), await phone.get(event.id)];
  return { subjects: [here?.Onderwerp, there.summary], places: [here?.Locatie ?? '', there.location ?? ''], notes: [here?.Opmerking ?? '', (there.description ?? '').split('\n— Inventive —')[0]?.trimEnd() ?? ''] };
};
/** What both do while neither side hears of the other: the reconciler is not there. */
async function unheard(edits: () => Promise<unknown>): Promise<void> {
  await product.kill9('reconciler');
  await edits();
  await product.restart('reconciler');
  await product.quiet();
}
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('both sides change one appointment before either hears of it', () => {
  it('[R8.1] different fields both stay, and nothing is lost', async () => {
    const item = await inStep('Velden');
    await unheard(async () => {
      await desk.change(item.row.ID, { Locatie: 'Zaal 9' });
      await phone.patch(item.event.id, { summary: 'Velden verder' });
    });
    expect(await both(item)).toMatchObject({ subjects: ['Velden verder', 'Velden verder'], places: ['Zaal 9', 'Zaal 9'] });
    expect(await account.history(item.row.ID)).toEqual([]);
  }, 90_000);

  it.each<[string, 'desk' | 'phone', string]>([['Google', 'desk', 'van de telefoon'], ['Inventive', 'phone', 'van het bureau']])(
    '[R8.2] [R8.4] the same field: %s was later and wins, the other value is in the history', async (winner, first, kept) => {
      const item = await inStep(`Later ${winner}`);
      const lost = kept === 'van de telefoon' ? 'van het bureau' : 'van de telefoon';
      await unheard(async () => {
        const atDesk = () => desk.change(item.row.ID, { Onderwerp: 'van het bureau' });
        const atPhone = () => phone.patch(item.event.id, { summary: 'van de telefoon' });
        const [one, other] = first === 'desk' ? [atDesk, atPhone] : [atPhone, atDesk];
        await one();
        // Real clocks of two servers: what lies further apart than two seconds has an order.
        await pause(2_500);
        await other();
      });
      expect((await both(item)).subjects).toEqual([kept, kept]);
      expect(await account.history(item.row.ID)).toMatchObject([{ field: 'subject', winner: winner.toLowerCase(), kept, lost }]);
    }, 90_000);

  it('[R8.2] the same field at the same moment: Inventive wins', async () => {
    const item = await inStep('Gelijk');
    await unheard(() => Promise.all([desk.change(item.row.ID, { Onderwerp: 'gelijk bureau' }), phone.patch(item.event.id, { summary: 'gelijk telefoon' })]));
    expect((await both(item)).subjects).toEqual(['gelijk bureau', 'gelijk bureau']);
    expect(await account.history(item.row.ID)).toMatchObject([{ field: 'subject', winner: 'inventive', lost: 'gelijk telefoon' }]);
  }, 90_000);

  it.each([['google-wins', 'beleid telefoon'], ['inventive-wins', 'beleid bureau']])('[R8.3] with %s that side decides, whoever was later', async (conflictPolicy, kept) => {
    await product.settings('jansen', { conflictPolicy });
    const item = await inStep(`Beleid ${conflictPolicy}`);
    await unheard(async () => {
      const atDesk = () => desk.change(item.row.ID, { Onderwerp: 'beleid bureau' });
      const atPhone = () => phone.patch(item.event.id, { summary: 'beleid telefoon' });
      const [one, other] = conflictPolicy === 'google-wins' ? [atPhone, atDesk] : [atDesk, atPhone];
      await one();
      await pause(2_500);
      await other();
    });
    expect((await both(item)).subjects).toEqual([kept, kept]);
    expect((await account.history(item.row.ID)).map(({ lost }) => lost)).toEqual([kept === 'beleid bureau' ? 'beleid telefoon' : 'beleid bureau']);
    await product.settings('jansen', { conflictPolicy: 'latest-wins' });
  }, 90_000);
});

describe('[R8.4] [lesson 20] a value that lost', () => {
  it('is put back on both sides, also when the reconciler dies meanwhile, and what it replaced is kept', async () => {
    const item = await inStep('Terug');
    await unheard(() => Promise.all([desk.change(item.row.ID, { Onderwerp: 'terug bureau' }), phone.patch(item.event.id, { summary: 'terug telefoon' })]));
    expect((await both(item)).subjects).toEqual(['terug bureau', 'terug bureau']);

    await account.restore(item.row.ID, 0);
    await waitUntil('the restored value stands on both sides', async () => (await both(item)).subjects.every((subject) => subject === 'terug telefoon'));
    await product.quiet();
    expect((await account.history(item.row.ID)).map(({ lost }) => lost)).toEqual(['terug telefoon', 'terug bureau']);

    await product.restart('reconciler', { CRASH_AT: 'reconcile:after-call-before-save' });
    await account.restore(item.row.ID, 1);
    await product.ended('reconciler');
    await product.restart('reconciler');
    await waitUntil('the other value stands on both sides', async () => (await both(item)).subjects.every((subject) => subject === 'terug bureau'));
    await product.quiet();
    const written = [(await product.inventiveWrites()).length, (await product.googleWrites()).length];
    await account.restore(item.row.ID, 1);
    await product.quiet();
    expect([(await product.inventiveWrites()).length, (await product.googleWrites()).length]).toEqual(written);
  }, 150_000);

  it('of a private appointment shows the name of its field only, and can be put back all the same', async () => {
    await product.settings('jansen', { privateContent: 'full' });
    await waitUntil('the account is live again', async () => (await product.accountState('jansen')) === 'live', 60_000);
    const item = await inStep('Geheim', { Prive: true });
    await unheard(() => Promise.all([desk.change(item.row.ID, { Onderwerp: 'geheim bureau' }), phone.patch(item.event.id, { summary: 'geheim telefoon' })]));
    const history = await account.history(item.row.ID);
    expect(history).toMatchObject([{ field: 'subject', winner: 'inventive' }]);
    expect(JSON.stringify(history)).not.toContain('geheim');
    await account.restore(item.row.ID, 0);
    await waitUntil('it stands on both sides', async () => (await both(item)).subjects.every((subject) => subject === 'geheim telefoon'));
  }, 150_000);
});

describe('both edit the same fields for a while', () => {
  it('[R8.5] they say the same within seconds of silence, nothing more is written, and the history holds only what they typed', async () => {
    const item = await inStep('Samen 0', { Opmerking: 'begin' });
    const typed = new Set<string>();
    const until = performance.now() + 15_000;
    const edit = async (who: 'bureau' | 'telefoon', write: (n: number) => Promise<unknown>, wait: number) => {
      for (let n = 1; performance.now() < until; n += 1) {
        await write(n);
        typed.add(`${who} ${n}`);
        await pause(wait * (0.5 + Math.random()));
      }
    };
    await Promise.all([
      edit('bureau', (n) => desk.change(item.row.ID, { Onderwerp: `bureau ${n}`, Locatie: `kamer ${n}` }), 500),
      edit('telefoon', (n) => phone.patch(item.event.id, { summary: `telefoon ${n}`, location: `straat ${n}` }), 700),
    ]);
    const silentSince = performance.now();
    await waitUntil('both sides agree', async () => {
      const { subjects, places } = await both(item);
      return subjects[0] === subjects[1] && places[0] === places[1];
    }, 15_000);
    expect(performance.now() - silentSince).toBeLessThan(15_000);
    await product.quiet();
    const { subjects, places } = await both(item);
    expect([subjects[0], places[0]]).toEqual([subjects[1], places[1]]);
    // Nobody was held or stopped by it, and what lost can be found.
    expect(await product.accountState('jansen')).toBe('live');
    const history = await account.history(item.row.ID);
    for (const { field, lost, kept } of history.filter(({ field }) => field === 'subject')) {
      expect([field, typed.has(String(lost)) || lost === 'Samen 0', kept]).toEqual(['subject', true, expect.any(String)]);
    }
    expect(history.length).toBeGreaterThan(0);
    const written = [(await product.inventiveWrites()).length, (await product.googleWrites()).length];
    await product.quiet();
    expect([(await product.inventiveWrites()).length, (await product.googleWrites()).length]).toEqual(written);
  }, 150_000);

  it('nobody was ever mailed', async () => expect(await product.mails()).toEqual([]));
});
