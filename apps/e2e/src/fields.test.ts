import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countWrites } from './system/count-writes.js';
import type { PersonAtDesk, SeenRow } from './system/person-at-desk.js';
import type { PersonAtGoogle, SeenEvent } from './system/person-at-google.js';
import { startProduct, type Product } from './system/product.js';
import { waitUntil } from './system/wait-until.js';

let product: Product;
let desk: PersonAtDesk;
let phone: PersonAtGoogle;

/** A label that Jansen made in Google. */
const LABEL = '5f0c2a3e-0000-4000-8000-000000000001';

beforeAll(async () => {
  product = await startProduct({ source: { appointmentUrl: '{inventive}/_emulator/appointments/{id}' } });
  await product.settings('jansen', { rules: { colours: { Bezoek: { kind: 'colour', id: '5' }, Vakantie: { kind: 'colour', id: '9' }, Klant: { kind: 'label', id: LABEL }, Beurs: { kind: 'label', id: 'verwijderd-label' } } } });
  phone = await product.phone('jansen');
  await phone.calendarLabels({ id: LABEL, name: 'Klant' });
  await product.settings('devries', { privateContent: 'full' });
  await product.link('jansen');
  await product.link('devries');
  desk = await product.desk('jansen');
}, 180_000);
afterAll(() => product?.stop(), 60_000);

const { writesSince } = countWrites(() => product);
const today = Temporal.Now.plainDateISO('Europe/Amsterdam');
const day = (days: number): string => today.add({ days }).toString();
const at = (days: number, time: string) => ({ dateTime: `${day(days)}T${time}:00`, timeZone: 'Europe/Amsterdam' });
const hours = (days = 0) => ({ start: at(days, '13:00'), end: at(days, '14:00') });
const inGoogle = (summary: string, person = phone) => waitUntil(`"${summary}" stands in Google`, async () => (await person.withSummary(summary))[0]);
const inInventive = (subject: string) => waitUntil(`"${subject}" stands in Inventive`, async () => (await desk.withSubject(subject))[0]);
const seesGoogle = (id: string, what: string, holds: (event: SeenEvent) => boolean) => waitUntil(`in Google: ${what}`, async () => {
  const event = await phone.get(id);
  return holds(event) && event;
});
const seesInventive = (id: string, what: string, holds: (row: SeenRow) => boolean) => waitUntil(`in Inventive: ${what}`, async () => {
  const row = await desk.get(id);
  return row !== undefined && holds(row) && row;
});
/** An appointment that stands on both sides, and nothing under way. */
async function both(subject: string, values: Record<string, unknown> = {}) {
  const row = await desk.create({ Onderwerp: subject, ...values });
  const event = await inGoogle(subject);
  await product.quiet();
  return { row, event };
}

describe('texts', () => {
  it('[R1.1] subject, place and notes cross in both directions, and only what changed is written', async () => {
    const { row, event } = await both('Teksten', { Locatie: 'Zaal 1', Opmerking: 'Eerste' });
    await phone.patch(event.id, { summary: 'Teksten é 🎉', location: 'Zaal 2' });
    await seesInventive(row.ID, 'subject and place', ({ Onderwerp, Locatie, Opmerking }) => Onderwerp === 'Teksten é 🎉' && Locatie === 'Zaal 2' && Opmerking === 'Eerste');
    await desk.change(row.ID, { Opmerking: 'Tweede', Locatie: '' });
    const seen = await seesGoogle(event.id, 'notes, and no place', ({ description, location }) => description === 'Tweede' && location === undefined);
    expect(seen.summary).toBe('Teksten é 🎉');
    expect(await writesSince()).toEqual({ google: 2, inventive: 1 });
  }, 60_000);

  it('[R1.12] a place that is too long for Inventive is cut there, and stays whole in Google', async () => {
    const location = `Lange weg ${'é😀 '.repeat(90)}achter`;
    const event = await phone.insert({ summary: 'Te lange plaats', location, ...hours(1) });
    const row = await inInventive('Te lange plaats');
    expect([row.Locatie.length <= 255, location.startsWith(row.Locatie.slice(0, -1)), row.Locatie.at(-1)]).toEqual([true, true, '…']);
    await product.quiet();
    await desk.change(row.ID, { Onderwerp: 'Toch te lang' });
    expect(await seesGoogle(event.id, 'the subject', ({ summary }) => summary === 'Toch te lang')).toMatchObject({ location });
    // The row; the event's marks, its subject: nothing more.
    expect(await writesSince()).toEqual({ google: 2, inventive: 1 });
  }, 60_000);
});

describe('times', () => {
  it.each([
    ['past midnight', { BeginDatum: `${day(3)}T00:00:00Z`, EindDatum: `${day(4)}T00:00:00Z`, BeginTijd: 82_800_000, EindTijd: 5_400_000 }, [`${day(3)}T23:00:00`, `${day(4)}T01:30:00`]],
    ['no time at all', { BeginDatum: `${day(3)}T00:00:00Z`, EindDatum: `${day(3)}T00:00:00Z`, BeginTijd: 36_000_000, EindTijd: 36_000_000 }, [`${day(3)}T10:00:00`, `${day(3)}T10:00:00`]],
    ['over days', { BeginDatum: `${day(3)}T00:00:00Z`, EindDatum: `${day(6)}T00:00:00Z`, BeginTijd: 36_000_000, EindTijd: 43_200_000 }, [`${day(3)}T10:00:00`, `${day(6)}T12:00:00`]],
  ])('[R1.2] stay the same to the minute: %s', async (name, values, [start, end]) => {
    const { row, event } = await both(`Tijd ${name}`, values);
    expect([event.start?.dateTime?.slice(0, 19), event.end?.dateTime?.slice(0, 19)]).toEqual([start, end]);
    await phone.patch(event.id, { summary: `Tijd ${name} gezien` });
    const seen = await seesInventive(row.ID, 'the subject', ({ Onderwerp }) => Onderwerp === `Tijd ${name} gezien`);
    expect([seen.BeginDatum, seen.EindDatum, seen.BeginTijd, seen.EindTijd]).toEqual([row.BeginDatum, row.EindDatum, row.BeginTijd, row.EindTijd]);
    expect(await writesSince()).toEqual({ google: 1, inventive: 1 });
  }, 60_000);

  it('[R1.3] whole days are the same days on both sides, also when they are moved on either', async () => {
    const { row, event } = await both('Beurs', { HeleDag: true, BeginDatum: `${day(5)}T00:00:00Z`, EindDatum: `${day(7)}T00:00:00Z`, BeginTijd: 0, EindTijd: 0 });
    expect([event.start, event.end]).toEqual([{ date: day(5) }, { date: day(8) }]);
    await phone.patch(event.id, { start: { date: day(6) }, end: { date: day(7) } });
    const one = await seesInventive(row.ID, 'one day', ({ BeginDatum, EindDatum }) => BeginDatum === EindDatum);
    expect(one).toMatchObject({ HeleDag: true, BeginDatum: bang(6) });
    await desk.change(row.ID, { EindDatum: `${day(9)}T00:00:00Z` });
    await seesGoogle(event.id, 'four days', ({ end }) => end?.date === day(10));
    expect(await writesSince()).toEqual({ google: 2, inventive: 1 });
  }, 60_000);
});

const bang = (days: number): string => {
  const on = today.add({ days });
  return `${on.day}!${on.month}!${on.year}`;
};

describe('how it shows', () => {
  it('[R1.4] Voorlopig is tentative, Vrij is free, Afwezig takes the time and stays Afwezig', async () => {
    const { row, event } = await both('Toont als', { ToonAls: 'Voorlopig' });
    expect(event).toMatchObject({ status: 'tentative' });
    expect(event).not.toHaveProperty('transparency');
    await desk.change(row.ID, { ToonAls: 'Vrij' });
    await seesGoogle(event.id, 'free', ({ transparency }) => transparency === 'transparent');
    await desk.change(row.ID, { ToonAls: 'Afwezig' });
    await seesGoogle(event.id, 'busy', ({ transparency, status }) => transparency === undefined && status === 'confirmed');
    await phone.patch(event.id, { location: 'Thuis' });
    expect(await seesInventive(row.ID, 'the place', ({ Locatie }) => Locatie === 'Thuis')).toMatchObject({ ToonAls: 'Afwezig' });
    await phone.patch(event.id, { status: 'tentative' });
    await seesInventive(row.ID, 'tentative', ({ ToonAls }) => ToonAls === 'Voorlopig');
    await phone.patch(event.id, { transparency: 'transparent' });
    await seesInventive(row.ID, 'free', ({ ToonAls }) => ToonAls === 'Vrij');
    await phone.patch(event.id, { transparency: 'opaque', status: 'confirmed' });
    await seesInventive(row.ID, 'busy', ({ ToonAls }) => ToonAls === 'Bezet');
    expect(await writesSince()).toEqual({ google: 3, inventive: 4 });
  }, 90_000);

  it('[R1.5] [lesson 19] private crosses in both directions; content that may not cross stays in Inventive and comes back unharmed', async () => {
    const row = await desk.create({ Onderwerp: 'Bedrijfsarts', Locatie: 'Kamer 3', Opmerking: 'vertrouwelijk', Prive: true });
    const event = await waitUntil('it stands in Google', async () => (await phone.events()).find(({ extendedProperties }) => extendedProperties?.private?.['inventiveAppointment'] === row.ID));
    expect(event).toMatchObject({ summary: 'Bezet', visibility: 'private' });
    expect(JSON.stringify(event)).not.toMatch(/Bedrijfsarts|Kamer 3|vertrouwelijk/);
    await phone.patch(event.id, { ...hours(1) });
    expect(await seesInventive(row.ID, 'the new time', ({ BeginDatum }) => BeginDatum === bang(1))).toMatchObject({ Onderwerp: 'Bedrijfsarts', Locatie: 'Kamer 3', Opmerking: 'vertrouwelijk' });
    await desk.change(row.ID, { Prive: false });
    await seesGoogle(event.id, 'public, with its content', ({ summary, visibility, description }) => summary === 'Bedrijfsarts' && visibility === undefined && description === 'vertrouwelijk');

    const own = await phone.insert({ summary: 'Tandarts', visibility: 'private', ...hours(2) });
    expect(await waitUntil('it stands in Inventive as private', async () => (await desk.agenda()).find(({ Prive, BeginDatum, BeginTijd }) => Prive && BeginDatum === bang(2) && BeginTijd === 46_800_000))).toMatchObject({ Prive: true });
    await product.quiet();
    expect((await phone.get(own.id)).summary).toBe('Tandarts');
  }, 90_000);

  it('[R1.5] where the administration lets content cross, Google shows it and says private', async () => {
    const [his, google] = [await product.desk('devries'), await product.phone('devries')];
    await his.create({ Onderwerp: 'Functioneringsgesprek', Opmerking: 'verslag volgt', Prive: true });
    expect(await inGoogle('Functioneringsgesprek', google)).toMatchObject({ visibility: 'private', description: 'verslag volgt' });
  }, 60_000);
});

describe('reminders', () => {
  const popup = (minutes: number) => ({ method: 'popup', minutes });

  it('[R1.6] the one of Inventive is the notification nearest to the start; without one the calendar’s own apply', async () => {
    const { row, event } = await both('Herinnering', { HerinneringMinuten: 15 });
    expect(event.reminders).toEqual({ useDefault: false, overrides: [popup(15)] });
    await desk.change(row.ID, { HerinneringMinuten: 0 });
    await seesGoogle(event.id, 'at the start', ({ reminders }) => reminders?.overrides?.[0]?.minutes === 0);
    await desk.change(row.ID, { HerinneringMinuten: null });
    expect((await seesGoogle(event.id, 'the default ones', ({ reminders }) => reminders?.useDefault === true)).reminders).toEqual({ useDefault: true });
    // Google tells nobody of a reminder that changed alone: it is noticed when the event is read for another reason.
    await phone.patch(event.id, { reminders: { useDefault: false, overrides: [popup(45)] }, location: 'Elders' });
    expect(await seesInventive(row.ID, 'the reminder', ({ HerinneringMinuten }) => HerinneringMinuten === 45)).toMatchObject({ Locatie: 'Elders' });
    expect(await writesSince()).toEqual({ google: 3, inventive: 1 });

    const plain = (await both('Zonder herinnering')).event;
    expect(plain.reminders).toEqual({ useDefault: true });
  }, 60_000);

  it('[R1.7] others that somebody set in Google stay, and so does silence', async () => {
    const { row, event } = await both('Meer meldingen', { HerinneringMinuten: 10 });
    const others = [{ method: 'email', minutes: 1440 }, popup(120)];
    await phone.patch(event.id, { reminders: { useDefault: false, overrides: [...others, popup(10)] }, location: 'Zaal 4' });
    await seesInventive(row.ID, 'the place', ({ Locatie }) => Locatie === 'Zaal 4');
    await desk.change(row.ID, { HerinneringMinuten: 20 });
    const seen = await seesGoogle(event.id, 'the new one', ({ reminders }) => reminders?.overrides?.some(({ minutes }) => minutes === 20) === true);
    expect(seen.reminders?.overrides?.toSorted((a, b) => a.minutes - b.minutes)).toEqual([popup(20), popup(120), { method: 'email', minutes: 1440 }]);

    const silent = await phone.insert({ summary: 'Stil', reminders: { useDefault: false, overrides: [] }, ...hours(1) });
    const row2 = await inInventive('Stil');
    await desk.change(row2.ID, { Locatie: 'Hier' });
    expect((await seesGoogle(silent.id, 'the place', ({ location }) => location === 'Hier')).reminders).toEqual({ useDefault: false });
  }, 60_000);
});

describe('status', () => {
  it('[R1.8] an appointment that is done stays in Google as it is', async () => {
    const { row, event } = await both('Klaar');
    await desk.change(row.ID, { Status: 'Afgerond' });
    expect(await writesSince()).toEqual({ google: 1, inventive: 0 });
    expect(await phone.get(event.id)).toMatchObject({ summary: 'Klaar', etag: event.etag, status: 'confirmed' });
    await phone.patch(event.id, { location: 'Nog even' });
    expect(await seesInventive(row.ID, 'the place', ({ Locatie }) => Locatie === 'Nog even')).toMatchObject({ Status: 'Afgerond' });
  }, 60_000);
});

describe('colour and link', () => {
  it('[R1.9] the colour is that of the Soort, until somebody chooses another in Google', async () => {
    const { row, event } = await both('Klant bezoeken', { Soort: 'bezoek' });
    expect(event.colorId).toBe('5');
    await desk.change(row.ID, { Soort: 'Vakantie' });
    await seesGoogle(event.id, 'the other colour', ({ colorId }) => colorId === '9');
    await phone.patch(event.id, { colorId: '11' });
    await product.quiet();
    await desk.change(row.ID, { Soort: 'Bezoek', Locatie: 'Breda' });
    expect(await seesGoogle(event.id, 'the place', ({ location }) => location === 'Breda')).toMatchObject({ colorId: '11' });
    expect(await writesSince()).toEqual({ google: 3, inventive: 0 });
    expect((await both('Zonder kleur', { Soort: 'Overleg' })).event).not.toHaveProperty('colorId');
    const ours = await both('Kleur weer weg', { Soort: 'Bezoek' });
    expect(ours.event.colorId).toBe('5');
    await desk.change(ours.row.ID, { Soort: 'Overleg' });
    await seesGoogle(ours.event.id, 'no colour', ({ colorId }) => colorId === undefined);
  }, 60_000);

  it('[R1.9] it may be a label of the calendar; one that is gone there stops no appointment', async () => {
    const { row, event } = await both('Bij de klant', { Soort: 'Klant' });
    expect(event).toMatchObject({ eventLabelId: LABEL });
    await phone.patch(event.id, { location: 'Ede' });
    await seesInventive(row.ID, 'the place', ({ Locatie }) => Locatie === 'Ede');
    await desk.change(row.ID, { Soort: 'Bezoek' });
    expect(await seesGoogle(event.id, 'the colour of the other kind', ({ colorId }) => colorId === '5')).not.toHaveProperty('eventLabelId');
    await desk.change(row.ID, { Soort: 'Klant' });
    await seesGoogle(event.id, 'the label again', ({ eventLabelId }) => eventLabelId === LABEL);

    const fair = await both('Op de beurs', { Soort: 'Beurs' });
    await desk.change(fair.row.ID, { Locatie: 'Utrecht' });
    await seesGoogle(fair.event.id, 'the place', ({ location }) => location === 'Utrecht');
    // A label takes the place of a colour in one call, a colour that of a label in two.
    expect(await writesSince()).toEqual({ google: 6, inventive: 1 });
    // What it hid was ours as well.
    await desk.change(row.ID, { Soort: 'Overleg' });
    expect(await seesGoogle(event.id, 'no label', ({ eventLabelId }) => eventLabelId === undefined)).not.toHaveProperty('colorId');
  }, 60_000);

  it('[R1.10] a link leads to the appointment, and a person who changes it in Google changes nothing in Inventive', async () => {
    const { row, event } = await both('Met link');
    expect(event.source).toEqual({ title: 'Inventive', url: `${product.inventive}/_emulator/appointments/${row.ID}` });
    const page = await (await fetch(String(event.source?.url))).text();
    expect(page).toContain('Met link');

    const born = await phone.insert({ summary: 'Krijgt een link', ...hours(1) });
    const row2 = await inInventive('Krijgt een link');
    const linked = await seesGoogle(born.id, 'its link', ({ source }) => source !== undefined);
    expect(linked.source?.url).toContain(row2.ID);
    expect(linked.extendedProperties?.private?.['inventiveAppointment']).toBe(row2.ID);
    expect(await writesSince()).toEqual({ google: 2, inventive: 1 });
    await phone.patch(born.id, { source: { title: 'Van mij', url: 'https://elders.example/' } });
    expect((await writesSince()).inventive).toBe(1);
  }, 60_000);
});

describe('what Inventive does not know', () => {
  it('[R1.11] [lesson 1] [lesson 14] video meeting, files, guests, permissions, colour and reminders stay through edits of every field in Inventive', async () => {
    const born = await phone.insert({
      summary: 'Videogesprek', description: 'Agenda volgt', ...hours(3), colorId: '2', guestsCanModify: true, guestsCanInviteOthers: false, guestsCanSeeOtherGuests: false,
      attendees: [{ email: 'klant@example.nl', displayName: 'Klant', comment: 'graag vroeg' }, { email: 'zaal@resource.calendar.google.com', resource: true }],
      reminders: { useDefault: false, overrides: [{ method: 'email', minutes: 30 }] }, extendedProperties: { private: { ander: '1' }, shared: { gedeeld: '2' } },
      attachments: [{ fileUrl: 'https://drive.google.com/file/1', title: 'Offerte' }], conferenceData: { createRequest: { requestId: 'r1', conferenceSolutionKey: { type: 'hangoutsMeet' } } },
    }, { conferenceDataVersion: '1', supportsAttachments: 'true' });
    const row = await inInventive('Videogesprek');
    await product.quiet();
    const before = await phone.get(born.id) as unknown as Record<string, unknown>;
    const KEPT = ['colorId', 'guestsCanModify', 'guestsCanInviteOthers', 'guestsCanSeeOtherGuests', 'attendees', 'reminders', 'attachments', 'conferenceData', 'hangoutLink'];
    for (const key of ['conferenceData', 'attachments', 'attendees', 'guestsCanModify']) expect(before).toHaveProperty(key);
    for (const change of [{ Onderwerp: 'Videogesprek verzet' }, { Locatie: 'Online' }, { Opmerking: 'Agenda is er' }, { BeginDatum: `${day(4)}T00:00:00Z`, EindDatum: `${day(4)}T00:00:00Z` }, { ToonAls: 'Voorlopig' }, { Prive: true }, { Prive: false }, { HeleDag: true }, { HeleDag: false, BeginTijd: 36_000_000, EindTijd: 39_600_000 }]) {
      await desk.change(row.ID, change);
      await product.quiet();
    }
    const after = await phone.get(born.id) as unknown as Record<string, unknown>;
    expect(after).toMatchObject({ summary: 'Videogesprek verzet', location: 'Online', description: 'Agenda is er', status: 'tentative', start: { dateTime: expect.stringContaining(`${day(4)}T10:00:00`) as string } });
    for (const key of KEPT) expect([key, after[key]]).toEqual([key, before[key]]);
    expect(after['extendedProperties']).toMatchObject({ private: { ander: '1', inventiveAppointment: row.ID }, shared: { gedeeld: '2' } });
    expect(await product.mails()).toEqual([]);
  }, 120_000);
});

describe('in the end', () => {
  it('nobody was mailed, and the product is quiet', async () => {
    await product.quiet();
    expect(await product.mails()).toEqual([]);
  }, 60_000);
});
