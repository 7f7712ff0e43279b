import { createConnection, type Connection } from 'mongoose';
import { afterAll, beforeAll } from 'vitest';
import { mongoForTests } from '@calsync/local-servers/testing';
import { describeSeriesStore } from '@calsync/sync-engine/testing';
import { createSeries, type SeriesCollection } from './series.js';

let connection: Connection;
let series: SeriesCollection;

beforeAll(async () => {
  const { uri, database } = mongoForTests();
  connection = await createConnection(uri, { dbName: database }).asPromise();
  series = createSeries(connection);
  await series.prepare();
});
afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});

describeSeriesStore('over MongoDB', async () => series);
