import type { Connection } from 'mongoose';
import type { AccountId } from '@calsync/calendar-model';
import type { Comparison, ComparisonStore } from '@calsync/sync-engine';
import { isDuplicateKey, storedCollection } from './database.js';

interface ComparisonRow extends Omit<Comparison, 'commandId'> {
  readonly _id: string;
  readonly told: boolean;
}

const OPEN = ['waiting', 'running'] as const;
const KEPT = 20;

/** Only figures, ids and reasons: nothing that a person wrote. */
export type ComparisonCollection = ComparisonStore & { prepare(): Promise<void> };

/** The collection `comparisons`: what was asked for, how far it is, and what came of it; the last few of each account. */
export function createComparisons(connection: Connection, kept = KEPT): ComparisonCollection {
  const rows = storedCollection<ComparisonRow>(connection, 'comparisons');
  const decode = ({ _id: commandId, told: _told, ...rest }: ComparisonRow): Comparison => ({ commandId, ...rest });
  const change = (what: string, filter: object, update: object) => rows.run(what, async (collection) => void (await collection.updateOne(filter, update)));
  const forgetOld = (accountId: AccountId) =>
    rows.run('forgetting old comparisons', async (collection) => {
      const old = await collection.find({ accountId, state: { $nin: [...OPEN] } }, { projection: { _id: 1 } }).sort({ requestedAt: -1 }).skip(kept).toArray();
      if (old.length > 0) await collection.deleteMany({ _id: { $in: old.map(({ _id }) => _id) } });
    });
  return {
    async prepare() {
      await rows.run('preparing comparisons', (collection) =>
        collection.createIndexes([
          { key: { state: 1, requestedAt: 1 }, name: 'open' },
          { key: { told: 1 }, name: 'untold', partialFilterExpression: { told: false } },
          { key: { accountId: 1, requestedAt: -1 }, name: 'by-account' },
        ]),
      );
    },
    async request({ commandId, ...command }) {
      try {
        await rows.run('noting a comparison', (collection) => collection.insertOne({ _id: commandId, ...command, state: 'waiting', done: 0, total: 0, mended: [], told: false }));
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
    },
    open: () => rows.run('listing open comparisons', async (collection) => (await collection.find({ state: { $in: [...OPEN] } }).sort({ requestedAt: 1 }).toArray()).map(decode)),
    find: (commandId) =>
      rows.run('looking up a comparison', async (collection) => {
        const row = await collection.findOne({ _id: commandId });
        return row === null ? undefined : decode(row);
      }),
    last: (accountId, limit) => rows.run('listing comparisons', async (collection) => (await collection.find({ accountId }).sort({ requestedAt: -1 }).limit(limit).toArray()).map(decode)),
    start: (commandId, at) => change('starting a comparison', { _id: commandId, state: 'waiting' }, { $set: { state: 'running', startedAt: at } }),
    progress: (commandId, done, total) => change('noting the progress of a comparison', { _id: commandId }, { $set: { done, total } }),
    async noteMended(commandId, keys) {
      if (keys.length > 0) await change('noting what a comparison mends', { _id: commandId }, { $addToSet: { mended: { $each: [...keys] } } });
    },
    async end(commandId, at, end) {
      const ended = await rows.run('ending a comparison', (collection) =>
        collection.findOneAndUpdate({ _id: commandId, state: { $in: [...OPEN] } }, { $set: { ...end, endedAt: at } }, { returnDocument: 'after', projection: { accountId: 1 } }),
      );
      if (ended !== null) await forgetOld(ended.accountId);
    },
    untold: () => rows.run('listing untold comparisons', async (collection) => (await collection.find({ told: false, state: 'done' }).limit(100).toArray()).map(decode)),
    markTold: (commandId) => change('noting that a comparison was told', { _id: commandId }, { $set: { told: true } }),
  };
}
