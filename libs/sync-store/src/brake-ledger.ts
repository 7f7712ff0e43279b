import type { Connection } from 'mongoose';
import type { AccountId } from '@calsync/calendar-model';
import type { LedgerEntry } from '@calsync/sync-core';
import type { BrakeLedger } from '@calsync/sync-engine';
import { storedCollection } from './database.js';

interface LedgerRow {
  readonly _id: AccountId;
  readonly entries?: readonly LedgerEntry[];
  /** Until then a person has agreed to what happens: nothing is noted, and nothing held. */
  readonly confirmedUntil?: number;
}

/** What a person does to a held account. */
export interface BrakeRelease {
  /** Lets what was planned go ahead, and whatever else comes up to that moment (epoch ms). */
  confirm(accountId: AccountId, until: number): Promise<void>;
}

/** More than any brake lets pass, so that no account's row grows without end; the newest are kept. */
const MOST_ENTRIES = 10_000;

/** The collection `brake-ledgers`: one row an account, counted atomically, so that all replicas brake together. */
export function createBrakeLedger(connection: Connection, size: BrakeLedger['size']): BrakeLedger & BrakeRelease {
  const rows = storedCollection<LedgerRow>(connection, 'brake-ledgers');
  return {
    size,
    async note(accountId, noted, now, windowMs) {
      const keys = noted.map(({ unit, kind }) => `${unit} ${kind}`);
      const kept = {
        $filter: {
          input: { $ifNull: ['$entries', []] },
          as: 'entry',
          cond: {
            $and: [
              { $gt: ['$$entry.atMs', now - windowMs] },
              // Of older versions, which noted what was agreed to.
              { $ne: ['$$entry.excepted', true] },
              { $not: [{ $in: [{ $concat: ['$$entry.unit', ' ', '$$entry.kind'] }, keys] }] },
            ],
          },
        },
      };
      const agreed = { $gt: [{ $ifNull: ['$confirmedUntil', 0] }, now] };
      const counted = { $slice: [{ $concatArrays: [kept, { $cond: [agreed, [], { $literal: [...noted] }] }] }, -MOST_ENTRIES] };
      const row = await rows.run('noting a loss', (collection) =>
        collection.findOneAndUpdate({ _id: accountId }, [{ $set: { entries: counted } }], { upsert: true, returnDocument: 'after' }),
      );
      return row?.entries ?? noted;
    },
    async confirm(accountId, until) {
      await rows.run('releasing the brake', (collection) => collection.updateOne({ _id: accountId }, { $set: { confirmedUntil: until, entries: [] } }, { upsert: true }));
    },
  };
}
