import { beforeEach, describe, expect, it } from 'vitest';
import { testEmulator, type TestClient } from '../testing/test-emulator.js';

let emulator: ReturnType<typeof testEmulator>;
let rest: TestClient;
beforeEach(async () => {
  emulator = testEmulator();
  rest = await emulator.as('jansen');
});

const stamp = async () => (await emulator.stats()).stamp;
const KEY = '0123456789ABCDEF0123456789ABCDEF';
const fields = { Onderwerp: 'Nieuw', BeginDatum: '24!11!2026', EindDatum: '2026-11-24T09:00:00Z', BeginTijd: 32_400_000, EindTijd: 36_000_000 };
const create = async (more: Record<string, unknown> = {}) => (await rest.save('Afspraak', { ID: KEY, ...fields, ...more })).body;

describe('create', () => {
  it('answers with the entity as it stands, filled in by the server', async () => {
    const next = await stamp();
    expect(await create()).toMatchObject({
      __entityModel: 'Afspraak',
      uri: `/rest/Afspraak(${KEY})`,
      __KEY: KEY,
      __STAMP: 1,
      __GlobalStamp: next,
      BeginDatum: '24!11!2026',
      EindDatum: '24!11!2026',
      ToonAls: 'Bezet',
      Status: 'Gepland',
      GewijzigdDoor: 'jansen',
      gebruiker: { __deferred: { __KEY: (await rest.one('Gebruiker', "Inlognaam='jansen'"))['__KEY'] } },
      __STATUS: { success: true },
    });
    expect(await stamp()).toBe(next + 1);
  });

  it('takes a key with dashes and refuses it a second time with status 4', async () => {
    const dashed = '01234567-89ab-cdef-0123-456789abcdef';
    expect(await create({ ID: dashed })).toMatchObject({ __KEY: KEY });
    const next = await stamp();
    expect(await create({ Onderwerp: 'Nog eens' })).toMatchObject({ __STATUS: { status: 4, success: false }, __ERROR: [{ componentSignature: 'dbmg' }, { errCode: 1534 }] });
    expect([await stamp(), (await rest.one('Afspraak', `ID='${KEY}'`))['Onderwerp']]).toEqual([next, 'Nieuw']);
  });

  it('without an administration stands in the one of its owner’s last appointment, else in the first one', async () => {
    const administrations = (await rest.all('Administratie')).map((row) => String(row['ID']));
    const newcomer = (await rest.save('Gebruiker', { Inlognaam: 'nieuw' })).body['ID'];
    const made = async (more: Record<string, unknown>) => (await rest.save('Afspraak', { ...fields, GebruikerID: newcomer, ...more })).body['AdministratieID'];
    expect(await made({})).toBe(administrations[0]);
    expect(await made({ AdministratieID: administrations[1] })).toBe(administrations[1]);
    expect(await made({})).toBe(administrations[1]);
    // Which day an appointment is of says nothing; which one was made last does.
    expect(await made({ AdministratieID: administrations[0], BeginDatum: '1!1!2020', EindDatum: '1!1!2020' })).toBe(administrations[0]);
    expect(await made({})).toBe(administrations[0]);
  });

  it('makes a key where none is given', async () => {
    expect((await rest.save('Project', { Nummer: 'P1' })).body['ID']).toMatch(/^[0-9A-F]{32}$/);
  });

  it.each([
    [{ EindDatum: '2026-11-23' }, 1569],
    [{ EindTijd: 28_800_000 }, 1569],
    [{ BeginDatum: null, EindDatum: null }, 1569],
    [{ ToonAls: 'Druk' }, 1569],
    [{ Status: 'Open' }, 1569],
    [{ GebruikerID: 'F'.repeat(32) }, 1569],
    [{ HerinneringMinuten: -1 }, 1569],
    [{ Onderwerp: 'x'.repeat(256) }, 1570],
    [{ Locatie: 'x'.repeat(256) }, 1570],
    [{ BeginTijd: '09:00' }, 1570],
    [{ BeginTijd: 86_400_000 }, 1570],
    [{ HeleDag: 'ja' }, 1570],
    [{ BeginDatum: 'morgen' }, 1570],
    [{ RelatieID: 'geen uuid' }, 1570],
    [{ __GlobalStamp: 7 }, 1570],
    [{ Onbekend: 1 }, 1804],
    [{ __STAMP: 1 }, 1569],
  ])('refuses %j with %i and saves nothing', async (wrong, errCode) => {
    const next = await stamp();
    const refused = await create(wrong);
    expect(refused).toMatchObject({ __STATUS: { status: 4, statusText: 'Other error', success: false } });
    expect(refused['__ERROR']).toContainEqual(expect.objectContaining({ errCode }));
    expect([await stamp(), await rest.all('Afspraak', `ID='${KEY}'`)]).toEqual([next, []]);
  });

  it('has no limit for notes', async () => {
    const notes = 'é😀\n'.repeat(20_000);
    expect(await create({ Opmerking: notes })).toMatchObject({ Opmerking: notes });
  });

  it('takes nulls as blanks where the field has no null', async () => {
    expect(await create({ Locatie: null, RelatieID: null, HerinneringMinuten: null })).toMatchObject({ Locatie: '', RelatieID: null, HerinneringMinuten: null });
  });
});

describe('update', () => {
  it('changes what is sent, raises both stamps, and tells who', async () => {
    const made = await create();
    const sync = await emulator.asSync();
    const changed = (await sync.save('Afspraak', { __KEY: KEY, __STAMP: 1, Locatie: 'Breda', GewijzigdDoor: 'iemand' })).body;
    expect(changed).toMatchObject({ __STAMP: 2, Onderwerp: 'Nieuw', Locatie: 'Breda', GewijzigdDoor: 'sync', __GlobalStamp: Number(made['__GlobalStamp']) + 1 });
  });

  it('refuses an old stamp with the current entity and 4D’s own errors', async () => {
    await create();
    await rest.save('Afspraak', { __KEY: KEY, __STAMP: 1, Locatie: 'Breda' });
    const next = await stamp();
    const { status, body } = await rest.save('Afspraak', { __KEY: KEY, __STAMP: 1, Locatie: 'Tilburg' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      __STATUS: { status: 2, statusText: 'Stamp has changed', success: false },
      __KEY: KEY,
      __STAMP: 2,
      Locatie: 'Breda',
      __ERROR: [
        { message: expect.stringMatching(/^Given stamp does not match current one for record# \d+ of table Afspraak$/), componentSignature: 'dbmg', errCode: 1263 },
        { message: expect.stringMatching(/^Cannot save record \d+ in table Afspraak of database Inventive$/), errCode: 1046 },
        { message: `The entity# ${KEY} in the "Afspraak" dataclass cannot be saved`, errCode: 1517 },
      ],
    });
    expect(await stamp()).toBe(next);
  });

  it('gives refusals the HTTP status that is set', async () => {
    const other = testEmulator({ REFUSAL_STATUS: '500' });
    const client = await other.as();
    const row = await client.one('Afspraak', "Onderwerp='Dagstart'");
    expect(await client.save('Afspraak', { __KEY: row['__KEY'], __STAMP: 99, Locatie: 'x' })).toMatchObject({ status: 500, body: { __STATUS: { status: 2 } } });
  });

  it('overwrites blindly without __STAMP', async () => {
    await create();
    await rest.save('Afspraak', { __KEY: KEY, __STAMP: 1, Onderwerp: 'Van een ander' });
    expect((await rest.save('Afspraak', { __KEY: KEY, Onderwerp: 'Blind' })).body).toMatchObject({ __STAMP: 3, Onderwerp: 'Blind', __STATUS: { success: true } });
  });

  it('raises nothing where no attribute changes, whatever is sent back', async () => {
    await create();
    const next = await stamp();
    const row = (await rest.get(`Afspraak(${KEY})`)).body;
    const again = (await rest.save('Afspraak', { ...row, GewijzigdOp: 'anders' })).body;
    expect(again).toMatchObject({ __STAMP: 1, __GlobalStamp: row['__GlobalStamp'], GewijzigdOp: row['GewijzigdOp'], __STATUS: { success: true } });
    expect(await stamp()).toBe(next);
  });

  it('answers status 5 for a row that is gone, and 4 for a changed key', async () => {
    expect((await rest.save('Afspraak', { __KEY: KEY, __STAMP: 1, Locatie: 'x' })).body).toMatchObject({ __STATUS: { status: 5, statusText: 'Entity does not exist anymore', success: false } });
    await create();
    expect((await rest.save('Afspraak', { __KEY: KEY, __STAMP: 1, ID: 'A'.repeat(32) })).body).toMatchObject({ __STATUS: { status: 4 } });
  });

  it('sets a relation by its key', async () => {
    await create();
    const relation = await rest.one('Relatie', "Nummer='R1001'");
    expect((await rest.save('Afspraak', { __KEY: KEY, __STAMP: 1, relatie: { __KEY: relation['__KEY'] } })).body).toMatchObject({ RelatieID: relation['ID'] });
  });
});

describe('several at once', () => {
  it('saves each on its own, each with its own error', async () => {
    await create();
    const { body } = await rest.save('Afspraak', { __ENTITIES: [{ ...fields, Onderwerp: 'een' }, { __KEY: KEY, __STAMP: 9, Onderwerp: 'twee' }, { ...fields, Onderwerp: 'drie' }] });
    expect(body['__ENTITIES']).toMatchObject([{ Onderwerp: 'een', __STATUS: { success: true } }, { __STATUS: { status: 2 }, Onderwerp: 'Nieuw' }, { Onderwerp: 'drie' }]);
    expect(await rest.all('Afspraak', "Onderwerp IN ['een','drie']")).toHaveLength(2);
  });

  it.each(['$atomic', '$atonce'])('%s saves all or nothing, though elements look saved; stamps are burnt', async (name) => {
    const next = await stamp();
    const before = (await emulator.stats()).writes.length;
    const { body } = await rest.save('Afspraak', [{ ...fields, Onderwerp: 'een' }, { ...fields, Onderwerp: 'twee', ToonAls: 'Druk' }], { [name]: 'true' });
    expect(body['__ENTITIES']).toMatchObject([{ Onderwerp: 'een', __STATUS: { success: true } }, { __STATUS: { status: 4 } }]);
    expect(await rest.all('Afspraak', "Onderwerp IN ['een','twee']")).toEqual([]);
    expect([await stamp(), (await emulator.stats()).writes.length]).toEqual([next + 1, before]);
    const good = await rest.save('Afspraak', [{ ...fields, ID: KEY, Onderwerp: 'een' }], { [name]: 'true' });
    expect(good.body['__ENTITIES']).toMatchObject([{ __GlobalStamp: next + 1 }]);
    const participant = await rest.save('AfspraakDeelnemer', [{ AfspraakID: KEY, Naam: 'Piet' }], { [name]: 'true' });
    expect(participant.body['__ENTITIES']).toMatchObject([{ Reactie: 'Geen', __STATUS: { success: true } }]);
  });

  it('$method=validate says what would happen and does nothing', async () => {
    const next = await stamp();
    expect((await rest.post('Afspraak', { $method: 'validate' }, fields)).body).toEqual({ ok: true });
    expect((await rest.post('Afspraak', { $method: 'validate' }, { ...fields, Status: 'x' })).body).toMatchObject({ __STATUS: { status: 4 } });
    expect([await stamp(), await rest.all('Afspraak', "Onderwerp='Nieuw'")]).toEqual([next, []]);
  });
});

describe('delete', () => {
  it('by key leaves a row in __DeletedRecords with the stamp of the deletion', async () => {
    await create();
    const next = await stamp();
    expect((await rest.post(`Afspraak(${KEY})/`, { $method: 'delete' })).body).toEqual({ ok: true });
    expect((await rest.get(`Afspraak(${KEY})`)).status).toBe(404);
    const [deleted] = await rest.all('__DeletedRecords', `__TableName='Afspraak' AND __Stamp >= ${next}`);
    expect(deleted).toMatchObject({ __PrimaryKey: KEY, __Stamp: next, __TableName: 'Afspraak', __TableNumber: 3, __KEY: String(deleted?.['ID']) });
    expect(await stamp()).toBe(next + 1);
  });

  it('takes participants along, each with its own record', async () => {
    const row = await rest.one('Afspraak', "Onderwerp='Werkoverleg planning'");
    await rest.post(`Afspraak(${String(row['ID'])})`, { $method: 'delete' });
    const tables = (await rest.all('__DeletedRecords')).map((deleted) => deleted['__TableName']);
    expect(tables).toEqual(['AfspraakDeelnemer', 'AfspraakDeelnemer', 'Afspraak']);
  });

  it('is refused with status 3 while a participant is locked, which else would outlive its appointment', async () => {
    await create();
    const participant = (await rest.save('AfspraakDeelnemer', { AfspraakID: KEY, Naam: 'Anna' })).body;
    await emulator.fault({ slowCommitMs: 60_000 }, { times: 1 });
    await rest.save('AfspraakDeelnemer', { __KEY: participant['__KEY'], __STAMP: 1, Naam: 'Anna B.' });
    expect((await rest.post(`Afspraak(${KEY})`, { $method: 'delete' })).body).toMatchObject({ ok: false, __STATUS: { status: 3 } });
    expect((await rest.get(`Afspraak(${KEY})`)).status).toBe(200);
  });

  it('by key and global stamp hits only the version that was seen', async () => {
    const made = await create();
    const seen = Number(made['__GlobalStamp']);
    await rest.save('Afspraak', { __KEY: KEY, __STAMP: 1, Onderwerp: 'Toch veranderd' });
    const missed = await rest.post('Afspraak', { $filter: `"ID='${KEY}' AND __GlobalStamp=${seen}"`, $method: 'delete' });
    expect([missed.status, missed.body, (await rest.get(`Afspraak(${KEY})`)).status]).toEqual([200, { ok: true }, 200]);
    await rest.post('Afspraak', { $filter: `"ID=:1 AND __GlobalStamp=:2"`, $params: `'${JSON.stringify([KEY, seen + 1])}'`, $method: 'delete' });
    expect((await rest.get(`Afspraak(${KEY})`)).status).toBe(404);
  });

  it('keeps the old record when a key is created again, whose stamp begins anew', async () => {
    await create();
    await rest.save('Afspraak', { __KEY: KEY, __STAMP: 1, Locatie: 'x' });
    await rest.post(`Afspraak(${KEY})`, { $method: 'delete' });
    expect(await create()).toMatchObject({ __STAMP: 1 });
    expect(await rest.all('__DeletedRecords', `__PrimaryKey='${KEY}'`)).toHaveLength(1);
  });

  it('of a missing key is 404, and of a whole dataclass refused', async () => {
    expect((await rest.post(`Afspraak(${KEY})`, { $method: 'delete' })).status).toBe(404);
    expect((await rest.post('Afspraak', { $method: 'delete' })).status).toBe(501);
  });

  it('leaves no record for a dataclass without change tracking', async () => {
    const next = await stamp();
    const beheer = await emulator.as();
    await beheer.save('Gebruiker', { Inlognaam: 'tijdelijk' });
    await beheer.post('Gebruiker', { $method: 'delete', $filter: "Inlognaam='tijdelijk'" });
    expect([await beheer.all('__DeletedRecords'), await stamp()]).toEqual([[], next]);
  });
});

describe('stamps', () => {
  it('write the current value, then raise the counter: the page shows the next number', async () => {
    const page = async () => Number((await rest.get('Afspraak', { $limit: '1' })).body['__GlobalStamp']);
    const next = await page();
    for (const offset of [0, 1, 2]) expect((await rest.save('Project', { Nummer: `P${offset}` })).body['__GlobalStamp']).toBe(next + offset);
    expect(await page()).toBe(next + 3);
    expect((await rest.all('Project', `__GlobalStamp >= ${next}`)).map((row) => row['Nummer'])).toEqual(['P0', 'P1', 'P2']);
  });
});

describe('locks', () => {
  it('hold off other sessions, not the own one, until released', async () => {
    await create();
    const other = await emulator.as('devries');
    expect((await rest.get(`Afspraak(${KEY})/`, { $lock: 'true' })).body).toEqual({ result: true, __STATUS: { success: true } });
    expect((await other.get(`Afspraak(${KEY})/`, { $lock: 'true' })).body).toMatchObject({ result: false, __STATUS: { status: 3, lockKind: 7, lockKindText: 'Locked By Session' } });
    expect((await other.save('Afspraak', { __KEY: KEY, __STAMP: 1, Locatie: 'x' })).body).toMatchObject({ __STATUS: { status: 3, statusText: 'Already locked', success: false }, __ERROR: expect.anything() });
    expect((await other.post(`Afspraak(${KEY})`, { $method: 'delete' })).body).toMatchObject({ ok: false, __STATUS: { status: 3 } });
    expect((await other.get(`Afspraak(${KEY})/`, { $lock: 'false' })).body).toMatchObject({ result: false });
    expect((await rest.save('Afspraak', { __KEY: KEY, __STAMP: 1, Locatie: 'x' })).body).toMatchObject({ __STATUS: { success: true } });
    expect((await rest.get(`Afspraak(${KEY})/`, { $lock: 'false' })).body).toMatchObject({ result: true });
    expect((await other.save('Afspraak', { __KEY: KEY, __STAMP: 2, Locatie: 'y' })).body).toMatchObject({ __STATUS: { success: true } });
  });
});
