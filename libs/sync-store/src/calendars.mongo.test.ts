import { createConnection, type Connection } from 'mongoose';
import { afterAll, beforeAll } from 'vitest';
import { mongoForTests } from '@calsync/local-servers/testing';
import { describeCalendarStates, describeChannels } from '@calsync/sync-engine/testing';
import { createCalendars } from './calendars.js';
import { createChannels } from './channels.js';

let connection: Connection;
beforeAll(async () => {
  const { uri, database } = mongoForTests();
  connection = await createConnection(uri, { dbName: database }).asPromise();
  await Promise.all([createCalendars(connection).prepare(), createChannels(connection).prepare()]);
});
afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});

describeCalendarStates('calendars in MongoDB', () => createCalendars(connection));
describeChannels('channels in MongoDB', () => createChannels(connection));
