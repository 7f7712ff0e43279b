import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PersonAtDesk, SeenRow } from './system/person-at-desk.js';
import type { PersonAtGoogle } from './system/person-at-google.js';
import { startProduct, type Product } from './system/product.js';
import { replayTopics } from './system/replay-topics.js';
import { waitUntil } from './system/wait-until.js';

const ZONE = 'Europe/Amsterdam';
const today = Temporal.Now.plainDateISO(ZONE);
const day = (offset: number) => today.add({ days: offset }).toString();
const at = (on: string, time: string, zone = ZONE) => ({ dateTime: `${on}T${time}:00`, timeZone: zone });
const hours = (on: string, from = '09:00', until = '09:30', zone = ZONE) => ({ start: at(on, from, zone), end: at(on, until, zone) });

let product: Product;
let desk: PersonAtDesk;
let phone: PersonAtGoogle;
beforeAll(async () => {
  product = await startProduct();
  await product.link('jansen');
  desk = await product.desk('jansen');
  phone = await product.phone('jansen');
  await product.quiet();
}, 180_000);
afterAll(() => product?.stop(), 60_000);

let written = { google: 0, inventive: 0 };
beforeEach(async () => {
  await product.quiet();
  written = { google: (await product.googleWrites()).length, inventive: (await product.inventiveWrites()).length };
}, 60_000);
afterEach(async () => expect(await product.mails()).toEqual([]));

async function writesSince(): Promise<{ google: number; inventive: number }> {
  await product.quiet();
  return { google: (await product.googleWrites()).length - written.google, inventive: (await product.inventiveWrites()).length - written.inventive };
}
/** When the rows with this subject begin, in order: `YYYY-MM-DD HH:MM`, or a day. */
const startOf = (row: SeenRow) => {
  const minutes = Math.round(row.BeginTijd / 60_000);
  const time = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
  // 4D writes a date as day!month!year.
  const [date, month, year] = row.BeginDatum.split('!').map(Number);
  const on = new Temporal.PlainDate(year ?? 0, month ?? 0, date ?? 0).toString();
  return row.HeleDag ? on : `${on} ${time}`;
};
const starts = async (subject: string) => (await desk.withSubject(subject)).map(startOf).toSorted();
const standsAs = (subject: string, wanted: readonly string[]) =>
  waitUntil(`"${subject}" stands in Inventive as ${wanted.join(', ')}`, async () => {
    const found = await starts(subject);
    if (JSON.stringify(found) === JSON.stringify(wanted.toSorted())) return true;
    throw new Error(`it stands as ${found.join(', ')}`);
  });

describe('a series of Google in Inventive', () => {
  it('[R4.1] stands as one row for each occurrence in the window; nothing is written to Google', async () => {
    await phone.insert({ summary: 'Werkoverleg', recurrence: ['RRULE:FREQ=WEEKLY;COUNT=4'], ...hours(day(1)) });
    await standsAs('Werkoverleg', [1, 8, 15, 22].map((offset) => `${day(offset)} 09:00`));
    expect(await writesSince()).toEqual({ google: 0, inventive: 4 });
  }, 60_000);
});
