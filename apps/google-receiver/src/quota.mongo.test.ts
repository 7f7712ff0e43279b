import { createConnection, type Connection } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asAccountId } from '@calsync/calendar-model';
import { createQuotaLimiter } from '@calsync/google-client';
import { mongoForTests } from '@calsync/local-servers/testing';
import { systemClock } from '@calsync/service-chassis';

const { uri, database } = mongoForTests();
let connection: Connection;
beforeAll(async () => {
  connection = await createConnection(uri, { dbName: database }).asPromise();
});
afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});

describe('the quota over replicas', () => {
  it('is one: what one process used is gone for the other', async () => {
    const limits = { clock: systemClock, perUserPerMinute: 10, perProjectPerMinute: 1_000 };
    const replicas = [createQuotaLimiter({ ...limits, mongo: connection }), createQuotaLimiter({ ...limits, mongo: connection })];
    await replicas[0]!.prepare();
    const answers = await Promise.allSettled(Array.from({ length: 24 }, (_, at) => replicas[at % 2]!.take(asAccountId('jansen'), 1)));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    expect(await connection.collection('google_quota').countDocuments({ key: /jansen/ })).toBe(1);
  });
  it('goes on, each process for itself, while MongoDB is not there', async () => {
    const limiter = createQuotaLimiter({ clock: systemClock, perUserPerMinute: 2, perProjectPerMinute: 1_000, mongo: createConnection() });
    await limiter.take(asAccountId('devries'), 2);
    await expect(limiter.take(asAccountId('devries'), 1)).rejects.toMatchObject({ kind: 'quota' });
  });
});
