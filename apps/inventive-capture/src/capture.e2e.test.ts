import { createHmac, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import getPort from 'get-port';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ensureTopics, subscribe, type Decoded, type Subscription } from '@calsync/event-log';
import { kafkaForTests, mongoForTests, startInventiveEmulator, startProcess, type ChildApp } from '@calsync/local-servers/testing';

const SECRET = 'een geheim van zestien tekens en meer';
const brokers = kafkaForTests().brokers;
const folder = mkdtempSync(join(tmpdir(), 'capture-'));
const log: Decoded[] = [];
let subscription: Subscription;
let sources = 0;

beforeAll(async () => {
  await ensureTopics(brokers);
  subscription = subscribe({ brokers, topic: 'inventive.appointments', fromBeginning: true, onMessage: (decoded) => void log.push(decoded) });
});
afterAll(async () => {
  await subscription.close();
  rmSync(folder, { recursive: true });
});

interface World {
  readonly name: string;
  readonly emulator: ChildApp;
  readonly env: Readonly<Record<string, string>>;
  capture: ChildApp;
  save(dataclass: string, row: Record<string, unknown>): Promise<Record<string, unknown>>;
  remove(dataclass: string, id: unknown): Promise<void>;
  door(path: string, body: unknown): Promise<void>;
  appointment(subject: string): Promise<Record<string, unknown>>;
  /** What was said of it, oldest first. */
  said(id: unknown): string[];
}

const worlds: World[] = [];
afterEach(async () => {
  for (const { capture, emulator } of worlds.splice(0)) await Promise.all([capture.stop(), emulator.stop()]);
});

const startCapture = (env: Readonly<Record<string, string>>): Promise<ChildApp> => startProcess({ name: 'inventive-capture', script: 'apps/inventive-capture/dist/main.js', env });

async function aWorld(more: Readonly<Record<string, string>> = {}): Promise<World> {
  const name = `bron-${(sources += 1)}-${randomBytes(3).toString('hex')}`;
  const port = await getPort();
  const { uri, database } = mongoForTests();
  const emulator = await startInventiveEmulator({
    SYNC_PASSWORD: 'geheim', LOG_LEVEL: 'error', NUDGE_URL: `http://127.0.0.1:${port}/inventive/nudges`, NUDGE_SECRET: SECRET, NUDGE_SOURCE: name,
  });
  const sourcesFile = join(folder, `${name}.json`);
  writeFileSync(sourcesFile, JSON.stringify([{ name, url: emulator.url, user: 'sync', password: 'geheim', nudgeSecret: SECRET, longestTransactionMs: 5_000, pollMs: 3_000 }]));
  const env = {
    PORT: String(port), KAFKA_BROKERS: brokers.join(','), MONGODB_URI: uri, MONGODB_DATABASE: database, SOURCES_FILE: sourcesFile,
    INSTALLATION_ID: '7b0f6a0e-52f7-4f0c-8e25-3e3d9a1f1a11', MASTER_KEYS: `1:${randomBytes(32).toString('base64')}`, LOG_LEVEL: 'info', ...more,
  };
  const post = async (url: string, body: unknown, headers: Record<string, string> = {}): Promise<Record<string, unknown>> => {
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Record<string, unknown>;
  };
  const cookie = String((await post(`${emulator.url}/_emulator/sessions`, {}))['cookie']);
  const first = async (dataclass: string) => ((await (await fetch(`${emulator.url}/rest/${dataclass}?$limit=1`, { headers: { cookie } })).json()) as { __ENTITIES: Record<string, unknown>[] }).__ENTITIES[0]!;
  const [user, administration] = [await first('Gebruiker'), await first('Administratie')];
  const save: World['save'] = (dataclass, row) => post(`${emulator.url}/rest/${dataclass}?$method=update`, row, { cookie });
  const world: World = {
    name, emulator, env, save,
    capture: await startCapture(env),
    remove: async (dataclass, id) => void (await post(`${emulator.url}/rest/${dataclass}(${String(id)})/?$method=delete`, {}, { cookie })),
    door: async (path, body) => void (await post(`${emulator.url}/_emulator/${path}`, body)),
    appointment: (subject) => save('Afspraak', { AdministratieID: administration['ID'], GebruikerID: user['ID'], Onderwerp: subject, BeginDatum: '1!2!2031', EindDatum: '1!2!2031', BeginTijd: 36_000_000, EindTijd: 39_600_000 }),
    said: (id) =>
      log.flatMap((decoded) => {
        if (decoded.kind === 'tombstone') return decoded.key === `${name}/${String(id)}` ? ['tombstone'] : [];
        if (decoded.kind !== 'message' || decoded.message.key !== `${name}/${String(id)}`) return [];
        const { message } = decoded;
        return message.type === 'nl.inventive.appointment.changed.v1' ? [`changed: ${message.data.fields.subject}`] : ['deleted'];
      }),
  };
  worlds.push(world);
  return world;
}

async function ready({ capture }: World): Promise<void> {
  await expect.poll(async () => (await fetch(`${capture.url}/health/ready`).catch(() => undefined))?.status, { timeout: 20_000 }).toBe(200);
}
const soon = { timeout: 20_000, interval: 20 };

describe('inventive-capture', { timeout: 90_000 }, () => {
  it('publishes a creation, a change and a deletion, and then the tombstone', async () => {
    const world = await aWorld();
    await ready(world);
    const row = await world.appointment('Overleg');
    await expect.poll(() => world.said(row['ID']), soon).toEqual(['changed: Overleg']);
    await world.save('Afspraak', { __KEY: row['ID'], __STAMP: row['__STAMP'], Onderwerp: 'Overleg 2' });
    await expect.poll(() => world.said(row['ID']), soon).toEqual(['changed: Overleg', 'changed: Overleg 2']);
    await world.remove('Afspraak', row['ID']);
    await expect.poll(() => world.said(row['ID']), soon).toEqual(['changed: Overleg', 'changed: Overleg 2', 'deleted', 'tombstone']);
  });

  it('reads many sources in one process, and one that is away holds up no other', async () => {
    const [one, other] = [await aWorld(), await aWorld()];
    await Promise.all([one.capture.stop(), other.capture.stop()]);
    const both = [one, other].flatMap(({ env }) => JSON.parse(readFileSync(env['SOURCES_FILE'] ?? '', 'utf8')) as unknown[]);
    const sourcesFile = join(folder, `${one.name}-and-${other.name}.json`);
    writeFileSync(sourcesFile, JSON.stringify(both));
    one.capture = await startCapture({ ...one.env, SOURCES_FILE: sourcesFile });
    await ready(one);
    const [here, there] = [await one.appointment('Hier'), await other.appointment('Daar')];
    await expect.poll(() => [one.said(here['ID']), other.said(there['ID'])], soon).toEqual([['changed: Hier'], ['changed: Daar']]);
    await other.emulator.stop();
    const alone = await one.appointment('Alleen hier');
    await expect.poll(() => one.said(alone['ID']), soon).toEqual(['changed: Alleen hier']);
  });

  it('finds a change that is committed long after its stamp was taken', async () => {
    const world = await aWorld();
    await ready(world);
    await world.door('faults', { action: { slowCommitMs: 2_500 }, times: 1 });
    const late = await world.appointment('Laat');
    const quick = await world.appointment('Snel');
    await expect.poll(() => world.said(quick['ID']), soon).toEqual(['changed: Snel']);
    await expect.poll(() => world.said(late['ID']), soon).toEqual(['changed: Laat']);
  });

  it.each(['capture:before-publish', 'capture:after-publish-before-watermark'])('loses nothing when it is killed at %s, and nothing while it is away', async (step) => {
    const world = await aWorld();
    await ready(world);
    await world.capture.stop();
    world.capture = await startCapture({ ...world.env, CRASH_AT: step });
    const before = await world.appointment('Voor');
    expect(await world.capture.exited).toBe('SIGKILL');
    const away = await world.appointment('Weg');
    await world.remove('Afspraak', away['ID']);
    const during = await world.appointment('Tijdens');
    const killedAt = performance.now();
    world.capture = await startCapture(world.env);
    await expect.poll(() => world.said(before['ID']), soon).toContain('changed: Voor');
    await expect.poll(() => world.said(during['ID']), soon).toContain('changed: Tijdens');
    expect(performance.now() - killedAt).toBeLessThan(15_000);
    await expect.poll(() => world.said(away['ID']).at(-1), soon).toBe('tombstone');
  });

  it('stops at a restored backup, says so, and goes on in a new epoch when a person decides', async () => {
    const world = await aWorld();
    await ready(world);
    const kept = await world.appointment('Blijft');
    await expect.poll(() => world.said(kept['ID']), soon).toHaveLength(1);
    const { stamp } = (await (await fetch(`${world.emulator.url}/_emulator/stats`)).json()) as { stamp: number };
    const lost = await world.appointment('Verdwijnt');
    await expect.poll(() => world.said(lost['ID']), soon).toHaveLength(1);
    await world.door('restore', { toStamp: stamp });
    await expect.poll(async () => (await fetch(`${world.capture.url}/health/ready`)).status, soon).toBe(503);
    expect(await (await fetch(`${world.capture.url}/health`)).text()).toContain('"state":"stopped"');
    await world.appointment('Na herstel');
    const { stdout } = await execa('node', ['apps/inventive-capture/dist/resume.main.js', world.name], { env: world.env, cwd: join(import.meta.dirname, '../../..') });
    expect(stdout).toContain('epoch 2');
    await ready(world);
    await expect.poll(() => world.said(kept['ID']).length, soon).toBe(2);
    expect(world.said(lost['ID'])).toEqual(['changed: Verdwijnt']);
  });

  it('stops at a restored backup, too, where changes since have overtaken the counter before it looked', async () => {
    const world = await aWorld();
    await ready(world);
    const row = await world.appointment('Voor');
    await expect.poll(() => world.said(row['ID']), soon).toHaveLength(1);
    const { stamp } = (await (await fetch(`${world.emulator.url}/_emulator/stats`)).json()) as { stamp: number };
    await world.save('Afspraak', { __KEY: row['ID'], __STAMP: row['__STAMP'], Onderwerp: 'Na de back-up' });
    await expect.poll(() => world.said(row['ID']), soon).toHaveLength(2);
    const standby = await startCapture({ ...world.env, PORT: String(await getPort()) });
    await expect.poll(async () => (await fetch(`${standby.url}/health/ready`)).status, soon).toBe(200);
    // Nothing tells that it was put back until the first save after it, which brings the counter where it was.
    await world.door('restore', { toStamp: stamp });
    const after = await world.appointment('Na het herstel');
    await expect.poll(async () => (await fetch(`${world.capture.url}/health/ready`)).status, soon).toBe(503);
    expect(await (await fetch(`${world.capture.url}/health`)).text()).toContain('"state":"stopped"');
    expect(world.said(after['ID'])).toEqual([]);
    // Nobody serves it now, and the replica that stands by doesn't say otherwise.
    await expect.poll(async () => (await fetch(`${standby.url}/health/ready`)).status, soon).toBe(503);
    await standby.stop();
  });

  it('publishes long notes that are too large for one batch, and is not stopped by one that no message can hold', async () => {
    const world = await aWorld();
    await ready(world);
    const { AdministratieID, GebruikerID } = await world.appointment('Begin');
    const row = (subject: string, length: number) => ({ AdministratieID, GebruikerID, Onderwerp: subject, Opmerking: 'o'.repeat(length), BeginDatum: '1!2!2031' });
    const rows = [row('Te lang', 2_000_000), ...Array.from({ length: 60 }, (_, n) => row(`Lang ${n}`, 150_000))];
    const [huge, ...long] = (await world.save('Afspraak', { __ENTITIES: rows }))['__ENTITIES'] as Record<string, unknown>[];
    for (const [n, { ID }] of long.entries()) await expect.poll(() => world.said(ID), soon).toContain(`changed: Lang ${n}`);
    const after = await world.appointment('Daarna');
    await expect.poll(() => world.said(after['ID']), soon).toEqual(['changed: Daarna']);
    expect(world.said(huge?.['ID'])).toEqual([]);
    expect(await (await fetch(`${world.capture.url}/metrics`)).text()).toMatch(new RegExp(`capture_unreadable_rows_total\\{source="${world.name}"\\} [1-9]`));
  });

  it('believes only signed nudges', async () => {
    const world = await aWorld();
    const nudge = (body: string, secret: string) => {
      const timestamp = String(Math.floor(Date.now() / 1_000));
      return fetch(`${world.capture.url}/inventive/nudges`, {
        method: 'POST', body,
        headers: { 'content-type': 'application/json', 'x-inventive-timestamp': timestamp, 'x-inventive-signature': `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}` },
      });
    };
    const genuine = JSON.stringify({ source: world.name, stamp: 1 });
    expect((await nudge(genuine, SECRET)).status).toBe(202);
    const forged = await nudge(genuine, 'geraden');
    expect([forged.status, await forged.text()]).toEqual([401, expect.not.stringMatching(/bron|signature|secret/i) as string]);
    expect((await nudge(JSON.stringify({ source: 'andere', stamp: 1 }), SECRET)).status).toBe(404);
    expect((await nudge(JSON.stringify({ source: world.name, stamp: 1, more: 'x'.repeat(2_000) }), SECRET)).status).toBe(413);
  });

  it('ends soon after SIGTERM, and another process takes over without waiting for the lease', async () => {
    const world = await aWorld();
    await ready(world);
    const from = performance.now();
    await world.capture.stop();
    expect(performance.now() - from).toBeLessThan(15_000);
    expect(await world.capture.exited).toBe('exit code 0');
    world.capture = await startCapture(world.env);
    await ready(world);
    const row = await world.appointment('Verder');
    await expect.poll(() => world.said(row['ID']), soon).toEqual(['changed: Verder']);
    expect(performance.now() - from).toBeLessThan(12_000);
  });

  it('ends soon although Inventive does not answer', async () => {
    const world = await aWorld();
    await ready(world);
    await world.door('faults', { action: { latencyMs: 30_000 }, match: { user: 'sync' } });
    await world.appointment('Hangt');
    await expect.poll(async () => ((await (await fetch(`${world.emulator.url}/_emulator/faults`)).json()) as { hits: number }[])[0]?.hits ?? 0, soon).toBeGreaterThan(0);
    const from = performance.now();
    await world.capture.stop();
    expect(performance.now() - from).toBeLessThan(15_000);
  });

  it('refuses to start with a sources file that says nothing, in one line', async () => {
    const empty = join(folder, 'empty.json');
    writeFileSync(empty, '[]');
    const world = await aWorld();
    await expect(startCapture({ ...world.env, PORT: '0', SOURCES_FILE: empty })).rejects.toThrow(/exit code 2[\s\S]*Settings: SOURCES_FILE/);
  });
});
