import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PersonAtDesk } from './system/person-at-desk.js';
import type { PersonAtGoogle, SeenEvent } from './system/person-at-google.js';
import { startProduct, type Product } from './system/product.js';
import { waitUntil } from './system/wait-until.js';

let product: Product;
let jansen: { readonly desk: PersonAtDesk; readonly phone: PersonAtGoogle };
let devries: typeof jansen;

beforeAll(async () => {
  product = await startProduct();
  const types = { birthday: 'import', focusTime: 'import', outOfOffice: 'skip', workingLocation: 'import', fromGmail: 'import' };
  await product.settings('devries', { rules: { eventTypes: types } });
  const person = async (name: string) => ({ desk: await product.desk(name), phone: await product.phone(name) });
  [jansen, devries] = [await person('jansen'), await person('devries')];
  await Promise.all([product.link('jansen'), product.link('devries')]);
  await product.quiet();
}, 180_000);
afterAll(() => product?.stop(), 60_000);
afterEach(async () => {
  await product.quiet();
  const sent = await product.mails();
  if (sent.length > 0) throw new Error(`Google would have sent ${JSON.stringify(sent)}`);
}, 60_000);

const tomorrow = Temporal.Now.plainDateISO('Europe/Amsterdam').add({ days: 1 });
const hours = (from: number) => ({
  start: { dateTime: `${tomorrow.toString()}T${String(from).padStart(2, '0')}:00:00`, timeZone: 'Europe/Amsterdam' },
  end: { dateTime: `${tomorrow.toString()}T${String(from + 1).padStart(2, '0')}:00:00`, timeZone: 'Europe/Amsterdam' },
});
const aDay = { start: { date: tomorrow.toString() }, end: { date: tomorrow.add({ days: 1 }).toString() } };
const EVENTS = {
  birthday: { summary: 'Jarig', eventType: 'birthday', visibility: 'private', transparency: 'transparent', recurrence: ['RRULE:FREQ=YEARLY'], ...aDay },
  focusTime: { summary: 'Focus', eventType: 'focusTime', ...hours(9) },
  outOfOffice: { summary: 'Op reis', eventType: 'outOfOffice', ...hours(11) },
  workingLocation: { summary: 'Thuis', eventType: 'workingLocation', visibility: 'public', transparency: 'transparent', workingLocationProperties: { type: 'homeOffice', homeOffice: {} }, ...aDay },
} as const;
const inInventive = (who: PersonAtDesk, subject: string) => waitUntil(`"${subject}" stands in Inventive`, async () => (await who.agenda()).find(({ Onderwerp }) => Onderwerp === subject));
/** Nothing of ours was written to it. */
const untouched = async (who: PersonAtGoogle, event: SeenEvent) => {
  await product.quiet();
  expect((await who.get(event.id)).etag).toBe(event.etag);
};

describe('types of Google’s own', () => {
  it('[R11.1] birthdays, focus time and working locations stay in Google by default', async () => {
    const made = [await jansen.phone.insert(EVENTS.birthday), await jansen.phone.insert(EVENTS.focusTime), await jansen.phone.insert(EVENTS.workingLocation)];
    for (const event of made) await untouched(jansen.phone, event);
    for (const { summary } of [EVENTS.birthday, EVENTS.focusTime, EVENTS.workingLocation]) expect((await jansen.desk.agenda()).filter(({ Onderwerp }) => Onderwerp === summary)).toEqual([]);
  }, 60_000);

  it('[R11.2] out of office is Afwezig in Inventive, follows Google, and goes with it', async () => {
    const event = await jansen.phone.insert(EVENTS.outOfOffice);
    const row = await inInventive(jansen.desk, 'Op reis');
    expect(row).toMatchObject({ ToonAls: 'Afwezig', HeleDag: false });
    await untouched(jansen.phone, event);
    await jansen.desk.change(row.ID, { Onderwerp: 'Toch niet' });
    await waitUntil('it is put back', async () => (await jansen.desk.get(row.ID))?.Onderwerp === 'Op reis');
    await jansen.phone.delete(event.id);
    await waitUntil('it is gone from Inventive', async () => (await jansen.desk.get(row.ID)) === undefined);
  }, 60_000);

  it('[R11.3] the administration chooses: focus time and places of work come in, being away doesn’t', async () => {
    const focus = await devries.phone.insert(EVENTS.focusTime);
    await devries.phone.insert(EVENTS.outOfOffice);
    const place = await devries.phone.insert(EVENTS.workingLocation);
    const row = await inInventive(devries.desk, 'Focus');
    expect(await inInventive(devries.desk, 'Thuis')).toMatchObject({ HeleDag: true, ToonAls: 'Vrij' });
    await devries.desk.delete(row.ID);
    await untouched(devries.phone, focus);
    await untouched(devries.phone, place);
    expect((await devries.desk.agenda()).filter(({ Onderwerp }) => Onderwerp === 'Op reis' || Onderwerp === 'Focus')).toEqual([]);
    expect(await product.reasons('devries', row.ID)).toEqual(['deletion-kept']);
  }, 60_000);

  it('[R11.4] what Gmail makes comes in and follows Google', async () => {
    const event = (await product.emulator('google', 'ui/from-gmail', { email: jansen.phone.email, event: { summary: 'Vlucht KL1001', location: 'Schiphol', ...hours(15) } })) as SeenEvent;
    const row = await inInventive(jansen.desk, 'Vlucht KL1001');
    expect(row).toMatchObject({ Locatie: 'Schiphol', ToonAls: 'Bezet' });
    await jansen.desk.change(row.ID, { Locatie: 'Rotterdam' });
    await waitUntil('it is put back', async () => (await jansen.desk.get(row.ID))?.Locatie === 'Schiphol');
    await untouched(jansen.phone, event);
  }, 60_000);
});
