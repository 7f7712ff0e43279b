import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { countWrites } from './system/count-writes.js';
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

const { writesSince, countAnew } = countWrites(() => product);
const nobodyMailed = async () => expect(await product.mails()).toEqual([]);
afterEach(nobodyMailed);
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

const rowsOf = async (subject: string) => (await desk.withSubject(subject)).toSorted((a, b) => (startOf(a) < startOf(b) ? -1 : 1));
const keysOf = async (subject: string) => (await rowsOf(subject)).map(({ ID }) => ID).toSorted();
/** What Google shows of a series: its occurrences, without cancelled ones. */
const instances = (id: string) => phone.instances(id);
const utcDay = (on: string, time = '09:00') => Temporal.PlainDateTime.from(`${on}T${time}`).toZonedDateTime(ZONE).withTimeZone('UTC').toPlainDateTime().toString({ smallestUnit: 'second' }).replaceAll(/[-:]/g, '');
const occurrence = (id: string, on: string, time = '09:00') => `${id}_${utcDay(on, time)}Z`;
const ui = (door: 'this-and-following' | 'all-events', eventId: string, patch: object) =>
  product.emulator('google', `ui/${door}`, { email: 'jansen@example.com', calendarId: 'jansen@example.com', eventId, patch });

/** A weekly series of four, from tomorrow, and the rows it stands as. */
async function aSeries(summary: string, recurrence = ['RRULE:FREQ=WEEKLY;COUNT=4']) {
  const { id } = await phone.insert({ summary, recurrence, ...hours(day(1)) });
  await standsAs(summary, WEEKS.map((offset) => `${day(offset)} 09:00`));
  await countAnew();
  return { id, keys: await keysOf(summary) };
}
const WEEKS = [1, 8, 15, 22];

describe('a series of Google in Inventive', () => {
  it('[R4.1] stands as one row for each occurrence in the window; nothing is written to Google', async () => {
    await phone.insert({ summary: 'Werkoverleg', recurrence: ['RRULE:FREQ=WEEKLY;COUNT=4'], ...hours(day(1)) });
    await standsAs('Werkoverleg', WEEKS.map((offset) => `${day(offset)} 09:00`));
    expect(await writesSince()).toEqual({ google: 0, inventive: 4 });
  }, 60_000);

  it.each([
    ['daily', ['RRULE:FREQ=DAILY;INTERVAL=3;COUNT=3'], [1, 4, 7]],
    ['hourly', ['RRULE:FREQ=HOURLY;INTERVAL=24;COUNT=2'], [1, 2]],
    ['without an end', ['RRULE:FREQ=WEEKLY;INTERVAL=4'], [1, 29, 57, 85]],
    ['with skipped dates', ['RRULE:FREQ=DAILY;COUNT=3', `EXDATE;TZID=${ZONE}:${day(2).replaceAll('-', '')}T090000`], [1, 3]],
    ['with added dates', ['RRULE:FREQ=WEEKLY;COUNT=2', `RDATE;TZID=${ZONE}:${day(3).replaceAll('-', '')}T090000`], [1, 3, 8]],
    ['[lesson 4] of added dates only', [`RDATE;TZID=${ZONE}:${day(3).replaceAll('-', '')}T090000`], [1, 3]],
    ['yearly, once in the window', ['RRULE:FREQ=YEARLY;COUNT=3'], [1]],
  ])('[R4.2] %s', async (what, recurrence, days) => {
    await phone.insert({ summary: `Ritme ${what}`, recurrence, ...hours(day(1)) });
    await standsAs(`Ritme ${what}`, days.map((offset) => `${day(offset)} 09:00`));
    expect(await writesSince()).toEqual({ google: 0, inventive: days.length });
  }, 60_000);

  it('[R4.2] monthly, of whole days', async () => {
    await phone.insert({ summary: 'Maandelijks', recurrence: ['RRULE:FREQ=MONTHLY;COUNT=2'], start: { date: day(2) }, end: { date: day(4) } });
    await standsAs('Maandelijks', [day(2), today.add({ days: 2 }).add({ months: 1 }).toString()]);
  }, 60_000);

  it('[R4.3] one time moved, one changed and one cancelled: only their rows, and Google is left alone', async () => {
    const { id, keys } = await aSeries('Standup');
    await phone.patch(occurrence(id, day(8)), hours(day(9), '14:00', '15:00'));
    await standsAs('Standup', [`${day(1)} 09:00`, `${day(9)} 14:00`, `${day(15)} 09:00`, `${day(22)} 09:00`]);
    expect(await keysOf('Standup')).toEqual(keys);
    await phone.delete(occurrence(id, day(15)));
    await standsAs('Standup', [`${day(1)} 09:00`, `${day(9)} 14:00`, `${day(22)} 09:00`]);
    await phone.patch(occurrence(id, day(22)), { location: 'Zaal 3' });
    await waitUntil('the location crosses', async () => (await rowsOf('Standup'))[2]?.Locatie === 'Zaal 3');
    expect(await writesSince()).toEqual({ google: 0, inventive: 3 });
  }, 90_000);

  it('[R4.4] the whole series moves by an hour and gets another name: the same rows', async () => {
    const { id, keys } = await aSeries('Teamoverleg');
    await desk.change(keys[0] ?? '', { RelatieID: (await desk.rows('Relatie'))[0]?.['ID'] });
    await product.quiet();
    await ui('all-events', occurrence(id, day(8)), { summary: 'Teamoverleg later', ...hours(day(8), '10:00', '10:30') });
    await standsAs('Teamoverleg later', WEEKS.map((offset) => `${day(offset)} 10:00`));
    expect(await keysOf('Teamoverleg later')).toEqual(keys);
  }, 90_000);

  it('[R4.4] a series in the time of New York moves by an hour: the same rows', async () => {
    const { id } = await phone.insert({ summary: 'Call', recurrence: ['RRULE:FREQ=WEEKLY;COUNT=3'], ...hours(day(1), '05:00', '05:30', 'America/New_York') });
    await waitUntil('it stands', async () => (await rowsOf('Call')).length === 3);
    const keys = await keysOf('Call');
    await product.quiet();
    const [first] = await instances(id);
    await ui('all-events', first?.id ?? '', hours(day(1), '06:00', '06:30', 'America/New_York'));
    const wanted = [1, 8, 15].map((offset) => {
      const local = Temporal.PlainDateTime.from(`${day(offset)}T06:00`).toZonedDateTime('America/New_York').withTimeZone(ZONE);
      return `${local.toPlainDate().toString()} ${local.toPlainTime().toString({ smallestUnit: 'minute' })}`;
    });
    await standsAs('Call', wanted);
    expect(await keysOf('Call')).toEqual(keys);
  }, 90_000);

  it.each([['at the same time', '09:00', '09:30'], ['at another time', '11:00', '11:30']])('[R4.5] [lesson 5] this and following %s: the same rows, under new ids', async (how, from, until) => {
    const name = `Sprint ${how}`;
    const { id, keys } = await aSeries(name);
    const later = (await ui('this-and-following', occurrence(id, day(15)), { location: 'Zaal 7', ...hours(day(15), from, until) })) as { id: string };
    expect(later.id).not.toBe(id);
    await standsAs(name, [`${day(1)} 09:00`, `${day(8)} 09:00`, `${day(15)} ${from}`, `${day(22)} ${from}`]);
    await waitUntil('the location crosses', async () => (await rowsOf(name)).filter(({ Locatie }) => Locatie === 'Zaal 7').length === 2);
    expect(await keysOf(name)).toEqual(keys);
    const counted = await writesSince();
    expect(counted).toEqual({ google: 0, inventive: 2 });
    // And it goes on by its new ids.
    const last = (await rowsOf(name)).at(-1);
    await desk.change(last?.ID ?? '', { Onderwerp: `${name} slot` });
    await waitUntil('it crosses to the later half', async () => (await instances(later.id)).some(({ summary }) => summary === `${name} slot`));
    expect((await writesSince()).google).toBe(1);
  }, 90_000);

  it('[R4.6] this and following deleted, then the rest of the series', async () => {
    const { id } = await aSeries('Afbouw');
    await ui('this-and-following', occurrence(id, day(15)), { status: 'cancelled' });
    await standsAs('Afbouw', [`${day(1)} 09:00`, `${day(8)} 09:00`]);
    await phone.delete(id);
    await standsAs('Afbouw', []);
    expect(await writesSince()).toEqual({ google: 0, inventive: 4 });
  }, 90_000);

  it('[R4.7] a single event becomes a series and single again: the first row stays', async () => {
    const event = await phone.insert({ summary: 'Wordt reeks', ...hours(day(1)) });
    await standsAs('Wordt reeks', [`${day(1)} 09:00`]);
    await product.quiet();
    const [key] = await keysOf('Wordt reeks');
    await phone.patch(event.id, { recurrence: ['RRULE:FREQ=WEEKLY;COUNT=3'] });
    await standsAs('Wordt reeks', [1, 8, 15].map((offset) => `${day(offset)} 09:00`));
    expect((await rowsOf('Wordt reeks'))[0]?.ID).toBe(key);
    await phone.patch(event.id, { recurrence: null });
    await standsAs('Wordt reeks', [`${day(1)} 09:00`]);
    expect(await keysOf('Wordt reeks')).toEqual([key]);
    await product.quiet();
  }, 90_000);

  it('[R4.13] [lesson 4] one that is too large stays in Google; the next event comes in all the same', async () => {
    const hourly = await phone.insert({ summary: 'Elk uur', recurrence: ['RRULE:FREQ=HOURLY'], ...hours(day(1), '09:00', '09:05') });
    await phone.insert({ summary: 'Gewoon', ...hours(day(1)) });
    await standsAs('Gewoon', [`${day(1)} 09:00`]);
    await product.quiet();
    expect(await starts('Elk uur')).toEqual([]);
    await phone.delete(hourly.id);
    await product.quiet();
  }, 90_000);
});

describe('rows of a series', () => {
  it('[R4.8] one row changed changes one time in Google, in one write', async () => {
    const { id, keys } = await aSeries('Review');
    await desk.change((await rowsOf('Review'))[1]?.ID ?? '', { Locatie: 'Kantine', BeginTijd: 36_000_000, EindTijd: 39_600_000 });
    await waitUntil('it crosses', async () => (await instances(id)).filter(({ location }) => location === 'Kantine').length === 1);
    const changed = (await instances(id)).find(({ location }) => location === 'Kantine');
    expect(changed?.start?.dateTime).toContain('T10:00:00');
    expect(changed?.extendedProperties?.private).toBeUndefined();
    expect(await writesSince()).toEqual({ google: 1, inventive: 0 });
    expect(await keysOf('Review')).toEqual(keys);
    expect((await phone.get(id)).start?.dateTime).toContain('T09:00:00');
  }, 60_000);

  it('[R4.8] all rows changed at once: one write each, though each renews the version of all', async () => {
    const { id } = await aSeries('Tegelijk');
    await Promise.all((await rowsOf('Tegelijk')).map((row, at) => desk.change(row.ID, { Locatie: `Zaal ${at}` })));
    await waitUntil('all cross', async () => (await instances(id)).filter(({ location }) => location?.startsWith('Zaal')).length === 4);
    expect(await writesSince()).toEqual({ google: 4, inventive: 0 });
  }, 60_000);

  it('[R4.9] one row deleted cancels one time in Google', async () => {
    const { id } = await aSeries('Schrappen');
    await desk.delete((await rowsOf('Schrappen'))[2]?.ID ?? '');
    await waitUntil('it is cancelled', async () => (await instances(id)).length === 3);
    expect((await phone.get(id)).status).toBe('confirmed');
    expect(await writesSince()).toEqual({ google: 1, inventive: 0 });
    expect(await starts('Schrappen')).toHaveLength(3);
  }, 60_000);

  it('[R4.10] an edit beats a deletion: of one time, and of the whole series', async () => {
    const { id } = await aSeries('Wedstrijd');
    const [first, second] = await rowsOf('Wedstrijd');
    // The deletion is told late, so that the edit is there first.
    const lateNews = () => product.emulator('google', 'faults', { match: {}, action: { notifications: 'delay', ms: 3_000 }, times: 3 });
    await lateNews();
    await phone.delete(occurrence(id, day(8)));
    await desk.change(second?.ID ?? '', { Locatie: 'Toch' });
    await waitUntil('it stands on both sides', async () => (await instances(id)).some(({ location }) => location === 'Toch') && (await rowsOf('Wedstrijd')).length === 4);
    await product.quiet();
    await lateNews();
    await phone.delete(id);
    await desk.change(first?.ID ?? '', { Locatie: 'Ook' });
    await waitUntil('it goes on as a single event', async () => (await phone.events()).some(({ id: own, location }) => location === 'Ook' && !own.startsWith(id)));
    await standsAs('Wedstrijd', [`${day(1)} 09:00`]);
  }, 90_000);
});

describe('linking and the brake', () => {
  it('[R4.11] a series that stands on both sides is joined at linking, not doubled', async () => {
    const [his, google] = [await product.desk('devries'), await product.phone('devries')];
    for (const offset of WEEKS.slice(0, 3)) await his.create({ Onderwerp: 'Al hier', BeginDatum: `${day(offset)}T00:00:00Z`, EindDatum: `${day(offset)}T00:00:00Z`, BeginTijd: 32_400_000, EindTijd: 34_200_000 });
    await google.insert({ summary: 'Al hier', recurrence: ['RRULE:FREQ=WEEKLY;COUNT=4'], ...hours(day(1)) });
    await product.link('devries');
    await waitUntil('the fourth comes in', async () => (await his.withSubject('Al hier')).length === 4);
    await product.quiet();
    expect((await his.withSubject('Al hier')).map(startOf).toSorted()).toEqual(WEEKS.map((offset) => `${day(offset)} 09:00`).toSorted());
    expect((await google.withSummary('Al hier')).length).toBe(1);
  }, 120_000);

  it('[R4.12] [lesson 15] the window grows: the new times are added, without doubles', async () => {
    await phone.insert({ summary: 'Zonder einde', recurrence: ['RRULE:FREQ=WEEKLY'], ...hours(day(1), '18:00', '18:30') });
    const until = (last: number) => Array.from({ length: 30 }, (_, n) => 1 + 7 * n).filter((offset) => offset <= last).map((offset) => `${day(offset)} 18:00`);
    await standsAs('Zonder einde', until(90));
    await product.quiet();
    await product.settings('jansen', { daysAfter: 110 });
    await standsAs('Zonder einde', until(110));
    expect(await writesSince()).toMatchObject({ google: 0 });
    await product.settings('jansen', { daysAfter: 90 });
  }, 120_000);

  it('[R4.14] a daily series of sixty is deleted: it counts as one, and the account goes on', async () => {
    // An account of its own: what the others lost here counts too.
    await product.link('bakker');
    const [his, google] = [await product.desk('bakker'), await product.phone('bakker')];
    const { id } = await google.insert({ summary: 'Zestig keer', recurrence: ['RRULE:FREQ=DAILY;COUNT=60'], ...hours(day(1)) });
    const rows = async () => (await his.withSubject('Zestig keer')).length;
    await waitUntil('it stands', async () => (await rows()) === 60, 40_000);
    await product.quiet();
    await google.delete(id);
    await waitUntil('it is gone', async () => (await rows()) === 0, 40_000);
    expect(await product.accountState('bakker')).toBe('live');
  }, 120_000);
});

describe('economy', () => {
  it('one row of fifty that changes costs one patch, and no look at the other forty-nine', async () => {
    const calls = async () => {
      const stats = (await product.emulator('google', 'stats')) as { calls: { method: string; client: string | null; count: number }[] };
      const ours = stats.calls.filter(({ client, method }) => client === 'inventive-calendar-sync' && /^calendar\.events\.(get|instances|patch|delete)$/.test(method));
      return Map.groupBy(ours, ({ method }) => method).entries().reduce((sums, [method, group]) => sums.set(method, group.reduce((sum, { count }) => sum + count, 0)), new Map<string, number>());
    };
    await phone.insert({ summary: 'Vijftig', recurrence: ['RRULE:FREQ=DAILY;COUNT=50'], ...hours(day(1), '08:00', '08:30') });
    await waitUntil('it stands', async () => (await rowsOf('Vijftig')).length === 50, 40_000);
    await product.quiet();
    const before = await calls();
    await desk.change((await rowsOf('Vijftig'))[20]?.ID ?? '', { Locatie: 'Zaal 1' });
    await waitUntil('Google has it', async () => (await phone.events()).some(({ location, summary }) => summary === 'Vijftig' && location === 'Zaal 1'));
    await product.quiet();
    const after = await calls();
    const made = Object.fromEntries([...after].map(([method, count]) => [method, count - (before.get(method) ?? 0)]).filter(([, count]) => count !== 0));
    expect(made).toEqual({ 'calendar.events.patch': 1 });
  }, 120_000);
});

describe('quiet', () => {
  it('replaying all topics writes nothing', async () => {
    const before = [(await product.googleWrites()).length, (await product.inventiveWrites()).length];
    await replayTopics(product.kafkaBrokers, ['inventive.appointments', 'google.calendar-events']);
    await product.quiet();
    expect([(await product.googleWrites()).length, (await product.inventiveWrites()).length]).toEqual(before);
  }, 120_000);
});
