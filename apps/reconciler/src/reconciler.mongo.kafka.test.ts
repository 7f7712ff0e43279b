import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureTopics } from '@calsync/event-log';
import { startMongo } from '@calsync/local-servers';
import { kafkaForTests, startProcess, type ChildApp } from '@calsync/local-servers/testing';

/** The service as a process of its own, beside a MongoDB of its own that may go away. */
const script = 'apps/reconciler/dist/main.js';
let mongo: Awaited<ReturnType<typeof startMongo>>;
let folder: string;
let environment: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reconciler-'));
  mongo = await startMongo({ dataDir: join(folder, 'mongo') });
  const { brokers } = kafkaForTests();
  await ensureTopics(brokers);
  const sources = join(folder, 'sources.json');
  await writeFile(sources, JSON.stringify([{ name: 'demo', url: 'http://127.0.0.1:9', user: 'sync', password: 'p', nudgeSecret: randomBytes(16).toString('hex') }]));
  environment = {
    PORT: '0', KAFKA_BROKERS: brokers.join(','), MONGODB_URI: mongo.uri, MONGODB_DATABASE: 'reconciler', INSTALLATION_ID: randomUUID(),
    MASTER_KEYS: `1:${randomBytes(32).toString('base64')}`, SOURCES_FILE: sources, GOOGLE_CLIENT_ID: 'id', GOOGLE_CLIENT_SECRET: 'secret', GOOGLE_API_ROOT: 'http://127.0.0.1:9', GOOGLE_OAUTH_ROOT: 'http://127.0.0.1:9',
  };
}, 60_000);
afterAll(async () => {
  await mongo.stop();
  await rm(folder, { recursive: true, force: true });
});

const status = async (app: ChildApp, path: string) => (await fetch(`${app.url}/health/${path}`)).status;
const until = async (app: ChildApp, path: string, wanted: number) => {
  await expect.poll(() => status(app, path), { timeout: 30_000, interval: 50 }).toBe(wanted);
};

describe('the reconciler', () => {
  it('names a missing setting in one line', async () => {
    const { MASTER_KEYS: _left, ...without } = environment;
    await expect(startProcess({ name: 'reconciler', script, env: without })).rejects.toThrow(/exit code 2[\s\S]*Settings: MASTER_KEYS is missing/);
  });

  it('names what is wrong with the list of sources', async () => {
    const file = join(folder, 'broken.json');
    await writeFile(file, '[{"name":"Demo"}]');
    await expect(startProcess({ name: 'reconciler', script, env: { ...environment, SOURCES_FILE: file } })).rejects.toThrow(/SOURCES_FILE: .*broken\.json: .*name/);
  });

  it('is ready with its servers, and ends in order when asked', async () => {
    const app = await startProcess({ name: 'reconciler', script, env: environment });
    try {
      await until(app, 'ready', 200);
      expect(await status(app, 'live')).toBe(200);
      const { details } = (await (await fetch(`${app.url}/health`)).json()) as { details: Record<string, unknown> };
      expect(Object.keys(details)).toEqual(expect.arrayContaining(['loops', 'mongodb', 'prepared', 'work']));
      expect(JSON.stringify(app.lines) + JSON.stringify(details)).not.toContain(environment['MASTER_KEYS']!.slice(2));
    } finally {
      await app.stop();
    }
    expect(await app.exited).toBe('exit code 0');
  }, 60_000);

  it('is alive but not ready while MongoDB is away, and ready again when it is back', async () => {
    const app = await startProcess({ name: 'reconciler', script, env: environment });
    try {
      await until(app, 'ready', 200);
      const port = Number(new URL(mongo.uri).port);
      await mongo.stop();
      await until(app, 'ready', 503);
      expect(await status(app, 'live')).toBe(200);
      mongo = await startMongo({ dataDir: join(folder, 'mongo'), port });
      await until(app, 'ready', 200);
    } finally {
      await app.stop();
    }
  }, 90_000);
});
