import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import getPort from 'get-port';
import { createConnection, type Connection } from 'mongoose';
import { ensureTopics } from '@calsync/event-log';
import { readSettings } from '@calsync/service-chassis';
import { kafkaForTests, mongoForTests, startGoogleEmulator, startInventiveEmulator } from '@calsync/local-servers/testing';
import { consoleSettings } from '../settings.js';
import { startConsole } from '../start-console.js';
import { Browser } from './browser.js';

const CLIENT = { id: 'inventive-calendar-sync', secret: 'emulator-secret' };

/** A console between both emulators, over real MongoDB and Kafka, on free ports. */
export async function consoleUnderTest(overrides: Record<string, string> = {}) {
  const { uri, database } = mongoForTests();
  const { brokers, prefix } = kafkaForTests();
  const folder = await mkdtemp(join(tmpdir(), 'calsync-console-'));
  const [google, inventive, port] = await Promise.all([
    startGoogleEmulator({ CLIENT_ID: CLIENT.id, CLIENT_SECRET: CLIENT.secret }),
    startInventiveEmulator({ SYNC_PASSWORD: 'sync-password-for-tests' }),
    getPort({ host: '127.0.0.1' }),
    ensureTopics(brokers, { prefix }),
  ]);
  const sourcesFile = join(folder, 'sources.json');
  await writeFile(sourcesFile, JSON.stringify([{ name: 'demo', url: inventive.url, user: 'sync', password: 'sync-password-for-tests', nudgeSecret: 'nudge-secret-for-tests' }]));
  const address = `http://localhost:${port}`;
  const printed: string[] = [];
  const service = await startConsole(
    readSettings(consoleSettings, {
      PORT: String(port),
      LOG_LEVEL: 'error',
      CONSOLE_PUBLIC_URL: address,
      KAFKA_BROKERS: brokers.join(','),
      MONGODB_URI: uri,
      MONGODB_DATABASE: database,
      INSTALLATION_ID: randomUUID(),
      MASTER_KEYS: `1:${randomBytes(32).toString('base64')}`,
      SOURCES_FILE: sourcesFile,
      GOOGLE_CLIENT_ID: CLIENT.id,
      GOOGLE_CLIENT_SECRET: CLIENT.secret,
      GOOGLE_OAUTH_ROOT: google.url,
      GOOGLE_API_ROOT: google.url,
      ...overrides,
    }),
    { printPassword: (_username, password) => printed.push(password), topicPrefix: prefix },
  );
  const connection: Connection = await createConnection(uri, { dbName: database }).asPromise();
  await until('the console is ready', async () => {
    const answer = await fetch(`${address}/health/ready`);
    if (!answer.ok) throw new Error(await answer.text());
    return true;
  });
  return {
    url: address, brokers, prefix, connection, google, inventive,
    /** The random password of the local administrator, as printed. */
    printed,
    browser: () => new Browser(address),
    async close(): Promise<void> {
      await service.close();
      await connection.dropDatabase();
      await connection.close();
      await Promise.all([google.stop(), inventive.stop(), rm(folder, { recursive: true, force: true })]);
    },
  };
}
export type ConsoleUnderTest = Awaited<ReturnType<typeof consoleUnderTest>>;

export async function until<T>(what: string, condition: () => Promise<T | undefined | false>, withinMs = 15_000): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    let trouble: unknown;
    const answer = await condition().catch((error: unknown) => void (trouble = error));
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`, { cause: trouble });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
