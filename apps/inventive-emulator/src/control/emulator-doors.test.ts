import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { testEmulator } from '../testing/test-emulator.js';

const emulators: Array<ReturnType<typeof testEmulator>> = [];
const start = (env?: Record<string, string>) => {
  const emulator = testEmulator(env);
  emulators.push(emulator);
  return emulator;
};
afterEach(async () => {
  for (const { app } of emulators.splice(0)) await app.close();
});

const appointment = { Onderwerp: 'Traag', BeginDatum: '2026-11-24' };

describe('a page of an appointment', () => {
  it('shows it to a person, whatever stands in it', async () => {
    const page = testEmulator();
    const jansen = await page.as('jansen');
    const [relation] = await jansen.all('Relatie');
    const { body } = await jansen.save('Afspraak', { Onderwerp: '<script>alert(1)</script>', Opmerking: 'één\n"twee"', BeginDatum: '2026-11-24', BeginTijd: 34_200_000, EindTijd: 36_000_000, RelatieID: relation?.['ID'] });
    await jansen.save('AfspraakDeelnemer', { AfspraakID: body['ID'], Naam: 'Anna & Co', Email: 'anna@example.com' });
    const raw = await page.app.inject(`/_emulator/appointments/${String(body['ID']).toLowerCase()}`);
    expect([raw.statusCode, raw.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    for (const shown of ['&#60;script&#62;', 'één\n&#34;twee&#34;', '09:30', '10:00', 'Anna &#38; Co (Geen)', String(relation?.['Naam']).split(' ')[0]]) expect(raw.body).toContain(shown);
    expect(raw.body).not.toContain('<script>');
    expect((await page.door('GET', `appointments/${'0'.repeat(32)}`)).status).toBe(404);
  });
});

describe('the demo', () => {
  it('has every kind of row that the agenda knows, around today', async () => {
    const emulator = start();
    const rest = await emulator.as();
    const rows = await rest.all('Afspraak');
    const some = (test: (row: Record<string, unknown>) => unknown) => rows.some((row) => Boolean(test(row)));
    expect(rows.length).toBeGreaterThanOrEqual(40);
    expect(await rest.all('Administratie')).toMatchObject([{ Code: '100', Naam: 'De Vries Installatietechniek B.V.' }, { Code: '200', Naam: 'Van Dam Advies' }]);
    expect((await rest.all('Gebruiker')).map((user) => user['Email'])).toEqual(['jansen', 'devries', 'bakker', 'visser'].map((name) => `${name}@example.com`));
    for (const shownAs of ['Bezet', 'Vrij', 'Voorlopig', 'Afwezig']) expect(some((row) => row['ToonAls'] === shownAs), shownAs).toBe(true);
    for (const status of ['Gepland', 'Afgerond', 'Vervallen']) expect(some((row) => row['Status'] === status), status).toBe(true);
    expect(some((row) => row['HeleDag'] && row['BeginDatum'] !== row['EindDatum'])).toBe(true);
    expect(some((row) => !row['HeleDag'] && row['BeginDatum'] !== row['EindDatum'])).toBe(true);
    expect(some((row) => row['Prive'])).toBe(true);
    expect(some((row) => row['RelatieID'] && row['ContactpersoonID'] && row['ProjectID'])).toBe(true);
    expect(some((row) => String(row['Opmerking']).includes('\n'))).toBe(true);
    expect(some((row) => row['Opmerking'] === '')).toBe(true);
    expect(some((row) => /\p{Extended_Pictographic}/u.test(String(row['Onderwerp'])))).toBe(true);
    const text = JSON.stringify([rows, await rest.all('Relatie'), await rest.all('Contactpersoon'), await rest.all('Gebruiker')]);
    for (const letter of 'éëïóü') expect(text, letter).toContain(letter);
    const dangling = rows.flatMap((row) => ['RelatieID', 'ContactpersoonID', 'ProjectID'].filter((name) => row[name] !== null && row[name.replace('ID', '').toLowerCase()] === null));
    expect(dangling).toEqual([]);
    expect((await rest.get('Afspraak', { $filter: 'RelatieID != null and relatie.Naam = null' })).body).toMatchObject({ __COUNT: 0 });
    expect((await rest.get('Afspraak', { $filter: 'ContactpersoonID != null and contactpersoon.Naam = null' })).body).toMatchObject({ __COUNT: 0 });
  });

  it('is the same after a reset: keys, counter and stats', async () => {
    const emulator = start();
    const rest = await emulator.as();
    const before = { rows: (await rest.all('Afspraak')).map((row) => [row['ID'], row['Onderwerp'], row['__GlobalStamp']]), stamp: (await emulator.stats()).stamp };
    await rest.save('Afspraak', appointment);
    await rest.post('Relatie', { $method: 'delete', $filter: "Naam='@'" });
    await emulator.fault({ latencyMs: 1 });
    await emulator.door('POST', 'reset');
    expect(await emulator.stats()).toEqual({ calls: [], writes: [], nudges: { sent: 0, delivered: 0, failed: 0, dropped: 0 }, stamp: before.stamp });
    expect((await rest.all('Afspraak')).map((row) => [row['ID'], row['Onderwerp'], row['__GlobalStamp']])).toEqual(before.rows);
    expect([(await emulator.door('GET', 'faults')).body, await rest.all('__DeletedRecords')]).toEqual([[], []]);
  });

  it('lives by the clock: server-written times and the Date header follow it', async () => {
    const emulator = start();
    await emulator.door('POST', 'clock', { now: '2030-06-03T22:30:00Z' });
    const rest = await emulator.as('visser');
    await rest.save('Afspraak', appointment);
    expect((await rest.one('Afspraak', "Onderwerp='Traag'"))['GewijzigdOp']).toMatch(/^2030-06-03T22:3/);
    expect((await emulator.app.inject('/rest/$catalog')).headers['date']).toMatch(/^Mon, 03 Jun 2030 22:3/);
  });
});

describe('sessions', () => {
  it('are for users that exist; a save carries the name', async () => {
    const emulator = start();
    expect((await emulator.door('POST', 'sessions', { user: 'niemand' })).status).toBe(404);
    expect((await emulator.door('POST', 'sessions', { usr: 'jansen' })).status).toBe(400);
    expect((await (await emulator.as('bakker')).save('Afspraak', appointment)).body).toMatchObject({ GewijzigdDoor: 'bakker' });
    expect((await (await emulator.as()).save('Afspraak', { ...appointment, GebruikerID: (await (await emulator.as()).one('Gebruiker', 'Inlognaam=visser'))['ID'] })).body).toMatchObject({ GewijzigdDoor: 'beheer' });
  });
});

describe('stats', () => {
  it('count calls by status, and list accepted writes only', async () => {
    const emulator = start();
    const rest = await emulator.as('jansen');
    const made = (await rest.save('Afspraak', appointment)).body;
    await rest.save('Afspraak', { __KEY: made['__KEY'], __STAMP: 7, Locatie: 'x' });
    await rest.save('Afspraak', { __KEY: made['__KEY'], __STAMP: 1, Locatie: 'x' });
    await rest.get('Afspraak');
    await rest.get('Afspraak');
    await rest.post(`Afspraak(${String(made['__KEY'])})`, { $method: 'delete' });
    await emulator.guest.get('Relatie');
    const { calls, writes, stamp } = await emulator.stats();
    const about = { dataclass: 'Afspraak', user: 'jansen', status: 200 };
    expect(calls).toEqual(
      expect.arrayContaining([
        { ...about, op: 'create', count: 1 },
        { ...about, op: 'update', count: 2 },
        { ...about, op: 'read', count: 2 },
        { ...about, op: 'delete', count: 1 },
        { op: 'read', dataclass: 'Relatie', user: 'guest', status: 401, count: 1 },
      ]),
    );
    const write = { at: expect.stringMatching(/Z$/), dataclass: 'Afspraak', key: made['__KEY'], user: 'jansen' };
    expect(writes).toEqual([{ ...write, op: 'create', stamp: stamp - 3 }, { ...write, op: 'update', stamp: stamp - 2 }, { ...write, op: 'delete', stamp: stamp - 1 }]);
  });
});

describe('faults', () => {
  it('give the error asked for, only where they match, only so often', async () => {
    const emulator = start();
    const rest = await emulator.as('jansen');
    await emulator.fault({ error: { status: 503, errCode: 1823 } }, { match: { op: 'update', dataclass: 'Afspraak', user: 'jansen' }, times: 1 });
    const row = await rest.one('Afspraak', 'Onderwerp=Dagstart');
    const save = () => rest.save('Afspraak', { __KEY: row['__KEY'], __STAMP: row['__STAMP'], Locatie: 'x' });
    expect(await save()).toMatchObject({ status: 503, body: { __ERROR: [{ errCode: 1823 }] } });
    expect(await save()).toMatchObject({ status: 200, body: { __STATUS: { success: true } } });
  });

  it('wait before the work, and lock', async () => {
    const emulator = start();
    const rest = await emulator.as();
    await emulator.fault({ latencyMs: 120 }, { times: 1 });
    const from = performance.now();
    await rest.get('Project');
    expect(performance.now() - from).toBeGreaterThan(110);
    await emulator.fault({ locked: true }, { times: 1 });
    const row = await rest.one('Afspraak', 'Onderwerp=Dagstart');
    const sent = { __KEY: row['__KEY'], __STAMP: row['__STAMP'], Locatie: 'x' };
    expect((await rest.save('Afspraak', sent)).body).toMatchObject({ __STATUS: { status: 3 } });
    expect((await rest.save('Afspraak', sent)).body).toMatchObject({ __STATUS: { success: true } });
  });

  it('of writes wait for a write: a read, a login, a validation or a $lock neither meets nor uses them up', async () => {
    const emulator = start();
    const rest = await emulator.as('jansen');
    await emulator.fault({ slowCommitMs: 60_000 }, { times: 1 });
    await emulator.fault({ nudges: 'drop' }, { times: 1 });
    const row = await rest.one('Afspraak', 'Onderwerp=Dagstart');
    const path = `Afspraak(${String(row['__KEY'])})`;
    await emulator.asSync();
    await rest.post('Afspraak', { $method: 'validate' }, appointment);
    expect((await rest.get(path, { $lock: 'true' })).body).toMatchObject({ result: true });
    expect((await rest.get(path, { $lock: 'false' })).body).toMatchObject({ result: true });
    expect((await emulator.door('GET', 'faults')).body).toMatchObject([{ matched: 0 }, { matched: 0 }]);
    await rest.save('Afspraak', { ...appointment, ID: 'A'.repeat(32) });
    expect((await emulator.door('GET', 'faults')).body).toMatchObject([{ hits: 1 }, { hits: 1 }]);
    expect((await rest.get(`Afspraak(${'A'.repeat(32)})`)).status).toBe(404);
  });

  it('lock a $lock, too', async () => {
    const emulator = start();
    const rest = await emulator.as();
    const row = await rest.one('Afspraak', 'Onderwerp=Dagstart');
    await emulator.fault({ locked: true }, { times: 1 });
    const lock = () => rest.get(`Afspraak(${String(row['__KEY'])})`, { $lock: 'true' });
    expect((await lock()).body).toMatchObject({ result: false, __STATUS: { status: 3 } });
    expect((await lock()).body).toMatchObject({ result: true });
  });

  it('apply, then cut the connection', async () => {
    const emulator = start();
    const rest = await emulator.as();
    const { port } = new URL(await emulator.app.listen({ port: 0 }));
    const cookie = String((await emulator.door('POST', 'sessions')).body['cookie']);
    await emulator.fault({ applyThenDrop: true }, { match: { op: 'create' } });
    const socket = connect(Number(port), '127.0.0.1');
    const body = JSON.stringify({ Nummer: 'DROP' });
    socket.write(`POST /rest/Project?$method=update HTTP/1.1\r\nHost: x\r\nCookie: ${cookie}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    let heard = '';
    socket.on('data', (chunk) => (heard += String(chunk)));
    socket.on('error', () => undefined);
    await once(socket, 'close');
    expect([heard, await rest.all('Project', 'Nummer=DROP')]).toMatchObject(['', [{ Nummer: 'DROP' }]]);
  });

  it.each([
    [{ action: { latencyMs: 1, locked: true } }, 'exactly one'],
    [{ action: { omit: ['x'] } }, 'omit'],
    [{ action: { nudges: 'lose' } }, 'nudges'],
    [{ action: { locked: false } }, 'locked'],
    [{ action: { error: { status: 200, errCode: 1 } } }, 'error.status'],
    [{ match: { email: 'x' }, action: { locked: true } }, 'email'],
  ])('%j is refused', async (fault, named) => {
    const { status, body } = await start().door('POST', 'faults', fault);
    expect([status, String(body['error'])]).toEqual([400, expect.stringContaining(named)]);
  });
});

describe('a slow commit', () => {
  it('takes the stamp now, hides the row from everybody and every kind of read, and shows it later', async () => {
    const emulator = start();
    const rest = await emulator.as('jansen');
    const other = await emulator.as('devries');
    const row = await rest.one('Afspraak', 'Onderwerp=Dagstart');
    const key = String(row['__KEY']);
    const next = (await emulator.stats()).stamp;
    await emulator.fault({ slowCommitMs: 1500 }, { times: 3 });
    const created = (await rest.save('Afspraak', { ...appointment, ID: 'A'.repeat(32) })).body;
    const updated = (await rest.save('Afspraak', { __KEY: key, __STAMP: 1, Locatie: 'later' })).body;
    const gone = String((await rest.one('Afspraak', 'Onderwerp=Maandafsluiting'))['__KEY']);
    await rest.post(`Afspraak(${gone})`, { $method: 'delete' });
    expect([created['__GlobalStamp'], updated['__GlobalStamp'], (await emulator.stats()).stamp]).toEqual([next, next + 1, next + 3]);
    const fast = (await other.save('Project', { Nummer: 'snel' })).body;
    expect(fast['__GlobalStamp']).toBe(next + 3);
    for (const client of [rest, other]) {
      expect(await client.all('Afspraak', `__GlobalStamp >= ${next}`)).toEqual([]);
      expect((await client.get(`Afspraak(${'A'.repeat(32)})`)).status).toBe(404);
      expect((await client.get(`Afspraak(${key})`)).body).toMatchObject({ Locatie: '', __GlobalStamp: row['__GlobalStamp'] });
      expect((await client.get(`Afspraak(${gone})`)).status).toBe(200);
      expect(await client.all('__DeletedRecords')).toEqual([]);
    }
    expect((await other.save('Afspraak', { __KEY: key, __STAMP: 1, Locatie: 'eerder' })).body).toMatchObject({ __STATUS: { status: 3 } });
    await vi.waitFor(async () => expect(await other.all('__DeletedRecords')).toMatchObject([{ __PrimaryKey: gone, __Stamp: next + 2 }]), { timeout: 10_000, interval: 20 });
    expect(await other.all('Afspraak', `__GlobalStamp >= ${next}`)).toMatchObject([{ __KEY: key, __GlobalStamp: next + 1, Locatie: 'later', __STAMP: 2 }, { ID: 'A'.repeat(32), __GlobalStamp: next }]);
    expect((await emulator.stats()).stamp).toBe(next + 4);
  });
});

describe('restore', () => {
  it('puts rows, deletions and the counter back as they stood at that stamp', async () => {
    const emulator = start();
    const rest = await emulator.as('jansen');
    const sync = await emulator.asSync();
    await rest.save('Afspraak', { ...appointment, ID: 'A'.repeat(32) });
    const before = { rows: await rest.all('Afspraak'), deleted: await rest.all('__DeletedRecords'), relations: await rest.all('Relatie') };
    const { stamp } = await emulator.stats();
    await rest.save('Afspraak', { __KEY: 'A'.repeat(32), __STAMP: 1, Onderwerp: 'na de back-up' });
    await rest.save('Afspraak', { __KEY: 'A'.repeat(32), __STAMP: 2, Onderwerp: 'nog later' });
    await rest.save('Afspraak', { ...appointment, ID: 'B'.repeat(32) });
    await rest.post('Afspraak', { $method: 'delete', $filter: 'Onderwerp=Dagstart' });
    await rest.post('Relatie', { $method: 'delete', $filter: 'Nummer=R1001' });
    expect((await emulator.door('POST', 'restore', { toStamp: stamp })).body).toEqual({ stamp });
    expect({ rows: await rest.all('Afspraak'), deleted: await rest.all('__DeletedRecords'), relations: await rest.all('Relatie') }).toEqual(before);
    expect((await emulator.stats()).stamp).toBe(stamp);
    expect((await rest.save('Project', { Nummer: 'weer' })).body['__GlobalStamp']).toBe(stamp);
    // The server was restarted for it: a login is gone, a session made for tests isn't.
    expect((await sync.get('Afspraak')).status).toBe(401);
  });

  it('drops what was not committed, and refuses stamps that never were', async () => {
    const emulator = start();
    const rest = await emulator.as('jansen');
    const { stamp } = await emulator.stats();
    await emulator.fault({ slowCommitMs: 100 }, { times: 1 });
    await rest.save('Afspraak', { ...appointment, ID: 'A'.repeat(32) });
    await emulator.door('POST', 'restore', { toStamp: stamp });
    await emulator.fault({ slowCommitMs: 150 }, { times: 1 });
    await rest.save('Afspraak', { ...appointment, ID: 'B'.repeat(32) });
    await vi.waitFor(async () => expect((await rest.get(`Afspraak(${'B'.repeat(32)})`)).status).toBe(200), { timeout: 3000, interval: 20 });
    expect((await rest.get(`Afspraak(${'A'.repeat(32)})`)).status).toBe(404);
    for (const toStamp of [0, 100_000, 1.5, 'x']) expect((await emulator.door('POST', 'restore', { toStamp })).status).toBe(400);
  });
});
