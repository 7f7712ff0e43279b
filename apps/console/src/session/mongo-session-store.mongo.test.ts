import type { Session } from 'fastify';
import { promisify } from 'node:util';
import { createConnection, type Connection } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mongoForTests } from '@calsync/local-servers/testing';
import { MongoSessionStore } from './mongo-session-store.js';

let connection: Connection;
beforeAll(async () => {
  const { uri, database } = mongoForTests();
  connection = await createConnection(uri, { dbName: database }).asPromise();
});
afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});

const storeOf = (lifetimeMs: number) => {
  const store = new MongoSessionStore(connection, lifetimeMs);
  return { set: promisify(store.set), get: promisify(store.get), destroy: promisify(store.destroy), endAll: () => store.endAll() };
};
const session = (administrator: string) => ({ administrator }) as Session;

describe('sessions in MongoDB', () => {
  it('are found until they end, also by another replica', async () => {
    await storeOf(60_000).set('one', session('beheer'));
    expect(await storeOf(60_000).get('one')).toEqual({ administrator: 'beheer' });
    await storeOf(60_000).set('one', session('other'));
    expect(await storeOf(60_000).get('one')).toEqual({ administrator: 'other' });
    expect(await storeOf(60_000).get('guessed')).toBeNull();
  });

  it('do not come back when a request that was in flight at logout writes them', async () => {
    const store = storeOf(60_000);
    await store.set('two', session('beheer'));
    await store.destroy('two');
    await store.set('two', session('beheer'));
    expect(await store.get('two')).toBeNull();
  });

  it('all end where the password became another', async () => {
    const store = storeOf(60_000);
    await store.set('four', session('beheer'));
    await store.endAll();
    expect(await store.get('four')).toBeNull();
  });

  it('end by themselves', async () => {
    await storeOf(-1).set('three', session('beheer'));
    expect(await storeOf(60_000).get('three')).toBeNull();
  });

  it('are stored under a hash of their id', async () => {
    await storeOf(60_000).set('secret-session-id', session('beheer'));
    expect(JSON.stringify(await connection.collection('console-sessions').find().toArray())).not.toContain('secret-session-id');
  });
});
