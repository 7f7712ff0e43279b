import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import getPort from 'get-port';
import { type Document, MongoClient, MongoServerError } from 'mongodb';
import { LocalServerError } from './local-server-error.js';
import { mongodBinary } from './mongod-binary.js';
import { assertPortFree, waitForPort } from './ports.js';
import { endRecorded, killAtExit, signal, waitUntilGone } from './processes.js';
import { recordIn, removeFolder, temporaryFolder } from './temporary-folder.js';

export interface MongoServer {
  /** Without a database name: each user chooses its own. */
  readonly uri: string;
  readonly port: number;
  readonly pid: number;
  /** Resolves when the process is gone, with how it ended. */
  readonly exited: Promise<string>;
  stop(): Promise<void>;
  /** As a power cut would: no shutdown of any kind. The data folder stays. */
  kill9(): Promise<void>;
}

export interface MongoOptions {
  /** Kept between runs. Without it the data lives in a temporary folder and goes with `stop`. */
  readonly dataDir?: string;
  /** Default: a free one. */
  readonly port?: number;
  /** The variable to name when the port is taken. */
  readonly portVariable?: string;
}

const replicaSet = 'calsync';

/** A mongod of our own as a replica set of one: transactions, change streams and majority writes work. */
export async function startMongo(options: MongoOptions = {}): Promise<MongoServer> {
  const binary = await mongodBinary();
  const temporary = options.dataDir === undefined ? await temporaryFolder('mongo') : undefined;
  const folder = options.dataDir ?? (temporary as string);
  const dbPath = join(folder, 'db');
  await mkdir(dbPath, { recursive: true });
  const pidFile = join(folder, 'mongod.pid');
  const logFile = join(folder, 'mongod.log');
  await endRecorded(pidFile, dbPath);
  const port = options.port ?? (await getPort());
  if (options.port !== undefined) await assertPortFree(port, 'MongoDB', options.portVariable ?? 'MONGODB_PORT');

  const flags = ['--dbpath', dbPath, '--port', String(port), '--bind_ip', '127.0.0.1', '--replSet', replicaSet, '--storageEngine', 'wiredTiger', '--wiredTigerCacheSizeGB', '0.25', '--oplogSize', '64', '--logpath', logFile, '--quiet'];
  // Its own process group: Ctrl-C must reach the services first, and the servers only through `stop`.
  const child = execa(binary, flags, { reject: false, stdin: 'ignore', stdout: 'ignore', stderr: 'ignore', detached: true });
  const pid = child.pid;
  if (pid === undefined) throw new LocalServerError(`MongoDB could not be started: ${binary} did not run.`);
  const keepNoMore = killAtExit(pid);
  await writeFile(pidFile, String(pid));
  if (temporary !== undefined) await recordIn(temporary, 'mongod', pid, dbPath);
  let ended: string | undefined;
  const exited = child.then(async (result) => {
    keepNoMore();
    ended = `${result.exitCode === undefined ? result.signal : `exit code ${result.exitCode}`}; see ${logFile}`;
    return ended;
  });

  const stop = async () => {
    if (ended === undefined) {
      signal(pid, 'SIGTERM');
      if (!(await waitUntilGone(pid, 10_000))) signal(pid, 'SIGKILL');
    }
    await exited;
    await rm(pidFile, { force: true });
    if (temporary !== undefined) await removeFolder(temporary);
  };
  try {
    await waitForPort(port, 'MongoDB', 60_000, () => ended);
    await becomePrimary(port);
  } catch (error) {
    const problem = await logged(logFile);
    await stop();
    if (problem !== undefined) throw new LocalServerError(`MongoDB did not start: ${problem}. Its log: ${logFile}`, { cause: error });
    throw error;
  }
  return {
    uri: `mongodb://127.0.0.1:${port}/?replicaSet=${replicaSet}`,
    port,
    pid,
    exited,
    stop,
    kill9: async () => {
      signal(pid, 'SIGKILL');
      await exited;
    },
  };
}

/**
 * Makes the one node primary. The set's configuration holds the node's port: a data folder that
 * ran on another port would wait for ever for a member that is itself, so it is rewritten then.
 */
async function becomePrimary(port: number): Promise<void> {
  const host = `127.0.0.1:${port}`;
  const client = new MongoClient(`mongodb://${host}/`, { directConnection: true, serverSelectionTimeoutMS: 10_000 });
  try {
    const admin = client.db('admin');
    const config = await currentConfig(() => admin.command({ replSetGetConfig: 1 }));
    if (config === undefined) {
      await admin.command({ replSetInitiate: { _id: replicaSet, members: [{ _id: 0, host }] } });
    } else if (config['members']?.[0]?.host !== host) {
      const version = Number(config['version']) + 1;
      await admin.command({ replSetReconfig: { ...config, version, members: [{ ...config['members'][0], host }] }, force: true });
    }
    const deadline = performance.now() + 20_000;
    while ((await admin.command({ hello: 1 }))['isWritablePrimary'] !== true) {
      if (performance.now() > deadline) throw new LocalServerError('MongoDB did not become primary of its replica set within 20 s.');
      await delay(20);
    }
  } finally {
    await client.close();
  }
}

async function currentConfig(ask: () => Promise<Document>): Promise<Document | undefined> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    try {
      return (await ask())['config'] as Document;
    } catch (error) {
      if (!(error instanceof MongoServerError)) throw error;
      if (error.codeName === 'NotYetInitialized') return undefined;
      // It reads its own configuration just after the port opened.
      if (performance.now() > deadline) throw error;
      await delay(50);
    }
  }
}

/** The reason in mongod's own log, which is one JSON object a line. */
async function logged(logFile: string): Promise<string | undefined> {
  const lines = (await readFile(logFile, 'utf8').catch(() => '')).split('\n').filter((line) => /"s":"[FE]"/.test(line));
  const last = lines.at(-1);
  if (last === undefined) return undefined;
  try {
    const entry = JSON.parse(last) as { msg: string; attr?: { error?: string } };
    return `${entry.msg}${entry.attr?.error ? ` (${entry.attr.error})` : ''}`;
  } catch {
    return last;
  }
}
