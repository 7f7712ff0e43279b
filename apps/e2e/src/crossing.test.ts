import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countWrites } from './system/count-writes.js';
import type { PersonAtDesk } from './system/person-at-desk.js';
import type { PersonAtGoogle } from './system/person-at-google.js';
import { startProduct, type Product } from './system/product.js';
import { replayTopics } from './system/replay-topics.js';
import { waitUntil } from './system/wait-until.js';

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

const { writesSince } = countWrites(() => product);
const inGoogle = (summary: string) => waitUntil(`"${summary}" stands in Google`, async () => (await phone.withSummary(summary))[0]);
const inInventive = (subject: string) => waitUntil(`"${subject}" stands in Inventive`, async () => (await desk.withSubject(subject))[0]);
const today = Temporal.Now.plainDateISO('Europe/Amsterdam');

describe('from Inventive to Google', () => {
  it('create, change and delete cross, with one write each and none for their echoes', async () => {
    const row = await desk.create({ Onderwerp: 'Bespreking é ü 🎉', Locatie: 'Zaal 1', Opmerking: 'Eerste regel\nTweede regel' });
    const event = await inGoogle('Bespreking é ü 🎉');
    expect(event).toMatchObject({ location: 'Zaal 1', description: 'Eerste regel\nTweede regel', start: { timeZone: 'Europe/Amsterdam' } });
    expect(event.start?.dateTime).toContain(`${today.toString()}T10:00:00`);
    expect(event.extendedProperties?.private).toMatchObject({ inventiveAppointment: row.ID });
    expect(await writesSince()).toEqual({ google: 1, inventive: 0 });

    await desk.change(row.ID, { Onderwerp: 'Bespreking verzet', BeginTijd: 54_000_000, EindTijd: 57_600_000 });
    const changed = await inGoogle('Bespreking verzet');
    expect(changed.id).toBe(event.id);
    expect(changed.start?.dateTime).toContain('T15:00:00');
    expect(await writesSince()).toEqual({ google: 2, inventive: 0 });

    await desk.delete(row.ID);
    await waitUntil('it is gone from Google', async () => (await phone.get(event.id)).status === 'cancelled');
    expect(await writesSince()).toEqual({ google: 3, inventive: 0 });
  }, 60_000);

  it('all-day, past midnight, free and private appointments keep their nature', async () => {
    const day = `${today.add({ days: 2 }).toString()}T00:00:00Z`;
    const next = `${today.add({ days: 3 }).toString()}T00:00:00Z`;
    await desk.create({ Onderwerp: 'Cursus', HeleDag: true, BeginDatum: day, EindDatum: next, BeginTijd: 0, EindTijd: 0, ToonAls: 'Vrij' });
    await desk.create({ Onderwerp: 'Nachtdienst', BeginDatum: day, EindDatum: next, BeginTijd: 82_800_000, EindTijd: 7_200_000 });
    const secret = await desk.create({ Onderwerp: 'Ziekenhuis', Opmerking: 'geheim', Prive: true, BeginDatum: day, EindDatum: day });
    expect(await inGoogle('Cursus')).toMatchObject({ start: { date: today.add({ days: 2 }).toString() }, end: { date: today.add({ days: 4 }).toString() }, transparency: 'transparent' });
    const night = await inGoogle('Nachtdienst');
    expect([night.start?.dateTime?.slice(0, 19), night.end?.dateTime?.slice(0, 19)]).toEqual([`${today.add({ days: 2 }).toString()}T23:00:00`, `${today.add({ days: 3 }).toString()}T02:00:00`]);
    const hidden = await waitUntil('the private one stands in Google', async () =>
      (await phone.events()).find((event) => event.extendedProperties?.private?.['inventiveAppointment'] === secret.ID));
    expect(hidden).toMatchObject({ summary: 'Bezet', visibility: 'private' });
    expect(JSON.stringify(hidden)).not.toContain('geheim');
    expect(await writesSince()).toEqual({ google: 3, inventive: 0 });
  }, 60_000);

  it('the description carries the chosen fields in a block, and notes typed above it in Google come back alone', async () => {
    const relation = (await desk.rows('Relatie'))[0];
    const row = await desk.create({ Onderwerp: 'Klantbezoek', Opmerking: 'Offerte meenemen', RelatieID: relation?.['ID'] });
    const event = await inGoogle('Klantbezoek');
    expect(event.description).toMatch(/^Offerte meenemen\n+— Inventive —\n[\s\S]*— einde Inventive —$/);
    expect(event.description).toContain(String(relation?.['Naam']));
    await phone.patch(event.id, { description: event.description?.replace('Offerte meenemen', 'Offerte meenemen\nen laptop') });
    await waitUntil('the notes come back', async () => (await desk.get(row.ID))?.Opmerking === 'Offerte meenemen\nen laptop');
    expect(await writesSince()).toEqual({ google: 1, inventive: 1 });
  }, 60_000);

  it('a renamed relation refreshes the descriptions it stands in', async () => {
    const relation = (await desk.rows('Relatie'))[1];
    await desk.create({ Onderwerp: 'Kennismaking', RelatieID: relation?.['ID'] });
    await inGoogle('Kennismaking');
    await desk.saveIn('Relatie', { __KEY: relation?.['__KEY'], __STAMP: relation?.['__STAMP'], Naam: 'Omgedoopt B.V.' });
    await waitUntil('the new name stands in Google', async () => (await phone.withSummary('Kennismaking'))[0]?.description?.includes('Omgedoopt B.V.'));
  }, 60_000);

  it('ten quick edits make few writes, two a second at most, the last with the final value', async () => {
    const row = await desk.create({ Onderwerp: 'Snel 0' });
    await inGoogle('Snel 0');
    await product.quiet();
    const before = (await product.googleWrites()).length;
    const began = performance.now();
    await Promise.all(Array.from({ length: 10 }, async (_, at) => desk.change(row.ID, { Locatie: `poging ${at}` })));
    await desk.change(row.ID, { Onderwerp: 'Snel 10' });
    await inGoogle('Snel 10');
    const seconds = (performance.now() - began) / 1_000;
    await product.quiet();
    expect((await product.googleWrites()).length - before).toBeLessThanOrEqual(Math.ceil(seconds) * 2 + 1);
    const [event] = await phone.withSummary('Snel 10');
    expect(event?.location).toBe((await desk.get(row.ID))?.Locatie);
  }, 60_000);
});

describe('from Google to Inventive', () => {
  it('create, change and delete cross; an event born in Google gets its marks in one more write', async () => {
    const event = await phone.insert({
      summary: 'Gehoortest', location: 'Hoofdstraat 1', description: 'Kaart mee',
      start: { dateTime: `${today.toString()}T13:00:00`, timeZone: 'Europe/Amsterdam' }, end: { dateTime: `${today.toString()}T13:30:00`, timeZone: 'Europe/Amsterdam' },
    });
    const row = await inInventive('Gehoortest');
    expect(row).toMatchObject({ Locatie: 'Hoofdstraat 1', Opmerking: 'Kaart mee', BeginTijd: 46_800_000, EindTijd: 48_600_000, HeleDag: false, ToonAls: 'Bezet' });
    expect(await writesSince()).toEqual({ google: 1, inventive: 1 });
    expect((await phone.get(event.id)).extendedProperties?.private?.['inventiveAppointment']).toBe(row.ID);

    await phone.patch(event.id, { summary: 'Gehoortest verzet', start: { dateTime: `${today.toString()}T14:00:00`, timeZone: 'Europe/Amsterdam' }, end: { dateTime: `${today.toString()}T14:30:00`, timeZone: 'Europe/Amsterdam' } });
    const changed = await inInventive('Gehoortest verzet');
    expect([changed.ID, changed.BeginTijd]).toEqual([row.ID, 50_400_000]);
    expect(await writesSince()).toEqual({ google: 1, inventive: 2 });

    await phone.delete(event.id);
    await waitUntil('it is gone from Inventive', async () => (await desk.get(row.ID)) === undefined);
    expect(await writesSince()).toEqual({ google: 1, inventive: 3 });
  }, 60_000);

  it('an event of another type is left alone', async () => {
    await phone.insert({
      summary: 'Focus', eventType: 'focusTime', start: { dateTime: `${today.toString()}T16:00:00`, timeZone: 'Europe/Amsterdam' }, end: { dateTime: `${today.toString()}T17:00:00`, timeZone: 'Europe/Amsterdam' },
    });
    expect(await writesSince()).toEqual({ google: 0, inventive: 0 });
    expect(await desk.withSubject('Focus')).toEqual([]);
  }, 60_000);
});

describe('both at once', () => {
  it('different fields changed on both sides both survive', async () => {
    const row = await desk.create({ Onderwerp: 'Samen' });
    const event = await inGoogle('Samen');
    await product.quiet();
    await Promise.all([desk.change(row.ID, { Locatie: 'Zaal 9' }), phone.patch(event.id, { summary: 'Samen verder' })]);
    await waitUntil('both sides hold both', async () => {
      const [there, here] = [await phone.get(event.id), await desk.get(row.ID)];
      return there.location === 'Zaal 9' && there.summary === 'Samen verder' && here?.Locatie === 'Zaal 9' && here.Onderwerp === 'Samen verder';
    });
  }, 60_000);
});

describe('the brake', () => {
  it('stops an account that loses most of its appointments, and goes on once an administrator agrees', async () => {
    await product.link('bakker');
    const [his, google] = [await product.desk('bakker'), await product.phone('bakker')];
    const rows = await Promise.all(Array.from({ length: 16 }, (_, at) => his.create({ Onderwerp: `Remproef ${at}` })));
    const left = async () => (await google.events()).filter(({ summary }) => summary?.startsWith('Remproef')).length;
    await waitUntil('all stand in Google', async () => (await left()) === rows.length);
    for (const row of rows) await his.delete(row.ID);
    await waitUntil('the account is held', async () => (await product.accountState('bakker')) === 'held');
    expect(await left()).toBeGreaterThan(0);
    await product.release('bakker');
    await waitUntil('the rest is deleted', async () => (await left()) === 0, 60_000);
  }, 150_000);
});

describe('quiet', () => {
  it('replaying both topics from their beginning writes nothing', async () => {
    await product.quiet();
    const before = [(await product.googleWrites()).length, (await product.inventiveWrites()).length];
    expect(await replayTopics(product.kafkaBrokers, ['inventive.appointments', 'google.calendar-events'])).toBeGreaterThan(20);
    await product.quiet();
    expect([(await product.googleWrites()).length, (await product.inventiveWrites()).length]).toEqual(before);
  }, 90_000);

  it('nobody was ever mailed', async () => {
    expect(await product.mails()).toEqual([]);
  });
});
