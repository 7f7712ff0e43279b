import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createConnection, type Connection } from 'mongoose';
import { mongoForTests } from '@calsync/local-servers/testing';
import { createLeases } from './leases.js';

let connection: Connection;
beforeAll(async () => {
  const { uri, database } = mongoForTests();
  connection = await createConnection(uri, { dbName: database }).asPromise();
});
afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});

const expired = async (name: string) => {
  await connection.db!.collection<{ _id: string }>('leases').updateOne({ _id: name }, { $set: { expiresAt: new Date(1) } });
};

describe('leases', () => {
  it('gives a lease to one of many who ask at once', async () => {
    const askers = Array.from({ length: 8 }, (_, at) => createLeases(connection, { holder: `asker-${at}` }));
    const answers = await Promise.all(askers.map((leases) => leases.acquire('crowd', 60_000)));
    expect(answers.filter((answer) => answer !== undefined)).toHaveLength(1);
  });

  it('refuses the same process when it asks a second time', async () => {
    const leases = createLeases(connection);
    expect(await leases.acquire('twice', 60_000)).toBeDefined();
    expect(await leases.acquire('twice', 60_000)).toBeUndefined();
  });

  it('gives a bigger fencing token each time, through release, expiry and a row that was forgotten', async () => {
    const leases = createLeases(connection);
    const tokens: number[] = [];
    const first = await leases.acquire('growing', 60_000);
    tokens.push(first!.fencingToken);
    await leases.release(first!);
    tokens.push((await leases.acquire('growing', 60_000))!.fencingToken);
    await expired('growing');
    const third = await leases.acquire('growing', 60_000);
    tokens.push(third!.fencingToken);
    await connection.db!.collection<{ _id: string }>('leases').deleteOne({ _id: 'growing' });
    await expect.poll(() => leases.acquire('growing', 60_000).then((lease) => (lease === undefined ? 0 : tokens.push(lease.fencingToken)))).toBe(4);
    expect(tokens).toEqual([...new Set(tokens)].sort((a, b) => a - b));
  });

  it('keeps the token when it is renewed, and refuses who lost it', async () => {
    const old = createLeases(connection, { holder: 'old' });
    const young = createLeases(connection, { holder: 'young' });
    const lost = await old.acquire('renewed', 60_000);
    expect((await old.renew(lost!, 60_000))?.fencingToken).toBe(lost!.fencingToken);
    await expired('renewed');
    const taken = await young.acquire('renewed', 60_000);
    expect(taken!.fencingToken).toBeGreaterThan(lost!.fencingToken);
    expect(await old.renew(lost!, 60_000)).toBeUndefined();
    await old.release(lost!);
    expect(await young.holderOf('renewed')).toEqual({ holder: 'young', fencingToken: taken!.fencingToken });
  });

  it('counts what is left by a monotonic clock that started before it asked', async () => {
    let now = 1_000;
    const leases = createLeases(connection, { monotonicNow: () => now });
    const lease = await leases.acquire('counted', 5_000);
    now += 4_000;
    expect(lease!.remainingMs()).toBe(1_000);
    now += 4_000;
    expect(lease!.remainingMs()).toBe(0);
  });

  it('says transient where the database is not there', async () => {
    const nowhere = createConnection();
    await expect(createLeases(nowhere).acquire('x', 1_000)).rejects.toMatchObject({ name: 'Failure', kind: 'transient' });
    await nowhere.close();
  });
});
