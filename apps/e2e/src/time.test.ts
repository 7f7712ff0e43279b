import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countWrites } from './system/count-writes.js';
import type { PersonAtDesk, SeenRow } from './system/person-at-desk.js';
import type { PersonAtGoogle, SeenEvent } from './system/person-at-google.js';
import { startProduct, type Product } from './system/product.js';
import { waitUntil } from './system/wait-until.js';

let product: Product;
let desk: PersonAtDesk;
let phone: PersonAtGoogle;
/** De Vries lives in Auckland as far as his Google calendar is concerned. */
let abroad: PersonAtGoogle;
let hisDesk: PersonAtDesk;

const YEARS = { daysBefore: 800, daysAfter: 800 };

beforeAll(async () => {
  product = await startProduct({
    source: { administrationZones: { 200: 'America/Curacao' } },
    // Nearly every appointment here is moved, which is what the brake is for.
    env: { BRAKE_ITEMS: '1000', BRAKE_MAX: '1000' },
  });
  for (const name of ['jansen', 'devries']) await product.settings(name, YEARS);
  abroad = await product.phone('devries');
  await abroad.calendarZone('Pacific/Auckland');
  await product.link('jansen');
  await product.link('devries');
  desk = await product.desk('jansen');
  hisDesk = await product.desk('devries');
  phone = await product.phone('jansen');
}, 180_000);
afterAll(() => product?.stop(), 60_000);

const { writesSince } = countWrites(() => product);
const HOUR_MS = 3_600_000;
const clock = (time: string): number => Temporal.PlainTime.from(time).since(Temporal.PlainTime.from('00:00')).total('milliseconds');
/** As 4D sends a date: `d!m!yyyy`. */
const bang = (on: string): string => {
  const { year, month, day } = Temporal.PlainDate.from(on);
  return `${day}!${month}!${year}`;
};
const wall = ({ BeginDatum, BeginTijd, EindDatum, EindTijd }: SeenRow) => [BeginDatum, BeginTijd, EindDatum, EindTijd];
const onClock = (on: string, from: string, until: string) => [bang(on), clock(from), bang(on), clock(until)];
const row = (on: string, from: string, until: string) => ({ BeginDatum: `${on}T00:00:00Z`, EindDatum: `${on}T00:00:00Z`, BeginTijd: clock(from), EindTijd: clock(until) });
const timed = (start: string, end: string, timeZone?: string) => ({ start: { dateTime: start, ...(timeZone === undefined ? {} : { timeZone }) }, end: { dateTime: end, ...(timeZone === undefined ? {} : { timeZone }) } });
const instant = (point: SeenEvent['start']) => new Date(point?.dateTime ?? '').toISOString();
const inGoogle = (summary: string, person = phone) => waitUntil(`"${summary}" stands in Google`, async () => (await person.withSummary(summary))[0]);
const inInventive = (subject: string, person = desk) => waitUntil(`"${subject}" stands in Inventive`, async () => (await person.withSubject(subject))[0]);
const seesGoogle = (id: string, what: string, holds: (event: SeenEvent) => boolean, person = phone) => waitUntil(`in Google: ${what}`, async () => {
  const event = await person.get(id);
  return holds(event) && event;
});
const seesInventive = (id: string, what: string, holds: (row: SeenRow) => boolean, person = desk) => waitUntil(`in Inventive: ${what}`, async () => {
  const found = await person.get(id);
  return found !== undefined && holds(found) && found;
});

describe('the clock', () => {
  it('[R3.1] [lesson 12] is that of Inventive, winter and summer, and the zone that Google keeps for an event stays', async () => {
    await desk.create({ Onderwerp: 'Winter', ...row('2027-01-12', '10:00', '11:00') });
    await desk.create({ Onderwerp: 'Zomer', ...row('2027-07-13', '10:00', '11:00') });
    expect((await inGoogle('Winter')).start).toEqual({ dateTime: '2027-01-12T10:00:00+01:00', timeZone: 'Europe/Amsterdam' });
    const summer = await inGoogle('Zomer');
    expect(summer.start).toEqual({ dateTime: '2027-07-13T10:00:00+02:00', timeZone: 'Europe/Amsterdam' });
    const event = await phone.insert({ summary: 'Call', ...timed('2027-01-12T09:00:00-05:00', '2027-01-12T10:00:00-05:00', 'America/New_York') });
    const call = await inInventive('Call');
    expect(wall(call)).toEqual(onClock('2027-01-12', '15:00', '16:00'));
    await product.quiet();
    await desk.change(call.ID, row('2027-07-13', '16:00', '17:30'));
    const moved = await seesGoogle(event.id, 'the new time', ({ start }) => instant(start) === '2027-07-13T14:00:00.000Z');
    expect([moved.start?.timeZone, moved.end?.timeZone, instant(moved.end)]).toEqual(['America/New_York', 'America/New_York', '2027-07-13T15:30:00.000Z']);
    expect(wall((await desk.get(call.ID))!)).toEqual(onClock('2027-07-13', '16:00', '17:30'));
  }, 60_000);

  it('[R3.2] in the hour that is skipped: one later in Google, and what was typed stays in Inventive', async () => {
    const made = await desk.create({ Onderwerp: 'Overgeslagen uur', ...row('2027-03-28', '02:30', '04:00') });
    const event = await inGoogle('Overgeslagen uur');
    expect([instant(event.start), instant(event.end)]).toEqual(['2027-03-28T01:30:00.000Z', '2027-03-28T02:00:00.000Z']);
    await phone.patch(event.id, { location: 'Gezien' });
    const seen = await seesInventive(made.ID, 'the place', ({ Locatie }) => Locatie === 'Gezien');
    expect(wall(seen)).toEqual(onClock('2027-03-28', '02:30', '04:00'));
    expect(await writesSince()).toEqual({ google: 1, inventive: 1 });
  }, 60_000);

  it('[R3.3] in the hour that is repeated: its first pass, and an event in Google’s second pass is not moved', async () => {
    await desk.create({ Onderwerp: 'Eerste keer', ...row('2027-10-31', '02:30', '04:00') });
    const first = await inGoogle('Eerste keer');
    expect([instant(first.start), instant(first.end)]).toEqual(['2027-10-31T00:30:00.000Z', '2027-10-31T03:00:00.000Z']);
    const event = await phone.insert({ summary: 'Tweede keer', ...timed('2027-10-31T02:15:00+01:00', '2027-10-31T02:45:00+01:00', 'Europe/Amsterdam') });
    const seen = await inInventive('Tweede keer');
    expect(wall(seen)).toEqual(onClock('2027-10-31', '02:15', '02:45'));
    await desk.change(seen.ID, { Locatie: 'Hal' });
    const after = await seesGoogle(event.id, 'the place', ({ location }) => location === 'Hal');
    expect([instant(after.start), instant(after.end)]).toEqual(['2027-10-31T01:15:00.000Z', '2027-10-31T01:45:00.000Z']);
    expect((await writesSince()).inventive).toBe(1);
  }, 60_000);

  it('[R3.9] that ends before it begins keeps its time until that is corrected, and says why', async () => {
    // Typed in the skipped hour: half past two is half past three, and a quarter past three was before that.
    const made = await desk.create({ Onderwerp: 'Onmogelijk', ...row('2027-03-28', '02:30', '03:15') });
    await waitUntil('the reason is shown', async () => (await product.reasons('jansen', made.ID)).includes('end-before-start'));
    expect(await phone.withSummary('Onmogelijk')).toEqual([]);
    expect(await writesSince()).toEqual({ google: 0, inventive: 0 });
    await desk.change(made.ID, { EindTijd: clock('04:15') });
    const event = await inGoogle('Onmogelijk');
    expect([instant(event.start), instant(event.end)]).toEqual(['2027-03-28T01:30:00.000Z', '2027-03-28T02:15:00.000Z']);
    // Made impossible again, the rest still crosses, and Google's time stays as it was.
    await desk.change(made.ID, { EindTijd: clock('03:15'), Locatie: 'Buiten' });
    const after = await seesGoogle(event.id, 'the place', ({ location }) => location === 'Buiten');
    expect([after.start, after.end]).toEqual([event.start, event.end]);
    await desk.change(made.ID, row('2027-03-28', '09:00', '10:00'));
    await seesGoogle(event.id, 'the time', ({ start }) => instant(start) === '2027-03-28T07:00:00.000Z');
    await product.quiet();
    expect(await product.reasons('jansen', made.ID)).not.toContain('end-before-start');
  }, 60_000);
});

describe('abroad', () => {
  it('[R3.4] an event that is made and moved elsewhere is the same moment on Inventive’s clock', async () => {
    const event = await abroad.insert({ summary: 'Ontbijt in Auckland', ...timed('2027-01-12T08:00:00', '2027-01-12T09:00:00', 'Pacific/Auckland') });
    const seen = await inInventive('Ontbijt in Auckland', hisDesk);
    expect(wall(seen)).toEqual(onClock('2027-01-11', '20:00', '21:00'));
    await product.quiet();
    await abroad.patch(event.id, timed('2027-07-14T12:30:00', '2027-07-14T13:30:00', 'Pacific/Auckland'));
    expect(wall(await seesInventive(seen.ID, 'the new time', ({ BeginDatum }) => BeginDatum === bang('2027-07-14'), hisDesk))).toEqual(onClock('2027-07-14', '02:30', '03:30'));
    await hisDesk.change(seen.ID, row('2027-07-14', '04:00', '05:00'));
    const moved = await seesGoogle(event.id, 'moved in Inventive', ({ start }) => instant(start) === '2027-07-14T02:00:00.000Z', abroad);
    expect(moved.start?.timeZone).toBe('Pacific/Auckland');
    await hisDesk.create({ Onderwerp: 'Vergadering thuis', ...row('2027-01-13', '10:00', '11:00') });
    expect(instant((await inGoogle('Vergadering thuis', abroad)).start)).toBe('2027-01-13T09:00:00.000Z');
  }, 60_000);

  it('[R3.5] a whole day is that day in any zone, and goes to times and back', async () => {
    const made = await hisDesk.create({ Onderwerp: 'Vrije dag', HeleDag: true, ...row('2027-02-15', '00:00', '00:00') });
    const event = await inGoogle('Vrije dag', abroad);
    expect([event.start, event.end]).toEqual([{ date: '2027-02-15' }, { date: '2027-02-16' }]);
    await abroad.patch(event.id, { start: { date: '2027-02-18' }, end: { date: '2027-02-19' } });
    expect(wall(await seesInventive(made.ID, 'another day', ({ BeginDatum }) => BeginDatum === bang('2027-02-18'), hisDesk))).toEqual(onClock('2027-02-18', '00:00', '00:00'));
    await hisDesk.change(made.ID, { HeleDag: false, BeginTijd: clock('09:00'), EindTijd: clock('10:00') });
    const withTimes = await seesGoogle(event.id, 'times', ({ start }) => start?.dateTime !== undefined, abroad);
    expect(withTimes.start).not.toHaveProperty('date');
    expect(instant(withTimes.start)).toBe('2027-02-18T08:00:00.000Z');
    await abroad.patch(event.id, { start: { date: '2027-02-18', dateTime: null, timeZone: null }, end: { date: '2027-02-19', dateTime: null, timeZone: null } });
    await seesInventive(made.ID, 'a whole day again', ({ HeleDag, BeginDatum, EindDatum }) => HeleDag && BeginDatum === bang('2027-02-18') && EindDatum === bang('2027-02-18'), hisDesk);
    const floating = await abroad.insert({ summary: 'Verjaardag', start: { date: '2027-03-28' }, end: { date: '2027-03-29' } });
    expect(wall(await inInventive('Verjaardag', hisDesk))).toEqual(onClock('2027-03-28', '00:00', '00:00'));
    await product.quiet();
    expect((await abroad.get(floating.id)).start).toEqual({ date: '2027-03-28' });
  }, 60_000);

  it('[R3.6] [lesson 12] the last of several days is the same on both sides', async () => {
    await desk.create({ Onderwerp: 'Vakantie', HeleDag: true, BeginDatum: '2027-03-27T00:00:00Z', EindDatum: '2027-03-29T00:00:00Z', BeginTijd: 0, EindTijd: 0 });
    expect((await inGoogle('Vakantie')).end).toEqual({ date: '2027-03-30' });
    const event = await phone.insert({ summary: 'Congres', start: { date: '2027-10-30' }, end: { date: '2027-11-02' } });
    const seen = await inInventive('Congres');
    expect([seen.BeginDatum, seen.EindDatum]).toEqual([bang('2027-10-30'), bang('2027-11-01')]);
    await desk.change(seen.ID, { EindDatum: '2027-11-03T00:00:00Z' });
    await seesGoogle(event.id, 'the last day', ({ end }) => end?.date === '2027-11-04');
    expect((await writesSince()).inventive).toBe(1);
  }, 60_000);
});

describe('any date', () => {
  it.each(['1900-01-01', '1940-05-16', '2000-02-29', '2026-12-31', '2100-02-28', '2100-12-31'])('[R3.7] goes there and back unchanged: %s', async (on) => {
    const subject = `Datum ${on}`;
    const made = await desk.create({ Onderwerp: subject });
    const event = await inGoogle(subject);
    await desk.change(made.ID, row(on, '09:15', '10:45'));
    const there = await seesGoogle(event.id, 'that date', ({ start }) => start?.dateTime?.slice(0, 10) === on);
    const expected = (time: string) => new Date(Temporal.PlainDateTime.from(`${on}T${time}`).toZonedDateTime('Europe/Amsterdam').epochMilliseconds).toISOString();
    expect([instant(there.start), instant(there.end)]).toEqual([expected('09:15'), expected('10:45')]);
    await phone.patch(event.id, timed(`${on}T11:00:00`, `${on}T12:00:00`, 'Europe/Amsterdam'));
    expect(wall(await seesInventive(made.ID, 'a later hour', ({ BeginTijd }) => BeginTijd === 11 * HOUR_MS))).toEqual(onClock(on, '11:00', '12:00'));
    await phone.patch(event.id, { start: { date: on, dateTime: null, timeZone: null }, end: { date: Temporal.PlainDate.from(on).add({ days: 1 }).toString(), dateTime: null, timeZone: null } });
    expect(wall(await seesInventive(made.ID, 'a whole day', ({ HeleDag }) => HeleDag))).toEqual(onClock(on, '00:00', '00:00'));
    expect(await writesSince()).toEqual({ google: 2, inventive: 2 });
  }, 60_000);
});

describe('zones of Google', () => {
  it.each<[string, object, string, string[] | undefined]>([
    ['of the IANA', timed('2027-01-12T09:00:00', '2027-01-12T10:00:00', 'Asia/Kathmandu'), 'Asia/Kathmandu', ['2027-01-12', '04:15', '05:15']],
    ['with its sign turned around', timed('2027-01-12T09:00:00', '2027-01-12T10:00:00', 'Etc/GMT+3'), 'Etc/GMT+3', ['2027-01-12', '13:00', '14:00']],
    ['an offset only', timed('2027-01-12T09:00:00-07:00', '2027-01-12T10:00:00-07:00'), 'Europe/Amsterdam', ['2027-01-12', '17:00', '18:00']],
    ['UTC', timed('2027-07-12T09:00:00Z', '2027-07-12T10:00:00Z', 'UTC'), 'UTC', ['2027-07-12', '11:00', '12:00']],
  ])('[R3.8] are understood: %s', async (name, times, zone, clockThere) => {
    const event = await phone.insert({ summary: `Zone ${name}`, ...times });
    const seen = await inInventive(`Zone ${name}`);
    const [on = '', from = '', until = ''] = clockThere ?? [];
    expect(wall(seen)).toEqual(onClock(on, from, until));
    await desk.change(seen.ID, { EindTijd: seen.EindTijd + HOUR_MS });
    const longer = await seesGoogle(event.id, 'an hour more', ({ start, end }) => Date.parse(end?.dateTime ?? '') - Date.parse(start?.dateTime ?? '') === 2 * HOUR_MS);
    expect([longer.start?.timeZone, instant(longer.start)]).toEqual([zone, instant(event.start)]);
  }, 60_000);
});

describe('zones of files that Google’s page read in', () => {
  it.each<[string, string | undefined, string, [string, string, string], string]>([
    ['a name of Windows', 'W. Europe Standard Time', '+01:00', ['2027-01-12', '09:00', '10:00'], 'Europe/Berlin'],
    ['another name of Windows', 'Eastern Standard Time', '-05:00', ['2027-01-12', '15:00', '16:00'], 'America/New_York'],
    ['a zone that its maker defined', 'Customized Time Zone', '-07:00', ['2027-01-12', '17:00', '18:00'], 'Europe/Amsterdam'],
    ['the name of an offset', 'GMT-07:00', '-07:00', ['2027-01-12', '17:00', '18:00'], 'Europe/Amsterdam'],
    ['no name at all', undefined, '+09:00', ['2027-01-12', '01:00', '02:00'], 'Europe/Amsterdam'],
  ])('[R3.8] are understood: %s', async (name, timeZone, offset, clockThere, zoneOnceMoved) => {
    const summary = `Uit een bestand: ${name}`;
    const event = await phone.importFile({ iCalUID: `${name.replaceAll(' ', '-')}@outlook.example`, summary, ...timed(`2027-01-12T09:00:00${offset}`, `2027-01-12T10:00:00${offset}`, timeZone) });
    expect(event.start?.timeZone).toBe(timeZone);
    const seen = await inInventive(summary);
    expect(wall(seen)).toEqual(onClock(...clockThere));
    // What has nothing to do with the time leaves the zone alone, whatever it is called.
    await desk.change(seen.ID, { Locatie: 'Zaal 2' });
    const placed = await seesGoogle(event.id, 'the place', ({ location }) => location === 'Zaal 2');
    expect([placed.start, placed.end]).toEqual([event.start, event.end]);
    // A new time needs a zone that Google takes: that of the same rules where the name says which, else the administration's.
    await desk.change(seen.ID, { EindTijd: seen.EindTijd + HOUR_MS });
    const longer = await seesGoogle(event.id, 'an hour more', ({ start, end }) => Date.parse(end?.dateTime ?? '') - Date.parse(start?.dateTime ?? '') === 2 * HOUR_MS);
    expect([instant(longer.start), longer.start?.timeZone, longer.end?.timeZone]).toEqual([instant(event.start), zoneOnceMoved, zoneOnceMoved]);
    expect(await writesSince()).toEqual({ google: 3, inventive: 1 });
  }, 60_000);

  it('[R3.8] are understood in a series: a name of Windows keeps its own summer', async () => {
    // Summer begins on the 14th of March in New York, on the 28th in Europe.
    const zone = 'Eastern Standard Time';
    const series = { iCalUID: 'reeks@outlook.example', summary: 'Reeks uit New York', ...timed('2027-03-13T09:00:00-05:00', '2027-03-13T10:00:00-05:00', zone), recurrence: ['RRULE:FREQ=DAILY;COUNT=3'] };
    await phone.importFile(series, 'America/New_York');
    const rows = await waitUntil('three rows stand in Inventive', async () => {
      const found = await desk.withSubject('Reeks uit New York');
      return found.length === 3 && found;
    });
    expect(Object.fromEntries(rows.map((one) => [one.BeginDatum, one.BeginTijd]))).toEqual({ [bang('2027-03-13')]: clock('15:00'), [bang('2027-03-14')]: clock('14:00'), [bang('2027-03-15')]: clock('14:00') });
  }, 60_000);
});

describe('administrations', () => {
  it('[R3.10] keep their own clock: ten o’clock in each is ten o’clock there', async () => {
    const administrations = await desk.rows('Administratie');
    const idOf = (code: string) => administrations.find(({ Code }) => Code === code)?.['ID'];
    const here = await desk.create({ Onderwerp: 'Hier om tien', AdministratieID: idOf('100'), ...row('2027-07-12', '10:00', '11:00') });
    const there = await desk.create({ Onderwerp: 'Daar om tien', AdministratieID: idOf('200'), ...row('2027-07-12', '10:00', '11:00') });
    const [inAmsterdam, onCuracao] = [await inGoogle('Hier om tien'), await inGoogle('Daar om tien')];
    expect([instant(inAmsterdam.start), inAmsterdam.start?.timeZone]).toEqual(['2027-07-12T08:00:00.000Z', 'Europe/Amsterdam']);
    expect([instant(onCuracao.start), onCuracao.start?.timeZone]).toEqual(['2027-07-12T14:00:00.000Z', 'America/Curacao']);
    await phone.patch(onCuracao.id, timed('2027-07-12T18:00:00+02:00', '2027-07-12T19:00:00+02:00', 'Europe/Amsterdam'));
    expect(wall(await seesInventive(there.ID, 'noon', ({ BeginTijd }) => BeginTijd === clock('12:00')))).toEqual(onClock('2027-07-12', '12:00', '13:00'));
    await desk.change(here.ID, { Locatie: 'Zaal 1' });
    await seesGoogle(inAmsterdam.id, 'the place', ({ location }) => location === 'Zaal 1');
    expect(await writesSince()).toEqual({ google: 3, inventive: 1 });
  }, 60_000);
});

describe('in the end', () => {
  it('nobody was mailed, and the product is quiet', async () => {
    await product.quiet();
    expect(await product.mails()).toEqual([]);
  }, 60_000);
});
