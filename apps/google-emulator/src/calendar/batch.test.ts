import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEvent, startTestEmulator, type TestCaller, type TestEmulator } from '../testing/test-emulator.js';

let emulator: TestEmulator;
let bakker: TestCaller;

beforeAll(async () => {
  emulator = await startTestEmulator();
  bakker = await emulator.as('bakker@example.com');
});
afterAll(() => emulator.stop());

const send = (body: string): Promise<Response> =>
  fetch(`${emulator.url}/batch/calendar/v3`, { method: 'POST', headers: { authorization: `Bearer ${bakker.token}`, 'content-type': 'multipart/mixed; boundary=grens' }, body });
const part = (id: string, request: string): string => `--grens\r\nContent-Type: application/http\r\nContent-ID: <${id}>\r\n\r\n${request}\r\n`;

describe('a batch', () => {
  it('does its parts in order; their own headers win; each is answered for itself', async () => {
    const event = JSON.stringify(anEvent({ id: 'batch00001' }));
    const insert = `POST /calendar/v3/calendars/primary/events HTTP/1.1\r\nContent-Type: application/json\r\n\r\n${event}`;
    const stale = `PATCH /calendar/v3/calendars/primary/events/batch00001\r\nContent-Type: application/json\r\nIf-Match: "1"\r\n\r\n{"summary":"x"}`;
    const remove = 'DELETE /calendar/v3/calendars/primary/events/batch00001 HTTP/1.1\r\n\r\n';
    const answer = await send(`${part('a', insert)}${part('b', insert)}${part('c', stale)}${part('d', remove)}--grens--`);
    expect(answer.status).toBe(200);
    const boundary = /boundary=(\S+)/.exec(answer.headers.get('content-type') ?? '')?.[1] ?? '';
    const parts = (await answer.text()).split(`--${boundary}`).slice(1, -1);
    expect(parts.map((text) => [/Content-ID: <(.*)>/.exec(text)?.[1], /HTTP\/1.1 (\d+)/.exec(text)?.[1]])).toEqual([
      ['response-a', '200'], ['response-b', '409'], ['response-c', '412'], ['response-d', '204'],
    ]);
    const calls = (await emulator.control('stats')).body['calls'] as Array<{ count: number }>;
    expect(calls.reduce((sum, call) => sum + call.count, 0)).toBe(4);
  });

  it('is refused when it is too long or no batch', async () => {
    const get = 'GET /calendar/v3/colors HTTP/1.1\r\n\r\n';
    expect((await send(`${part('x', get).repeat(51)}--grens--`)).status).toBe(400);
    expect((await send('zomaar')).status).toBe(400);
  });
});
