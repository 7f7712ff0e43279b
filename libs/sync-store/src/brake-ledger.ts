import type { Connection } from 'mongoose';
import type { AccountId, PairId } from '@calsync/calendar-model';
import type { BrakeLedger } from '@calsync/sync-engine';
import { storedCollection } from './database.js';

interface LedgerRow {
  readonly _id: AccountId;
  readonly entries: readonly { readonly pairId: PairId; readonly at: number }[];
}

/** The collection `brake-ledgers`: one row an account, counted atomically, so that all replicas brake together. */
export function createBrakeLedger(connection: Connection, size: BrakeLedger['size']): BrakeLedger & { clear(accountId: AccountId): Promise<void> } {
  const rows = storedCollection<LedgerRow>(connection, 'brake-ledgers');
  return {
    size,
    async note(accountId, pairId, now, windowMs) {
      const kept = {
        $filter: {
          input: { $ifNull: ['$entries', []] },
          as: 'entry',
          cond: { $and: [{ $gt: ['$$entry.at', now - windowMs] }, { $ne: ['$$entry.pairId', pairId] }] },
        },
      };
      const row = await rows.run('noting a loss', (collection) =>
        collection.findOneAndUpdate(
          { _id: accountId },
          [{ $set: { entries: { $concatArrays: [kept, [{ pairId, at: now }]] } } }],
          { upsert: true, returnDocument: 'after' },
        ),
      );
      return row?.entries.length ?? 1;
    },
    async clear(accountId) {
      await rows.run('releasing the brake', (collection) => collection.deleteOne({ _id: accountId }));
    },
  };
}
