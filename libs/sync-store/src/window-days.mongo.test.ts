import { createConnection, type Connection } from 'mongoose';
import { afterAll, beforeAll } from 'vitest';
import { mongoForTests } from '@calsync/local-servers/testing';
import { describeWindowDayStore } from '@calsync/sync-engine/testing';
import { createWindowDays } from './window-days.js';

let connection: Connection;

beforeAll(async () => {
  const { uri, database } = mongoForTests();
  connection = await createConnection(uri, { dbName: database }).asPromise();
});
afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});

describeWindowDayStore('over MongoDB', async () => createWindowDays(connection));
