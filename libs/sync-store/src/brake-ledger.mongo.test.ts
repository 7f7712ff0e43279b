import { createConnection, type Connection } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asAccountId } from '@calsync/calendar-model';
import { mongoForTests } from '@calsync/local-servers/testing';
import { createBrakeLedger } from './brake-ledger.js';

let connection: Connection;
beforeAll(async () => {
  const { uri, database } = mongoForTests();
  connection = await createConnection(uri, { dbName: database }).asPromise();
});
afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});

const account = asAccountId('account');
const loss = (pair: string, atMs: number) => ({ unit: pair, kind: 'delete' as const, atMs });

describe('the ledger of the brake', () => {
  it('counts a pair once, forgets what is older than the window, and loses nothing of several replicas at once', async () => {
    const ledgers = Array.from({ length: 4 }, () => createBrakeLedger(connection, async () => 0));
    await ledgers[0]!.note(account, [loss('old', 1_000)], 1_000, 500);
    await Promise.all(ledgers.map((ledger, at) => ledger.note(account, [loss(`pair-${at}`, 2_000)], 2_000, 500)));
    const entries = await ledgers[0]!.note(account, [loss('pair-0', 2_100)], 2_100, 500);
    expect(entries.map(({ unit }) => unit).sort()).toEqual(['pair-0', 'pair-1', 'pair-2', 'pair-3']);
  });

  it('keeps no more than the newest ten thousand', async () => {
    const ledger = createBrakeLedger(connection, async () => 0);
    const crowded = asAccountId('crowded');
    const many = (from: number) => Array.from({ length: 6_000 }, (_, at) => loss(`many-${from + at}`, 1_000));
    await ledger.note(crowded, many(0), 1_000, 60_000);
    const entries = await ledger.note(crowded, many(6_000), 1_000, 60_000);
    expect([entries.length, entries.at(-1)]).toEqual([10_000, loss('many-11999', 1_000)]);
  });

  it('notes nothing of what a person agreed to, until that agreement ends', async () => {
    const ledger = createBrakeLedger(connection, async () => 0);
    await ledger.confirm(account, 5_000);
    expect(await ledger.note(account, [loss('agreed', 4_000)], 4_000, 60_000)).toEqual([]);
    expect(await ledger.note(account, [loss('later', 6_000)], 6_000, 60_000)).toEqual([loss('later', 6_000)]);
  });
});
