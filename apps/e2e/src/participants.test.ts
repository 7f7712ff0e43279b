import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PersonAtDesk } from './system/person-at-desk.js';
import { PersonAtGoogle, type SeenEvent } from './system/person-at-google.js';
import { startProduct, type Product } from './system/product.js';
import { waitUntil } from './system/wait-until.js';

/** Jansen's guests are written silently, De Vries has the settings that everybody begins with but for declining, Bakker's guests are e-mailed. */
let product: Product;
let jansen: { readonly desk: PersonAtDesk; readonly phone: PersonAtGoogle };
let devries: typeof jansen;
let bakker: typeof jansen;
/** Nobody of ours. */
let customer: PersonAtGoogle;
/** Grows only where somebody turned mail on. */
let mailed: { readonly kind: string; readonly to: string }[] = [];

const [ANNA, BOB, CUSTOMER] = ['anna@elders.example', 'bob@elders.example', 'klant@elders.example'];
const today = Temporal.Now.plainDateISO('Europe/Amsterdam');
const on = (days: number, hour: number, minutes = 30) => {
  const at = (minute: number) => ({ dateTime: `${today.add({ days }).toString()}T${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}:00`, timeZone: 'Europe/Amsterdam' });
  return { start: at(0), end: at(minutes) };
};
const day = (days: number) => ({ BeginDatum: `${today.add({ days }).toString()}T00:00:00Z`, EindDatum: `${today.add({ days }).toString()}T00:00:00Z` });

beforeAll(async () => {
  product = await startProduct();
  await product.settings('jansen', { rules: { guests: 'silent' } });
  await product.settings('devries', { rules: { deletedInvitation: 'decline' } });
  await product.settings('bakker', { rules: { guests: 'mail' } });
  await product.emulator('google', 'accounts', { email: CUSTOMER });
  const person = async (name: string) => ({ desk: await product.desk(name), phone: await product.phone(name) });
  [jansen, devries, bakker] = [await person('jansen'), await person('devries'), await person('bakker')];
  customer = await PersonAtGoogle.open(product.google, CUSTOMER);
  // Stands in both calendars before either is linked.
  await jansen.phone.insert({ summary: 'Al gepland', ...on(4, 8), attendees: [{ email: devries.phone.email }] });
  await Promise.all([product.link('jansen'), product.link('devries')]);
  await product.quiet();
}, 180_000);
afterAll(() => product?.stop(), 60_000);
afterEach(async () => {
  await product.quiet();
  const sent = ((await product.mails()) as typeof mailed).map(({ kind, to }) => ({ kind, to }));
  if (JSON.stringify(sent) !== JSON.stringify(mailed)) throw new Error(`Google would have sent ${JSON.stringify(sent)}, expected was ${JSON.stringify(mailed)}`);
}, 60_000);

const inGoogle = (who: PersonAtGoogle, summary: string) => waitUntil(`"${summary}" stands in Google`, async () => (await who.withSummary(summary))[0]);
const inInventive = (who: PersonAtDesk, subject: string) => waitUntil(`"${subject}" stands in Inventive`, async () => (await who.agenda()).find(({ Onderwerp }) => Onderwerp === subject));
const guestsOf = (event: SeenEvent): string[] => (event.attendees ?? []).map(({ email, responseStatus }) => `${email} ${responseStatus}`).sort();
const guests = (who: PersonAtGoogle, id: string, wanted: readonly string[]) =>
  waitUntil(`in Google are ${wanted.join(', ')}`, async () => JSON.stringify(guestsOf(await who.get(id))) === JSON.stringify([...wanted].sort()));
const seats = (who: PersonAtDesk, id: string, wanted: readonly string[]) =>
  waitUntil(`in Inventive are ${wanted.join(', ')}`, async () => JSON.stringify((await who.participants(id)).map(({ Email, Reactie }) => `${Email} ${Reactie}`).sort()) === JSON.stringify([...wanted].sort()));

describe("the user's own appointments", () => {
  it('[R5.1] [lesson 1] guests and replies cross both ways, and no saved change takes anybody out', async () => {
    const row = await jansen.desk.create({ Onderwerp: 'Projectoverleg', ...day(1) });
    await jansen.desk.invite(row.ID, { Naam: 'Anna', Email: ANNA });
    const event = await inGoogle(jansen.phone, 'Projectoverleg');
    await guests(jansen.phone, event.id, [`${ANNA} needsAction`]);
    await jansen.phone.patch(event.id, { attendees: [{ email: ANNA, responseStatus: 'accepted' }, { email: BOB, displayName: 'Bob' }] });
    await seats(jansen.desk, row.ID, [`${ANNA} Geaccepteerd`, `${BOB} Geen`]);
    for (const Locatie of ['Zaal 1', 'Zaal 2']) await jansen.desk.change(row.ID, { Locatie });
    await waitUntil('the place crosses', async () => (await jansen.phone.get(event.id)).location === 'Zaal 2');
    await jansen.desk.answer(row.ID, BOB, 'Afgewezen');
    await guests(jansen.phone, event.id, [`${ANNA} accepted`, `${BOB} declined`]);
    await jansen.desk.takeOut(row.ID, ANNA);
    await guests(jansen.phone, event.id, [`${BOB} declined`]);
    await jansen.phone.patch(event.id, { attendees: [] });
    await seats(jansen.desk, row.ID, []);
  }, 90_000);

  it('[R5.2] by default nobody goes to Google, the reason says so, and what Google knows comes in', async () => {
    const row = await devries.desk.create({ Onderwerp: 'Stil overleg', ...day(1) });
    await devries.desk.invite(row.ID, { Naam: 'Anna', Email: ANNA });
    const event = await inGoogle(devries.phone, 'Stil overleg');
    await waitUntil('the reason is there', async () => (await product.reasons('devries', row.ID)).includes('guests-not-synchronised'));
    expect((await devries.phone.get(event.id)).attendees).toBeUndefined();
    await devries.phone.patch(event.id, { attendees: [{ email: BOB, responseStatus: 'tentative' }] });
    await seats(devries.desk, row.ID, [`${ANNA} Geen`, `${BOB} Misschien`]);
    await devries.desk.change(row.ID, { Locatie: 'Kantine' });
    await waitUntil('the place crosses', async () => (await devries.phone.get(event.id)).location === 'Kantine');
    await guests(devries.phone, event.id, [`${BOB} tentative`]);
  }, 60_000);

  it('[R5.9] rooms stay as they are beside a guest who is added', async () => {
    const room = { email: 'zaal-3@resource.calendar.google.com', displayName: 'Zaal 3', resource: true, responseStatus: 'accepted' };
    const event = await jansen.phone.insert({ summary: 'In zaal 3', ...on(2, 9), attendees: [room, { email: ANNA, comment: 'Komt later', optional: true }] });
    const row = await inInventive(jansen.desk, 'In zaal 3');
    await seats(jansen.desk, row.ID, [`${ANNA} Geen`]);
    await jansen.desk.invite(row.ID, { Naam: 'Bob', Email: BOB });
    await jansen.desk.invite(row.ID, { Naam: 'Zonder adres', Email: '' });
    await guests(jansen.phone, event.id, [`${ANNA} needsAction`, `${BOB} needsAction`, `${room.email} accepted`]);
    expect((await jansen.phone.get(event.id)).attendees).toEqual(expect.arrayContaining([expect.objectContaining(room), expect.objectContaining({ email: ANNA, comment: 'Komt later', optional: true })]));
  }, 60_000);

  it('[R5.11] [lesson 17] Google takes no guests for a while: everything else goes on, and they follow', async () => {
    const row = await jansen.desk.create({ Onderwerp: 'Te veel gasten', ...day(2) });
    const event = await inGoogle(jansen.phone, 'Te veel gasten');
    await product.quiet();
    const fault = (await product.emulator('google', 'faults', { match: { method: 'calendar.events.patch', email: 'jansen@example.com', client: 'inventive-calendar-sync' }, action: { error: { status: 403, reason: 'quotaExceeded' } }, times: 1 })) as { id: string };
    await jansen.desk.invite(row.ID, { Naam: 'Anna', Email: ANNA });
    await waitUntil('the reason is there', async () => (await product.reasons('jansen', row.ID)).includes('guest-quota'));
    await product.emulator('google', `faults/${fault.id}`, undefined, 'DELETE').catch(() => undefined);
    await jansen.desk.change(row.ID, { Locatie: 'Gaat door' });
    await waitUntil('the place crosses meanwhile', async () => (await jansen.phone.get(event.id)).location === 'Gaat door');
    expect((await jansen.phone.get(event.id)).attendees).toBeUndefined();
    // The wait is this process's own: another one tries, and Google lets it.
    await product.restart('reconciler');
    await jansen.desk.change(row.ID, { Locatie: 'En verder' });
    await guests(jansen.phone, event.id, [`${ANNA} needsAction`]);
  }, 90_000);
});

describe('invitations', () => {
  const invite = (summary: string, days: number, ...emails: string[]) => customer.insert({ summary, ...on(days, 14), attendees: emails.map((email) => ({ email })) });

  it('[R5.4] [R5.5] [R5.6] come in read-only, to everybody invited; the own reply crosses both ways', async () => {
    const event = await invite('Kennismaking', 3, jansen.phone.email, devries.phone.email);
    const rows = [await inInventive(jansen.desk, 'Kennismaking'), await inInventive(devries.desk, 'Kennismaking')];
    expect(rows[0]?.ID).not.toBe(rows[1]?.ID);
    const row = rows[1]!;
    await seats(devries.desk, row.ID, [`${jansen.phone.email} Geen`, `${devries.phone.email} Geen`]);

    await devries.desk.answer(row.ID, devries.phone.email, 'Geaccepteerd');
    await guests(customer, event.id, [`${jansen.phone.email} needsAction`, `${devries.phone.email} accepted`]);
    const seen = await jansen.phone.get(event.id);
    await jansen.phone.patch(event.id, { attendees: seen.attendees?.map((one) => (one.self ? { ...one, responseStatus: 'tentative' } : one)) });
    await seats(devries.desk, row.ID, [`${jansen.phone.email} Misschien`, `${devries.phone.email} Geaccepteerd`]);
    await seats(jansen.desk, rows[0]!.ID, [`${jansen.phone.email} Misschien`, `${devries.phone.email} Geaccepteerd`]);

    await devries.desk.change(row.ID, { Onderwerp: 'Mijn titel', Locatie: 'Thuis' });
    await waitUntil('it is put back', async () => (await devries.desk.get(row.ID))?.Onderwerp === 'Kennismaking' && (await devries.desk.get(row.ID))?.Locatie === '');
    await waitUntil('the reason is there', async () => (await product.reasons('devries', row.ID)).includes('read-only-event-restored'));
    expect(await customer.get(event.id)).toMatchObject({ summary: 'Kennismaking' });
    expect((await customer.get(event.id)).location).toBeUndefined();
    await customer.patch(event.id, { summary: 'Kennismaking verzet', ...on(4, 10) });
    expect((await inInventive(devries.desk, 'Kennismaking verzet')).ID).toBe(row.ID);
  }, 90_000);

  it('[R5.7] a deleted row answers for the user where the administration wants it, and comes back when the user accepts after all', async () => {
    const event = await invite('Borrel', 5, devries.phone.email, jansen.phone.email);
    const [theirs, his] = [await inInventive(devries.desk, 'Borrel'), await inInventive(jansen.desk, 'Borrel')];
    await Promise.all([devries.desk.delete(theirs.ID), jansen.desk.delete(his.ID)]);
    await guests(customer, event.id, [`${devries.phone.email} declined`, `${jansen.phone.email} needsAction`]);
    await product.quiet();
    expect([(await devries.desk.withSubject('Borrel')).length, (await customer.get(event.id)).status]).toEqual([0, 'confirmed']);
    await customer.patch(event.id, { location: 'Elders' });
    await product.quiet();
    expect(await devries.desk.withSubject('Borrel')).toEqual([]);
    const copy = await devries.phone.get(event.id);
    await devries.phone.patch(event.id, { attendees: copy.attendees?.map((one) => (one.self ? { ...one, responseStatus: 'accepted' } : one)) });
    expect((await inInventive(devries.desk, 'Borrel')).Locatie).toBe('Elders');
  }, 90_000);

  it('[R5.5] [R5.6] [R5.7] of a series they are its occurrences, each followed and answered by itself', async () => {
    const series = await customer.insert({ summary: 'Voortgang', ...on(1, 17), recurrence: ['RRULE:FREQ=DAILY;COUNT=3'], attendees: [{ email: devries.phone.email }] });
    const rows = await waitUntil('three rows', async () => {
      const found = (await devries.desk.agenda()).filter(({ Onderwerp }) => Onderwerp === 'Voortgang');
      return found.length === 3 ? found : undefined;
    });
    const [first, second, third] = rows;
    await seats(devries.desk, second!.ID, [`${devries.phone.email} Geen`]);
    await devries.desk.answer(second!.ID, devries.phone.email, 'Geaccepteerd');
    await devries.desk.change(first!.ID, { Onderwerp: 'Mijn titel' });
    await waitUntil('it is put back', async () => (await devries.desk.get(first!.ID))?.Onderwerp === 'Voortgang');
    await devries.desk.delete(third!.ID);
    const replies = async () => (await customer.instances(series.id)).flatMap(guestsOf).sort();
    const wanted = [`${devries.phone.email} accepted`, `${devries.phone.email} declined`, `${devries.phone.email} needsAction`];
    await waitUntil('each occurrence has its own answer', async () => JSON.stringify(await replies()) === JSON.stringify(wanted));
    await customer.delete(series.id);
    await waitUntil('all are gone', async () => (await devries.desk.agenda()).every(({ Onderwerp }) => Onderwerp !== 'Voortgang'));
  }, 90_000);

  it('[R5.8] cancelled by the organiser, they go', async () => {
    const event = await invite('Gaat niet door', 6, devries.phone.email);
    const row = await inInventive(devries.desk, 'Gaat niet door');
    await customer.delete(event.id);
    await waitUntil('it is gone from Inventive', async () => (await devries.desk.get(row.ID)) === undefined);
  }, 60_000);
});

describe('[R5.10] [lesson 3] linked colleagues', () => {
  it("[R5.10] hold one appointment: in the organiser's agenda, with the other as a participant whose reply crosses", async () => {
    const row = await jansen.desk.create({ Onderwerp: 'Met collega', ...day(7) });
    await jansen.desk.invite(row.ID, { Naam: 'De Vries', Email: devries.phone.email, GebruikerID: devries.desk.userId });
    const copy = await inGoogle(devries.phone, 'Met collega');
    await devries.phone.patch(copy.id, { attendees: copy.attendees?.map((one) => (one.self ? { ...one, responseStatus: 'accepted' } : one)) });
    await seats(jansen.desk, row.ID, [`${devries.phone.email} Geaccepteerd`]);
    await product.quiet();
    expect((await jansen.desk.withSubject('Met collega')).map(({ ID }) => ID)).toEqual([row.ID]);
    expect([(await jansen.phone.withSummary('Met collega')).length, (await devries.phone.withSummary('Met collega')).length]).toEqual([1, 1]);
  }, 60_000);

  it('[R5.10] [lesson 2] also what stood in both calendars before they were linked at one time', async () => {
    const row = await inInventive(jansen.desk, 'Al gepland');
    await seats(jansen.desk, row.ID, [`${devries.phone.email} Geen`]);
    await product.quiet();
    expect((await jansen.desk.withSubject('Al gepland')).map(({ ID }) => ID)).toEqual([row.ID]);
  }, 60_000);

  it('[R5.10] of a recurring meeting each occurrence is one', async () => {
    await jansen.phone.insert({ summary: 'Weekstart', ...on(9, 9), recurrence: ['RRULE:FREQ=DAILY;COUNT=2'], attendees: [{ email: devries.phone.email }] });
    await waitUntil('both stand in Inventive', async () => (await jansen.desk.agenda()).filter(({ Onderwerp }) => Onderwerp === 'Weekstart').length === 2);
    await product.quiet();
    expect((await jansen.desk.withSubject('Weekstart')).length).toBe(2);
  }, 60_000);

  it('[R5.10] [lesson 3] born in Google it is one as well, whoever is told first, and no write answers another', async () => {
    const event = await jansen.phone.insert({ summary: 'Samen lunchen', ...on(8, 12), attendees: [{ email: devries.phone.email }] });
    const row = await inInventive(jansen.desk, 'Samen lunchen');
    await seats(jansen.desk, row.ID, [`${devries.phone.email} Geen`]);
    await product.quiet();
    expect((await jansen.desk.withSubject('Samen lunchen')).length).toBe(1);
    const writes = async () => (await product.googleWrites()).filter(({ eventId }) => eventId === event.id).length;
    // The marks, and nothing else.
    expect(await writes()).toBe(1);
    await jansen.desk.change(row.ID, { Onderwerp: 'Samen lunchen in de stad' });
    await inGoogle(devries.phone, 'Samen lunchen in de stad');
    await product.quiet();
    expect(await writes()).toBe(2);
  }, 60_000);
});

describe('mail', () => {
  it('[R5.3] [lesson 2] the first link tells nobody; then only who is added by hand to what is still to come', async () => {
    const rows = await Promise.all([1, 2, 3, 9].map((days) => bakker.desk.create({ Onderwerp: `Van vroeger ${days}`, ...day(days) })));
    for (const row of rows) await bakker.desk.invite(row.ID, { Naam: 'Anna', Email: ANNA });
    const past = await bakker.desk.create({ Onderwerp: 'Voorbij', ...day(-2) });
    const invited = await customer.insert({ summary: 'Uitnodiging vooraf', ...on(9, 16), attendees: [{ email: bakker.phone.email }] });
    await product.link('bakker');
    for (const days of [1, 2, 3, 9]) await guests(bakker.phone, (await inGoogle(bakker.phone, `Van vroeger ${days}`)).id, [`${ANNA} needsAction`]);
    await inInventive(bakker.desk, 'Uitnodiging vooraf');
    await guests(customer, invited.id, [`${bakker.phone.email} needsAction`]);
    await product.quiet();
    expect(await product.mails()).toEqual([]);

    await bakker.desk.invite(past.ID, { Naam: 'Bob', Email: BOB });
    await guests(bakker.phone, (await inGoogle(bakker.phone, 'Voorbij')).id, [`${BOB} needsAction`]);
    const fresh = await bakker.desk.create({ Onderwerp: 'Nieuw overleg', ...day(9) });
    await bakker.desk.invite(fresh.ID, { Naam: 'Bob', Email: BOB });
    const event = await inGoogle(bakker.phone, 'Nieuw overleg');
    await guests(bakker.phone, event.id, [`${BOB} needsAction`]);
    mailed = [{ kind: 'invitation', to: BOB }];
    // A change of anything else tells nobody, nor does what comes from Google.
    await bakker.desk.change(fresh.ID, { Locatie: 'Zaal 5', BeginTijd: 54_000_000, EindTijd: 57_600_000 });
    await waitUntil('the place crosses', async () => (await bakker.phone.get(event.id)).location === 'Zaal 5');
    await bakker.phone.patch(event.id, { attendees: [{ email: BOB, responseStatus: 'accepted' }] });
    await seats(bakker.desk, fresh.ID, [`${BOB} Geaccepteerd`]);
    await product.quiet();
    await bakker.desk.takeOut(fresh.ID, BOB);
    await guests(bakker.phone, event.id, []);
    mailed = [...mailed, { kind: 'cancellation', to: BOB }];
  }, 120_000);
});
