import fastify from 'fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import { EmulatorClock, FaultBook, faultParser, registerEmulatorRoutes } from './index.js';

const build = () => {
  const told: string[] = [];
  const offsets: number[] = [];
  const app = fastify();
  const faults = new FaultBook<{ op?: string }, unknown>();
  const clock = new EmulatorClock({ onChange: (offsetMs) => offsets.push(offsetMs) });
  registerEmulatorRoutes(app, {
    clock,
    faults,
    parseFault: faultParser<{ op?: string }, unknown>(['op'], (action) => action),
    stats: () => ({ calls: [] }),
    reset: () => void told.push('reset'),
    extra: (scope) => void scope.post('/echo', async (request) => request.body),
  });
  return { app, told, offsets, clock, faults };
};

describe('the /_emulator/ doors', () => {
  let parts: ReturnType<typeof build>;
  beforeEach(() => void (parts = build()));

  it('adds, lists and removes faults', async () => {
    const { app } = parts;
    const added = await app.inject({ method: 'POST', url: '/_emulator/faults', payload: { match: { op: 'x' }, action: { latencyMs: 1 } } });
    const { id } = added.json<{ id: string }>();
    expect((await app.inject('/_emulator/faults')).json()).toMatchObject([{ id, match: { op: 'x' }, hits: 0 }]);
    expect((await app.inject({ method: 'DELETE', url: `/_emulator/faults/${id}` })).statusCode).toBe(200);
    expect((await app.inject({ method: 'DELETE', url: `/_emulator/faults/${id}` })).statusCode).toBe(404);
    expect((await app.inject({ method: 'DELETE', url: '/_emulator/faults' })).json()).toEqual({ removed: false });
  });

  it.each([
    ['/_emulator/faults', '{"action":{},"tmies":1}', 'tmies'],
    ['/_emulator/faults', '{', 'not JSON'],
    ['/_emulator/clock', '{"now":"2026-01-01T00:00:00Z","advance":"P1D"}', 'either'],
    ['/_emulator/clock', '{"now":"tomorrow"}', 'clock'],
    ['/_emulator/reset', '{"all":true}', 'all'],
  ])('answers POST %s %s with 400', async (url, payload, named) => {
    const answer = await parts.app.inject({ method: 'POST', url, payload, headers: { 'content-type': 'application/json' } });
    expect(answer.statusCode).toBe(400);
    expect(answer.json<{ error: string }>().error).toContain(named);
  });

  it('refuses a parameter in the address by name, so that it never removes more than was meant', async () => {
    parts.faults.add({ action: {} });
    const answer = await parts.app.inject({ method: 'DELETE', url: '/_emulator/faults?id=fault-000001' });
    expect([answer.statusCode, answer.json<{ error: string }>().error]).toEqual([400, expect.stringContaining('"id"')]);
    expect(parts.faults.list()).toHaveLength(1);
  });

  it('moves the clock, which runs on, and tells the owner the offset', async () => {
    const { app, clock, offsets } = parts;
    await app.inject({ method: 'POST', url: '/_emulator/clock', payload: { now: '2030-01-01T00:00:00Z' } });
    const advanced = await app.inject({ method: 'POST', url: '/_emulator/clock', payload: { advance: 'P1DT2H' } });
    expect(advanced.json<{ now: string }>().now).toMatch(/^2030-01-02T02:00:/);
    const again = new EmulatorClock({ offsetMs: offsets.at(-1) ?? 0 });
    expect(Math.abs(again.nowMs() - clock.nowMs())).toBeLessThan(1000);
  });

  it('resets faults, clock and the emulator; an empty body with a JSON type is fine', async () => {
    const { app, clock, faults, told } = parts;
    faults.add({ action: {} });
    clock.advance('P10D');
    const answer = await app.inject({ method: 'POST', url: '/_emulator/reset', headers: { 'content-type': 'application/json' } });
    expect([answer.statusCode, told, faults.list()]).toEqual([200, ['reset'], []]);
    expect(Math.abs(clock.nowMs() - Date.now())).toBeLessThan(1000);
  });

  it('gives stats, health and the further doors, and 404 for others', async () => {
    const { app } = parts;
    expect((await app.inject('/_emulator/stats')).json()).toEqual({ calls: [] });
    expect((await app.inject('/_emulator/health')).json()).toMatchObject({ status: 'ok' });
    expect((await app.inject({ method: 'POST', url: '/_emulator/echo', payload: { a: 1 } })).json()).toEqual({ a: 1 });
    expect((await app.inject('/_emulator/nothing')).statusCode).toBe(404);
  });
});
