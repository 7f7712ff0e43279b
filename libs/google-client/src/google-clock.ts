import type { Clock } from '@calsync/sync-engine';
import type { ObservedCall } from './google-calls.js';

/** The `Date` header counts whole seconds and was written before it got here: so little says nothing. */
const NOTHING_MS = 2_000;

/** Google's clock: ours, put forward or back by what the newest answer said. Ours alone before the first answer. */
export function createGoogleClock(clock: Pick<Clock, 'now'>): { now(): number; observe(call: Pick<ObservedCall, 'googleTimeMs' | 'receivedAtMs'>): void } {
  let aheadMs = 0;
  return {
    now: () => clock.now() + aheadMs,
    observe({ googleTimeMs, receivedAtMs }) {
      if (googleTimeMs === undefined) return;
      const difference = googleTimeMs - receivedAtMs;
      aheadMs = Math.abs(difference) < NOTHING_MS ? 0 : difference;
    },
  };
}
