import { describe, expect, it } from 'vitest';
import { asAccountId } from '@calsync/calendar-model';
import type { Clock } from '@calsync/sync-engine';
import { createQuotaLimiter } from './quota-limiter.js';

const [jansen, devries] = [asAccountId('jansen'), asAccountId('devries')];
/** Nobody here may have to wait for real. */
const clock: Clock = { now: () => Date.now(), sleep: () => Promise.reject(new Error('slept')) };

describe('our own limit of calls to Google', () => {
  it('lets through what fits, counts units, and then says how long to wait', async () => {
    const limiter = createQuotaLimiter({ clock, perUserPerMinute: 7, perProjectPerMinute: 1_000 });
    await limiter.take(jansen, 3);
    await limiter.take(jansen, 3);
    await limiter.take(jansen, 1);
    const refusal: unknown = await limiter.take(jansen, 1).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ name: 'Failure', kind: 'quota' });
    expect((refusal as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(50_000);
    expect((refusal as { retryAfterMs: number }).retryAfterMs).toBeLessThanOrEqual(60_000);
  });
  it('holds one user and not another', async () => {
    const limiter = createQuotaLimiter({ clock, perUserPerMinute: 1, perProjectPerMinute: 1_000 });
    await limiter.take(jansen, 1);
    await expect(limiter.take(jansen, 1)).rejects.toMatchObject({ kind: 'quota' });
    await expect(limiter.take(devries, 1)).resolves.toBeUndefined();
  });
  it('knows a limit of all together, which a user over his own does not use up', async () => {
    const limiter = createQuotaLimiter({ clock, perUserPerMinute: 2, perProjectPerMinute: 3 });
    await limiter.take(jansen, 2);
    for (let call = 0; call < 10; call += 1) await limiter.take(jansen, 1).catch(() => undefined);
    await limiter.take(devries, 1);
    await expect(limiter.take(devries, 1)).rejects.toMatchObject({ kind: 'quota' });
  });
});
