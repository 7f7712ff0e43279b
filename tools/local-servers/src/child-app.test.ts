import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProcess } from './child-app.js';
import { commandLineOf } from './processes.js';

describe('startProcess', () => {
  let folder: string;
  let server: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'child-app-'));
    server = join(folder, 'server.mjs');
    await writeFile(
      server,
      `import { createServer } from 'node:http';
       const server = createServer((_, response) => response.end(process.env.GREETING ?? Object.keys(process.env).sort().join()));
       server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ listening: 'http://127.0.0.1:' + server.address().port })));
       process.on('SIGTERM', () => { console.error('stopping'); process.exit(0); });`,
    );
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('waits for the address that the app prints, and stops it by SIGTERM', async () => {
    const app = await startProcess({ name: 'greeter', script: server, env: { GREETING: 'hallo' } });
    expect(await (await fetch(app.url)).text()).toBe('hallo');
    await app.stop();
    expect(await app.exited).toBe('exit code 0');
    expect(app.lines.at(-1)).toBe('stopping');
    expect(await commandLineOf(app.pid)).toBeUndefined();
  });

  it('hands nothing of its own environment on', async () => {
    process.env['KAFKA_BROKERS_OF_A_DEVELOPER'] = 'x';
    const app = await startProcess({ name: 'greeter', script: server });
    expect(await (await fetch(app.url)).text()).not.toContain('KAFKA_BROKERS_OF_A_DEVELOPER');
    await app.kill9();
    delete process.env['KAFKA_BROKERS_OF_A_DEVELOPER'];
    expect(await app.exited).toBe('SIGKILL');
  });

  it('says how an app that dies while starting ended, with its last lines', async () => {
    const broken = join(folder, 'broken.mjs');
    await writeFile(broken, `console.error('MONGODB_URI is missing'); process.exitCode = 3;`);
    await expect(startProcess({ name: 'broken', script: broken })).rejects.toThrow(/broken stopped while starting \(exit code 3\):\nMONGODB_URI is missing/);
  });
});
