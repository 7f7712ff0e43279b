import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '@calsync/local-servers';
import { execa } from 'execa';
import { withoutPeriods, type Expansions, type Occurrences, type Series } from './series.js';

export const libraryNames = ['dateutil', 'lib-recur'] as const;
export type LibraryName = (typeof libraryNames)[number];

const folder = fileURLToPath(new URL('../expand/', import.meta.url));
const cache = join(cacheFolder(), 'recurrence');

/** Two libraries that know nothing of each other: python-dateutil, and lib-recur of the Java world. Both are fetched once, by pip and Maven, checksums pinned. */
export async function expandWith(library: LibraryName, series: readonly Series[]): Promise<Expansions> {
  const input = series.map(({ id, start, zone, horizon, most, lines }) => [id, start, zone, horizon, most, lines.map(withoutPeriods).join('|')].join('\t')).join('\n');
  const { stdout } = library === 'dateutil' ? await runDateutil(input) : await runLibRecur(input);
  return new Map(stdout.split('\n').filter((line) => line !== '').map(readLine));
}

function readLine(line: string): [id: string, Occurrences] {
  const [id = '', answer = ''] = line.split('\t');
  if (answer.startsWith('!')) return [id, { kind: 'failed', message: answer.slice(1) }];
  return [id, { kind: 'found', seconds: answer === '' ? [] : answer.split(',').map(Number) }];
}

async function runDateutil(input: string): Promise<{ stdout: string }> {
  const wheels = join(cache, 'wheels');
  await mkdir(wheels, { recursive: true });
  await execa('python3', ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:', '--require-hashes', '--dest', wheels, '-r', join(folder, 'requirements.txt')], { timeout: 300_000 });
  const paths = (await readdir(wheels)).filter((name) => name.endsWith('.whl')).map((name) => join(wheels, name));
  return execa('python3', [join(folder, 'expand_dateutil.py')], { input, env: { PYTHONPATH: paths.join(delimiter) }, timeout: 600_000, maxBuffer: 1e9 });
}

async function runLibRecur(input: string): Promise<{ stdout: string }> {
  const jars = join(cache, 'lib-recur');
  await mkdir(jars, { recursive: true });
  const wanted = (await readFile(join(folder, 'jars.sha256'), 'utf8')).trim().split('\n').map((line) => [line.slice(66), line.slice(0, 64)] as const);
  if (!(await hold(jars, wanted))) {
    await copyFile(join(folder, 'pom.xml'), join(jars, 'pom.xml'));
    await execa('mvn', ['-q', '-B', '--strict-checksums', 'dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${jars}`], { cwd: jars, timeout: 600_000 });
    if (!(await hold(jars, wanted))) throw new Error(`the jars of lib-recur in ${jars} are not the pinned ones: remove that folder and Maven's copies, and start again`);
  }
  return execa('java', ['-cp', join(jars, '*'), join(folder, 'ExpandLibRecur.java')], { input, timeout: 600_000, maxBuffer: 1e9 });
}

async function hold(jars: string, wanted: ReadonlyArray<readonly [name: string, sha256: string]>): Promise<boolean> {
  for (const [name, sha256] of wanted) {
    const bytes = await readFile(join(jars, name)).catch(() => undefined);
    if (bytes === undefined || createHash('sha256').update(bytes).digest('hex') !== sha256) return false;
  }
  return true;
}
