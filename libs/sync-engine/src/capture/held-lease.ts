import { Failure } from '../failures/failure.js';
import type { Lease, Leases } from '../ports/lease.js';
import { TenureLost } from './stops.js';

/** What may pass between a renewal and a sending that needs no other. */
export const SEND_RESERVE_MS = 500;

/** The lease of one tenure, renewed as it is used. */
export class HeldLease {
  #lease: Lease;
  #renewing: Promise<void> | undefined;
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

  /** Resolves when the lease lasts so long from now. Throws `TenureLost` where another replica has it. */
  async lasting(ms: number): Promise<void> {
    if (this.#lease.remainingMs() > ms) return;
    await this.#renew();
    if (this.#lease.remainingMs() <= ms) throw new Failure('transient', `Renewing the lease ${this.#lease.name} took so long that too little is left of it: is MongoDB overloaded?`);
  }

  /** Begins to renew where that will be needed, so that it runs beside the reading; what goes wrong shows at `lasting`. */
  renewAhead(ms: number): void {
    if (this.#lease.remainingMs() <= ms) this.#renew().catch(() => undefined);
  }

  async release(): Promise<void> {
    await this.#leases.release(this.#lease);
  }

  #renew(): Promise<void> {
    this.#renewing ??= (async () => {
      const renewed = await this.#leases.renew(this.#lease, this.#ttlMs);
      if (renewed === undefined) throw new TenureLost(`the lease ${this.#lease.name} went to another replica`);
      this.#lease = renewed;
    })().finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }
}
