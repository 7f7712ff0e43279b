import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountAtConsole, type SeenCounts } from './system/comparisons.js';
import { onDay } from './system/hours-of-a-day.js';
import { loseMessages } from './system/lose-messages.js';
import type { PersonAtDesk } from './system/person-at-desk.js';
import type { PersonAtGoogle } from './system/person-at-google.js';
import { startProduct, type Product } from './system/product.js';
import { waitUntil } from './system/wait-until.js';

let product: Product;
let desk: PersonAtDesk;
let phone: PersonAtGoogle;
const GRACE = { COMPARE_GRACE_MS: '1000' };

beforeAll(async () => {
  product = await startProduct();
  await product.link('jansen');
  [desk, phone] = [await product.desk('jansen'), await product.phone('jansen')];
  await product.quiet();
}, 180_000);
afterAll(() => product?.stop(), 60_000);

describe('a full comparison', () => {
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
