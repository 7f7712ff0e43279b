import { createConnection, type Connection } from 'mongoose';
import { afterAll, beforeAll } from 'vitest';
import { mongoForTests } from '@calsync/local-servers/testing';
import { KeyRing } from '@calsync/service-chassis/sealing';
import { describeJoiningStores } from '@calsync/sync-engine/testing';
import { createJoinings } from './joining.js';
import { createUnpaired, type UnpairedCollection } from './unpaired.js';

let connection: Connection;
let unpaired: UnpairedCollection;

beforeAll(async () => {
  const { uri, database } = mongoForTests();
  connection = await createConnection(uri, { dbName: database }).asPromise();
  unpaired = createUnpaired(connection, new KeyRing(`1:${Buffer.alloc(32, 7).toString('base64')}`));
  await unpaired.prepare();
});
afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});

describeJoiningStores('over MongoDB', async () => ({ unpaired, joining: createJoinings(connection) }));
