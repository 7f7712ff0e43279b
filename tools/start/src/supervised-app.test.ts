import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandLineOf, signal } from '@calsync/local-servers';
import getPort from 'get-port';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SupervisedApp } from './supervised-app.js';

describe('SupervisedApp', () => {
  let folder: string;
  let script: string;
  let port: number;
  const said: string[] = [];
  const running: SupervisedApp[] = [];

  const start = async () => {
    const app = await SupervisedApp.start({ name: 'echo', script, env: { PORT: String(port) }, readyUrl: `http://127.0.0.1:${port}/health/ready`, dataDir: folder, say: (line) => said.push(line), restartAfterMs: 50 });
    running.push(app);
    return app;
  };
  const recordedPid = async () => Number(await readFile(join(folder, 'run', 'echo.pid'), 'utf8'));

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'supervised-'));
    script = join(folder, 'echo.mjs');
    port = await getPort();
    await writeFile(script, `import { createServer } from 'node:http'; createServer((_, response) => response.end('ok')).listen(Number(process.env.PORT), '127.0.0.1');`);
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((app) => app.stop()));
    said.length = 0;
    await rm(folder, { recursive: true, force: true });
  });

  it('records its process id, and leaves nothing when stopped', async () => {
    const app = await start();
    await app.waitUntilReady();
    const pid = await recordedPid();
    expect(await commandLineOf(pid)).toContain(script);
    await app.stop();
    expect(await commandLineOf(pid)).toBeUndefined();
    await expect(recordedPid()).rejects.toThrow('ENOENT');
  });

  it('starts it again when it dies, says so, and records the new process', async () => {
    const app = await start();
    await app.waitUntilReady();
    const first = await recordedPid();
    signal(first, 'SIGKILL');
    await vi.waitFor(() => expect(said).toHaveLength(2), 5_000);
    await app.waitUntilReady();
    expect(said).toEqual(['echo died (SIGKILL); starting it again', `echo runs again (process ${await recordedPid()})`]);
    expect(await recordedPid()).not.toBe(first);
  });

  it('ends what a killed start left running under its name', async () => {
    const left = spawn(process.execPath, [script], { env: { PORT: String(port) }, stdio: 'ignore' });
    const pid = left.pid ?? 0;
    await mkdir(join(folder, 'run'));
    await writeFile(join(folder, 'run', 'echo.pid'), `${pid}\n`);
    const app = await start();
    await app.waitUntilReady();
    expect(await commandLineOf(pid)).toBeUndefined();
    expect(await recordedPid()).not.toBe(pid);
  });

  it('repeats the one line with which a service refuses to start', async () => {
    await writeFile(script, `console.error('MONGODB_URI is missing: it should be the address of a replica set'); process.exit(1);`);
    const app = await start();
    await expect(app.waitUntilReady()).rejects.toThrow('echo stopped while starting (exit code 1): MONGODB_URI is missing: it should be the address of a replica set');
  });
});
