import { setTimeout as delay } from 'node:timers/promises';
import { createConnection, type Connection } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asSourceName } from '@calsync/calendar-model';
import { mongoForTests } from '@calsync/local-servers/testing';
import { describePublishedAppointments, describeWatermarks } from '@calsync/sync-engine/testing';
import { createNudgeRelay } from './nudge-relay.js';
import { createPublishedAppointments } from './published-appointments.js';
import { createWatermarks } from './watermarks.js';

let connection: Connection;
beforeAll(async () => {
  const { uri, database } = mongoForTests();
  connection = await createConnection(uri, { dbName: database, autoCreate: false, autoIndex: false }).asPromise();
  await createPublishedAppointments(connection).prepare();
});
afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});

describeWatermarks('watermarks in MongoDB', () => createWatermarks(connection));
describePublishedAppointments('published appointments in MongoDB', () => createPublishedAppointments(connection));

describe('published appointments in MongoDB', () => {
  it('looks parts and newest rows up by an index', async () => {
    const collection = connection.db!.collection('capture_published');
    const stages = async (filter: object, sort: Record<string, 1 | -1>) => JSON.stringify(await collection.find(filter).sort(sort).explain('queryPlanner'));
    expect(await stages({ source: 'x', madeOf: 'participant/1' }, { _id: 1 })).toContain('made-of');
    expect(await stages({ source: 'x', epoch: { $gt: 0 } }, { epoch: -1, rowStamp: -1 })).toContain('newest');
  });
});

describe('epochs', () => {
  it('are 1 where capture never ran', async () => {
    expect(await createWatermarks(connection).epochOf(asSourceName('nergens'))).toBe(1);
  });
  it('begin anew on another server, and whoever reads it under the old one saves nothing more', async () => {
    const watermarks = createWatermarks(connection);
    const source = asSourceName('verhuisd');
    const held = await watermarks.takeOver(source, 1);
    expect(await watermarks.save(source, 1, { ...held!, counter: 90n, readFrom: 80n, snapshot: { began: 1n, done: true } })).toBe(true);
    await watermarks.beginAnew(source);
    expect(await watermarks.save(source, 1, { ...held!, counter: 91n })).toBe(false);
    expect(await watermarks.find(source)).toEqual({ epoch: 2, readFrom: 0n, counter: 0n, marks: [] });
  });
});

describe('the nudge relay', () => {
  it('tells who listens, again for a stamp that is not higher', async () => {
    const relay = createNudgeRelay(connection);
    const source = asSourceName('relais');
    const heard: string[] = [];
    const stopping = new AbortController();
    const listening = relay.listen((from, stamp) => heard.push(`${from}@${stamp}`), stopping.signal);
    // The stream has a beginning somewhere after the call: nudges are repeated until the first is heard.
    for (let tries = 0; heard.length === 0 && tries < 100; tries += 1) {
      await relay.relay(source, 9_007_199_254_740_993n);
      await delay(50);
    }
    const before = heard.length;
    await relay.relay(source, 7n);
    await expect.poll(() => heard.length).toBeGreaterThan(before);
    expect(new Set(heard)).toEqual(new Set(['relais@9007199254740993']));
    stopping.abort();
    await listening;
  });
});
