import type { Connection } from 'mongoose';
import type { AccountId } from '@calsync/calendar-model';
import type { WindowDays, WindowDayStore } from '@calsync/sync-engine';
import { isDuplicateKey, storedCollection } from './database.js';

interface WindowRow extends WindowDays {
  readonly _id: AccountId;
}

/** The collection `window-days`: up to where each account's window was read. */
export function createWindowDays(connection: Connection): WindowDayStore {
  const rows = storedCollection<WindowRow>(connection, 'window-days');
  return {
    all: () => rows.run('listing window days', async (collection) => new Map((await collection.find({}).toArray()).map((row) => [row._id, daysOf(row)]))),
    find: (accountId) =>
      rows.run('looking up window days', async (collection) => {
        const row = await collection.findOne({ _id: accountId });
        return row === null ? undefined : daysOf(row);
      }),
    async set(accountId, days) {
      await rows.run('setting window days', (collection) => collection.updateOne({ _id: accountId }, { $set: daysOf(days) }, { upsert: true }));
    },
    advance: (accountId, known, days) =>
      rows.run('advancing window days', async (collection) => {
        if (known !== undefined) return (await collection.updateOne({ _id: accountId, ...daysOf(known) }, { $set: daysOf(days) })).matchedCount === 1;
        try {
          await collection.insertOne({ _id: accountId, ...daysOf(days) });
          return true;
        } catch (error) {
          if (isDuplicateKey(error)) return false;
          throw error;
        }
      }),
  };
}

const daysOf = ({ rolledOn, coveredUntilOn }: WindowDays): WindowDays => ({ rolledOn, coveredUntilOn });
