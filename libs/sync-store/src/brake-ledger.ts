import type { Connection } from 'mongoose';
import type { AccountId } from '@calsync/calendar-model';
import type { LedgerEntry } from '@calsync/sync-core';
import type { BrakeLedger } from '@calsync/sync-engine';
import { storedCollection } from './database.js';

interface LedgerRow {
  readonly _id: AccountId;
  readonly entries: readonly LedgerEntry[];
}

/** The collection `brake-ledgers`: one row an account, counted atomically, so that all replicas brake together. */
export function createBrakeLedger(connection: Connection, size: BrakeLedger['size']): BrakeLedger & { clear(accountId: AccountId): Promise<void> } {
  const rows = storedCollection<LedgerRow>(connection, 'brake-ledgers');
  return {
    size,
    async note(accountId, noted, now, windowMs) {
      const keys = noted.map(({ pairId, kind }) => `${pairId} ${kind}`);
      const kept = {
        $filter: {
          input: { $ifNull: ['$entries', []] },
          as: 'entry',
          cond: {
            $and: [
              { $gt: ['$$entry.atMs', now - windowMs] },
              { $not: [{ $in: [{ $concat: ['$$entry.pairId', ' ', '$$entry.kind'] }, keys] }] },
            ],
          },
        },
      };
      const row = await rows.run('noting a loss', (collection) =>
        collection.findOneAndUpdate({ _id: accountId }, [{ $set: { entries: { $concatArrays: [kept, [...noted]] } } }], { upsert: true, returnDocument: 'after' }),
      );
      return row?.entries ?? noted;
    },
    async clear(accountId) {
      await rows.run('releasing the brake', (collection) => collection.deleteOne({ _id: accountId }));
    },
  };
}
