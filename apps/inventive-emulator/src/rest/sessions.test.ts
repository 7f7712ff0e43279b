import { describe, expect, it } from 'vitest';
import { SYNC_PASSWORD, testEmulator } from '../testing/test-emulator.js';

describe('login', () => {
  it('by authentify gives a session; a wrong password leaves a guest', async () => {
    const emulator = testEmulator();
    const wrong = await emulator.guest.post('$catalog/authentify', {}, [{ name: 'sync', password: 'mis' }]);
    expect([wrong.body, wrong.raw.headers['set-cookie']]).toEqual([{ result: false }, undefined]);
    expect((await emulator.guest.post('$catalog/authentify', {}, [{ name: 'jansen', password: SYNC_PASSWORD }])).body).toEqual({ result: false });
    const good = await emulator.guest.post('$catalog/authentify', {}, [{ name: 'sync', password: SYNC_PASSWORD }]);
    expect(good.body).toEqual({ result: true });
    expect(good.raw.headers['set-cookie']).toMatch(/^4DSID_Inventive=[0-9A-F]{32}; Path=\/; HttpOnly$/);
    expect((await (await emulator.asSync()).get('Afspraak')).status).toBe(200);
  });

  it('by the legacy $directory, whose answer is a result too', async () => {
    const { app } = testEmulator();
    const logIn = (password: string) => app.inject({ method: 'POST', url: '/rest/$directory/login', headers: { 'username-4d': 'sync', 'password-4d': password, 'session-4d-length': '120' } });
    expect((await logIn('mis')).json()).toEqual({ result: false });
    const good = await logIn(SYNC_PASSWORD);
    expect(good.json()).toEqual({ result: true });
    expect((await app.inject({ url: '/rest/Afspraak', headers: { cookie: String(good.headers['set-cookie']) } })).statusCode).toBe(200);
  });

  it('by GET or without a list is refused', async () => {
    const { guest } = testEmulator();
    expect((await guest.get('$catalog/authentify')).body).toMatchObject({ __ERROR: [{ errCode: 1829 }] });
    expect((await guest.post('$catalog/authentify', {}, { name: 'sync' })).body).toMatchObject({ __ERROR: [{ errCode: 1806 }] });
  });

  it('ends after an hour without use, counted from the last call', async () => {
    const emulator = testEmulator();
    const sync = await emulator.asSync();
    await emulator.door('POST', 'clock', { advance: 'PT59M' });
    expect((await sync.get('Afspraak')).status).toBe(200);
    await emulator.door('POST', 'clock', { advance: 'PT59M' });
    expect((await sync.get('Afspraak')).status).toBe(200);
    await emulator.door('POST', 'clock', { advance: 'PT61M' });
    expect((await sync.get('Afspraak')).status).toBe(401);
  });

  it('is refused with 402 when the licences are used up', async () => {
    const emulator = testEmulator({ LICENCES: '1' });
    await emulator.asSync();
    expect(await emulator.guest.post('$catalog/authentify', {}, [{ name: 'sync', password: SYNC_PASSWORD }])).toMatchObject({ status: 402, body: { __ERROR: [{ errCode: 1913 }] } });
    expect((await (await emulator.as()).get('Afspraak')).status).toBe(200);
  });
});

describe('privileges', () => {
  it('let a guest see the catalog only', async () => {
    const { guest } = testEmulator();
    expect((await guest.get('$catalog/$all')).status).toBe(200);
    for (const path of ['Afspraak', 'Onbekend', '__DeletedRecords', 'Afspraak(1)']) expect(await guest.get(path), path).toMatchObject({ status: 401, body: { __ERROR: [{ errCode: 1561 }] } });
    expect((await guest.post('Afspraak', { $method: 'update' }, {})).status).toBe(401);
  });

  it('let sync write what is tracked and read the rest', async () => {
    const sync = await testEmulator().asSync();
    for (const dataclass of ['Administratie', 'Gebruiker', '__DeletedRecords']) {
      expect((await sync.get(dataclass)).status, dataclass).toBe(200);
      expect(await sync.save(dataclass, { ID: 'x' }), dataclass).toMatchObject({ status: 401, body: { __ERROR: [{ errCode: 1561 }] } });
      expect((await sync.post(dataclass, { $method: 'delete', $filter: 'ID != x' })).status, dataclass).toBe(401);
    }
    expect((await sync.save('Relatie', { Naam: 'Nieuw' })).body).toMatchObject({ __STATUS: { success: true } });
  });

  it('let others purge __DeletedRecords, but not write into it', async () => {
    const rest = await testEmulator().as();
    await rest.post('Project', { $method: 'delete', $filter: 'Nummer=P2605' });
    expect(await rest.all('__DeletedRecords')).toHaveLength(1);
    expect((await rest.save('__DeletedRecords', { __PrimaryKey: 'x' })).status).toBe(401);
    await rest.post('__DeletedRecords', { $method: 'delete', $filter: '__Stamp > 0' });
    expect(await rest.all('__DeletedRecords')).toEqual([]);
  });

  it('answer 404 and 1800 for an unknown dataclass, 501 for functions', async () => {
    const rest = await testEmulator().as();
    expect(await rest.get('Onbekend')).toMatchObject({ status: 404, body: { __ERROR: [{ errCode: 1800 }] } });
    for (const path of ['Afspraak/functie', '$catalog/functie', '$info']) expect((await rest.post(path, {}, [])).status, path).toBe(501);
  });
});
