import { createConnection, type Connection } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mongoForTests } from '@calsync/local-servers/testing';
import { KeyRing } from '@calsync/service-chassis/sealing';
import { anAppointment, describePairStore } from '@calsync/sync-engine/testing';
import { createPairs, type PairCollection } from './pairs.js';

let connection: Connection;
let pairs: PairCollection;
const keys = new KeyRing(`1:${Buffer.alloc(32, 7).toString('base64')}`);

beforeAll(async () => {
  const { uri, database } = mongoForTests();
  connection = await createConnection(uri, { dbName: database }).asPromise();
  pairs = createPairs(connection, keys);
  await pairs.prepare();
});
afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});

describePairStore('the pair store over MongoDB', async () => pairs);

describe('what the database holds', () => {
  it('shows no subject, note or location to who reads the database without the keys', async () => {
    const dump = JSON.stringify(await connection.db!.collection('pairs').find().toArray());
    expect(dump).toContain('appointmentId');
    for (const secret of [anAppointment().fields.subject, 'Europe/Amsterdam', 'jansen@example.com/']) expect(dump).not.toContain(secret);
  });
});
