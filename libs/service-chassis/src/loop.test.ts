import { describe, expect, it, vi } from 'vitest';
import { loopHealth, loopsCheck, runLoop } from './loop.js';
import { systemClock } from './clock.js';

describe('runLoop', () => {
  it('turns again and again, outlives every error, and pauses longer after each in a row', async () => {
    const failures: number[] = [];
    let turns = 0;
    const loop = runLoop({
      name: 'tireless',
      async body() {
        turns += 1;
        if (turns % 4 !== 0) throw new Error('a bad turn');
      },
      onError: (_error, inARow) => failures.push(inARow),
      backoff: () => 1,
    });
    await vi.waitFor(() => expect(turns).toBeGreaterThan(8));
    await loop.stop();
    expect(failures.slice(0, 6)).toEqual([1, 2, 3, 1, 2, 3]);
  });

  it('stops in the middle of a wait, and is no longer watched', async () => {
    const loop = runLoop({ name: 'waiting', body: (signal) => systemClock.sleep(60_000, signal), onError: () => undefined });
    await vi.waitFor(() => expect(loopHealth().map(({ name }) => name)).toContain('waiting'));
    const started = performance.now();
    await loop.stop();
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(loopHealth()).toEqual([]);
  });

  it('counts as stuck, and the process as not alive, when a turn never ends; a beat helps', async () => {
    let now = 1_000_000;
    const clock = { now: () => now, sleep: systemClock.sleep };
    let beat = () => undefined as void;
    const loop = runLoop({ name: 'stuck', clock, stuckAfterMs: 5_000, onError: () => undefined, body: (signal, beats) => ((beat = beats), systemClock.sleep(60_000, signal)) });
    await vi.waitFor(() => expect(loopHealth()).toHaveLength(1));
    now += 5_001;
    expect(await loopsCheck.check()).toMatchObject({ healthy: false, details: { loops: [{ name: 'stuck', stuck: true }] } });
    beat();
    expect(await loopsCheck.check()).toMatchObject({ healthy: true });
    await loop.stop();
  });
});
