import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';

const run = promisify(execFile);

/** The full command line of a process, or undefined when there is none. A zombie counts as gone. */
export async function commandLineOf(pid: number): Promise<string | undefined> {
  try {
    const raw = await readFile(`/proc/${pid}/cmdline`, 'utf8');
    return raw === '' ? undefined : raw.split('\0').join(' ').trim();
  } catch {
    if (process.platform === 'linux') return undefined;
  }
  try {
    const { stdout } = await run('ps', ['-o', 'command=', '-p', String(pid)], { timeout: 5_000 });
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Resolves true once the process is gone, false when it still lives after `withinMs`. */
export async function waitUntilGone(pid: number, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while ((await commandLineOf(pid)) !== undefined) {
    if (performance.now() > deadline) return false;
    await delay(25);
  }
  return true;
}

/**
 * Ends a process that an earlier run left behind, but only if its command line holds `marker`:
 * the number alone may since belong to somebody else's program. SIGTERM first, so that a server
 * closes its files; SIGKILL after `graceMs`. Returns whether there was something to end.
 */
export async function endIfOurs(pid: number, marker: string, graceMs = 5_000): Promise<boolean> {
  const commandLine = await commandLineOf(pid);
  if (commandLine === undefined || !commandLine.includes(marker)) return false;
  signal(pid, 'SIGTERM');
  if (await waitUntilGone(pid, graceMs)) return true;
  signal(pid, 'SIGKILL');
  await waitUntilGone(pid, 2_000);
  return true;
}

/** `endIfOurs` for the process whose number stands in `pidFile`; a missing or odd file is no process. */
export async function endRecorded(pidFile: string, marker: string, graceMs = 10_000): Promise<boolean> {
  const pid = Number.parseInt(await readFile(pidFile, 'utf8').catch(() => ''), 10);
  return pid > 1 ? endIfOurs(pid, marker, graceMs) : false;
}

/** A server outlives no run that ends by itself, even one that forgot to stop it. Returns how to take it back. */
export function killAtExit(pid: number): () => void {
  const kill = () => signal(pid, 'SIGKILL');
  process.once('exit', kill);
  return () => void process.off('exit', kill);
}

/** Like `process.kill`, but a process that has just gone is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
