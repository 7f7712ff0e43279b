import { createConnection, type Connection } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mongoForTests } from '@calsync/local-servers/testing';
import { Administrators } from './administrators.js';

let connection: Connection;
beforeAll(async () => {
  const { uri, database } = mongoForTests();
  connection = await createConnection(uri, { dbName: database }).asPromise();
});
afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});

describe('the local administrator', () => {
  it('gets a password that is printed once, and another from the settings, which is told so that sessions end', async () => {
    const printed: string[] = [];
    const administrators = new Administrators(connection);
    const ensure = (fromSettings?: string) => administrators.ensureLocal(fromSettings, (password) => printed.push(password));
    expect([await ensure(), await ensure(), printed.length]).toEqual([false, false, 1]);
    expect(await administrators.verify('beheer', printed[0] ?? '')).toBe(true);
    expect([await ensure('another password'), await ensure('another password')]).toEqual([true, false]);
    expect(await administrators.verify('beheer', printed[0] ?? '')).toBe(false);
    expect(await administrators.verify('beheer', 'another password')).toBe(true);
  });
});
