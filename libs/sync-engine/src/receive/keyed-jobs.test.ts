import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyedJobs } from './keyed-jobs.js';

describe('jobs by key', () => {
  it('a wake-up during a run is never swallowed, and no key runs twice at once (any interleaving)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 25 }), fc.integer({ min: 1, max: 3 }), async (s, wakes, places) => {
        /** What a job sees when it begins is what was written before: like a pull that reads the feed. */
        const written = new Map<string, number>();
        const seen = new Map<string, number>();
        let running = 0;
        const busy = new Set<string>();
        const jobs = new KeyedJobs(async (key) => {
          expect(busy.has(key)).toBe(false);
          expect((running += 1)).toBeLessThanOrEqual(places);
          busy.add(key);
          const reading = written.get(key) ?? 0;
          await s.schedule(Promise.resolve(), `read ${key}`);
          await s.schedule(Promise.resolve(), `save ${key}`);
          seen.set(key, reading);
          busy.delete(key);
          running -= 1;
        }, places);

        s.scheduleSequence(
          wakes.map((key) => async () => {
            written.set(key, (written.get(key) ?? 0) + 1);
            jobs.wake(key);
          }),
        );
        await s.waitIdle();
        expect(seen).toEqual(written);
      }),
    );
  });

  it('runs once more, not once per wake-up', async () => {
    let runs = 0;
    let release = (): void => undefined;
    const jobs = new KeyedJobs(async () => {
      runs += 1;
      await new Promise<void>((resolve) => (release = resolve));
    }, 1);
    jobs.wake('a');
    for (let at = 0; at < 100; at += 1) jobs.wake('a');
    release();
    await expect.poll(() => runs).toBe(2);
    release();
    await jobs.close();
    expect(runs).toBe(2);
  });

  it('goes on after a job that failed', async () => {
    const done: string[] = [];
    const jobs = new KeyedJobs(async (key) => {
      if (key === 'bad') throw new Error('bad');
      done.push(key);
    }, 1);
    jobs.wake('bad');
    jobs.wake('good');
    await expect.poll(() => done).toEqual(['good']);
  });
});
