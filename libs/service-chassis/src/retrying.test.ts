import { describe, expect, it } from 'vitest';
import { retrying } from './retrying.js';

class Trouble extends Error {
  constructor(readonly kind: string, readonly retryAfterMs?: number) {
    super(kind);
  }
}
const transient = new Trouble('transient');

function failing(error: Trouble, times: number) {
  const made = {
    calls: 0,
    async work() {
      made.calls += 1;
      if (made.calls <= times) throw error;
      return 'done';
    },
  };
  return made;
}

describe('retrying', () => {
  it('tries a passing failure again, and gives the last error as it was when the attempts are used up', async () => {
    const twice = failing(transient, 2);
    await expect(retrying({ attempts: 3, firstMs: 1, maxMs: 2 })(twice.work)).resolves.toBe('done');
    const ever = failing(transient, 99);
    await expect(retrying({ attempts: 3, firstMs: 1, maxMs: 2 })(ever.work)).rejects.toBe(transient);
    expect(ever.calls).toBe(3);
  });

  it('does not repeat what will not pass', async () => {
    const permanent = failing(new Trouble('permanent'), 99);
    await expect(retrying({ attempts: 5, firstMs: 1, maxMs: 2 })(permanent.work)).rejects.toMatchObject({ kind: 'permanent' });
    expect(permanent.calls).toBe(1);
  });

  it('waits anywhere below a doubling bound, and never longer than the maximum', async () => {
    const waits: number[] = [];
    const ever = failing(transient, 99);
    const repeat = retrying({ attempts: 6, firstMs: 4, maxMs: 10, random: () => 0.5, onRetry: (_error, _attempt, waitMs) => waits.push(waitMs) });
    await expect(repeat(ever.work)).rejects.toBe(transient);
    expect(waits).toEqual([2, 4, 5, 5, 5]);
  });

  it('honours retryAfterMs, and gives up at once when that is too long to wait here', async () => {
    const waits: number[] = [];
    const asks = failing(new Trouble('quota', 30), 1);
    await retrying({ attempts: 2, firstMs: 1, maxMs: 1, onRetry: (_error, _attempt, waitMs) => waits.push(waitMs) })(asks.work);
    expect(waits).toEqual([30]);
    const tooLong = failing(new Trouble('quota', 3_600_000), 99);
    await expect(retrying({ attempts: 9, firstMs: 1, maxMs: 1 })(tooLong.work)).rejects.toMatchObject({ kind: 'quota' });
    expect(tooLong.calls).toBe(1);
  });
});
