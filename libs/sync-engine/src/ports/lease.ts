/** The right to do something alone, for a while. Bigger fencing tokens were given later. */
export interface Lease {
  readonly name: string;
  readonly holder: string;
  readonly fencingToken: number;
  /** Milliseconds left, by a monotonic clock that starts before the lease was asked for. */
  remainingMs(): number;
}

/** Leases in MongoDB. A lease saves work and orders cursors; safety of vendor writes never rests on it. */
export interface Leases {
  /** Undefined where somebody else holds it. */
  acquire(name: string, ttlMs: number): Promise<Lease | undefined>;
  /** Undefined where it was lost in the meantime. */
  renew(lease: Lease, ttlMs: number): Promise<Lease | undefined>;
  release(lease: Lease): Promise<void>;
}
