import { createConnection, type Connection } from 'mongoose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { asAccountId, asGoogleEventId, asInventiveId, asPairId, asSourceName } from '@calsync/calendar-model';
import { mongoForTests } from '@calsync/local-servers/testing';
import { KeyRing } from '@calsync/service-chassis/sealing';
import type { Pair } from '@calsync/sync-engine';
import { ACCOUNT, anAppointment } from '@calsync/sync-engine/testing';
import { createPairLists, type PairLists, type PlaceInList } from './pair-lists.js';
import { createPairs } from './pairs.js';

let connection: Connection;
let lists: PairLists;
const LOST: Pair['lostValues'] = [{ field: 'subject', winner: 'google', kept: 'nu', lost: 'toen', at: '2026-11-24T10:00:00.000Z' }];
const [one, other] = [asAccountId('one'), asAccountId('other')];

beforeAll(async () => {
  const { uri, database } = mongoForTests();
  connection = await createConnection(uri, { dbName: database, monitorCommands: true }).asPromise();
  const keys = new KeyRing(`1:${Buffer.alloc(32, 7).toString('base64')}`);
  const pairs = createPairs(connection, keys);
  lists = createPairLists(connection, keys);
  await pairs.prepare();
  for (let n = 0; n < 7; n += 1) {
    const id = asInventiveId(n.toString(16).toUpperCase().padStart(32, '0'));
    const record = anAppointment({ id });
    const pair: Pair = {
id: asPairId(`pair-${n}`), accountId: n === 6 ? other : one, source: asSourceName('demo'), appointmentId: id, inventiveGeneration: 0,
      calendarId: ACCOUNT.calendarId, eventId: asGoogleEventId(`event${n}`), googleGeneration: 0, google: { state: 'unknown', seq: 0, needsRead: false, changedAt: {} },
      revision: 0, dueSeq: 1, attempts: 0, reasons: [], outbox: [], recentWrites: [],
      status: n === 5 ? 'failed' : 'active', lostValues: n === 2 ? LOST : [], inventive: { state: 'known', record, version: record.version, seq: 1, needsRead: false, changedAt: {} },
    };
    await pairs.insert(pair, 'live');
    // Three share the moment at which they changed: the id tells them apart.
    await connection.collection<{ _id: string }>('pairs').updateOne({ _id: pair.id }, { $set: { changedOn: new Date(n < 3 ? 1_000 : n * 1_000), due: n === 4 } });
  }
});
afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});

it('pages hold each pair once, the newest change first, whatever changed at the same moment', async () => {
  const seen: string[] = [];
  let after: PlaceInList | undefined;
  for (;;) {
    const page = await lists.page(one, { limit: 2, ...(after === undefined ? {} : { after }) });
    seen.push(...page.map(({ pair }) => pair.id));
    const last = page.at(-1);
    if (last === undefined) break;
    after = { changedOn: last.changedOn, id: last.pair.id };
  }
  expect(seen).toEqual(['pair-5', 'pair-4', 'pair-3', 'pair-0', 'pair-1', 'pair-2']);
});

it('a page may be of one status, or of what was overwritten', async () => {
  expect(await lists.page(one, { status: 'failed', limit: 9 })).toMatchObject([{ pair: { id: 'pair-5', inventive: { record: { fields: { subject: 'Overleg' } } } }, due: false }]);
  expect(await lists.page(one, { overwritten: true, limit: 9 })).toMatchObject([{ pair: { id: 'pair-2', lostValues: LOST } }]);
  expect((await lists.page(one, { limit: 9 })).filter(({ due }) => due)).toMatchObject([{ pair: { id: 'pair-4' } }]);
});

it('counts are of each account by itself', async () => {
  const counts = await lists.countByStatus([one, other, asAccountId('nobody')]);
  expect(Object.fromEntries(counts)).toEqual({ one: { active: 5, failed: 1 }, other: { active: 1 } });
  expect([await lists.countOverwritten(one), await lists.countOverwritten(other)]).toEqual([1, 0]);
});

it('a page comes out of an index in order, of whatever it is', async () => {
  const asked: Record<string, unknown>[] = [];
  connection.getClient().on('commandStarted', ({ command }) => void (command['find'] === 'pairs' && asked.push(command)));
  const after = { changedOn: new Date(4_000), id: 'pair-4' };
  await lists.page(one, { limit: 2 });
  await lists.page(one, { limit: 2, after });
  await lists.page(one, { limit: 2, status: 'failed', after });
  await lists.page(one, { limit: 2, overwritten: true });
  expect(asked).toHaveLength(4);
  for (const { filter, sort, limit } of asked) {
    const plan = JSON.stringify(await connection.db!.command({ explain: { find: 'pairs', filter, sort, limit }, verbosity: 'queryPlanner' }).then((answer) => answer['queryPlanner'].winningPlan as object));
    expect(plan).not.toContain('"SORT"');
    expect(plan).toMatch(/"indexName":"(listed|overwritten)"/);
  }
});
