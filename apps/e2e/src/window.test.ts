import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PersonAtDesk } from './system/person-at-desk.js';
import type { PersonAtGoogle } from './system/person-at-google.js';
import { startProduct, type Product } from './system/product.js';
import { waitUntil } from './system/wait-until.js';

const ZONE = 'Europe/Amsterdam';
const today = Temporal.Now.plainDateISO(ZONE);
const BEFORE = 5;
const AFTER = 7;
/** First and last day of the window, and the days just outside it. */
const first = today.subtract({ days: BEFORE });
const last = today.add({ days: AFTER });
const HOUR_MS = 3_600_000;

let product: Product;
let desk: PersonAtDesk;
let phone: PersonAtGoogle;
beforeAll(async () => {
  product = await startProduct();
  await product.settings('jansen', { daysBefore: BEFORE, daysAfter: AFTER });
  [desk, phone] = [await product.desk('jansen'), await product.phone('jansen')];
  // Of an earlier life of both agendas: what stands beyond the window stays where it is.
  await row('Al ver weg', last.add({ days: 3 }), 9, 10);
  await item('Al ver weg in Google', last.add({ days: 4 }), 9, 10);
  await product.link('jansen');
  await product.quiet();
}, 180_000);
afterAll(() => product?.stop(), 60_000);

const midnight = (day: Temporal.PlainDate) => `${day.toString()}T00:00:00Z`;
/** As 4D answers a date. */
const inFourD = ({ day, month, year }: Temporal.PlainDate) => `${day}!${month}!${year}`;
const row = (Onderwerp: string, day: Temporal.PlainDate, from: number, to: number, until = day) =>
  desk.create({ Onderwerp, BeginDatum: midnight(day), EindDatum: midnight(until), BeginTijd: from * HOUR_MS, EindTijd: to * HOUR_MS });
const at = (day: Temporal.PlainDate, hour: number) => ({ dateTime: `${day.toString()}T${String(hour).padStart(2, '0')}:00:00`, timeZone: ZONE });
const item = (summary: string, day: Temporal.PlainDate, from: number, to: number, until = day) => phone.insert({ summary, start: at(day, from), end: at(until, to) });
const inGoogle = (summary: string) => waitUntil(`"${summary}" stands in Google`, async () => (await phone.withSummary(summary))[0]);
const inInventive = (subject: string) => waitUntil(`"${subject}" stands in Inventive`, async () => (await desk.withSubject(subject))[0]);
const summaries = async (start: string) => (await phone.events()).map(({ summary }) => summary ?? '').filter((summary) => summary.startsWith(start)).toSorted();
const subjects = async (start: string) => (await desk.agenda()).map(({ Onderwerp }) => Onderwerp).filter((subject) => subject.startsWith(start)).toSorted();

describe('what is in and what is not', () => {
  it('[R9.1] days before and after today are counted, on both sides', async () => {
    await row('Rand eerste dag', first, 9, 10);
    await row('Rand laatste dag', last, 22, 23);
    await row('Rand te vroeg', first.subtract({ days: 1 }), 9, 10);
    await row('Rand te laat', last.add({ days: 1 }), 9, 10);
    await item('Grens eerste dag', first, 7, 8);
    await item('Grens laatste dag', last, 20, 21);
    await item('Grens te vroeg', first.subtract({ days: 1 }), 7, 8);
    await item('Grens te laat', last.add({ days: 1 }), 7, 8);
    await Promise.all([inGoogle('Rand eerste dag'), inGoogle('Rand laatste dag'), inInventive('Grens eerste dag'), inInventive('Grens laatste dag')]);
    await product.quiet();
    expect(await summaries('Rand')).toEqual(['Rand eerste dag', 'Rand laatste dag']);
    expect(await subjects('Grens')).toEqual(['Grens eerste dag', 'Grens laatste dag']);
    expect([await phone.withSummary('Al ver weg'), await desk.withSubject('Al ver weg in Google')]).toEqual([[], []]);
  }, 60_000);

  it('[R9.2] what lies partly within takes part as a whole; what ends at the first midnight, or begins at the last, does not', async () => {
    await row('Over de eerste', first.subtract({ days: 2 }), 12, 1, first);
    await row('Tot de eerste', first.subtract({ days: 1 }), 12, 0, first);
    await item('Over de laatste', last, 23, 2, last.add({ days: 1 }));
    await item('Vanaf de laatste', last.add({ days: 1 }), 0, 2);
    await desk.create({ Onderwerp: 'Hele dagen over de rand', HeleDag: true, BeginDatum: midnight(first.subtract({ days: 3 })), EindDatum: midnight(first), BeginTijd: 0, EindTijd: 0 });
    const whole = await inGoogle('Hele dagen over de rand');
    expect([whole.start?.date, whole.end?.date]).toEqual([first.subtract({ days: 3 }).toString(), first.add({ days: 1 }).toString()]);
    const straddling = await inGoogle('Over de eerste');
    expect(straddling.start?.dateTime).toContain(first.subtract({ days: 2 }).toString());
    expect((await inInventive('Over de laatste')).EindDatum).toBe(inFourD(last.add({ days: 1 })));
    await product.quiet();
    expect([await phone.withSummary('Tot de eerste'), await desk.withSubject('Vanaf de laatste')]).toEqual([[], []]);
  }, 60_000);

  it('[R9.7] without duration it counts by its start', async () => {
    await row('Nul op de eerste', first, 0, 0);
    await row('Nul na de laatste', last.add({ days: 1 }), 0, 0);
    await item('Niets op de eerste', first, 0, 0);
    await item('Niets na de laatste', last.add({ days: 1 }), 0, 0);
    await Promise.all([inGoogle('Nul op de eerste'), inInventive('Niets op de eerste')]);
    await product.quiet();
    expect([await phone.withSummary('Nul na de laatste'), await desk.withSubject('Niets na de laatste')]).toEqual([[], []]);
  }, 60_000);
});

describe('moving over the edge', () => {
  it('[R9.3] [lesson 15] what takes part stays in step outside the window, and nothing is deleted', async () => {
    const born = await row('Uit beeld', last, 9, 10);
    const event = await inGoogle('Uit beeld');
    const far = last.add({ days: 40 });
    await desk.change(born.ID, { BeginDatum: midnight(far), EindDatum: midnight(far) });
    await waitUntil('it moved along', async () => (await phone.get(event.id)).start?.dateTime?.startsWith(far.toString()));
    await phone.patch(event.id, { summary: 'Uit beeld, en gewijzigd' });
    expect((await inInventive('Uit beeld, en gewijzigd')).ID).toBe(born.ID);
    await phone.patch(event.id, { start: at(first.subtract({ days: 60 }), 9), end: at(first.subtract({ days: 60 }), 10) });
    await waitUntil('it moved along', async () => (await desk.get(born.ID))?.BeginDatum === inFourD(first.subtract({ days: 60 })));
    await phone.delete(event.id);
    await waitUntil('its deletion crosses too', async () => (await desk.get(born.ID)) === undefined);
  }, 60_000);

  it('[R9.4] what is moved into it is added', async () => {
    const outside = await row('Komt eraan', last.add({ days: 20 }), 9, 10);
    const event = await item('Komt er ook aan', last.add({ days: 20 }), 9, 10);
    await product.quiet();
    expect([await phone.withSummary('Komt eraan'), await desk.withSubject('Komt er ook aan')]).toEqual([[], []]);
    await desk.change(outside.ID, { BeginDatum: midnight(last), EindDatum: midnight(last) });
    await phone.patch(event.id, { start: at(last, 9), end: at(last, 10) });
    await Promise.all([inGoogle('Komt eraan'), inInventive('Komt er ook aan')]);
  }, 60_000);
});

describe('another setting', () => {
  it('[R9.5] [R9.6] more days bring in what stands there, doubled nowhere; fewer delete nothing', async () => {
    const beyond = last.add({ days: 6 });
    await row('Straks in beeld', beyond, 9, 10);
    await item('Straks ook in beeld', beyond, 11, 12);
    await row('Straks aan beide kanten', beyond, 13, 14);
    await item('Straks aan beide kanten', beyond, 13, 14);
    await product.quiet();
    const held = (await phone.events()).length;
    const stood = (await desk.agenda()).length;
    await product.settings('jansen', { daysAfter: AFTER + 10 });
    await Promise.all([inGoogle('Straks in beeld'), inInventive('Straks ook in beeld'), inGoogle('Al ver weg'), inInventive('Al ver weg in Google')]);
    await waitUntil('the agenda is in step', async () => (await product.accountState('jansen')) === 'live');
    await product.quiet();
    expect([(await phone.withSummary('Straks aan beide kanten')).length, (await desk.withSubject('Straks aan beide kanten')).length]).toEqual([1, 1]);
    const [grownHeld, grownStood] = [(await phone.events()).length, (await desk.agenda()).length];
    expect([grownHeld > held, grownStood > stood]).toEqual([true, true]);

    await product.settings('jansen', { daysBefore: 0, daysAfter: 0 });
    const event = await inGoogle('Straks in beeld');
    await phone.patch(event.id, { summary: 'Straks in beeld, gewijzigd' });
    await inInventive('Straks in beeld, gewijzigd');
    await product.quiet();
    expect([(await phone.events()).length, (await desk.agenda()).length]).toEqual([grownHeld, grownStood]);
    // Services hold settings for up to five seconds: once the new ones count, they go on counting.
    let tries = 0;
    await waitUntil('the smaller window counts', async () => {
      tries += 1;
      await row(`Nu buiten beeld ${tries}`, today.add({ days: 1 }), 9, 10);
      await row(`Nu in beeld ${tries}`, today, 9, 10);
      await inGoogle(`Nu in beeld ${tries}`);
      await product.quiet();
      return (await phone.withSummary(`Nu buiten beeld ${tries}`)).length === 0;
    });
    await row('En nog een buiten beeld', today.add({ days: 1 }), 9, 10);
    await row('En nog een in beeld', today, 9, 10);
    await inGoogle('En nog een in beeld');
    await product.quiet();
    expect(await phone.withSummary('En nog een buiten beeld')).toEqual([]);
  }, 120_000);
});

describe('in the end', () => {
  it('nobody was mailed, and the product is quiet', async () => {
    await product.quiet();
    expect(await product.mails()).toEqual([]);
  }, 60_000);
});
