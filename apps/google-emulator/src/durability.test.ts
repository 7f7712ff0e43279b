import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { anEvent, callerOf, type Loose } from './testing/test-emulator.js';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'google-emulator-'));
let child: ChildProcess | undefined;

afterEach(async () => {
  if (child?.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  rmSync(folder, { recursive: true, force: true });
});

/** Starts the built program and waits for the line that says where it listens. */
async function start(): Promise<string> {
  const started = spawn(process.execPath, [main], { env: { ...process.env, PORT: '0', DATA_DIR: folder, LOG_LEVEL: 'error' }, stdio: ['ignore', 'pipe', 'inherit'] });
  child = started;
  for await (const line of createInterface({ input: started.stdout })) return String((JSON.parse(line) as { listening: string }).listening);
  throw new Error('the emulator ended before it listened; is it built (tsc -b apps/google-emulator)?');
}

async function end(signal: NodeJS.Signals): Promise<void> {
  const exit = child === undefined ? undefined : once(child, 'exit');
  child?.kill(signal);
  await exit;
}

it('keeps events, tokens, channels, faults and statistics through kill -9, and stops on SIGTERM within a second', async () => {
  const control = async (url: string, path: string, body?: object): Promise<Loose> =>
    (await fetch(`${url}/_emulator/${path}`, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) })).json() as Promise<Loose>;
  const first = await start();
  const { access_token: token } = await control(first, 'tokens', { email: 'bakker@example.com' });
  const before = callerOf(first, 'bakker@example.com', token);
  const { body: empty } = await before.call('GET', 'calendars/primary/events');
  await before.call('POST', 'calendars/primary/events/watch', { body: { id: 'blijft', type: 'web_hook', address: 'http://127.0.0.1:9/' } });
  await control(first, 'faults', { match: { method: 'calendar.colors.get' }, action: { error: { status: 503 } } });
  const made: string[] = [];
  for (let n = 0; n < 10; n += 1) made.push((await before.insert(anEvent({ attendees: [{ email: 'a@x.nl' }] }), { sendUpdates: 'all' }))['id']);
  await before.call('DELETE', `calendars/primary/events/${made[9]}`);
  await end('SIGKILL');

  const second = await start();
  const after = callerOf(second, 'bakker@example.com', token);
  const delta = (await after.call('GET', 'calendars/primary/events', { query: { syncToken: empty['nextSyncToken'] } })).body['items'] as Loose[];
  expect(delta.map((item) => [item['id'], item['status']])).toEqual(made.map((id, index) => [id, index === 9 ? 'cancelled' : 'confirmed']));
  const stats = await control(second, 'stats');
  expect([stats['writes'].length, stats['mails'].length, stats['channels'].length]).toEqual([11, 10, 1]);
  expect(stats['calls']).toContainEqual({ method: 'calendar.events.insert', email: 'bakker@example.com', client: 'emulator', status: 200, count: 10 });
  expect((await after.call('GET', 'colors')).status).toBe(503);
  const newer = await after.insert(anEvent());
  expect(Number(newer['etag'].slice(1, -1))).toBeGreaterThan(Math.max(...delta.map((item) => Number(item['etag'].slice(1, -1)))));
  await end('SIGTERM');
  expect(child?.exitCode).toBe(0);
});

it('keeps who may see a calendar, what stands in whose list, and zones of other makers through kill -9', async () => {
  const control = async (url: string, path: string, body: object): Promise<Loose> => (await fetch(`${url}/_emulator/${path}`, { method: 'POST', body: JSON.stringify(body) })).json() as Promise<Loose>;
  const people = async (url: string, tokens: readonly string[]) => tokens.map((token) => callerOf(url, '', token));
  const first = await start();
  const tokens: string[] = [];
  for (const email of ['bakker@example.com', 'visser@example.com']) tokens.push(String((await control(first, 'tokens', { email }))['access_token']));
  const [bakker, visser] = await people(first, tokens);
  const team = (await bakker!.call('POST', 'calendars', { body: { summary: 'Team' } })).body;
  const path = `calendars/${encodeURIComponent(team['id'])}`;
  const { body: rules } = await bakker!.call('GET', `${path}/acl`);
  await bakker!.call('POST', `${path}/acl`, { body: { role: 'writer', scope: { type: 'user', value: 'visser@example.com' } } });
  await visser!.call('POST', 'users/me/calendarList', { body: { id: team['id'], summaryOverride: 'Van Bakker' } });
  await visser!.call('PATCH', 'calendars/primary', { body: { workingHours: { workingHoursEnabled: true, availableTimes: [{ dayOfWeek: 'friday', periodStart: 540, periodEnd: 720 }] } } });
  await bakker!.call('POST', `${path}/acl/watch`, { body: { id: 'regels', type: 'web_hook', address: 'http://127.0.0.1:9/' } });
  const point = { dateTime: '2026-12-01T10:00:00+01:00', timeZone: 'W. Europe Standard Time' };
  const imported = await control(first, 'ui/import', { email: 'visser@example.com', event: { iCalUID: 'blijft@outlook.example', start: point, end: point } });
  await end('SIGKILL');

  const second = await start();
  const [owner, writer] = await people(second, tokens);
  expect((await owner!.call('GET', `${path}/acl`, { query: { syncToken: rules['nextSyncToken'] } })).body['items']).toMatchObject([{ id: 'user:visser@example.com', role: 'writer' }]);
  expect((await writer!.call('GET', `users/me/calendarList/${encodeURIComponent(team['id'])}`)).body).toMatchObject({ summaryOverride: 'Van Bakker', accessRole: 'writer' });
  expect((await writer!.call('GET', 'calendars/primary')).body['workingHours'].availableTimes).toHaveLength(1);
  expect((await writer!.call('GET', `calendars/primary/events/${imported['id']}`)).body['start']).toEqual(point);
  const stats = (await (await fetch(`${second}/_emulator/stats`)).json()) as Loose;
  expect(stats['channels']).toMatchObject([{ id: 'regels', calendarId: team['id'] }]);
});
