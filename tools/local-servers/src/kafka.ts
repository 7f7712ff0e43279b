import { createWriteStream } from 'node:fs';
import { cp, mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import getPort from 'get-port';
import { LocalServerError } from './local-server-error.js';
import { javaProgram, kafkaJars, kafkaVersion } from './kafka-jars.js';
import { assertPortFree, waitForPort } from './ports.js';
import { endRecorded, killAtExit, signal, waitUntilGone } from './processes.js';
import { recordIn, removeFolder, temporaryFolder } from './temporary-folder.js';

export interface KafkaServer {
  /** `host:port`, as `KAFKA_BROKERS` wants it. */
  readonly brokers: string;
  readonly port: number;
  readonly pid: number;
  /** Resolves when the process is gone, with how it ended. */
  readonly exited: Promise<string>;
  stop(): Promise<void>;
  /** As a power cut would: no shutdown of any kind. The data folder stays. */
  kill9(): Promise<void>;
}

export interface KafkaOptions {
  /** Kept between runs. Without it the data lives in a temporary folder and goes with `stop`. */
  readonly dataDir?: string;
  /** Default: a free one. */
  readonly port?: number;
  /** The variable to name when the port is taken. */
  readonly portVariable?: string;
}

/** A Kafka broker of our own (KRaft, one node), small and quick to restart. */
export async function startKafka(options: KafkaOptions = {}): Promise<KafkaServer> {
  const [java, jars] = [await javaProgram(), await kafkaJars()];
  const temporary = options.dataDir === undefined ? await temporaryFolder('kafka') : undefined;
  const folder = options.dataDir ?? (temporary as string);
  await mkdir(folder, { recursive: true });
  const settingsFile = join(folder, 'server.properties');
  const pidFile = join(folder, 'kafka.pid');
  await endRecorded(pidFile, settingsFile);
  const port = options.port ?? (await getPort());
  if (options.port !== undefined) await assertPortFree(port, 'Kafka', options.portVariable ?? 'KAFKA_PORT');
  await writeFile(settingsFile, settings(join(folder, 'log'), port, await getPort()));
  if (!(await exists(join(folder, 'log', 'meta.properties')))) await prepare(java, jars, join(folder, 'log'));

  // Its own process group: Ctrl-C must reach the services first, and the servers only through `stop`.
  const child = execa(java, [...jvmOptions, '-cp', join(jars, '*'), 'kafka.Kafka', settingsFile], { reject: false, buffer: false, stdin: 'ignore', stdout: 'pipe', stderr: 'pipe', detached: true });
  const log = createWriteStream(join(folder, 'kafka.log'));
  let lastLine = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      log.write(chunk);
      lastLine = chunk.toString().trim().split('\n').at(-1) ?? lastLine;
    });
  }
  const pid = child.pid;
  if (pid === undefined) throw new LocalServerError('Kafka could not be started: Java did not run.');
  const keepNoMore = killAtExit(pid);
  await writeFile(pidFile, String(pid));
  if (temporary !== undefined) await recordIn(temporary, 'kafka', pid, settingsFile);
  let ended: string | undefined;
  const exited = child.then((result) => {
    log.end();
    keepNoMore();
    ended = lastLine || `exit code ${result.exitCode ?? result.signal}`;
    return ended;
  });

  const tidy = async () => {
    await exited;
    await rm(pidFile, { force: true });
    if (temporary !== undefined) await removeFolder(temporary);
  };
  const stop = async () => {
    if (ended === undefined) {
      signal(pid, 'SIGTERM');
      if (!(await waitUntilGone(pid, 10_000))) signal(pid, 'SIGKILL');
    }
    await tidy();
  };
  try {
    await waitForPort(port, 'Kafka', 60_000, () => ended);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    brokers: `127.0.0.1:${port}`,
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

/** Small heap, serial collector, quick compiler: 145 MB idle and up in about a second. */
const jvmOptions = ['-Xms32m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-Djava.awt.headless=true'];

function settings(logFolder: string, port: number, controllerPort: number): string {
  const lines: Record<string, string | number | boolean> = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    // Named here, not written into the metadata log at formatting: so the controller's port may
    // differ at every start.
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'log.dirs': logFolder,
    'num.network.threads': 2,
    'num.io.threads': 4,
    'num.recovery.threads.per.data.dir': 1,
    'background.threads': 2,
    // The cleaner's buffer is allocated at once; its default of 128 MB is most of an idle broker.
    'log.cleaner.dedupe.buffer.size': 4_194_304,
    'socket.send.buffer.bytes': 65_536,
    'socket.receive.buffer.bytes': 65_536,
    'auto.create.topics.enable': false,
    'min.insync.replicas': 1,
    'default.replication.factor': 1,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 5,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 2,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 1_000,
    // After kill -9 a restart waits for the old broker session: 3 s instead of 11.
    'broker.session.timeout.ms': 2_000,
    'broker.heartbeat.interval.ms': 500,
    'controlled.shutdown.enable': false,
  };
  return Object.entries(lines)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** A formatted folder is the same for each of our brokers: made once per user by Kafka's own tool, a Java process, and copied from then on. */
async function prepare(java: string, jars: string, logFolder: string): Promise<void> {
  const formatted = join(jars, '..', `${kafkaVersion}-formatted`);
  if (!(await exists(join(formatted, 'meta.properties')))) await keepFormatted(java, jars, formatted);
  // A copy that was cut off leaves a folder without its last file, or half of it.
  await rm(logFolder, { recursive: true, force: true });
  const half = `${logFolder}.half`;
  await rm(half, { recursive: true, force: true });
  await cp(formatted, half, { recursive: true });
  await rename(half, logFolder);
}

async function keepFormatted(java: string, jars: string, formatted: string): Promise<void> {
  const work = await mkdtemp(join(jars, '..', 'formatting-'));
  try {
    const settingsFile = join(work, 'server.properties');
    await writeFile(settingsFile, settings(join(work, 'log'), 9_092, 9_093));
    const clusterId = 'Y2Fsc3luYy1sb2NhbC0wMA';
    const result = await execa(java, [...jvmOptions, '-cp', join(jars, '*'), 'kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', settingsFile], { reject: false, timeout: 60_000 });
    if (result.exitCode !== 0) throw new LocalServerError(`Kafka could not prepare its data folder ${join(work, 'log')}: ${(result.stderr || result.stdout).trim().split('\n').at(-1) ?? ''}`);
    // Another run may have put it there meanwhile: it is the same.
    await rename(join(work, 'log'), formatted).catch(async (error: unknown) => {
      if (!(await exists(join(formatted, 'meta.properties')))) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
