import { execFile, spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

/** The compiled program: what `npm start` and the containers run. */
const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));

/** Brings it up to date; nothing to do where a build ran before. */
beforeAll(async () => {
  const compiler = fileURLToPath(import.meta.resolve('typescript/lib/tsc.js'));
  await promisify(execFile)(process.execPath, [compiler, '-b', fileURLToPath(new URL('..', import.meta.url))]);
});

let folder: string;
const children: Array<ChildProcessByStdio<null, Readable, Readable>> = [];
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'inventive-emulator-'))));
afterEach(async () => {
  for (const child of children.splice(0)) await end(child, 'SIGKILL');
  rmSync(folder, { recursive: true });
});

function launch(env: Record<string, string>) {
  const child = spawn(process.execPath, [program], { env: { PATH: process.env['PATH'] ?? '', PORT: '0', DATA_DIR: folder, LOG_LEVEL: 'warn', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  const said = { out: [] as string[], err: '' };
  child.stderr.on('data', (chunk) => (said.err += String(chunk)));
  createInterface({ input: child.stdout }).on('line', (line) => said.out.push(line));
  return { child, said };
}

async function start(env: Record<string, string> = { SYNC_PASSWORD: 'geheim' }) {
  const { child, said } = launch(env);
  await vi.waitFor(() => expect(said.out[0] ?? said.err).toMatch(/^\{"listening":"http:/), { timeout: 15_000, interval: 10 });
  const { listening } = JSON.parse(said.out[0] ?? '') as { listening: string };
  let cookie = '';
  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${listening}${path}`, { method, headers: { cookie }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    return (await answer.json()) as Record<string, unknown>;
  };
  const open = async () => (cookie = String((await call('POST', '/_emulator/sessions'))['cookie']));
  return { child, said, call, open, use: (known: string) => (cookie = known), listening };
}

async function end(child: ChildProcessByStdio<null, Readable, Readable>, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}

const rows = (page: Record<string, unknown>) => page['__ENTITIES'] as Array<Record<string, unknown>>;

describe('the program', () => {
  it('has everything after kill -9: rows, deletions, counter, stats, clock, faults, a slow commit under way', async () => {
    const first = await start();
    const cookie = await first.open();
    await first.call('POST', '/_emulator/clock', { advance: 'P2D' });
    const create = (body: object) => first.call('POST', '/rest/Project?$method=update', body);
    await create({ Nummer: 'K1' });
    await first.call('POST', '/rest/Project?$filter="Nummer=K1"&$method=delete'.replaceAll('"', '%22'));
    await create({ Nummer: 'K2' });
    await first.call('POST', '/_emulator/faults', { match: { op: 'create' }, action: { slowCommitMs: 6000 }, times: 1 });
    await create({ Nummer: 'K3' });
    const projects = await first.call('GET', '/rest/Project');
    const deleted = await first.call('GET', '/rest/__DeletedRecords');
    const stats = await first.call('GET', '/_emulator/stats');
    await end(first.child, 'SIGKILL');

    const second = await start();
    second.use(cookie);
    expect(await second.call('GET', '/_emulator/stats')).toEqual(stats);
    expect(await second.call('GET', '/rest/__DeletedRecords')).toEqual(deleted);
    expect(rows(await second.call('GET', '/rest/Project'))).toEqual(rows(projects));
    expect((await second.call('GET', '/_emulator/faults')) as unknown).toMatchObject([{ hits: 1 }]);
    const now = Date.parse(String((await second.call('GET', '/_emulator/clock'))['now']));
    expect(Math.abs(now - Date.now() - 2 * 86_400_000)).toBeLessThan(60_000);
    await vi.waitFor(async () => expect(rows(await second.call('GET', '/rest/Project')).map((row) => row['Nummer'])).toContain('K3'), { timeout: 15_000, interval: 20 });
  });

  it('never loses an answered write, wherever kill -9 hits', async () => {
    const first = await start();
    await first.open();
    let answered = 0;
    const writing = (async () => {
      for (let n = 1; ; n += 1) {
        await first.call('POST', '/rest/Project?$method=update', { Nummer: `W${n}` });
        answered = n;
      }
    })().catch(() => undefined);
    await vi.waitFor(() => expect(answered).toBeGreaterThan(50), { timeout: 10_000, interval: 5 });
    await end(first.child, 'SIGKILL');
    await writing;
    const second = await start();
    await second.open();
    const numbers = rows(await second.call('GET', '/rest/Project/Nummer?$limit=100000')).map((row) => row['Nummer']);
    expect(Array.from({ length: answered }, (_, n) => `W${n + 1}`).filter((number) => !numbers.includes(number))).toEqual([]);
    expect(Number((await second.call('GET', '/_emulator/stats'))['stamp'])).toBeGreaterThan(answered);
  });

  it('ends at SIGTERM, with an open connection and nudges under way', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    const { child, open, call } = await start({ SYNC_PASSWORD: 'geheim', NUDGE_URL: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`, NUDGE_SECRET: 's' });
    await open();
    await call('POST', '/rest/Project?$method=update', { Nummer: 'T' });
    await end(child, 'SIGTERM');
    expect(child.exitCode).toBe(0);
    silent.close();
  });

  it('makes up a password once, prints it once, and keeps it', async () => {
    const first = await start({});
    const password = /password of user sync is (\S+)/.exec(first.said.err)?.[1] ?? '';
    expect(password.length).toBeGreaterThan(20);
    await end(first.child, 'SIGTERM');
    const second = await start({});
    expect(second.said.err).not.toContain('password');
    expect(await second.call('POST', '/rest/$catalog/authentify', [{ name: 'sync', password }])).toEqual({ result: true });
  });

  it.each([
    [{ PORT: 'veel' }, 'PORT'],
    [{ NUDGE_URL: 'ftp://x' }, 'NUDGE_URL'],
    [{ NUDGE_URL: 'http://127.0.0.1:1/' }, 'NUDGE_SECRET'],
    [{ LICENCES: '-1' }, 'LICENCES'],
    [{ SYNC_PASSWORD_FILE: '/nergens' }, 'SYNC_PASSWORD_FILE'],
  ])('stops at %j with one line that names the variable', async (env, named) => {
    const { child, said } = launch(env as Record<string, string>);
    await once(child, 'exit');
    expect([child.exitCode, said.out]).toEqual([1, []]);
    expect(said.err.trim().split('\n').filter((line) => line.includes(named))).toHaveLength(1);
  });

  it('names a taken port and the variable that changes it', async () => {
    const { listening } = await start();
    const { child, said } = launch({ PORT: new URL(listening).port, DATA_DIR: ':memory:', SYNC_PASSWORD: 'x' });
    await once(child, 'exit');
    expect([child.exitCode, said.err]).toEqual([1, expect.stringContaining('PORT')]);
  });

  it('takes ten thousand appointments and answers the last of them by stamp', async () => {
    const { call, open, listening } = await start();
    const cookie = await open();
    const [user] = rows(await call('GET', '/rest/Gebruiker?$limit=1'));
    const before = Number((await call('GET', '/_emulator/stats'))['stamp']);
    const batch = Array.from({ length: 2500 }, (_, n) => ({ Onderwerp: `Afspraak ${n}`, BeginDatum: '2026-11-24', GebruikerID: user?.['ID'] }));
    const from = performance.now();
    for (let n = 0; n < 4; n += 1) await call('POST', '/rest/Afspraak?$method=update', batch);
    const writeMs = performance.now() - from;
    const timed = async (path: string) => {
      const start = performance.now();
      const answer = await fetch(`${listening}${path}`, { headers: { cookie } });
      const page = (await answer.json()) as Record<string, unknown>;
      return { ms: performance.now() - start, page };
    };
    await timed('/rest/Afspraak?$limit=1');
    const stamp = await timed('/rest/Afspraak?$limit=1');
    const tail = await timed(`/rest/Afspraak?$filter=${encodeURIComponent(`"__GlobalStamp >= ${before + 9990}"`)}&$orderby=__GlobalStamp`);
    console.log(`10,000 rows written in ${Math.round(writeMs)} ms; page stamp ${stamp.ms.toFixed(1)} ms; last ten by stamp ${tail.ms.toFixed(1)} ms`);
    expect([stamp.page['__GlobalStamp'], tail.page['__COUNT']]).toEqual([before + 10_000, 10]);
  }, 120_000);
});
