import type { Lease, Leases } from '../ports/lease.js';
import { TenureLost } from './stops.js';

/** The lease of one tenure, renewed as it is used. */
export class HeldLease {
  #lease: Lease;
  readonly #leases: Leases;
  readonly #ttlMs: number;

  constructor(leases: Leases, lease: Lease, ttlMs: number) {
    this.#leases = leases;
    this.#lease = lease;
    this.#ttlMs = ttlMs;
  }

  get fencingToken(): number {
    return this.#lease.fencingToken;
  }

  get holder(): string {
    return this.#lease.holder;
  }

  /** Resolves when the lease lasts so long from now; throws `TenureLost` where it can't be had for so long. */
  async lasting(ms: number): Promise<void> {
    if (this.#lease.remainingMs() > ms) return;
    const renewed = await this.#leases.renew(this.#lease, this.#ttlMs);
    if (renewed === undefined) throw new TenureLost(`the lease ${this.#lease.name} went to another replica`);
    this.#lease = renewed;
    if (renewed.remainingMs() <= ms) throw new TenureLost(`renewing the lease ${this.#lease.name} took too long`);
  }

  async release(): Promise<void> {
    await this.#leases.release(this.#lease);
  }
}
