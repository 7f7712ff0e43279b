import type { Connection } from 'mongoose';
import type { AccountId, CalendarId, Reason } from '@calsync/calendar-model';
import type { UnpairedItem, UnpairedStore, WaitingItem } from '@calsync/sync-engine';
import { dropIndex, isDuplicateKey, storedCollection } from './database.js';
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
  /** Absent on a question for a person: it stands until it is answered. */
  readonly fadesOn?: Date;
}

/** Why-not notes of items that are left alone fade after this; a full comparison finds them again. */
const FADES_AFTER_MS = 30 * 86_400_000;
/** The reason under which an item is kept whole until its account has joined. */
const WAITS: Reason = 'account-joining';
/** The reason under which it waits for a person to say. */
const ASKS: Reason = 'ambiguous-match';
/** Asked twice a second: the account is named so that the index of those alone serves it. */
const WAITING = { accountId: { $gt: '' as AccountId }, reason: WAITS };

/** `id`: its key, which says with `seenOn` where the next page goes on. */
export type ListedItem = UnpairedItem & { readonly id: string; readonly seenOn: Date };
type PlaceInList = Pick<ListedItem, 'id' | 'seenOn'>;

export type UnpairedCollection = UnpairedStore & {
  prepare(): Promise<void>;
  /** Items without a pair and the reason, for people to look at; the newest first, and on from `after`. */
  list(accountId: AccountId, query: { readonly limit: number; readonly reason?: Reason; readonly after?: PlaceInList }): Promise<readonly ListedItem[]>;
  /** How many items wait for a person to say, per account; one without is absent. */
  countQuestions(): Promise<ReadonlyMap<AccountId, number>>;
  countByReason(accountId: AccountId): Promise<Readonly<Record<string, number>>>;
};

/** The collection `unpaired`. Records are sealed; a row without a record holds only ids and a reason. */
export function createUnpaired(connection: Connection, sealer: Sealer): UnpairedCollection {
  const rows = storedCollection<UnpairedRow>(connection, 'unpaired');
  const keyOf = (item: { accountId: string; side: string; itemId: string }) => `${item.accountId}/${item.side}/${item.itemId}`;
  const encode = (item: UnpairedItem): UnpairedRow => {
    const { record, ...clear } = item;
    const key = keyOf(item);
    const seenOn = new Date();
    const fades = item.reason === ASKS ? {} : { fadesOn: new Date(seenOn.getTime() + FADES_AFTER_MS) };
    return { _id: key, ...clear, seenOn, ...fades, ...(record === undefined ? {} : { record: sealer.seal(JSON.stringify(record), key) }) };
  };
  // What we sealed ourselves is of the type that we sealed.
  const decode = ({ _id, seenOn: _seenOn, fadesOn: _fadesOn, record, ...clear }: UnpairedRow): UnpairedItem =>
    ({ ...clear, ...(record === undefined ? {} : { record: JSON.parse(sealer.open(record, _id)) as unknown }) }) as UnpairedItem;

  return {
    async prepare() {
      await rows.run('preparing unpaired items', async (collection) => {
        // Of older versions: it forgot questions too, which nobody had answered yet.
        await dropIndex(collection, 'forget');
        await collection.createIndexes([
          { key: { accountId: 1, seenOn: -1 }, name: 'by-account' },
          { key: { accountId: 1 }, name: 'joining', partialFilterExpression: { reason: WAITS } },
          { key: { itemId: 1 }, name: 'questions', partialFilterExpression: { reason: ASKS } },
          { key: { fadesOn: 1 }, name: 'fade', expireAfterSeconds: 0 },
        ]);
      });
    },
    async put(item) {
      const row = encode(item);
      await rows.run('keeping an unpaired item', (collection) => collection.replaceOne({ _id: row._id }, row, { upsert: true }));
    },
    async putUnlessWaiting(item) {
      const row = encode(item);
      try {
        await rows.run('noting an unpaired item', (collection) => collection.replaceOne({ _id: row._id, reason: { $ne: WAITS } }, row, { upsert: true }));
      } catch (error) {
        // It waits: the filter didn't match, and the insert that followed found its key taken.
        if (!isDuplicateKey(error)) throw error;
      }
    },
    find: (accountId, side, itemId) =>
      rows.run('finding an unpaired item', async (collection) => {
        const found = await collection.findOne({ _id: keyOf({ accountId, side, itemId }) });
        return found === null ? undefined : decode(found);
      }),
    async remove(accountId, side, itemId) {
      await rows.run('forgetting an unpaired item', (collection) => collection.deleteOne({ _id: keyOf({ accountId, side, itemId }) }));
    },
    async removeUnlessWaiting(accountId, side, itemId) {
      await rows.run('forgetting why an item had no pair', (collection) => collection.deleteOne({ _id: keyOf({ accountId, side, itemId }), reason: { $ne: WAITS } }));
    },
    questionsAbout: (itemId) =>
      rows.run('finding what is asked about an appointment', async (collection) => (await collection.find({ itemId, reason: ASKS, side: 'inventive' }).toArray()).map(decode)),
    questionsOf: (accountId) => rows.run('finding what is asked of a user', async (collection) => (await collection.find({ accountId, reason: ASKS, itemId: { $gt: '' } }).toArray()).map(decode)),
    waiting: (accountId) =>
      rows.run('listing waiting items', async (collection) => {
        const found = await collection.find({ accountId, reason: WAITS }).toArray();
        // Sealing the same twice gives two texts: the text names this state of the item.
        return found.flatMap((row) => (row.record === undefined ? [] : [{ ...decode(row), kept: row.record } as WaitingItem]));
      }),
    async settle(item, instead) {
      const mine = { _id: keyOf(item), record: item.kept };
      await rows.run('ending the waiting of an item', async (collection) => {
        if (instead === undefined) await collection.deleteOne(mine);
        else await collection.replaceOne(mine, encode(instead));
      });
    },
    accountsWaiting: () => rows.run('listing accounts with waiting items', (collection) => collection.distinct('accountId', WAITING)),
    list: (accountId, { limit, reason, after }) =>
      rows.run('listing unpaired items', async (collection) => {
        const further = after === undefined ? {} : { $or: [{ seenOn: { $lt: after.seenOn } }, { seenOn: after.seenOn, _id: { $gt: after.id } }] };
        const found = await collection.find({ accountId, ...(reason === undefined ? {} : { reason }), ...further }).sort({ seenOn: -1, _id: 1 }).limit(limit).toArray();
        return found.map((row) => ({ ...decode(row), id: row._id, seenOn: row.seenOn }));
      }),
    countQuestions: () =>
      rows.run('counting questions', async (collection) => {
        // The item is named so that the index of questions alone serves it.
        const counts = await collection.aggregate<{ _id: AccountId; n: number }>([{ $match: { reason: ASKS, itemId: { $gt: '' } } }, { $group: { _id: '$accountId', n: { $sum: 1 } } }]).toArray();
        return new Map(counts.map(({ _id, n }) => [_id, n]));
      }),
    countByReason: (accountId) =>
      rows.run('counting unpaired items', async (collection) => {
        const counts = await collection.aggregate<{ _id: string; n: number }>([{ $match: { accountId } }, { $group: { _id: '$reason', n: { $sum: 1 } } }]).toArray();
        return Object.fromEntries(counts.map(({ _id, n }) => [_id, n]));
      }),
  };
}
