import getPort from 'get-port';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type MongoServer, startMongo } from '@calsync/local-servers';
import { setLogLevel } from '../log.js';
import { connectMongo, mongoCheck } from './mongo.js';

setLogLevel('silent');
const within = { timeout: 30_000, interval: 50 };
let server: MongoServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

describe('connectMongo', { timeout: 60_000 }, () => {
  it('is there at once, opens when MongoDB comes, writes by majority, and says so when it goes', async () => {
    const port = await getPort();
    const started = performance.now();
    const connection = await connectMongo({ MONGODB_URI: `mongodb://127.0.0.1:${port}/?replicaSet=calsync`, MONGODB_DATABASE: 'chassis' });
    expect(performance.now() - started).toBeLessThan(500);
    const check = mongoCheck(connection);
    expect(await check.check()).toMatchObject({ healthy: false, details: { message: 'not connected' } });

    server = await startMongo({ port });
    await vi.waitFor(async () => expect(await check.check()).toMatchObject({ healthy: true }), within);
    expect(connection.db?.databaseName).toBe('chassis');
    expect(connection.db?.writeConcern).toMatchObject({ w: 'majority' });
    await connection.db?.collection('rows').insertOne({ n: 1 });

    await server.kill9();
    await vi.waitFor(async () => {
      const answer = await check.check().catch(() => ({ healthy: false }));
      expect(answer.healthy).toBe(false);
    }, within);
    await connection.close();
  });

  it('closes at once while MongoDB is still away', async () => {
    const connection = await connectMongo({ MONGODB_URI: `mongodb://127.0.0.1:${await getPort()}/?replicaSet=calsync`, MONGODB_DATABASE: 'chassis' });
    const started = performance.now();
    await connection.close();
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
