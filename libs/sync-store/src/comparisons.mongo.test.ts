import { createConnection, type Connection } from 'mongoose';
import { afterAll, beforeAll } from 'vitest';
import { mongoForTests } from '@calsync/local-servers/testing';
import { describeComparisonStore } from '@calsync/sync-engine/testing';
import { createComparisons } from './comparisons.js';

let connection: Connection;

beforeAll(async () => {
  const { uri, database } = mongoForTests();
  connection = await createConnection(uri, { dbName: database }).asPromise();
  await createComparisons(connection).prepare();
});
afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});

describeComparisonStore('comparisons over MongoDB', async (kept) => createComparisons(connection, kept));
