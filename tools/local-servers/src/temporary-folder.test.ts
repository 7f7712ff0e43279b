import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandLineOf, endIfOurs, signal, waitUntilGone } from './processes.js';
import { clearAbandonedFolders, recordIn, removeFolder, temporaryFolder } from './temporary-folder.js';

const sleeper = (marker: string): number => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', marker], { stdio: 'ignore', detached: true });
  child.unref();
  return child.pid as number;
};

describe('what a killed run left behind', () => {
  it('is ended and removed by the next run once its owner is gone', async () => {
    const folder = await temporaryFolder('test');
    const left = sleeper(folder);
    await recordIn(folder, 'left', left, folder);
    await writeFile(join(folder, 'owner.json'), JSON.stringify({ pid: 2 ** 22 - 1, commandLine: 'a run that was killed' }));

    await clearAbandonedFolders();

    expect(await commandLineOf(left)).toBeUndefined();
    expect(existsSync(folder)).toBe(false);
  });

  it('stays as long as its owner runs', async () => {
    const folder = await temporaryFolder('test');
    const running = sleeper(folder);
    await recordIn(folder, 'running', running, folder);

    await clearAbandonedFolders();

    expect(await commandLineOf(running)).toContain(folder);
    await removeFolder(folder);
    expect(await commandLineOf(running)).toBeUndefined();
  });

  it('is let alone when the process id now belongs to another program', async () => {
    const stranger = sleeper('somebody-elses');
    expect(await endIfOurs(stranger, 'apps/reconciler/dist/main.js')).toBe(false);
    expect(await commandLineOf(stranger)).toContain('somebody-elses');
    signal(stranger, 'SIGKILL');
    expect(await waitUntilGone(stranger, 2_000)).toBe(true);
  });
});
