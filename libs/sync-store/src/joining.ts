import type { Connection } from 'mongoose';
import type { AccountId } from '@calsync/calendar-model';
import type { JoiningStore } from '@calsync/sync-engine';
import { storedCollection } from './database.js';

interface JoiningRow {
  readonly _id: AccountId;
  readonly startedAt: number;
  readonly googleListedAt?: number;
}

/** The collection `joinings`: accounts whose two sides are being matched. */
export function createJoinings(connection: Connection): JoiningStore {
  const rows = storedCollection<JoiningRow>(connection, 'joinings');
  return {
    begin: (accountId, at) =>
      rows.run('beginning a joining', async (collection) => {
        const row = await collection.findOneAndUpdate(
          { _id: accountId },
          [{ $set: { startedAt: { $ifNull: ['$startedAt', at] } } }],
          { upsert: true, returnDocument: 'after' },
        );
        return { accountId, startedAt: row?.startedAt ?? at, googleListed: row?.googleListedAt !== undefined };
      }),
    async markGoogleListed(accountId, at) {
      // The listing may be complete before the joining was noticed: it counts all the same.
      await rows.run('noting a complete list', (collection) => collection.updateOne({ _id: accountId }, { $set: { googleListedAt: at } }, { upsert: true }));
    },
    open: () => rows.run('listing joinings', async (collection) => (await collection.find({}, { projection: { _id: 1 } }).toArray()).map(({ _id }) => _id)),
    async end(accountId) {
      await rows.run('ending a joining', (collection) => collection.deleteOne({ _id: accountId }));
    },
  };
}
