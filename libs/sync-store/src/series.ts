import type { Connection } from 'mongoose';
import { nameOf, type Series, type SeriesKey, type SeriesStore } from '@calsync/sync-engine';
import { isDuplicateKey, storedCollection } from './database.js';

type SeriesRow = Series & { readonly _id: string; readonly due: boolean; readonly dueAt: Date };

export type SeriesCollection = SeriesStore & {
  /** Creates the indexes; harmless to repeat. */
  prepare(): Promise<void>;
};

/** The collection `series`: what is known of recurring events as a whole. No content stands in it, only digests, times and ids. */
export function createSeries(connection: Connection): SeriesCollection {
  const rows = storedCollection<SeriesRow>(connection, 'series');
  const decode = ({ _id, due: _due, dueAt: _dueAt, ...series }: SeriesRow): Series => series;
  const find = (what: string, filter: object) => rows.run(what, async (collection) => (await collection.find(filter).toArray()).map(decode));
  return {
    async prepare() {
      await rows.run('preparing series', (collection) =>
        collection.createIndexes([
          { key: { accountId: 1, calendarId: 1, created: 1 }, name: 'by-moment' },
          { key: { due: 1, dueAt: 1 }, name: 'due', partialFilterExpression: { due: true } },
        ]),
      );
    },
    find: (key) =>
      rows.run('finding a series', async (collection) => {
        const row = await collection.findOne({ _id: nameOf(key) });
        return row === null ? undefined : decode(row);
      }),
    ofCalendar: (accountId, calendarId) => find("listing a calendar's series", { accountId, calendarId }),
    createdAt: (accountId, calendarId, created) => find('listing series of one moment', { accountId, calendarId, created }),
    put: (known, next, due) =>
      rows.run('saving a series', async (collection) => {
        const { revision: _revision, dueSeq: _dueSeq, ...content } = next;
        const made = due === 'due' ? { due: true, dueAt: new Date() } : {};
        const grown = { revision: (known?.revision ?? 0) + 1, dueSeq: (known?.dueSeq ?? 0) + (due === 'due' ? 1 : 0) };
        if (known !== undefined) return (await collection.updateOne({ _id: nameOf(next), revision: known.revision }, { $set: { ...content, ...grown, ...made } })).matchedCount === 1;
        try {
          await collection.insertOne({ _id: nameOf(next), ...content, ...grown, due: false, dueAt: new Date(), ...made });
          return true;
        } catch (error) {
          if (isDuplicateKey(error)) return false;
          throw error;
        }
      }),
    due: (limit) =>
      rows.run('listing due series', async (collection) =>
        (await collection.find({ due: true, dueAt: { $lte: new Date() } }).sort({ dueAt: 1 }).limit(limit).toArray())
          .map(({ accountId, calendarId, seriesId }): SeriesKey => ({ accountId, calendarId, seriesId })),
      ),
    dueCount: () => rows.run('counting due series', (collection) => collection.countDocuments({ due: true })),
    finish: (key, dueSeq) =>
      rows.run('finishing a series', async (collection) => {
        const row = await collection.findOneAndUpdate({ _id: nameOf(key) }, [{ $set: { due: { $and: ['$due', { $ne: ['$dueSeq', dueSeq] }] } } }], { returnDocument: 'after', projection: { due: 1 } });
        return row?.due === true;
      }),
    async postpone(key, notBefore) {
      await rows.run('postponing a series', (collection) => collection.updateOne({ _id: nameOf(key) }, { $set: { dueAt: new Date(notBefore) } }));
    },
  };
}
