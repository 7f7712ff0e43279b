import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PersonAtDesk, SeenRow } from './system/person-at-desk.js';
import type { PersonAtGoogle, SeenEvent } from './system/person-at-google.js';
import { startProduct, type Product } from './system/product.js';
import { waitUntil } from './system/wait-until.js';

let product: Product;
/** For how many users it went differently, before anybody was linked. */
let affectedAtFirst: readonly number[];
let jansen: Person;
let devries: Person;
/** The two administrations of the demo, 100 and 200; nobody is bound to one. */
let hundred: string;
let twoHundred: string;
interface Person {
  readonly name: string;
  readonly desk: PersonAtDesk;
  readonly phone: PersonAtGoogle;
}

/** Deletions and private content go the other way round in each. */
const ONE = { privateContent: 'full', rules: { deletion: { toGoogle: 'delete', toInventive: 'keep' }, colours: { Bezoek: { kind: 'colour', id: '3' } } } };
const OTHER = { privateContent: 'busy-only', rules: { deletion: { toGoogle: 'mark', toInventive: 'mark' }, colours: { Bezoek: { kind: 'colour', id: '7' } } } };

const set = async (code: '100' | '200', settings: object): Promise<number> => (await product.console()).changeAdministration('demo', code, { ...settings });
/** The services' memory of an account lasts five seconds; what stands is planned anew after that. */
const liveAgain = async (...names: readonly string[]) => {
  for (const name of names) await waitUntil(`${name} is live again`, async () => (await product.accountState(name)) === 'live', 60_000);
  await product.quiet();
};

beforeAll(async () => {
  product = await startProduct();
  affectedAtFirst = [await set('100', ONE), await set('200', OTHER)];
  const person = async (name: string): Promise<Person> => {
    await product.link(name);
    return { name, desk: await product.desk(name), phone: await product.phone(name) };
  };
  jansen = await person('jansen');
  devries = await person('devries');
  [hundred = '', twoHundred = ''] = (await jansen.desk.rows('Administratie')).map(({ ID }) => String(ID));
  await product.quiet();
}, 240_000);
afterAll(() => product?.stop(), 60_000);

const inGoogle = ({ phone }: Person, summary: string) => waitUntil(`"${summary}" stands in Google`, async () => (await phone.withSummary(summary))[0]);
const cross = async (who: Person, subject: string, values: Record<string, unknown>): Promise<{ row: SeenRow; event: SeenEvent }> => {
  const row = await who.desk.create({ Onderwerp: subject, ...values });
  return { row, event: await inGoogle(who, subject) };
};
const shows = (who: Person, id: string, summary: string) => waitUntil(`it shows as "${summary}"`, async () => (await who.phone.get(id)).summary === summary);
const gone = (who: Person, id: string) => waitUntil('it is gone from Google', async () => (await who.phone.get(id)).status === 'cancelled');

describe('two administrations in one agenda', () => {
  it('[R7.14] affect nobody while nobody is linked; whoever is linked later inherits what is set', () => {
    expect(affectedAtFirst).toEqual([0, 0]);
  });

  it('[R7.13] what a deletion does is each one’s own, for each direction', async () => {
    const [one, other] = [await cross(jansen, 'Weg van honderd', { AdministratieID: hundred }), await cross(jansen, 'Weg van tweehonderd', { AdministratieID: twoHundred })];
    await jansen.desk.delete(one.row.ID);
    await jansen.desk.delete(other.row.ID);
    await gone(jansen, one.event.id);
    await shows(jansen, other.event.id, 'Vervallen: Weg van tweehonderd');

    const [kept, marked] = [await cross(jansen, 'Terug van honderd', { AdministratieID: hundred }), await cross(jansen, 'Terug van tweehonderd', { AdministratieID: twoHundred })];
    await product.quiet();
    await jansen.phone.delete(kept.event.id);
    await jansen.phone.delete(marked.event.id);
    await waitUntil('the one is Vervallen', async () => (await jansen.desk.get(marked.row.ID))?.Status === 'Vervallen');
    await product.quiet();
    expect((await jansen.desk.get(kept.row.ID))?.Status).toBe('Gepland');
    expect(await product.reasons('jansen', kept.row.ID)).toContain('deletion-kept');
  }, 90_000);

  it('[R7.13] an appointment that moved goes by where it is now', async () => {
    const { row, event } = await cross(jansen, 'Verhuist eerst', { AdministratieID: hundred });
    await product.quiet();
    await jansen.desk.change(row.ID, { AdministratieID: twoHundred });
    await product.quiet();
    await jansen.desk.delete(row.ID);
    await shows(jansen, event.id, 'Vervallen: Verhuist eerst');
  }, 60_000);

  it('[R1.13] what a private one shows, and the colour of its Soort', async () => {
    const [one, other] = [await cross(jansen, 'Privé bij honderd', { AdministratieID: hundred, Prive: true, Soort: 'Bezoek' }), await jansen.desk.create({ Onderwerp: 'Privé bij tweehonderd', AdministratieID: twoHundred, Prive: true, Soort: 'Bezoek' })];
    const hidden = await inGoogle(jansen, 'Bezet');
    expect([(await jansen.phone.get(one.event.id)).visibility, hidden.visibility, await jansen.phone.withSummary('Privé bij tweehonderd')]).toEqual(['private', 'private', []]);
    const open = await cross(jansen, 'Bezoek bij tweehonderd', { AdministratieID: twoHundred, Soort: 'Bezoek' });
    await waitUntil('both have their colour', async () => [(await jansen.phone.get(one.event.id)).colorId, (await jansen.phone.get(open.event.id)).colorId].join() === '3,7');
    // Where it goes, its content goes: to the one that lets it cross, and back.
    await product.quiet();
    await jansen.desk.change(other.ID, { AdministratieID: hundred });
    await shows(jansen, hidden.id, 'Privé bij tweehonderd');
    await jansen.desk.change(other.ID, { AdministratieID: twoHundred });
    await shows(jansen, hidden.id, 'Bezet');
  }, 90_000);
});

describe('an administration that is set otherwise', () => {
  it('[R7.14] [R1.13] goes for who is linked already: what stands is planned anew, a user’s own setting wins, and nothing else is written', async () => {
    await product.settings('devries', { privateContent: 'busy-only' });
    await liveAgain('devries');
    const private_ = { AdministratieID: twoHundred, Prive: true };
    const [shown, stays] = [await jansen.desk.create({ Onderwerp: 'Dokter van Jansen', ...private_ }), await devries.desk.create({ Onderwerp: 'Dokter van De Vries', ...private_ })];
    const busy = async (who: Person, { ID }: SeenRow) => waitUntil('it shows as busy', async () => (await who.phone.events()).find(({ summary, extendedProperties }) => summary === 'Bezet' && extendedProperties?.private?.['inventiveAppointment'] === ID));
    const [jansens, devries_] = [await busy(jansen, shown), await busy(devries, stays)];
    await product.quiet();

    // Jansen's agenda and De Vries' both hold something of 200, but De Vries has a setting of their own.
    expect(await set('200', { ...OTHER, privateContent: 'full' })).toBe(1);
    await shows(jansen, jansens.id, 'Dokter van Jansen');
    await liveAgain('jansen', 'devries');
    expect((await devries.phone.get(devries_.id)).summary).toBe('Bezet');

    const before = (await product.googleWrites()).length;
    expect(await set('200', { ...OTHER, privateContent: 'full', rules: { ...OTHER.rules, guests: 'off' } })).toBe(0);
    await product.quiet();
    expect((await product.googleWrites()).length).toBe(before);

    // Back to what the administration says.
    await product.settings('devries', { privateContent: null });
    await shows(devries, devries_.id, 'Dokter van De Vries');
    await liveAgain('devries');
  }, 150_000);

  it('[R7.14] for deletions that are still to come', async () => {
    const { row, event } = await cross(jansen, 'Later anders', { AdministratieID: twoHundred });
    await product.quiet();
    expect(await set('200', { privateContent: 'full', rules: { deletion: { toGoogle: 'keep' } } })).toBe(2);
    // The colour of the Soort is set no more either; what has one keeps it.
    await waitUntil('it came round', async () => (await (await product.console()).ask<{ administrations: readonly { accountsAhead: number }[] }>('/api/sources/demo/administrations')).administrations.every(({ accountsAhead }) => accountsAhead === 0));
    await liveAgain('jansen', 'devries');
    await jansen.desk.delete(row.ID);
    await product.quiet();
    expect((await jansen.phone.get(event.id)).status).toBe('confirmed');
  }, 120_000);
});

describe('in the end', () => {
  it('nobody was mailed, and the product is quiet', async () => {
    await product.quiet();
    expect(await product.mails()).toEqual([]);
  }, 60_000);
});
