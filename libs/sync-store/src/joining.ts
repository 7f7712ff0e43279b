import type { Connection } from 'mongoose';
import type { AccountId } from '@calsync/calendar-model';
import type { JoiningStore } from '@calsync/sync-engine';
import { storedCollection } from './database.js';

interface JoiningRow {
  readonly _id: AccountId;
  readonly startedAt: number;
  /** Of the account, when it was begun: what changed settings left out of a list is known no more. */
  readonly revision?: number;
  readonly googleListedAt?: number;
}

/** The collection `joinings`: accounts whose two sides are being matched. */
export function createJoinings(connection: Connection): JoiningStore {
  const rows = storedCollection<JoiningRow>(connection, 'joinings');
  return {
    begin: (accountId, at, revision) =>
      rows.run('beginning a joining', async (collection) => {
        const changed = { $and: [{ $ne: [{ $type: '$revision' }, 'missing'] }, { $ne: ['$revision', revision] }] };
        const row = await collection.findOneAndUpdate(
          { _id: accountId },
          [
            {
              $set: {
                startedAt: { $cond: [changed, at, { $ifNull: ['$startedAt', at] }] },
                googleListedAt: { $cond: [changed, '$$REMOVE', '$googleListedAt'] },
                revision,
              },
            },
          ],
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
