import { icsEvents, isOnRule, movedBy, secondsOf, startText, thirdOpinion, utcText, wallMs, wallTextOf, type IcsEvent, type Override } from '@calsync/recurrence';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PersonAtDesk, SeenRow } from './system/person-at-desk.js';
import type { PersonAtGoogle } from './system/person-at-google.js';
import { startProduct, type Product } from './system/product.js';
import { waitUntil } from './system/wait-until.js';

/** The files with which calendar packages test themselves, brought into a calendar as a program does that imports them. */
const OFFICE = 'Europe/Amsterdam';
const [BEFORE, AFTER] = [150, 60];
const today = Temporal.Now.plainDateISO(OFFICE);
/** Two days from the window's edges: what straddles them has tests of its own. */
const [first, last] = [today.subtract({ days: BEFORE - 2 }).toString(), today.add({ days: AFTER - 2 }).toString()];

type NamedEvent = IcsEvent & { readonly name: string };
const all: readonly NamedEvent[] = icsEvents().filter(({ refused }) => refused === undefined);
/** Two files are whole calendars: they stand there when the user is linked, the others come into a living account. */
const isBig = ({ name }: NamedEvent): boolean => /\/(test6|icalendar-test)\.ics#/.test(name);

let product: Product;
let desk: PersonAtDesk;
let phone: PersonAtGoogle;

beforeAll(async () => {
  product = await startProduct();
  await product.settings('jansen', { daysBefore: BEFORE, daysAfter: AFTER });
  [desk, phone] = [await product.desk('jansen'), await product.phone('jansen')];
}, 180_000);
afterAll(() => product?.stop(), 60_000);
afterEach(async () => {
  await product.quiet();
  const mails = await product.mails();
  if (mails.length > 0) throw new Error(`Google would have sent ${JSON.stringify(mails)}`);
}, 200_000);

interface Shown {
  readonly subject: string;
  /** Instant in seconds; of a day its midnight in UTC. */
  readonly at: number;
  readonly lastsSeconds: number;
  readonly ofDays: boolean;
}

/** Old files are moved into the window by whole weeks, so that weekdays hold, to where their start is a time of their rule. */
function placed(event: NamedEvent): Pick<IcsEvent, 'start' | 'zone' | 'lines'> & { readonly days: number } {
  const series = { start: startText(event), zone: event.zone, lines: event.lines };
  const newest = Math.floor((Date.parse(today.subtract({ days: 14 }).toString()) - wallMs(series.start)) / (7 * 86_400_000)) * 7;
  const choices = Array.from({ length: 18 }, (_, weeks) => newest - weeks * 7);
  const days = choices.find((choice) => isOnRule(movedBy(choice, series)));
  if (days === undefined && event.lines.some((line) => line.includes('COUNT='))) throw new Error(`${event.name} has no start in the window that its rule counts`);
  return { ...movedBy(days ?? newest, series), days: days ?? newest };
}

const subjectOf = (event: NamedEvent): string => `${all.indexOf(event) + 1}. ${event.name.split('/').at(-1)}`;
const movedOverride = (override: Override, zone: string, days: number): Override => {
  const move = (text: string): string => movedBy(days, { start: text, zone, lines: [] }).start;
  return { ...override, original: move(override.original), start: move(override.start) };
};

function expected(event: NamedEvent): readonly Shown[] {
  const { start, zone, lines, days } = placed(event);
  const horizon = today.add({ days: AFTER + 3 }).toString().replaceAll('-', '') + (zone === '' ? '' : 'T000000');
  const overrides = new Map(event.overrides.map((override) => movedOverride(override, zone, days)).map((override) => [secondsOf(override.original, zone), override]));
  const times = lines.length === 0 ? [secondsOf(start, zone)] : thirdOpinion({ id: '', start, zone, lines, horizon, most: 1000 });
  return times.map((at): Shown => {
    const override = overrides.get(at);
    const subject = override?.summary === undefined ? subjectOf(event) : `${subjectOf(event)} anders`;
    return { subject, at: override === undefined ? at : secondsOf(override.start, zone), lastsSeconds: override?.lastsSeconds ?? event.lastsSeconds, ofDays: zone === '' };
  });
}

/** As a row says it: wall times of the office, days inclusive. */
function textOf({ subject, at, lastsSeconds, ofDays }: Shown): string {
  const text = (seconds: number): string => (ofDays ? wallTextOf(seconds, '') : wallTextOf(seconds, OFFICE));
  return `${subject} | ${text(at)} - ${text(ofDays ? at + lastsSeconds - 86_400 : at + lastsSeconds)}`;
}

function rowText(row: SeenRow): string {
  const at = (date: string, ms: number): string => {
    // 4D writes 27!11!2026.
    const day = date.split('!').toReversed().map((part) => part.padStart(2, '0')).join('');
    return row.HeleDag ? day : `${day}T${new Date(ms).toISOString().slice(11, 19).replaceAll(':', '')}`;
  };
  return `${row.Onderwerp} | ${at(row.BeginDatum, row.BeginTijd)} - ${at(row.EindDatum, row.EindTijd)}`;
}

const within = (text: string): boolean => {
  const day = / \| (\d{4})(\d\d)(\d\d)/.exec(text)?.slice(1).join('-') ?? '';
  return day >= first && day <= last;
};

async function bring(event: NamedEvent): Promise<void> {
  const { start, zone, lines, days } = placed(event);
  const moment = (seconds: number): object => {
    const text = wallTextOf(seconds, zone);
    const day = `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}`;
    return zone === '' ? { date: day } : { dateTime: `${day}T${text.slice(9, 11)}:${text.slice(11, 13)}:${text.slice(13, 15)}`, timeZone: zone };
  };
  const span = (at: number, lasts: number): object => ({ start: moment(at), end: moment(at + lasts) });
  const body = { iCalUID: `${event.name}@ics.example`, summary: subjectOf(event), ...span(secondsOf(start, zone), event.lastsSeconds), ...(lines.length === 0 ? {} : { recurrence: lines }) };
  const { id } = await phone.importEvent(body);
  for (const override of event.overrides.map((one) => movedOverride(one, zone, days))) {
    const original = secondsOf(override.original, zone);
    await phone.patch(`${id}_${zone === '' ? wallTextOf(original, '') : utcText(original)}`, { ...span(secondsOf(override.start, zone), override.lastsSeconds), ...(override.summary === undefined ? {} : { summary: `${subjectOf(event)} anders` }) });
  }
}

async function rowsShow(events: readonly NamedEvent[]): Promise<void> {
  const subjects = new Set(events.map(subjectOf));
  const wanted = events.flatMap(expected).map(textOf).filter(within).toSorted();
  const rows = async (): Promise<readonly string[]> => (await desk.agenda()).filter(({ Onderwerp }) => subjects.has(Onderwerp.replace(/ anders$/, ''))).map(rowText).filter(within).toSorted();
  // What differs is said by the expectation below; here it is only waited for.
  await waitUntil('the rows are there', async () => JSON.stringify(await rows()) === JSON.stringify(wanted), 150_000).catch(() => undefined);
  const seen = await rows();
  expect({ missing: wanted.filter((row) => !seen.includes(row)), tooMany: seen.filter((row) => !wanted.includes(row)) }).toEqual({ missing: [], tooMany: [] });
  expect(seen).toEqual(wanted);
}

describe('the .ics files of calendar packages, imported through Google', () => {
  it('[R4.2] show their occurrences as rows: whole calendars that stood there before the user was linked', async () => {
    const big = all.filter(isBig);
    for (const event of big) await bring(event);
    await product.link('jansen');
    await rowsShow(big);
  }, 400_000);

  it('[R4.2] [R4.3] show their occurrences as rows: odd zones, RDATE, EXDATE, exceptions, into a living account', async () => {
    const others = all.filter((event) => !isBig(event));
    for (const event of others) await bring(event);
    await rowsShow(others);
  }, 400_000);

  it('[R4.1] stay in Google as they came: an occurrence is never written, a single event gets its marks once', async () => {
    await product.quiet();
    // Ids of imported events are made of their UIDs; the others are Inventive's own rows.
    const writes = (await product.googleWrites()).filter(({ eventId }) => eventId.startsWith('_'));
    expect(writes.filter(({ eventId }) => /_\d{8}(T\d{6}Z)?$/.test(eventId))).toEqual([]);
    expect(writes.filter(({ method }) => method !== 'calendar.events.patch')).toEqual([]);
    expect(writes.length).toBe(new Set(writes.map(({ eventId }) => eventId)).size);
  }, 240_000);
});
