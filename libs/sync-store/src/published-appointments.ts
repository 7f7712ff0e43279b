import type { Connection } from 'mongoose';
import { asInventiveId, type InventiveId, type SourceName } from '@calsync/calendar-model';
import type { PartKey, PublishedAppointment, PublishedAppointments } from '@calsync/sync-engine';
import { isDuplicateKey, storedCollection } from './database.js';

interface PublishedRow {
  /** `<source>/<appointment>`. */
  readonly _id: string;
  readonly source: string;
  readonly epoch: number;
  /** 64-bit numbers as 20 digits, so that text sorts as they do. */
  readonly stamp: string;
  readonly rowStamp: string;
  readonly parts: readonly { readonly key: string; readonly stamp: string }[];
  /** The keys of the parts, and of those that are about to be published. */
  readonly madeOf: readonly string[];
  readonly deleted: boolean;
  readonly fencingToken: number;
  readonly offered?: { readonly epoch: number; readonly stamp: string; readonly state: string };
  readonly forgetAt?: Date;
}

/** What is known of a deleted appointment serves only until no older message of it can come any more. */
const KEEP_DELETED_DAYS = 90;

const digits = (stamp: bigint): string => String(stamp).padStart(20, '0');

export type PublishedAppointmentStore = PublishedAppointments & {
  /** Creates the indexes; harmless to repeat. */
  prepare(): Promise<void>;
};

/** What capture last published of each appointment and what that is made of, in the collection `capture_published`. */
export function createPublishedAppointments(connection: Connection, now: () => number = Date.now): PublishedAppointmentStore {
  const rows = storedCollection<PublishedRow>(connection, 'capture_published');

  return {
    async prepare() {
      await rows.run('preparing the index of published appointments', (collection) =>
        collection.createIndexes([
          { key: { source: 1, madeOf: 1, _id: 1 }, name: 'made-of' },
          { key: { source: 1, epoch: 1, rowStamp: -1 }, name: 'newest' },
          { key: { forgetAt: 1 }, name: 'forget', expireAfterSeconds: 0 },
        ]),
      );
    },

    async byIds(source, ids) {
      if (ids.length === 0) return [];
      const found = await rows.run('reading what was published', (collection) => collection.find({ _id: { $in: ids.map((id) => rowId(source, id)) } }).toArray());
      return found.map(fromRow);
    },

    async madeOf(source, part, { after, limit }) {
      const found = await rows.run('looking up where a row is part of', (collection) =>
        collection
          .find({ source, madeOf: part, ...(after === undefined ? {} : { _id: { $gt: rowId(source, after) } }) }, { projection: { _id: 1 } })
          .sort({ _id: 1 })
          .limit(limit)
          .toArray(),
      );
      return found.map(({ _id }) => idOf(_id));
    },

    async holdersOf(source, parts) {
      if (parts.length === 0) return [];
      const wanted = new Set<string>(parts);
      const found = await rows.run('looking up where rows are part of', (collection) =>
        collection.find({ source, madeOf: { $in: [...parts] } }, { projection: { madeOf: 1 } }).toArray(),
      );
      return found.flatMap(({ _id, madeOf }) => madeOf.filter((key) => wanted.has(key)).map((part) => ({ id: idOf(_id), part: part as PartKey })));
    },

    async offer(source, fencingToken, offers) {
      return rows.run('noting what is about to be published', (collection) =>
        unlessFenced(
          collection.bulkWrite(
            offers.map(({ id, epoch, stamp, state, parts }) => ({
              updateOne: {
                // A row of a newer holder doesn't match; the insert then hits its key.
                filter: { _id: rowId(source, id), fencingToken: { $lte: fencingToken } },
                update: {
                  $addToSet: { madeOf: { $each: [...parts] } },
                  $set: { fencingToken, offered: { epoch, stamp: digits(stamp), state } },
                  $setOnInsert: { source, epoch: 0, stamp: digits(0n), rowStamp: digits(0n), parts: [], deleted: false },
                  $unset: { forgetAt: '' },
                },
                upsert: true,
              },
            })),
            { ordered: false },
          ),
        ),
      );
    },

    async save(source, fencingToken, published) {
      return rows.run('saving what was published', (collection) =>
        unlessFenced(
          collection.bulkWrite(
            published.map(({ id, epoch, stamp, rowStamp, parts, deleted }) => ({
              replaceOne: {
                filter: { _id: rowId(source, id), fencingToken: { $lte: fencingToken } },
                replacement: {
                  source, epoch, deleted, fencingToken,
                  stamp: digits(stamp),
                  rowStamp: digits(rowStamp),
                  parts: parts.map((part) => ({ key: part.key, stamp: digits(part.stamp) })),
                  madeOf: parts.map(({ key }) => key),
                  ...(deleted ? { forgetAt: new Date(now() + KEEP_DELETED_DAYS * 86_400_000) } : {}),
                },
                upsert: true,
              },
            })),
            { ordered: false },
          ),
        ),
      );
    },

    async newest(source, limit) {
      const found = await rows.run('reading what was published last', (collection) =>
        collection.find({ source, epoch: { $gt: 0 } }).sort({ epoch: -1, rowStamp: -1 }).limit(limit).toArray(),
      );
      return found.map(fromRow);
    },

    async page(source, after, limit) {
      const beyond = after === undefined ? `${source}/` : rowId(source, after);
      const found = await rows.run('reading a page of what was published', (collection) =>
        // "0" follows "/": the end of this source's keys.
        collection.find({ _id: { $gt: beyond, $lt: `${source}0` } }).sort({ _id: 1 }).limit(limit).toArray(),
      );
      return found.map(fromRow);
    },
  };
}

async function unlessFenced(writing: Promise<unknown>): Promise<boolean> {
  try {
    await writing;
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}

const rowId = (source: SourceName, id: InventiveId): string => `${source}/${id}`;
const idOf = (row: string): InventiveId => asInventiveId(row.slice(row.lastIndexOf('/') + 1));

function fromRow(row: PublishedRow): PublishedAppointment {
  return {
    id: idOf(row._id),
    epoch: row.epoch,
    stamp: BigInt(row.stamp),
    rowStamp: BigInt(row.rowStamp),
    parts: row.parts.map(({ key, stamp }) => ({ key: key as PartKey, stamp: BigInt(stamp) })),
    deleted: row.deleted,
    ...(row.offered === undefined ? {} : { offered: { ...row.offered, stamp: BigInt(row.offered.stamp) } }),
  };
}
