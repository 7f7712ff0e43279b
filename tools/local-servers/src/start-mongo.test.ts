import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterEach, describe, expect, it } from 'vitest';
import { type MongoServer, startMongo } from './mongo.js';
import { commandLineOf } from './processes.js';

describe('startMongo', () => {
  const running: MongoServer[] = [];
  const folders: string[] = [];
  const start = async (options?: Parameters<typeof startMongo>[0]) => {
    const server = await startMongo(options);
    running.push(server);
    return server;
  };
  const dataFolder = async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mongo-test-'));
    folders.push(folder);
    return folder;
  };

  afterEach(async () => {
    await Promise.all(running.splice(0).map((server) => server.stop()));
    await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
  });

  it('is a replica set: a transaction commits', async () => {
    const server = await start();
    await using client = new MongoClient(server.uri);
    const things = client.db('t').collection('things');
    await client.withSession((session) =>
      session.withTransaction(async () => {
        await things.insertOne({ a: 1 }, { session });
        await things.insertOne({ a: 2 }, { session });
      }),
    );
    expect(await things.countDocuments()).toBe(2);
  });

  it('leaves nothing running after stop', async () => {
    const server = await start();
    await server.stop();
    expect(await commandLineOf(server.pid)).toBeUndefined();
  });

  it('keeps its data over a kill -9, another port, and the leftover of a killed run', async () => {
    const dataDir = await dataFolder();
    const first = await start({ dataDir });
    await using client = new MongoClient(first.uri);
    await client.db('t').collection('things').insertOne({ kept: true }, { writeConcern: { w: 'majority', journal: true } });
    await first.kill9();

    const second = await start({ dataDir });
    expect(second.port).not.toBe(first.port);
    // Not stopped: as after a killed start, it still holds the folder's lock.
    const third = await start({ dataDir });

    expect(await commandLineOf(second.pid)).toBeUndefined();
    await using later = new MongoClient(third.uri);
    expect(await later.db('t').collection('things').countDocuments({ kept: true })).toBe(1);
  });

  it('names the taken port and the variable that changes it', async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) => {
      other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port));
    });
    try {
      await expect(startMongo({ port })).rejects.toThrow(`Port ${port} for MongoDB is taken by another program. Stop that program, or set MONGODB_PORT to a free port.`);
    } finally {
      other.close();
    }
  });
});
