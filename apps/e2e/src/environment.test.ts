import { createConnection } from 'mongoose';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PersonAtDesk } from './system/person-at-desk.js';
import type { PersonAtGoogle } from './system/person-at-google.js';
import { SERVICES, startProduct, type Product } from './system/product.js';
import { waitUntil } from './system/wait-until.js';

let product: Product;
let desk: PersonAtDesk;
let phone: PersonAtGoogle;
beforeAll(async () => {
  product = await startProduct();
  await product.link('jansen');
  [desk, phone] = [await product.desk('jansen'), await product.phone('jansen')];
  await product.quiet();
}, 180_000);
afterAll(() => product?.stop(), 60_000);

const today = Temporal.Now.plainDateISO('Europe/Amsterdam');
const hours = (from: number) => ({
  start: { dateTime: `${today.toString()}T${String(from).padStart(2, '0')}:00:00`, timeZone: 'Europe/Amsterdam' },
  end: { dateTime: `${today.toString()}T${String(from).padStart(2, '0')}:30:00`, timeZone: 'Europe/Amsterdam' },
});
const inGoogle = (summary: string) => waitUntil(`"${summary}" stands in Google`, async () => (await phone.withSummary(summary))[0]);
const inInventive = (subject: string, who = desk) => waitUntil(`"${subject}" stands in Inventive`, async () => (await who.withSubject(subject))[0]);
const writes = async () => [(await product.googleWrites()).length, (await product.inventiveWrites()).length];
const live = () => waitUntil('the agendas are in step', async () => (await product.accountState('jansen')) === 'live', 60_000);
const sourceState = async () => (await (await product.console()).sources()).map(({ state }) => state);
const marksOf = async (id: string) => (await phone.get(id)).extendedProperties?.private;
describe('events of others', () => {
  it('[R13.4] what another installation keeps is never changed, deleted or doubled', async () => {
    const event = await phone.insert({ summary: 'Van een andere installatie', ...hours(7) });
    const row = await inInventive('Van een andere installatie');
    await product.quiet();
    // As if another installation had made it: its marks, on an event that it knows.
    const foreign = await phone.insert({ summary: 'Vreemd', id: 'vreemd0001', ...hours(8), extendedProperties: { private: {
      inventiveInstallation: randomUUID(), inventiveAdministration: 'A'.repeat(32), inventiveAppointment: 'B'.repeat(32), inventiveEvent: 'vreemd0001.0',
    } } });
    await product.quiet();
    const before = await writes();
    await phone.patch(foreign.id, { summary: 'Vreemd, gewijzigd' });
    await product.quiet();
    await phone.delete(foreign.id);
    await product.quiet();
    expect(await writes()).toEqual(before);
    expect([await desk.withSubject('Vreemd'), await desk.withSubject('Vreemd, gewijzigd')]).toEqual([[], []]);
    expect((await marksOf(event.id))?.['inventiveAppointment']).toBe(row.ID);
  }, 60_000);
});

describe('a machine on the other side', () => {
  it('[R13.6] [lesson 3] who keeps putting a value back has that one appointment set aside, and the rest goes on', async () => {
    const row = await desk.create({ Onderwerp: 'Tussen twee programma’s', Locatie: 'Zaal 1' });
    const event = await inGoogle('Tussen twee programma’s');
    await product.quiet();
    const quarantined = async () => (await (await product.console()).users()).find(({ loginName }) => loginName === 'jansen')?.account?.pairs?.quarantined ?? 0;
    // Each of the two believes that its place is the right one.
    for (let turn = 0; turn < 20 && (await quarantined()) === 0; turn += 1) {
      const Locatie = turn % 2 === 0 ? 'Zaal 2' : 'Zaal 1';
      await desk.change(row.ID, { Locatie });
      await waitUntil('it crossed, or was set aside', async () => (await phone.get(event.id)).location === Locatie || (await quarantined()) > 0);
    }
    expect(await quarantined()).toBe(1);
    await desk.create({ Onderwerp: 'Gaat gewoon door' });
    await inGoogle('Gaat gewoon door');
    await desk.delete(row.ID);
    await phone.delete(event.id);
    await product.quiet();
  }, 90_000);
});

describe('a lost database', () => {
  it('[R13.5] all links come back from the marks in Google without a write, of renamed appointments too', async () => {
    const born = await phone.insert({ summary: 'Uit Google geboren', ...hours(9) });
    await inInventive('Uit Google geboren');
    const renamed = await desk.create({ Onderwerp: 'Wordt hernoemd' });
    const its = await inGoogle('Wordt hernoemd');
    await phone.insert({ summary: 'Reeks zonder merktekens', recurrence: ['RRULE:FREQ=DAILY;COUNT=4'], ...hours(13) });
    await waitUntil('its occurrences stand in Inventive', async () => (await desk.withSubject('Reeks zonder merktekens')).length === 4);
    await product.quiet();
    const [events, rows] = [(await phone.events()).length, (await desk.agenda()).length];
    const before = await writes();

    for (const name of SERVICES) await product.kill9(name);
    const mongo = await createConnection(product.mongo.uri, { dbName: product.mongo.database }).asPromise();
    const kept = ['accounts', 'grants', 'users-settings', 'administrators', 'console-sessions'];
    for (const { name } of (await mongo.db?.listCollections().toArray()) ?? []) if (!kept.includes(name)) await mongo.collection(name).drop();
    // Renamed while nobody looked: still the appointment that the marks name.
    await desk.change(renamed.ID, { Onderwerp: 'Is hernoemd' });
    // The lost database knew that the agendas were in step; now they have to be compared.
    await mongo.collection('accounts').updateMany({}, { $set: { state: 'joining' }, $inc: { revision: 1 } });
    await mongo.close();
    await Promise.all(SERVICES.map((name) => product.restart(name)));
    await live();
    await inGoogle('Is hernoemd');
    await product.quiet();
    // The new name, and nothing else.
    expect(await writes()).toEqual([before[0]! + 1, before[1]]);
    expect([(await phone.events()).length, (await desk.agenda()).length]).toEqual([events, rows]);
    await phone.patch(born.id, { summary: 'Uit Google, na het verlies' });
    await inInventive('Uit Google, na het verlies');
    await desk.change(renamed.ID, { Locatie: 'Zaal 3' });
    await waitUntil('the link is there', async () => (await phone.get(its.id)).location === 'Zaal 3');
    expect((await phone.events()).length).toBe(events);
  }, 180_000);
});

describe('another Inventive server', () => {
  it('[R13.1] [R13.2] nothing is written until somebody answers; after "moved" all is compared and nothing is lost or doubled', async () => {
    const row = await desk.create({ Onderwerp: 'Voor de verhuizing' });
    const event = await inGoogle('Voor de verhuizing');
    await product.quiet();
    const { url, sourcesFile } = await product.copyInventive();
    for (const name of SERVICES) await product.kill9(name);
    // Changed while the product is away: on the new server, in Google, and (by mistake) on the old one.
    const elsewhere = await PersonAtDesk.open(url, 'jansen');
    await elsewhere.change(row.ID, { Onderwerp: 'Na de verhuizing' });
    await elsewhere.create({ Onderwerp: 'Nieuw op de nieuwe server' });
    await phone.insert({ summary: 'Nieuw in Google tijdens de verhuizing', ...hours(11) });
    const before = await writes();
    // Not waited for until ready: with its only source locked the product isn't.
    await Promise.all(['console', 'google-receiver'].map((name) => product.restart(name as 'console', { SOURCES_FILE: sourcesFile })));
    const starting = Promise.all(['inventive-capture', 'reconciler'].map((name) => product.restart(name as 'reconciler', { SOURCES_FILE: sourcesFile })));
    await waitUntil('the source is locked', async () => (await sourceState())[0] === 'locked', 30_000);
    await waitUntil('the account shows it', async () => (await product.accountState('jansen')) === 'locked');
    const ready = await Promise.all((['inventive-capture', 'reconciler'] as const).map((name) => fetch(`${product.url(name)}/health/ready`).then(({ status }) => status).catch(() => 0)));
    expect(ready.every((status) => status !== 200)).toBe(true);
    await phone.patch(event.id, { location: 'Nieuw adres' });
    expect(await writes()).toEqual(before);

    await (await product.console()).answerEnvironment('demo', 'moved');
    await starting;
    await live();
    await inGoogle('Na de verhuizing');
    await inGoogle('Nieuw op de nieuwe server');
    await inInventive('Nieuw in Google tijdens de verhuizing', elsewhere);
    await waitUntil('the change of Google is there', async () => (await elsewhere.get(row.ID))?.Locatie === 'Nieuw adres');
    await product.quiet();
    expect((await phone.get(event.id)).summary).toBe('Na de verhuizing');
    const summaries = (await phone.events()).map(({ id }) => id);
    expect(new Set(summaries).size).toBe(summaries.length);
    expect((await phone.withSummary('Nieuw op de nieuwe server')).length).toBe(1);
    desk = elsewhere;
  }, 240_000);

  it('[R13.3] [lesson 18] after "copy" all links end here, no consent is revoked, and what the original put in Google stays untouched', async () => {
    const mine = (await phone.events()).length;
    const { url, sourcesFile } = await product.copyInventive();
    for (const name of SERVICES) await product.kill9(name);
    const tester = await PersonAtDesk.open(url, 'jansen');
    const victim = (await tester.withSubject('Na de verhuizing'))[0];
    await tester.delete(victim?.ID ?? '');
    const before = await writes();
    await Promise.all(['console', 'google-receiver'].map((name) => product.restart(name as 'console', { SOURCES_FILE: sourcesFile })));
    const starting = Promise.all(['inventive-capture', 'reconciler'].map((name) => product.restart(name as 'reconciler', { SOURCES_FILE: sourcesFile })));
    await waitUntil('the source is locked', async () => (await sourceState())[0] === 'locked', 30_000);
    const channels = ((await product.emulator('google', 'stats')) as { channels: unknown[] }).channels.length;
    const console = await product.console();
    const user = (await console.users()).find(({ loginName }) => loginName === 'jansen');
    if (user === undefined) throw new Error('the console knows no jansen');
    await console.answerEnvironment('demo', 'copy');
    await starting;
    expect(await product.accountState('jansen')).toBeUndefined();
    await tester.create({ Onderwerp: 'Alleen in de test' });
    await product.quiet();
    const { calls, channels: left } = (await product.emulator('google', 'stats')) as { calls: { method: string; client: string }[]; channels: unknown[] };
    expect(calls.filter(({ method, client }) => client === 'inventive-calendar-sync' && (method === 'oauth2.revoke' || method === 'calendar.channels.stop')).length).toBe(0);
    expect(left.length).toBe(channels);
    expect(await writes()).toEqual(before);
    expect([(await phone.events()).length, (await phone.withSummary('Na de verhuizing')).length]).toEqual([mine, 1]);

    // Linked from the copy all the same: the original's events carry another installation's marks, and are left alone.
    await product.link('jansen');
    await product.quiet();
    const event = (await phone.withSummary('Na de verhuizing'))[0];
    expect(event?.status).toBe('confirmed');
    const changed = (await product.googleWrites()).slice(before[0]).map(({ eventId }) => eventId);
    const original = new Set((await phone.events()).filter(({ extendedProperties }) => extendedProperties?.private?.['inventiveInstallation'] !== undefined).map(({ id }) => id));
    expect(event !== undefined && original.has(event.id) && !changed.includes(event.id)).toBe(true);
    expect(await product.mails()).toEqual([]);
  }, 240_000);
});
