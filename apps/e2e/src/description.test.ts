import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countWrites } from './system/count-writes.js';
import type { PersonAtDesk } from './system/person-at-desk.js';
import type { PersonAtGoogle } from './system/person-at-google.js';
import { startProduct, type Product } from './system/product.js';
import { waitUntil } from './system/wait-until.js';

let product: Product;
let desk: PersonAtDesk;
let phone: PersonAtGoogle;

beforeAll(async () => {
  product = await startProduct();
  await product.settings('devries', { descriptionFields: ['relation.name', 'project.name'] });
  await product.link('jansen');
  await product.link('devries');
  desk = await product.desk('jansen');
  phone = await product.phone('jansen');
}, 180_000);
afterAll(() => product?.stop(), 60_000);

const { writesSince, countAnew } = countWrites(() => product);
const inGoogle = (summary: string, person = phone) => waitUntil(`"${summary}" stands in Google`, async () => (await person.withSummary(summary))[0]);
const seesDescription = (id: string, what: string, holds: (description: string) => boolean, person = phone) => waitUntil(`in Google: ${what}`, async () => {
  const { description = '' } = await person.get(id);
  return holds(description) ? { description } : undefined;
});
const seesNotes = (id: string, what: string, holds: (notes: string) => boolean, person = desk) => waitUntil(`in Inventive: ${what}`, async () => {
  const notes = (await person.get(id))?.Opmerking ?? '';
  return holds(notes) ? { notes } : undefined;
});
const made = (dataclass: string, values: Record<string, unknown>) => desk.saveIn(dataclass, values);
async function both(subject: string, values: Record<string, unknown> = {}) {
  const row = await desk.create({ Onderwerp: subject, ...values });
  const event = await inGoogle(subject);
  await product.quiet();
  return { row, event };
}

describe('the block', () => {
  it('[R2.1] carries relation, contact person and project under the notes, and only what stands outside it travels back', async () => {
    const relation = await made('Relatie', { Naam: 'Garage De Wit' });
    const contact = await made('Contactpersoon', { Naam: 'Piet Wit', RelatieID: relation['ID'] });
    const project = await made('Project', { Omschrijving: 'Hefbrug' });
    const { row, event } = await both('Offerte bespreken', { Opmerking: 'Sleutels mee', RelatieID: relation['ID'], ContactpersoonID: contact['ID'], ProjectID: project['ID'] });
    const block = '— Inventive —\nRelatie: Garage De Wit\nContactpersoon: Piet Wit\nProject: Hefbrug\n— einde Inventive —';
    expect(event.description).toBe(`Sleutels mee\n\n${block}`);
    await phone.patch(event.id, { description: `Sleutels mee\nen jas\n\n${block}\n\nPS parkeren achter` });
    await seesNotes(row.ID, 'what stands outside', (notes) => notes.includes('en jas') && notes.includes('PS parkeren achter') && !notes.includes('Garage') && !notes.includes('Inventive'));
    await desk.change(row.ID, { Opmerking: '' });
    await seesDescription(event.id, 'the block alone', (description) => description === block);
    expect((await writesSince()).inventive).toBe(1);
  }, 60_000);

  it('[R2.2] is refreshed in every description when a relation, a contact person or a project gets another name', async () => {
    const relation = await made('Relatie', { Naam: 'Oude Naam' });
    const contact = await made('Contactpersoon', { Naam: 'Mevrouw Oud', RelatieID: relation['ID'] });
    const project = await made('Project', { Omschrijving: 'Project Oud' });
    const links = { RelatieID: relation['ID'], ContactpersoonID: contact['ID'], ProjectID: project['ID'] };
    const items = [await both('Verhuizing 1', { ...links, Opmerking: 'Eén' }), await both('Verhuizing 2', { RelatieID: relation['ID'] }), await both('Verhuizing 3', { ProjectID: project['ID'] }), await both('Verhuizing 4')];
    await countAnew();
    const rename = (dataclass: string, saved: Record<string, unknown>, values: object) => desk.saveIn(dataclass, { __KEY: saved['__KEY'], __STAMP: saved['__STAMP'], ...values });
    await rename('Relatie', relation, { Naam: 'Nieuwe Naam' });
    for (const { event } of items.slice(0, 2)) await seesDescription(event.id, 'the relation', (text) => text.includes('Relatie: Nieuwe Naam'));
    expect(await writesSince()).toEqual({ google: 2, inventive: 0 });
    await rename('Contactpersoon', contact, { Naam: 'Mevrouw Nieuw' });
    await seesDescription(items[0]!.event.id, 'the contact person', (text) => text.includes('Contactpersoon: Mevrouw Nieuw'));
    await rename('Project', project, { Omschrijving: 'Project Nieuw' });
    for (const at of [0, 2]) await seesDescription(items[at]!.event.id, 'the project', (text) => text.includes('Project: Project Nieuw'));
    expect(await writesSince()).toEqual({ google: 5, inventive: 0 });
    expect((await phone.get(items[0]!.event.id)).description).toBe('Eén\n\n— Inventive —\nRelatie: Nieuwe Naam\nContactpersoon: Mevrouw Nieuw\nProject: Project Nieuw\n— einde Inventive —');
    expect(await phone.get(items[3]!.event.id)).not.toHaveProperty('description');
  }, 90_000);

  it('[R2.3] gives up what somebody types in it to the notes, and a line that was changed is put right', async () => {
    const relation = await made('Relatie', { Naam: 'Vaste Klant' });
    const { row, event } = await both('Getypt in het blok', { Opmerking: 'Boven', RelatieID: relation['ID'] });
    await phone.patch(event.id, { description: event.description?.replace('Relatie: Vaste Klant', 'Relatie: Vaste Klant\nbel eerst even') });
    await seesNotes(row.ID, 'the typed line', (notes) => notes.includes('Boven') && notes.includes('bel eerst even'));
    const moved = await seesDescription(event.id, 'the line above the block', (text) => /bel eerst even[\s\S]*— Inventive —\nRelatie: Vaste Klant\n— einde/.test(text));
    await phone.patch(event.id, { description: moved.description.replace('Relatie: Vaste Klant', 'Relatie: Iemand Anders') });
    await seesDescription(event.id, 'the line put right', (text) => text === moved.description);
    expect((await desk.rows('Relatie')).find(({ ID }) => ID === relation['ID'])?.['Naam']).toBe('Vaste Klant');
    expect((await desk.get(row.ID))?.Opmerking).not.toMatch(/Iemand Anders|Vaste Klant/);
    await product.quiet();
  }, 60_000);
});

describe('HTML', () => {
  it('[R2.4] [lesson 13] of Google’s editors is readable text in Inventive, and fifty times to and fro change nothing', async () => {
    const html = '<p>Agenda<b>punten</b>:</p><ul><li>Begroting &amp; planning</li><li>Rondvraag</li></ul><br>Zie <a href="https://example.nl/stuk">het stuk</a>';
    const event = await phone.insert({
      summary: 'Heen en weer 0', description: html,
      start: { dateTime: `${Temporal.Now.plainDateISO('Europe/Amsterdam').toString()}T13:00:00`, timeZone: 'Europe/Amsterdam' }, end: { dateTime: `${Temporal.Now.plainDateISO('Europe/Amsterdam').toString()}T14:00:00`, timeZone: 'Europe/Amsterdam' },
    });
    const row = await waitUntil('it stands in Inventive', async () => (await desk.withSubject('Heen en weer 0'))[0]);
    const notes = row.Opmerking;
    expect(notes).toMatch(/Agendapunten:[\s\S]*Begroting & planning[\s\S]*Rondvraag[\s\S]*het stuk/);
    expect(notes).not.toMatch(/<|&amp;/);
    await countAnew();
    for (let time = 1; time <= 50; time += 1) {
      await desk.change(row.ID, { Locatie: `Zaal ${time}` });
      await waitUntil(`trip ${time} in Google`, async () => (await phone.get(event.id)).location === `Zaal ${time}`);
      await phone.patch(event.id, { summary: `Heen en weer ${time}` });
      await waitUntil(`trip ${time} in Inventive`, async () => (await desk.get(row.ID))?.Onderwerp === `Heen en weer ${time}`);
    }
    expect(await writesSince()).toEqual({ google: 50, inventive: 50 });
    expect((await desk.get(row.ID))?.Opmerking).toBe(notes);
    expect((await phone.get(event.id)).description).toBe(html);
  }, 180_000);

  it('[R2.4] text that looks like HTML crosses as what it says', async () => {
    const text = 'if (a < b && c > d) <b>niet vet</b>\n\tingesprongen  regel\n"aanhaling" & zo';
    const { row, event } = await both('Code', { Opmerking: text });
    await phone.patch(event.id, { location: 'Hier' });
    await waitUntil('the place', async () => (await desk.get(row.ID))?.Locatie === 'Hier');
    expect((await desk.get(row.ID))?.Opmerking).toBe(text);
    expect(await writesSince()).toEqual({ google: 1, inventive: 1 });
  }, 60_000);
});

describe('what does not fit', () => {
  it('[R2.5] the block gives way, the notes are cut visibly, and stay whole in Inventive, also after a change in Google', async () => {
    const relation = await made('Relatie', { Naam: 'Lange Klant' });
    const line = (at: number) => `regel ${at}: ${'x'.repeat(90)}`;
    const long = Array.from({ length: 150 }, (_, at) => line(at)).join('\n');
    const { row, event } = await both('Te lang', { Opmerking: long, RelatieID: relation['ID'] });
    expect(event.description!.length).toBeLessThanOrEqual(8192);
    expect(event.description).toContain('(ingekort)');
    expect(event.description).not.toContain('Lange Klant');
    expect(event.description).toContain(line(70));

    await phone.patch(event.id, { location: 'Kantoor' });
    await waitUntil('the place', async () => (await desk.get(row.ID))?.Locatie === 'Kantoor');
    expect((await desk.get(row.ID))?.Opmerking).toBe(long);

    await phone.patch(event.id, { description: event.description!.replace(line(3), 'regel 3: gewijzigd in Google') });
    await seesNotes(row.ID, 'the change and all the rest', (notes) => notes === long.replace(line(3), 'regel 3: gewijzigd in Google'));
    await product.quiet();
    expect((await desk.get(row.ID))?.Opmerking).toBe(long.replace(line(3), 'regel 3: gewijzigd in Google'));

    await desk.change(row.ID, { Opmerking: 'Weer kort' });
    await seesDescription(event.id, 'all of it, with the block again', (text) => text === 'Weer kort\n\n— Inventive —\nRelatie: Lange Klant\n— einde Inventive —');
  }, 60_000);
});

describe('a list of fields without the notes', () => {
  it('[R2.6] leaves the notes in Inventive and Google’s own text in Google, whatever changes on either side', async () => {
    const [his, google] = [await product.desk('devries'), await product.phone('devries')];
    const relation = await made('Relatie', { Naam: 'Klant Van De Vries' });
    const row = await his.create({ Onderwerp: 'Zonder opmerking', Opmerking: 'blijft hier', RelatieID: relation['ID'] });
    const event = await inGoogle('Zonder opmerking', google);
    const block = '— Inventive —\nRelatie: Klant Van De Vries\n— einde Inventive —';
    expect(event.description).toBe(block);
    await google.patch(event.id, { description: `Mijn eigen tekst\n\n${block}` });
    await product.quiet();
    await his.change(row.ID, { Opmerking: 'blijft ook gewijzigd hier', Locatie: 'Zaal 3' });
    await waitUntil('the place', async () => (await google.get(event.id)).location === 'Zaal 3');
    await desk.saveIn('Relatie', { __KEY: relation['__KEY'], __STAMP: relation['__STAMP'], Naam: 'Andere Klant' });
    await seesDescription(event.id, 'own text over the refreshed block', (text) => text === `Mijn eigen tekst\n\n${block.replace('Klant Van De Vries', 'Andere Klant')}`, google);
    await product.quiet();
    expect((await his.get(row.ID))?.Opmerking).toBe('blijft ook gewijzigd hier');
  }, 60_000);
});

describe('in the end', () => {
  it('nobody was mailed, and the product is quiet', async () => {
    await product.quiet();
    expect(await product.mails()).toEqual([]);
  }, 60_000);
});
