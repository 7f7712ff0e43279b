import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PersonAtDesk } from './system/person-at-desk.js';
import type { PersonAtGoogle } from './system/person-at-google.js';
import { startProduct, type Product } from './system/product.js';
import { waitUntil } from './system/wait-until.js';

let product: Product;
let desk: PersonAtDesk;
let colleague: PersonAtDesk;
let phone: PersonAtGoogle;
let colleaguesPhone: PersonAtGoogle;
/** The two administrations of the demo, the one that linking takes first. */
let here: string;
let there: string;

beforeAll(async () => {
  product = await startProduct();
  await product.link('jansen');
  await product.link('devries');
  [desk, colleague] = [await product.desk('jansen'), await product.desk('devries')];
  [phone, colleaguesPhone] = [await product.phone('jansen'), await product.phone('devries')];
  [here = '', there = ''] = (await desk.rows('Administratie')).map(({ ID }) => String(ID));
  await product.quiet();
}, 180_000);
afterAll(() => product?.stop(), 60_000);

const today = Temporal.Now.plainDateISO('Europe/Amsterdam');
const hours = (from: number) => ({
  start: { dateTime: `${today.toString()}T${String(from).padStart(2, '0')}:00:00`, timeZone: 'Europe/Amsterdam' },
  end: { dateTime: `${today.toString()}T${String(from).padStart(2, '0')}:30:00`, timeZone: 'Europe/Amsterdam' },
});
const stands = (who: PersonAtGoogle, summary: string) => waitUntil(`"${summary}" stands in Google`, async () => (await who.withSummary(summary))[0]);
const gone = (who: PersonAtGoogle, id: string) => waitUntil('it is gone from Google', async () => (await who.get(id)).status === 'cancelled');
const inInventive = (subject: string) => waitUntil(`"${subject}" stands in Inventive`, async () => (await desk.withSubject(subject))[0]);
const writes = async () => [(await product.googleWrites()).length, (await product.inventiveWrites()).length];

describe('from one user to another', () => {
  it('[R6.1] an appointment that is given to a colleague leaves the one calendar and enters the other, and comes back the same way', async () => {
    const row = await desk.create({ Onderwerp: 'Overdracht' });
    const event = await stands(phone, 'Overdracht');
    await desk.change(row.ID, { GebruikerID: colleague.userId });
    const theirs = await stands(colleaguesPhone, 'Overdracht');
    await gone(phone, event.id);
    expect(theirs.id).not.toBe(event.id);
    await desk.change(row.ID, { GebruikerID: desk.userId, Onderwerp: 'Overdracht terug' });
    await stands(phone, 'Overdracht terug');
    await gone(colleaguesPhone, theirs.id);
    await product.quiet();
    expect([(await phone.withSummary('Overdracht terug')).length, await colleaguesPhone.withSummary('Overdracht terug')]).toEqual([1, []]);
    expect((await desk.withSubject('Overdracht terug')).map(({ ID }) => ID)).toEqual([row.ID]);
  }, 60_000);
});

describe('administrations', () => {
  it('[R6.2] [R6.3] [R6.4] a chosen one bounds the calendar; another choice freezes, and nothing is lost by it', async () => {
    const known = (await desk.agenda()).map(({ ID }) => ID);
    // Nobody chose yet: all of the user's rows are in.
    const [inOne, inOther] = [await desk.create({ Onderwerp: 'Van honderd', AdministratieID: here }), await desk.create({ Onderwerp: 'Van tweehonderd', AdministratieID: there })];
    const [one, other] = [await stands(phone, 'Van honderd'), await stands(phone, 'Van tweehonderd')];
    const born = await phone.insert({ summary: 'Uit Google', ...hours(8) });
    expect((await inInventive('Uit Google')).AdministratieID).toBe(here);

    await product.settings('jansen', { administrationId: there });
    await waitUntil('the agenda is in step', async () => (await product.accountState('jansen')) === 'live');
    await product.quiet();
    const before = await writes();
    await desk.change(inOne.ID, { Onderwerp: 'Van honderd, gewijzigd' });
    await phone.patch(born.id, { summary: 'Uit Google, gewijzigd' });
    await desk.change(inOther.ID, { Onderwerp: 'Van tweehonderd, gewijzigd' });
    await stands(phone, 'Van tweehonderd, gewijzigd');
    await product.quiet();
    // Frozen: there, unchanged, and on neither side written.
    expect((await phone.get(one.id)).summary).toBe('Van honderd');
    expect(await desk.withSubject('Uit Google, gewijzigd')).toEqual([]);
    expect(await writes()).toEqual([before[0]! + 1, before[1]]);
    const bornThere = await phone.insert({ summary: 'Uit Google naar tweehonderd', ...hours(9) });
    expect((await inInventive('Uit Google naar tweehonderd')).AdministratieID).toBe(there);

    // Moved into the chosen administration, and out of it again.
    await desk.change(inOne.ID, { AdministratieID: there });
    await waitUntil('it goes on', async () => (await phone.get(one.id)).summary === 'Van honderd, gewijzigd');
    await desk.change(inOther.ID, { AdministratieID: here });
    await gone(phone, other.id);
    await desk.change(inOther.ID, { AdministratieID: there });
    expect((await stands(phone, 'Van tweehonderd, gewijzigd')).status).toBe('confirmed');
    expect((await desk.withSubject('Van tweehonderd, gewijzigd')).map(({ ID }) => ID)).toEqual([inOther.ID]);

    await product.settings('jansen', { administrationId: here });
    await waitUntil('what was frozen goes on', async () => (await desk.withSubject('Uit Google, gewijzigd'))[0]);
    await waitUntil('the agenda is in step', async () => (await product.accountState('jansen')) === 'live');
    await product.quiet();
    expect([(await phone.get(one.id)).status, (await phone.get(bornThere.id)).status]).toEqual(['confirmed', 'confirmed']);
    await product.settings('jansen', { onlyAdministration: false });
    await waitUntil('all administrations are in again', async () => (await product.accountState('jansen')) === 'live');
    await desk.change(inOne.ID, { Onderwerp: 'Weer alles' });
    await stands(phone, 'Weer alles');
    await product.quiet();
    expect((await desk.agenda()).map(({ ID }) => ID).filter((id) => !known.includes(id)).length).toBe(4);
  }, 150_000);
});

describe('calendars of one user', () => {
  it('[R6.5] an event that is moved to another calendar leaves Inventive, and moved back is there again, once', async () => {
    const second = await phone.newCalendar('Privé');
    const event = await phone.insert({ summary: 'Verhuisd item', ...hours(10) });
    const row = await inInventive('Verhuisd item');
    await product.quiet();
    await phone.move(event.id, second);
    await waitUntil('it is gone from Inventive', async () => (await desk.get(row.ID)) === undefined);
    await product.quiet();
    await phone.move(event.id, 'primary', second);
    await inInventive('Verhuisd item');
    await product.quiet();
    expect([(await phone.withSummary('Verhuisd item')).map(({ id }) => id), (await desk.withSubject('Verhuisd item')).length]).toEqual([[event.id], 1]);
    await phone.patch(event.id, { summary: 'Verhuisd en terug' });
    await inInventive('Verhuisd en terug');
  }, 60_000);

  it('[R6.6] [lesson 16] a copied event is a new appointment, whatever marks it carries, and the original stays what it was', async () => {
    const row = await desk.create({ Onderwerp: 'Origineel' });
    const event = await stands(phone, 'Origineel');
    await product.quiet();
    const copy = await phone.copy(event.id);
    await waitUntil('the copy has a row of its own', async () => (await desk.withSubject('Origineel')).length === 2);
    await product.quiet();
    const marks = (await phone.get(copy.id)).extendedProperties?.private;
    expect(marks?.['inventiveAppointment']).not.toBe(row.ID);
    expect((await phone.get(event.id)).extendedProperties?.private?.['inventiveAppointment']).toBe(row.ID);
    await phone.patch(copy.id, { summary: 'Kopie' });
    await inInventive('Kopie');
    await phone.delete(copy.id);
    await waitUntil('the copy is gone', async () => (await desk.withSubject('Kopie')).length === 0);
    expect((await desk.withSubject('Origineel')).map(({ ID }) => ID)).toEqual([row.ID]);
  }, 60_000);

  it('[R6.7] [lesson 11] a Google account that is linked already is refused to a second user, and both stay as they were', async () => {
    const console = await product.console();
    const visser = (await console.users()).find(({ loginName }) => loginName === 'visser');
    if (visser === undefined) throw new Error('the console knows no visser');
    await expect(console.link(visser, 'jansen@example.com')).rejects.toThrow(/left the user unlinked/);
    expect((await console.users()).map(({ loginName, account }) => [loginName, account?.email]).filter(([, email]) => email === 'jansen@example.com')).toEqual([['jansen', 'jansen@example.com']]);
  }, 60_000);
});

describe('in the end', () => {
  it('both agendas hold the same, nobody was mailed', async () => {
    await product.quiet();
    expect(await product.mails()).toEqual([]);
  }, 60_000);
});
