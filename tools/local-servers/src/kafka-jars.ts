import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { execa } from 'execa';
import { LocalServerError } from './local-server-error.js';
import { progress } from './progress.js';
import { cacheFolder } from './workspace.js';

export const kafkaVersion = '4.4.0';

const pom = fileURLToPath(new URL('../kafka/pom.xml', import.meta.url));
const checksums = fileURLToPath(new URL('../kafka/jars.sha256', import.meta.url));

/**
 * The folder with Kafka's jars, fetched by Maven on first use. Maven takes its repository from the
 * machine's own settings, so a mirror works; what arrives must match the pinned checksums.
 */
export async function kafkaJars(): Promise<string> {
  const folder = join(cacheFolder(), 'kafka', kafkaVersion);
  const wanted = await pinnedJars();
  if (await holds(folder, wanted)) return folder;
  progress('Fetching Apache Kafka (43 MB, once) …');
  await mkdir(join(cacheFolder(), 'kafka'), { recursive: true });
  const work = await mkdtemp(join(cacheFolder(), 'kafka', 'fetching-'));
  try {
    await copyFile(pom, join(work, 'pom.xml'));
    await copyDependencies(work);
    const fetched = join(work, 'lib');
    await verify(fetched, wanted);
    await rm(folder, { recursive: true, force: true });
    // Another run may have put it there meanwhile: theirs was verified just so.
    await rename(fetched, folder).catch(async (error: unknown) => {
      if (!(await holds(folder, wanted))) throw error;
    });
    progress('Kafka is there.');
    return folder;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The Java to run Kafka with, or one clear line when there is none that can. */
export async function javaProgram(): Promise<string> {
  const home = process.env['JAVA_HOME'];
  const java = home ? join(home, 'bin', 'java') : 'java';
  const result = await execa(java, ['-version'], { reject: false, timeout: 20_000 });
  const major = Number(/version "(\d+)/.exec(result.stderr ?? '')?.[1]);
  if (result.exitCode === 0 && major >= 17) return java;
  const found = Number.isNaN(major) ? 'Java is absent' : `Java ${major} is too old`;
  throw new LocalServerError(`${found}: Kafka needs Java 17 or newer. Install it (Debian, Ubuntu: apt-get install default-jre-headless maven; macOS: brew install openjdk maven), or set KAFKA_BROKERS to a running Kafka.`);
}

async function copyDependencies(work: string): Promise<void> {
  try {
    await execa('mvn', ['-q', '-B', '--strict-checksums', 'dependency:copy-dependencies', '-DincludeScope=runtime', '-DoutputDirectory=lib'], { cwd: work, timeout: 600_000 });
  } catch (error) {
    if (isAbsent(error)) {
      throw new LocalServerError('Maven is absent: it fetches Kafka, once. Install it (Debian, Ubuntu: apt-get install maven; macOS: brew install maven), or set KAFKA_BROKERS to a running Kafka.', { cause: error });
    }
    throw new LocalServerError(`Kafka could not be downloaded: ${mavenReason(error)}. Check the network and Maven's settings and start again, or set KAFKA_BROKERS to a running Kafka.`, { cause: error });
  }
}

async function verify(folder: string, wanted: ReadonlyMap<string, string>): Promise<void> {
  for (const [jar, sha256] of wanted) {
    const bytes = await readFile(join(folder, jar)).catch(() => undefined);
    if (bytes === undefined || createHash('sha256').update(bytes).digest('hex') !== sha256) {
      throw new LocalServerError(`The download of Kafka is broken: ${jar} is ${bytes ? 'not the pinned file' : 'missing'}. Remove it from Maven's local repository (~/.m2) and start again.`);
    }
  }
}

async function holds(folder: string, wanted: ReadonlyMap<string, string>): Promise<boolean> {
  const there = new Set(await readdir(folder).catch(() => []));
  return [...wanted.keys()].every((jar) => there.has(jar));
}

async function pinnedJars(): Promise<ReadonlyMap<string, string>> {
  const lines = (await readFile(checksums, 'utf8')).trim().split('\n');
  return new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)] as const));
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** Maven's first error line says what it lacked; the rest is advice about Maven itself. */
function mavenReason(error: unknown): string {
  const output = error instanceof Error && 'stdout' in error && typeof error.stdout === 'string' ? error.stdout : '';
  const lines = stripVTControlCharacters(output).split('\n').filter((line) => line.startsWith('[ERROR]'));
  const said = lines.map((line) => line.slice('[ERROR]'.length).trim()).find((line) => line !== '');
  return (said ?? (error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error))).replace(/\.$/, '').slice(0, 300);
}
