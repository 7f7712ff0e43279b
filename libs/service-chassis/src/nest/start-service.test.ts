import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

const root = join(import.meta.dirname, '../../../..');
const script = join(root, 'libs/service-chassis/dist/testing/tiny-service.main.js');
const complete = { PORT: '0', MASTER_KEYS: `1:${randomBytes(32).toString('base64')}` };

// The child runs what is built: decorators can't be run from the source.
beforeAll(() => void execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b', 'libs/service-chassis'], { cwd: root }), 120_000);

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL');
});

function start(env: Record<string, string>) {
  const child = spawn(process.execPath, [script], { env: { PATH: process.env['PATH'], ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.out += String(chunk)));
  child.stderr.on('data', (chunk: Buffer) => (said.err += String(chunk)));
  const exited = once(child, 'close').then(([code]) => code as number | null);
  const url = async () => {
    await vi.waitFor(() => expect(said.out, said.err).toContain('"listening"'), { timeout: 20_000, interval: 5 });
    return /"listening":"(http[^"]+)"/.exec(said.out)?.[1] ?? '';
  };
  children.push(child);
  return { process: child, said, exited, url };
}

const health = async (url: string, path: string) => {
  const response = await fetch(url + path);
  return { status: response.status, body: (await response.json()) as { status: string; details: Record<string, { status: string }> } };
};

describe('a service', { timeout: 60_000 }, () => {
  it('prints where it listens, and answers health, metrics and safe headers', async () => {
    const url = await start(complete).url();
    expect(await health(url, '/health/live')).toMatchObject({ status: 200, body: { status: 'ok', details: { loops: { status: 'up' } } } });
    expect(await health(url, '/health/ready')).toMatchObject({ status: 200, body: { details: { started: { status: 'up' }, store: { status: 'up', rows: 3 } } } });
    expect((await health(url, '/health')).body.details).toMatchObject({ loops: {}, started: {}, store: {}, hanging: {} });
    const metrics = await fetch(`${url}/metrics`);
    expect(metrics.headers.get('content-type')).toContain('text/plain');
    expect(await metrics.text()).toContain('process_resident_memory_bytes');
    expect(metrics.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(metrics.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('that cannot work never looks healthy, even when its check hangs; but it is alive', async () => {
    const url = await start(complete).url();
    await fetch(`${url}/break`, { method: 'POST' });
    expect(await health(url, '/health/ready')).toMatchObject({ status: 503, body: { status: 'error', details: { store: { status: 'down' }, hanging: { status: 'down', message: expect.stringMatching(/no answer/) } } } });
    expect((await health(url, '/health')).status).toBe(503);
    expect((await health(url, '/health/live')).status).toBe(200);
  });

  it('with a wrong setting ends in one line that names it, with exit code 2', async () => {
    const child = start({ PORT: '0', MASTER_KEYS: 'geheim' });
    expect(await child.exited).toBe(2);
    expect(child.said.err).toMatch(/^Settings: MASTER_KEYS is malformed: [^\n]+\n$/);
    expect(child.said.err + child.said.out).not.toContain('geheim');
  });

  it('on a taken port ends in one line that names PORT, with exit code 3', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const child = start({ ...complete, PORT: String(port) });
    expect(await child.exited).toBe(3);
    expect(child.said.err).toBe(`Port ${port} is taken by another program: stop that, or set PORT to a free port.\n`);
    expect(child.said.out).toBe('');
    taken.close();
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('idle ends by %s within half a second, with exit code 0, keep-alive connections or not', async (signal) => {
    const child = start(complete);
    await health(await child.url(), '/health');
    const started = performance.now();
    child.process.kill(signal);
    expect(await child.exited).toBe(0);
    expect(performance.now() - started).toBeLessThan(500);
  });

  it('lets a request in flight end', async () => {
    const child = start(complete);
    const url = await child.url();
    const slow = fetch(`${url}/slow`);
    await vi.waitFor(() => health(url, '/health/live'));
    child.process.kill('SIGTERM');
    expect(await (await slow).text()).toBe('done');
    expect(await child.exited).toBe(0);
  });

  it('logs with the trace of its caller and without secrets', async () => {
    const child = start({ ...complete, LOG_LEVEL: 'warn' });
    const url = await child.url();
    await fetch(`${url}/trace`, { headers: { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' } });
    await vi.waitFor(() => expect(child.said.out).toContain('"msg":"traced"'));
    expect(child.said.out).toContain('"traceId":"0af7651916cd43dd8448eb211c80319c"');
    expect(child.said.out).not.toContain('never shown');
  });
});
