import { createConnection, type Connection } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mongoForTests } from '@calsync/local-servers/testing';
import { asAccountId, asInventiveId } from '@calsync/calendar-model';
import { KeyRing } from '@calsync/service-chassis/sealing';
import { anAppointment, describeJoiningStores } from '@calsync/sync-engine/testing';
import { createJoinings } from './joining.js';
import { createUnpaired, type UnpairedCollection } from './unpaired.js';

let connection: Connection;
let unpaired: UnpairedCollection;

beforeAll(async () => {
  const { uri, database } = mongoForTests();
  connection = await createConnection(uri, { dbName: database, monitorCommands: true }).asPromise();
  unpaired = createUnpaired(connection, new KeyRing(`1:${Buffer.alloc(32, 7).toString('base64')}`));
  await unpaired.prepare();
});
afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});

describeJoiningStores('over MongoDB', async () => ({ unpaired, joining: createJoinings(connection) }));

describe('unpaired items in MongoDB', () => {
  const stored = async (reason: 'ambiguous-match' | 'outside-window') => {
    const accountId = asAccountId(`of-${reason}`);
    await unpaired.put({ side: 'inventive', accountId, itemId: anAppointment().id, reason, record: anAppointment() });
    return connection.db!.collection('unpaired').findOne({ accountId });
  };
  it('[R10.2] a question stands until it is answered; why-not notes fade', async () => {
    expect(await stored('ambiguous-match')).not.toHaveProperty('fadesOn');
    expect(await stored('outside-window')).toMatchObject({ fadesOn: expect.any(Date) as Date });
    const fading = (await connection.db!.collection('unpaired').indexes()).filter(({ expireAfterSeconds }) => expireAfterSeconds !== undefined);
    expect(fading.map(({ key }) => key)).toEqual([{ fadesOn: 1 }]);
  });

  it('[R10.2] an index of an older version that forgot questions goes when the indexes are prepared, however often that is done', async () => {
    await connection.db!.collection('unpaired').createIndex({ seenOn: 1 }, { name: 'forget', expireAfterSeconds: 2_592_000 });
    for (let start = 0; start < 2; start += 1) await unpaired.prepare();
    expect((await connection.db!.collection('unpaired').indexes()).map(({ name }) => name)).not.toContain('forget');
  });

  it('[R10.2] questions are counted per account, and lists go on from the last one shown', async () => {
    const accountId = asAccountId('of-many');
    for (let n = 0; n < 3; n += 1) {
      const record = anAppointment({ id: asInventiveId(String(n).padStart(32, 'B')) });
      await unpaired.put({ side: 'inventive', accountId, itemId: record.id, reason: 'ambiguous-match', record });
    }
    await unpaired.put({ side: 'inventive', accountId, itemId: asInventiveId('C'.repeat(32)), reason: 'outside-window' });
    await connection.db!.collection('unpaired').updateMany({ accountId }, { $set: { seenOn: new Date(1_000) } });
    expect((await unpaired.countQuestions()).get(accountId)).toBe(3);
    const first = await unpaired.list(accountId, { limit: 2, reason: 'ambiguous-match' });
    const last = first.at(-1);
    const further = await unpaired.list(accountId, { limit: 2, reason: 'ambiguous-match', ...(last === undefined ? {} : { after: last }) });
    expect([...first, ...further].map(({ itemId }) => String(itemId).at(-1))).toEqual(['0', '1', '2']);
  });

  it('which accounts have waiting items is read from an index, for it is asked all the time', async () => {
    const asked: object[] = [];
    connection.getClient().on('commandStarted', ({ command }) => void (command['distinct'] === 'unpaired' && asked.push({ distinct: 'unpaired', key: command['key'] as string, query: command['query'] as object })));
    await unpaired.accountsWaiting();
    const plan = await connection.db!.command({ explain: asked[0] ?? {}, verbosity: 'queryPlanner' });
    expect(JSON.stringify(plan['queryPlanner'])).toContain('"indexName":"joining"');
  });
});
