import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { testEmulator } from '../testing/test-emulator.js';

const SECRET = 'een lang geheim';

interface Heard {
  atMs: number;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
  stamp: number;
}

let server: Server;
let heard: Heard[];
let answer: 'ok' | 'refuse' | 'silence';
let emulator: ReturnType<typeof testEmulator>;

beforeEach(async () => {
  heard = [];
  answer = 'ok';
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      heard.push({ atMs: performance.now(), url: String(request.url), headers: request.headers, body, stamp: (JSON.parse(body) as { stamp: number }).stamp });
      if (answer !== 'silence') response.writeHead(answer === 'ok' ? 202 : 500).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('no address');
  emulator = testEmulator({ NUDGE_URL: `http://127.0.0.1:${address.port}/inventive/nudges`, NUDGE_SECRET: SECRET, NUDGE_SOURCE: 'proef' });
});

afterEach(async () => {
  await emulator.app.close();
  server.closeAllConnections();
  server.close();
});

const waitFor = (assertion: () => void | Promise<void>) => vi.waitFor(assertion, { timeout: 12_000, interval: 10 });

/** HMAC by hand (RFC 2104) on Web Crypto's bare SHA-256, so that it shares nothing with the sender. */
async function hmacByHand(key: string, message: string): Promise<string> {
  const block = new Uint8Array(64);
  block.set(new TextEncoder().encode(key));
  const digest = async (...parts: Uint8Array[]) => new Uint8Array(await crypto.subtle.digest('SHA-256', Buffer.concat(parts)));
  const inner = await digest(block.map((byte) => byte ^ 0x36), new TextEncoder().encode(message));
  return Buffer.from(await digest(block.map((byte) => byte ^ 0x5c), inner)).toString('hex');
}

describe('nudges', () => {
  it('are signed posts with source and stamp, at once and after 0.3, 1 and 3 seconds', async () => {
    const rest = await emulator.as();
    const from = performance.now();
    const saved = (await rest.save('Project', { Nummer: 'N1' })).body;
    await waitFor(() => expect(heard).toHaveLength(4));
    const [first] = heard;
    expect(first?.url).toBe('/inventive/nudges');
    expect(JSON.parse(first?.body ?? '')).toEqual({ source: 'proef', stamp: saved['__GlobalStamp'] });
    for (const { headers, body } of heard) {
      const timestamp = String(headers['x-inventive-timestamp']);
      expect(Math.abs(Number(timestamp) - Date.now() / 1000)).toBeLessThan(10);
      expect(headers['x-inventive-signature']).toBe(`sha256=${await hmacByHand(SECRET, `${timestamp}.${body}`)}`);
      expect(headers['content-type']).toBe('application/json');
    }
    const after = heard.map(({ atMs }) => (atMs - from) / 1000);
    // Never sooner; how much later depends on the machine.
    for (const [n, atLeast] of [0, 0.299, 0.999, 2.999].entries()) expect(after[n]).toBeGreaterThanOrEqual(atLeast);
    await waitFor(async () => expect((await emulator.stats()).nudges).toEqual({ sent: 4, delivered: 4, failed: 0, dropped: 0 }));
  });

  it('carry the newest stamp in repeats, and come for deletions too', async () => {
    const rest = await emulator.as();
    await rest.save('Project', { Nummer: 'N1' });
    await rest.post('Project', { $method: 'delete', $filter: 'Nummer=N1' });
    const { stamp } = await emulator.stats();
    await waitFor(() => expect(heard.filter((nudge) => nudge.stamp === stamp - 1).length).toBeGreaterThanOrEqual(3));
    const stamps = heard.map((nudge) => nudge.stamp);
    expect(stamps).toEqual(stamps.toSorted((a, b) => a - b));
  });

  it('come early where the commit is slow, and for a transaction that is rolled back', async () => {
    const rest = await emulator.as();
    await emulator.fault({ slowCommitMs: 1500 }, { times: 1 });
    const slow = (await rest.save('Project', { Nummer: 'TRAAG' })).body;
    await waitFor(() => expect(heard[0]?.stamp).toBe(slow['__GlobalStamp']));
    expect(await rest.all('Project', 'Nummer=TRAAG')).toEqual([]);
    const next = (await emulator.stats()).stamp;
    await rest.save('Relatie', [{ Naam: 'goed' }, { Onbekend: 1 }], { $atomic: 'true' });
    await waitFor(() => expect(heard.at(-1)?.stamp).toBe(next));
    expect(await rest.all('Relatie', 'Naam=goed')).toEqual([]);
  });

  it('do not come for reads, refusals, saves without change, and untracked dataclasses', async () => {
    const rest = await emulator.as();
    const row = await rest.one('Project', 'Nummer=P2601');
    await rest.save('Project', { __KEY: row['__KEY'], __STAMP: 99, Nummer: 'x' });
    await rest.save('Project', { __KEY: row['__KEY'], __STAMP: row['__STAMP'], Nummer: row['Nummer'] });
    await rest.save('Gebruiker', { Inlognaam: 'nieuw' });
    expect((await emulator.stats()).nudges.sent).toBe(0);
  });

  it('can be dropped, delayed and doubled', async () => {
    const rest = await emulator.as();
    await emulator.fault({ nudges: 'drop' }, { match: { dataclass: 'Project' } });
    await rest.save('Project', { Nummer: 'N1' });
    expect((await emulator.stats()).nudges).toEqual({ sent: 0, delivered: 0, failed: 0, dropped: 1 });
    await emulator.fault({ nudges: 'duplicate' }, { match: { dataclass: 'Relatie' } });
    await rest.save('Relatie', { Naam: 'N2' });
    // Two at once and three repeats.
    await waitFor(async () => expect((await emulator.stats()).nudges).toEqual({ sent: 5, delivered: 5, failed: 0, dropped: 1 }));
    await emulator.door('POST', 'reset');
    await emulator.fault({ nudges: 'delay', ms: 200 }, { match: { dataclass: 'Contactpersoon' } });
    const from = performance.now();
    const late = (await rest.save('Contactpersoon', { Naam: 'N3' })).body['__GlobalStamp'];
    await waitFor(() => expect(heard.at(-1)?.stamp).toBe(late));
    expect((heard.at(-1)?.atMs ?? 0) - from).toBeGreaterThan(190);
  });

  it('never hold up a save: a receiver that is silent or broken only counts as failed', async () => {
    const rest = await emulator.as();
    answer = 'silence';
    const from = performance.now();
    for (let n = 0; n < 20; n += 1) await rest.save('Project', { Nummer: `N${n}` });
    // Each of the twenty would wait two seconds.
    expect(performance.now() - from).toBeLessThan(15_000);
    await waitFor(async () => expect((await emulator.stats()).nudges.failed).toBe(1));
    answer = 'refuse';
    await waitFor(async () => expect((await emulator.stats()).nudges.failed).toBeGreaterThan(1));
  });
});
