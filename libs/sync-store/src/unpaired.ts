import type { Connection } from 'mongoose';
import type { AccountId, CalendarId, Reason } from '@calsync/calendar-model';
import type { UnpairedItem, UnpairedStore } from '@calsync/sync-engine';
import { storedCollection } from './database.js';
import type { Sealer } from './pair-document.js';

interface UnpairedRow {
  readonly _id: string;
  readonly accountId: AccountId;
  readonly side: 'inventive' | 'google';
  readonly itemId: string;
  readonly calendarId?: CalendarId;
  readonly reason: Reason;
  readonly record?: string;
  readonly seenOn: Date;
}

/** Why-not notes of items that are left alone fade after this; a full comparison finds them again. */
const FORGET_AFTER_S = 30 * 86_400;

export type UnpairedCollection = UnpairedStore & {
  prepare(): Promise<void>;
  /** Items without a pair and the reason, for people to look at. */
  list(accountId: AccountId, limit: number): Promise<readonly { readonly side: string; readonly itemId: string; readonly reason: Reason; readonly seenOn: Date }[]>;
};

/** The collection `unpaired`. Records are sealed; a row without a record holds only ids and a reason. */
export function createUnpaired(connection: Connection, sealer: Sealer): UnpairedCollection {
  const rows = storedCollection<UnpairedRow>(connection, 'unpaired');
  const keyOf = (item: { accountId: string; side: string; itemId: string }) => `${item.accountId}/${item.side}/${item.itemId}`;

  return {
    async prepare() {
      await rows.run('preparing unpaired items', (collection) =>
        collection.createIndexes([
          { key: { accountId: 1, seenOn: -1 }, name: 'by-account' },
          { key: { record: 1, accountId: 1 }, name: 'waiting', partialFilterExpression: { record: { $exists: true } } },
          { key: { seenOn: 1 }, name: 'forget', expireAfterSeconds: FORGET_AFTER_S },
        ]),
      );
    },
    async put(item) {
      const { record, ...clear } = item;
      const key = keyOf(item);
      const row: UnpairedRow = { _id: key, ...clear, seenOn: new Date(), ...(record === undefined ? {} : { record: sealer.seal(JSON.stringify(record), key) }) };
      await rows.run('keeping an unpaired item', (collection) => collection.replaceOne({ _id: key }, row, { upsert: true }));
    },
    async remove(accountId, side, itemId) {
      await rows.run('forgetting an unpaired item', (collection) => collection.deleteOne({ _id: keyOf({ accountId, side, itemId }) }));
    },
    waiting: (accountId) =>
      rows.run('listing waiting items', async (collection) => {
        const found = await collection.find({ accountId, record: { $exists: true } }).toArray();
        // What we sealed ourselves is of the type that we sealed.
        return found.map(({ _id, seenOn: _seenOn, record, ...clear }) => ({ ...clear, record: JSON.parse(sealer.open(record ?? '', _id)) as unknown }) as UnpairedItem);
      }),
    accountsWaiting: () =>
      rows.run('listing accounts with waiting items', (collection) => collection.distinct('accountId', { record: { $exists: true } })),
    list: (accountId, limit) =>
      rows.run('listing unpaired items', async (collection) => {
        const found = await collection.find({ accountId }).sort({ seenOn: -1 }).limit(limit).toArray();
        return found.map(({ side, itemId, reason, seenOn }) => ({ side, itemId, reason, seenOn }));
      }),
  };
}
