import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandLineOf, endIfOurs } from './processes.js';

const prefix = 'calsync-local-';

interface Owner {
  readonly pid: number;
  readonly commandLine: string;
}

/**
 * A folder for one run's servers. It records who owns it, and every process started from it is
 * recorded in it (`recordIn`), so that the next run can end what a killed run left behind.
 */
export async function temporaryFolder(purpose: string): Promise<string> {
  await clearAbandonedFolders();
  const folder = await mkdtemp(join(tmpdir(), `${prefix}${purpose}-`));
  const owner: Owner = { pid: process.pid, commandLine: (await commandLineOf(process.pid)) ?? '' };
  await writeFile(join(folder, 'owner.json'), JSON.stringify(owner));
  return folder;
}

/** `marker` must stand in the process's command line; it guards against reused process ids. */
export async function recordIn(folder: string, name: string, pid: number, marker: string): Promise<void> {
  await writeFile(join(folder, `${name}.process.json`), JSON.stringify({ pid, marker }));
}

/** Ends the processes of, and removes, every folder whose owner no longer runs. */
export async function clearAbandonedFolders(): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(prefix));
  await Promise.all(
    names.map(async (name) => {
      const folder = join(tmpdir(), name);
      const owner = await readJson<Owner>(join(folder, 'owner.json'));
      // Without an owner the folder is just being made by somebody else.
      if (owner === undefined || (await commandLineOf(owner.pid)) === owner.commandLine) return;
      await removeFolder(folder);
    }),
  );
}

export async function removeFolder(folder: string): Promise<void> {
  const files = await readdir(folder).catch(() => []);
  for (const file of files.filter((name) => name.endsWith('.process.json'))) {
    const left = await readJson<{ pid: number; marker: string }>(join(folder, file));
    if (left !== undefined) await endIfOurs(left.pid, left.marker, 2_000);
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

async function readJson<T>(path: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T;
  } catch {
    return undefined;
  }
}
