import { afterAll, beforeAll, expect, it } from 'vitest';
import { startProduct, type Product } from './system/product.js';

let product: Product;
beforeAll(async () => {
  product = await startProduct();
}, 120_000);
afterAll(() => product?.stop(), 60_000);

it('joining fifty items that stand on both sides doubles none, and writes only what is missing', async () => {
  const [desk, phone] = [await product.desk('visser'), await product.phone('visser')];
  const today = Temporal.Now.plainDateISO('Europe/Amsterdam');
  for (let n = 0; n < 50; n += 1) {
    const day = today.add({ days: n % 25 }).toString();
    const hour = 8 + Math.floor(n / 25);
    await desk.create({ Onderwerp: `Dubbel ${n}`, BeginDatum: `${day}T00:00:00Z`, EindDatum: `${day}T00:00:00Z`, BeginTijd: hour * 3_600_000, EindTijd: (hour + 1) * 3_600_000 });
    const at = (h: number) => ({ dateTime: `${day}T${String(h).padStart(2, '0')}:00:00`, timeZone: 'Europe/Amsterdam' });
    await phone.insert({ summary: n % 2 === 0 ? `Dubbel ${n}` : `dubbel  ${n}`, start: at(hour), end: at(hour + 1) });
  }
  const onDesk = (await desk.agenda()).length;
  await product.link('visser');
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
