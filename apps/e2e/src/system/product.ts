import { randomBytes, randomUUID } from 'node:crypto';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKafka, startMongo } from '@calsync/local-servers';
import { startGoogleEmulator, startInventiveEmulator, startProcess, type ChildApp } from '@calsync/local-servers/testing';
import { ConsoleSide } from '@calsync/start/console-side';
import getPort from 'get-port';
import { PersonAtDesk } from './person-at-desk.js';
import { PersonAtGoogle } from './person-at-google.js';
import { ChangesUnderWay } from './under-way.js';
import { waitUntil } from './wait-until.js';

/** So long nothing may be under way, and nothing happen, before the product counts as quiet. */
const STILL_MS = 500;

export const SERVICES = ['console', 'inventive-capture', 'google-receiver', 'reconciler'] as const;
export type ServiceName = (typeof SERVICES)[number];

/** A write that a vendor accepted from the product, as its emulator recorded it. */
export interface GoogleWrite { readonly at: string; readonly method: string; readonly client: string; readonly email: string; readonly calendarId: string; readonly eventId: string }
export interface InventiveWrite { readonly at: string; readonly op: string; readonly dataclass: string; readonly key: string; readonly user: string }

/** The whole product with real Kafka and MongoDB, on free ports, beside both emulators. */
export interface Product {
  readonly google: string;
  readonly inventive: string;
  readonly kafkaBrokers: string;
  readonly mongo: { readonly uri: string; readonly database: string };
  url(name: ServiceName): string;
  pid(name: ServiceName): number;
  lines(name: ServiceName): readonly string[];
  /** Kills the service (unless it killed itself) and starts it anew, with these variables besides. */
  restart(name: ServiceName, env?: Record<string, string>): Promise<void>;
  kill9(name: ServiceName): Promise<void>;
  /** Resolves when the service ended by itself. */
  ended(name: ServiceName): Promise<void>;
  /** Links the user through the real OAuth flow and waits until the account is live. */
  link(loginName: string): Promise<void>;
  /** What an administrator sets for a user. Before linking it holds at once, afterwards within seconds. */
  settings(loginName: string, change: Readonly<Record<string, unknown>>): Promise<void>;
  /** What the console shows of the user's account. */
  accountState(loginName: string): Promise<string | undefined>;
  /** The console, with an administrator before it. */
  console(): Promise<ConsoleSide>;
  /** Another Inventive server with a copy of the data as it stands; `sourcesFile` names it under the same name. */
  copyInventive(): Promise<{ readonly url: string; readonly sourcesFile: string }>;
  /** What the console says of an appointment that isn't there, or not yet. */
  reasons(loginName: string, appointmentId: string): Promise<readonly string[]>;
  /** An administrator agrees to what the brake held. */
  release(loginName: string): Promise<void>;
  desk(loginName: string): Promise<PersonAtDesk>;
  phone(loginName: string): Promise<PersonAtGoogle>;
  /** The product's own writes to Google since the emulator's last reset. */
  googleWrites(): Promise<readonly GoogleWrite[]>;
  inventiveWrites(): Promise<readonly InventiveWrite[]>;
  mails(): Promise<readonly unknown[]>;
  /** Resolves once nothing is on its way through the product, no pair is due, and nothing happens any more. */
  quiet(): Promise<void>;
  emulator(side: 'google' | 'inventive', path: string, body?: unknown, method?: string): Promise<unknown>;
  stop(): Promise<void>;
}

/** More for the one entry of SOURCES_FILE; `{inventive}` in a text stands for Inventive's own address. */
export interface ProductOptions {
  readonly source?: Readonly<Record<string, unknown>>;
  /** More for the environment of every service. */
  readonly env?: Readonly<Record<string, string>>;
}

export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  const folder = await mkdtemp(join(tmpdir(), 'calsync-e2e-'));
  const [kafka, mongo] = await Promise.all([startKafka(), startMongo()]);
  const secrets = { sync: randomBytes(12).toString('hex'), nudge: randomBytes(24).toString('hex'), client: randomBytes(12).toString('hex'), admin: randomBytes(12).toString('hex') };
  const ports = Object.fromEntries(await Promise.all(SERVICES.map(async (name) => [name, await getPort()] as const))) as Record<ServiceName, number>;
  const at = (name: ServiceName) => `http://localhost:${ports[name]}`;

  const inventiveSettings = {
    SYNC_PASSWORD: secrets.sync, NUDGE_URL: `${at('inventive-capture')}/inventive/nudges`, NUDGE_SECRET: secrets.nudge, NUDGE_SOURCE: 'demo', LOG_LEVEL: 'warn',
  };
  const inventive = await startInventiveEmulator({ ...inventiveSettings, DATA_DIR: join(folder, 'inventive') });
  const copies: (typeof inventive)[] = [];
  const google = await startGoogleEmulator({
    DATA_DIR: join(folder, 'google'), CLIENT_SECRET: secrets.client, REDIRECT_URIS: `${at('console')}/google/oauth/callback`, LOG_LEVEL: 'warn',
    QUOTA_USER_PER_MINUTE: '100000', QUOTA_PROJECT_PER_MINUTE: '100000',
  });
  const sourcesFile = join(folder, 'sources.json');
  const source = { name: 'demo', url: inventive.url, user: 'sync', password: secrets.sync, nudgeSecret: secrets.nudge, longestTransactionMs: 4_000, pollMs: 1_000, ...options.source };
  await writeFile(sourcesFile, JSON.stringify([source]).replaceAll('{inventive}', inventive.url));
  const topics = await startProcess({ name: 'topics', script: 'libs/event-log/dist/ensure-topics.main.js', env: { KAFKA_BROKERS: kafka.brokers }, waitForLine: () => true });
  await topics.exited;

  const environment = {
    HOST: '127.0.0.1', LOG_LEVEL: 'info', KAFKA_BROKERS: kafka.brokers, MONGODB_URI: mongo.uri, MONGODB_DATABASE: 'e2e',
    INSTALLATION_ID: randomUUID(), MASTER_KEYS: `1:${randomBytes(32).toString('base64')}`, SOURCES_FILE: sourcesFile,
    GOOGLE_API_ROOT: google.url, GOOGLE_OAUTH_ROOT: google.url, GOOGLE_CLIENT_ID: 'inventive-calendar-sync', GOOGLE_CLIENT_SECRET: secrets.client,
    RECEIVER_PUBLIC_URL: at('google-receiver'), CONSOLE_PUBLIC_URL: at('console'), SWEEP_SECONDS: '5',
    SESSION_SECRET: randomBytes(32).toString('hex'), ADMIN_PASSWORD: secrets.admin, ...options.env,
  };
  const running = new Map<ServiceName, ChildApp>();
  const start = async (name: ServiceName, env: Record<string, string> = {}) => {
    running.set(name, await startProcess({ name, script: `apps/${name}/dist/main.js`, env: { ...environment, PORT: String(ports[name]), ...env } }));
    await waitUntil(`${name} is ready`, async () => (await fetch(`${at(name)}/health/ready`)).ok, 40_000);
  };
  await Promise.all(SERVICES.map((name) => start(name)));
  const app = (name: ServiceName): ChildApp => {
    const found = running.get(name);
    if (found === undefined) throw new Error(`${name} was not started`);
    return found;
  };
  const roots = { google: google.url, inventive: inventive.url };
  const emulator = async (side: 'google' | 'inventive', path: string, body?: unknown, method = body === undefined ? 'GET' : 'POST'): Promise<unknown> => {
    const answer = await fetch(`${roots[side]}/_emulator/${path}`, { method, ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`_emulator/${path} answered ${answer.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  // One administrator for the whole test: the console lets nobody log in all the time.
  let administrator: Promise<ConsoleSide> | undefined;
  const atConsole = (): Promise<ConsoleSide> => {
    administrator ??= ConsoleSide.open(at('console'), secrets.admin).catch((error: unknown) => {
      administrator = undefined;
      throw error;
    });
    return administrator;
  };
  const userAtConsole = async (loginName: string) => {
    const console = await atConsole();
    const user = (await console.users()).find((one) => one.loginName === loginName);
    if (user === undefined) throw new Error(`the console knows no user ${loginName}`);
    return { console, user };
  };
  const underWay = new ChangesUnderWay({
    kafkaBrokers: kafka.brokers, vendors: roots,
    services: { capture: at('inventive-capture'), receiver: at('google-receiver'), reconciler: at('reconciler') },
  });
  const googleWrites = async () => {
    const { writes } = (await emulator('google', 'stats')) as { writes: GoogleWrite[] };
    return writes.filter(({ client, method }) => client === 'inventive-calendar-sync' && method.startsWith('calendar.events.') && method !== 'calendar.events.watch');
  };
  const inventiveWrites = async () => {
    const { writes } = (await emulator('inventive', 'stats')) as { writes: InventiveWrite[] };
    return writes.filter(({ user, dataclass }) => user === 'sync' && dataclass === 'Afspraak');
  };

  return {
    google: google.url,
    inventive: inventive.url,
    kafkaBrokers: kafka.brokers,
    mongo: { uri: mongo.uri, database: environment.MONGODB_DATABASE },
    url: at,
    pid: (name) => app(name).pid,
    lines: (name) => app(name).lines,
    async restart(name, env) {
      await app(name).kill9();
      await start(name, env);
    },
    kill9: (name) => app(name).kill9(),
    async ended(name) {
      await app(name).exited;
    },
    async link(loginName) {
      const { console, user } = await userAtConsole(loginName);
      await console.link(user, `${loginName}@example.com`);
      await console.waitUntilLive([loginName], 150_000);
    },
    async settings(loginName, change) {
      const { console, user } = await userAtConsole(loginName);
      await console.changeSettings(user, change);
    },
    accountState: async (loginName) => (await userAtConsole(loginName)).user.account?.state,
    console: atConsole,
    async copyInventive() {
      const data = join(folder, `inventive-${copies.length + 1}`);
      await cp(join(folder, 'inventive'), data, { recursive: true });
      const copy = await startInventiveEmulator({ ...inventiveSettings, DATA_DIR: data });
      copies.push(copy);
      const file = join(folder, `sources-${copies.length}.json`);
      await writeFile(file, JSON.stringify([{ ...source, url: copy.url }]).replaceAll('{inventive}', copy.url));
      return { url: copy.url, sourcesFile: file };
    },
    async reasons(loginName, appointmentId) {
      const { console, user } = await userAtConsole(loginName);
      return console.reasons(user, appointmentId);
    },
    async release(loginName) {
      const { console, user } = await userAtConsole(loginName);
      await console.release(user);
      await console.waitUntilLive([loginName]);
    },
    desk: (loginName) => PersonAtDesk.open(inventive.url, loginName),
    phone: (loginName) => PersonAtGoogle.open(google.url, `${loginName}@example.com`),
    googleWrites,
    inventiveWrites,
    mails: async () => ((await emulator('google', 'stats')) as { mails: unknown[] }).mails,
    async quiet() {
      let mark: string | undefined;
      let still = false;
      let since = 0;
      let left: readonly string[] = [];
      try {
        await waitUntil('the product is quiet', async () => {
          const seen = await underWay.look();
          left = seen.left;
          still = left.length === 0 && seen.mark === mark;
          if (!still) since = performance.now();
          mark = seen.mark;
          return still && performance.now() - since >= STILL_MS;
        }, 150_000, 100);
      } catch (error) {
        throw new Error(`never quiet; still to do: ${left.join(', ') || 'nothing, but something kept happening'}`, { cause: error });
      }
    },
    emulator,
    async stop() {
      await underWay.close();
      await Promise.all([...running.values()].map((one) => one.stop()));
      await Promise.all([google.stop(), inventive.stop(), ...copies.map((copy) => copy.stop())]);
      await Promise.all([kafka.stop(), mongo.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
