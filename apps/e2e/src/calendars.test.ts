import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countWrites } from './system/count-writes.js';
import type { PersonAtDesk } from './system/person-at-desk.js';
import type { PersonAtGoogle } from './system/person-at-google.js';
import { startProduct, type Product } from './system/product.js';
import { waitUntil } from './system/wait-until.js';

let product: Product;
let desk: PersonAtDesk;
/** jansen's two calendars: the primary one, and the one that is chosen later. */
let primary: PersonAtGoogle;
let work: PersonAtGoogle;
let workId: string;
const { countAnew, writesSince } = countWrites(() => product);

beforeAll(async () => {
  product = await startProduct();
  await product.link('jansen');
  await product.link('bakker');
  desk = await product.desk('jansen');
  primary = await product.phone('jansen');
  workId = await primary.newCalendar('Werk');
  work = primary.inCalendar(workId);
  await product.quiet();
}, 180_000);
afterAll(() => product?.stop(), 60_000);

const today = Temporal.Now.plainDateISO('Europe/Amsterdam');
const hours = (from: number) => ({
  start: { dateTime: `${today.toString()}T${String(from).padStart(2, '0')}:00:00`, timeZone: 'Europe/Amsterdam' },
  end: { dateTime: `${today.toString()}T${String(from).padStart(2, '0')}:30:00`, timeZone: 'Europe/Amsterdam' },
});
const stands = (who: PersonAtGoogle, summary: string) => waitUntil(`"${summary}" stands in Google`, async () => (await who.withSummary(summary))[0]);
const inInventive = (subject: string) => waitUntil(`"${subject}" stands in Inventive`, async () => (await desk.withSubject(subject))[0]);
const inCalendars = async (summary: string) => [(await primary.withSummary(summary)).length, (await work.withSummary(summary)).length];
const user = async (loginName: string) => {
  const found = (await (await product.console()).users()).find((one) => one.loginName === loginName);
  if (found === undefined) throw new Error(`the console knows no ${loginName}`);
  return found;
};
const choose = async (calendarId: string) => {
  const before = (await user('jansen')).account?.id;
  await (await product.console()).chooseCalendar(await user('jansen'), calendarId);
  await waitUntil('the other calendar is in step', async () => {
    const { account } = await user('jansen');
    return account?.id !== before && account?.state === 'live';
  });
  await product.quiet();
};
/** The product's writes to Google from the so many-th on: method and calendar, without repeats. */
const writtenFrom = async (first: number) =>
  [...new Set((await product.googleWrites()).slice(first).map(({ method, calendarId }) => `${method.replace('calendar.events.', '')} in ${calendarId === workId ? 'work' : calendarId}`))].toSorted();
const writesOf = async (op: string) => (await product.inventiveWrites()).filter((write) => write.op === op).length;

describe('another calendar is chosen', () => {
  it('[R6.8] its events come in, appointments go there, both are joined without doubles, and nothing of the old one is touched', async () => {
    const row = await desk.create({ Onderwerp: 'Van Inventive' });
    const both = await desk.create({ Onderwerp: 'Staat al in beide', BeginTijd: 8 * 3_600_000, EindTijd: 8.5 * 3_600_000 });
    await primary.insert({ summary: 'Uit de hoofdagenda', ...hours(12) });
    await inInventive('Uit de hoofdagenda');
    await stands(primary, 'Staat al in beide');
    const before = await stands(primary, 'Van Inventive');
    const already = await work.insert({ summary: 'Staat al in beide', ...hours(8) });
    await work.insert({ summary: 'Alleen in Werk', ...hours(14) });
    await countAnew();
    expect(await desk.withSubject('Alleen in Werk')).toEqual([]);
    const [inPrimary, written, deleted] = [await primary.events(), (await product.googleWrites()).length, await writesOf('delete')];
    const rows = (await desk.agenda()).length;

    await choose(workId);
    await inInventive('Alleen in Werk');
    await stands(work, 'Van Inventive');
    await product.quiet();
    expect(await primary.events()).toEqual(inPrimary);
    expect(await writtenFrom(written)).toEqual(['insert in work', 'patch in work']);
    expect([(await writesSince()).inventive, (await desk.agenda()).length - rows, await writesOf('delete')]).toEqual([1, 1, deleted]);
    expect([await inCalendars('Staat al in beide'), (await desk.withSubject('Staat al in beide')).map(({ ID }) => ID)]).toEqual([[1, 1], [both.ID]]);
    expect((await work.get(already.id)).extendedProperties?.private?.['inventiveAppointment']).toBe(both.ID);

    // Now only the chosen one is followed, in both directions.
    await primary.patch(before.id, { summary: 'Hier gewijzigd, gaat niet over' });
    await primary.insert({ summary: 'Blijft in de hoofdagenda', ...hours(15) });
    await desk.change(row.ID, { Onderwerp: 'Van Inventive, gewijzigd' });
    const there = await stands(work, 'Van Inventive, gewijzigd');
    await work.patch(there.id, { location: 'Zaal 3' });
    await waitUntil('it crossed', async () => (await desk.get(row.ID))?.Locatie === 'Zaal 3');
    await product.quiet();
    expect((await primary.get(before.id)).summary).toBe('Hier gewijzigd, gaat niet over');
    expect(await desk.withSubject('Blijft in de hoofdagenda')).toEqual([]);
    expect(await desk.withSubject('Hier gewijzigd, gaat niet over')).toEqual([]);
    await primary.patch(before.id, { summary: 'Van Inventive' });
  }, 120_000);

  it('[R5.4] [R6.8] a meeting that is made in it is the user’s own, and a colleague’s copy of it is no second appointment', async () => {
    await work.insert({ summary: 'Overleg met Bakker', ...hours(16), attendees: [{ email: 'bakker@example.com' }] });
    const row = await inInventive('Overleg met Bakker');
    const copy = await stands(await product.phone('bakker'), 'Overleg met Bakker');
    await product.quiet();
    expect((await desk.withSubject('Overleg met Bakker')).map(({ ID }) => ID)).toEqual([row.ID]);
    await desk.change(row.ID, { Locatie: 'Zaal 1' });
    await waitUntil('an edit of the row stands in the event', async () => (await stands(work, 'Overleg met Bakker')).location === 'Zaal 1');
    await product.quiet();
    expect([(await desk.withSubject('Overleg met Bakker')).length, (await (await product.phone('bakker')).withSummary('Overleg met Bakker')).map(({ id }) => id)]).toEqual([1, [copy.id]]);
  }, 60_000);

  it('[R6.5] [R6.9] an event that is moved into it enters once, and one whose appointment stands there already is no second one', async () => {
    const [moved] = await primary.withSummary('Blijft in de hoofdagenda');
    await primary.move(moved!.id, workId);
    const row = await inInventive('Blijft in de hoofdagenda');
    await waitUntil('it got its marks', async () => (await work.get(moved!.id)).extendedProperties?.private?.['inventiveAppointment'] === row.ID);
    await product.quiet();
    expect([await inCalendars('Blijft in de hoofdagenda'), (await desk.withSubject('Blijft in de hoofdagenda')).length]).toEqual([[0, 1], 1]);

    const [marked] = await primary.withSummary('Staat al in beide');
    await countAnew();
    await primary.move(marked!.id, workId);
    await waitUntil('it is there', async () => (await work.withSummary('Staat al in beide')).length === 2);
    const account = (await user('jansen')).account!;
    await waitUntil('the reason is shown', async () => {
      const { counts } = await (await product.console()).ask<{ counts: Record<string, number> }>(`/api/accounts/${account.id}/unpaired`);
      return counts['appointment-stands-already'] === 1;
    });
    expect(await writesSince()).toEqual({ google: 0, inventive: 0 });
    expect((await desk.withSubject('Staat al in beide')).length).toBe(1);
  }, 60_000);
});

describe('the first calendar is chosen again', () => {
  it('[R6.9] it goes on where it stopped; what was tidied up in it meanwhile deletes no appointment', async () => {
    const [tidied] = await primary.withSummary('Uit de hoofdagenda');
    await primary.delete(tidied!.id);
    await countAnew();
    const [inWork, rows] = [await work.events(), (await desk.agenda()).map(({ ID }) => ID).toSorted()];
    const [written, deleted] = [(await product.googleWrites()).length, await writesOf('delete')];

    await choose('jansen@example.com');
    await stands(primary, 'Van Inventive, gewijzigd');
    await product.quiet();
    expect(await work.events()).toEqual(inWork);
    expect((await desk.agenda()).map(({ ID }) => ID).toSorted()).toEqual(rows);
    expect([await writesOf('delete'), (await writtenFrom(written)).filter((one) => one.startsWith('delete') || one.endsWith('work'))]).toEqual([deleted, []]);
    // Each appointment once, those that were born in the other calendar and those whose events went from here too.
    for (const subject of ['Van Inventive, gewijzigd', 'Alleen in Werk', 'Uit de hoofdagenda', 'Staat al in beide', 'Blijft in de hoofdagenda']) {
      expect([subject, (await primary.withSummary(subject)).length]).toEqual([subject, 1]);
    }
    expect(await primary.withSummary('Van Inventive')).toEqual([]);

    await countAnew();
    await choose(workId);
    await choose('jansen@example.com');
    expect(await writesSince()).toEqual({ google: 0, inventive: 0 });
    const [event] = await primary.withSummary('Uit de hoofdagenda');
    await primary.delete(event!.id);
    await waitUntil('a deletion counts again', async () => (await desk.withSubject('Uit de hoofdagenda')).length === 0);
  }, 180_000);
});

describe('the chosen calendar is gone', () => {
  it('[R6.8] the account waits and nothing is deleted; choosing another goes on', async () => {
    await choose(workId);
    const rows = (await desk.agenda()).length;
    await primary.deleteCalendar(workId);
    await waitUntil('the console shows it', async () => (await product.accountState('jansen')) === 'needs-calendar');
    const console = await product.console();
    expect((await console.calendars(await user('jansen'))).map(({ id, chosen }) => [id, chosen])).toEqual([['jansen@example.com', false]]);
    await choose('jansen@example.com');
    const row = await desk.create({ Onderwerp: 'Gaat weer over' });
    await stands(primary, 'Gaat weer over');
    await desk.delete(row.ID);
    await product.quiet();
    expect((await desk.agenda()).length).toBe(rows);
  }, 120_000);
});

describe('linking', () => {
  it('[R6.10] a user with two calendars chooses at the first link, and nothing goes into the other', async () => {
    const own = await product.phone('devries');
    const chosen = await own.newCalendar('Inventive');
    const before = await own.events();
    await (await product.console()).link(await user('devries'), 'devries@example.com', chosen);
    await waitUntil('it is in step', async () => (await product.accountState('devries')) === 'live');
    const theirs = await product.desk('devries');
    await theirs.create({ Onderwerp: 'In de gekozen agenda' });
    await stands(own.inCalendar(chosen), 'In de gekozen agenda');
    await product.quiet();
    expect(await own.events()).toEqual(before);
  }, 60_000);
});

describe('in the end', () => {
  it('nobody was mailed', async () => {
    await product.quiet();
    expect(await product.mails()).toEqual([]);
  }, 60_000);
});
