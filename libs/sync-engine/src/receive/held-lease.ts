import { Failure } from '../failures/failure.js';
import type { Clock } from '../ports/clock.js';
import type { Lease, Leases } from '../ports/lease.js';

/** Short, so that a killed process is replaced within seconds; the holder renews it while it works. */
export const LEASE_MS = 6_000;
const RENEW_EVERY_MS = 2_000;

export interface HeldLease {
  readonly fencingToken: number;
  /** Throws where the lease is no longer ours: what was begun is left to whoever has it now. */
  assertHeld(): void;
}

/** Does the work alone, or not at all (`busy`). The lease is renewed behind the work's back and released after it. */
export async function withLease<T>(
  { leases, clock }: { readonly leases: Leases; readonly clock: Clock },
  name: string,
  work: (held: HeldLease) => Promise<T>,
): Promise<{ readonly kind: 'done'; readonly value: T } | { readonly kind: 'busy' }> {
  const first = await leases.acquire(name, LEASE_MS);
  if (first === undefined) return { kind: 'busy' };
  let lease: Lease | undefined = first;
  const over = new AbortController();

  const renewing = (async () => {
    while (!over.signal.aborted) {
      await clock.sleep(RENEW_EVERY_MS, over.signal);
      if (over.signal.aborted || lease === undefined) return;
      try {
        lease = await leases.renew(lease, LEASE_MS);
      } catch {
        // Not renewed isn't lost yet: what is left of it is counted by the monotonic clock.
      }
    }
  })().catch(() => undefined);

  try {
    const value = await work({
      fencingToken: first.fencingToken,
      assertHeld() {
        if (lease === undefined || lease.remainingMs() <= 0) throw new Failure('transient', `the lease ${name} was lost while working`);
      },
    });
    return { kind: 'done', value };
  } finally {
    over.abort();
    await renewing;
    // Left to run out where it can't be given back.
    if (lease !== undefined) await leases.release(lease).catch(() => undefined);
  }
}
