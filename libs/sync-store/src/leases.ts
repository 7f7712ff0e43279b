import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Connection } from 'mongoose';
import type { Lease, Leases } from '@calsync/sync-engine';
import { isDuplicateKey, storedCollection } from './database.js';

interface LeaseRow {
  readonly _id: string;
  readonly holder: string;
  /** Names one acquisition: the same process asking twice must be refused the second time. */
  readonly claim: string;
  readonly fencingToken: number;
  readonly expiresAt: Date;
}

/** Rows of leases that nobody wanted for so long are removed; tokens still grow, see `acquire`. */
const FORGET_AFTER_S = 7 * 86_400;

export interface LeaseOptions {
  /** Who holds what this object acquires; shown to people. Unique per process if left out. */
  readonly holder?: string;
  /** For tests; must never run backwards. */
  readonly monotonicNow?: () => number;
}

export type LeaseStore = Leases & {
  /** Creates the index that forgets old leases; harmless to repeat. */
  prepare(): Promise<void>;
  /** Who holds it now and with what token, for the health pages. */
  holderOf(name: string): Promise<{ readonly holder: string; readonly fencingToken: number } | undefined>;
};

/**
 * Leases in the collection `leases`. Time is the server's (`$$NOW`), so that the clocks of two machines never decide
 * who holds what; what is left of a lease is counted by the holder's monotonic clock from before the question.
 */
export function createLeases(connection: Connection, options: LeaseOptions = {}): LeaseStore {
  const rows = storedCollection<LeaseRow>(connection, 'leases');
  const holder = options.holder ?? `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`;
  const monotonicNow = options.monotonicNow ?? (() => performance.now());

  const lease = (name: string, fencingToken: number, askedAt: number, ttlMs: number): Lease => ({
    name,
    holder,
    fencingToken,
    remainingMs: () => Math.max(0, ttlMs - (monotonicNow() - askedAt)),
  });

  return {
    async prepare() {
      await rows.run('preparing leases', (collection) =>
        collection.createIndex({ expiresAt: 1 }, { name: 'forget', expireAfterSeconds: FORGET_AFTER_S }),
      );
    },

    async acquire(name, ttlMs) {
      const askedAt = monotonicNow();
      const claim = randomUUID();
      // One atomic statement: taken where it has run out or was never there, else left exactly as it is. The token is
      // at least the server's time in ms, so that it also grows over a row that was forgotten in the meantime.
      const free = { $lte: [{ $ifNull: ['$expiresAt', new Date(0)] }, '$$NOW'] };
      const taken = (value: unknown, field: string) => ({ $cond: [free, value, field] });
      const row = await rows.run(`acquiring the lease ${name}`, async (collection) => {
        try {
          return await collection.findOneAndUpdate(
            { _id: name },
            [
              {
                $set: {
                  holder: taken(holder, '$holder'),
                  claim: taken(claim, '$claim'),
                  fencingToken: taken(
                    { $max: [{ $add: [{ $ifNull: ['$fencingToken', 0] }, 1] }, { $toLong: '$$NOW' }] },
                    '$fencingToken',
                  ),
                  expiresAt: taken({ $add: ['$$NOW', ttlMs] }, '$expiresAt'),
                },
              },
            ],
            { upsert: true, returnDocument: 'after' },
          );
        } catch (error) {
          // Two first acquirers at once: the other one inserted the row.
          if (isDuplicateKey(error)) return null;
          throw error;
        }
      });
      return row?.claim === claim ? lease(name, row.fencingToken, askedAt, ttlMs) : undefined;
    },

    async renew(held, ttlMs) {
      const askedAt = monotonicNow();
      // The token alone says that nobody had it in between, so a lease that ran out unnoticed by all may be renewed.
      const row = await rows.run(`renewing the lease ${held.name}`, (collection) =>
        collection.findOneAndUpdate(
          { _id: held.name, holder: held.holder, fencingToken: held.fencingToken },
          [{ $set: { expiresAt: { $add: ['$$NOW', ttlMs] } } }],
          { returnDocument: 'after' },
        ),
      );
      return row === null ? undefined : lease(held.name, held.fencingToken, askedAt, ttlMs);
    },

    async release(held) {
      // The row stays: it carries the token on.
      await rows.run(`releasing the lease ${held.name}`, (collection) =>
        collection.updateOne({ _id: held.name, holder: held.holder, fencingToken: held.fencingToken }, [
          { $set: { expiresAt: '$$NOW' } },
        ]),
      );
    },

    async holderOf(name) {
      const row = await rows.run(`looking up the lease ${name}`, (collection) =>
        collection.findOne({ _id: name, $expr: { $gt: ['$expiresAt', '$$NOW'] } }),
      );
      return row === null ? undefined : { holder: row.holder, fencingToken: row.fencingToken };
    },
  };
}
