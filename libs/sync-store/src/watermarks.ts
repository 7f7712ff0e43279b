import type { Connection } from 'mongoose';
import type { SourceName } from '@calsync/calendar-model';
import type { Mark, Watermark, Watermarks } from '@calsync/sync-engine';
import { isDuplicateKey, storedCollection } from './database.js';

interface WatermarkRow {
  readonly _id: string;
  readonly fencingToken: number;
  readonly epoch: number;
  /** 64-bit numbers are decimal text. */
  readonly readFrom: string;
  readonly counter: string;
  readonly marks: readonly { readonly stamp: string; readonly at: number }[];
  readonly snapshot?: { readonly began: string; readonly done: boolean };
  readonly stopped?: { readonly reason: string; readonly at: string };
}

const FIRST: Omit<WatermarkRow, '_id' | 'fencingToken'> = { epoch: 1, readFrom: '0', counter: '0', marks: [] };

export type WatermarkStore = Watermarks & {
  /** The epoch of a source for those who read rows themselves; 1 before capture ever ran. Asked at most every 5 s. */
  epochOf(source: SourceName): Promise<number>;
  /** A new epoch, whatever it was doing: the server is another one now. Whoever reads it loses the right to save. */
  beginAnew(source: SourceName): Promise<void>;
  /** As stored, for pages and commands. */
  find(source: SourceName): Promise<Watermark | undefined>;
};

const EPOCH_KEPT_MS = 5_000;

/** How far capture has read, in the collection `capture_watermarks`. Every save compares the fencing token. */
export function createWatermarks(connection: Connection): WatermarkStore {
  const rows = storedCollection<WatermarkRow>(connection, 'capture_watermarks');
  const epochs = new Map<SourceName, { readonly epoch: number; readonly until: number }>();

  const find = async (source: SourceName): Promise<Watermark | undefined> => {
    const row = await rows.run(`reading the watermark of ${source}`, (collection) => collection.findOne({ _id: source }));
    return row === null ? undefined : fromRow(row);
  };

  return {
    find,

    async takeOver(source, fencingToken) {
      return rows.run(`taking over ${source}`, async (collection) => {
        try {
          const row = await collection.findOneAndUpdate(
            { _id: source, fencingToken: { $lte: fencingToken } },
            { $set: { fencingToken }, $setOnInsert: FIRST },
            { upsert: true, returnDocument: 'after' },
          );
          return row === null ? undefined : fromRow(row);
        } catch (error) {
          // A row with a higher token is there already: the insert of the upsert hits its key.
          if (isDuplicateKey(error)) return undefined;
          throw error;
        }
      });
    },

    async save(source, fencingToken, watermark) {
      const { epoch, readFrom, counter, marks, snapshot, stopped } = watermark;
      const row = {
        epoch,
        readFrom: String(readFrom),
        counter: String(counter),
        marks: marks.map(({ stamp, at }) => ({ stamp: String(stamp), at })),
        ...(snapshot === undefined ? {} : { snapshot: { began: String(snapshot.began), done: snapshot.done } }),
        ...(stopped === undefined ? {} : { stopped }),
        fencingToken,
      };
      const result = await rows.run(`saving the watermark of ${source}`, (collection) =>
        // The epoch too: a person may have begun a new one since.
        collection.replaceOne({ _id: source, fencingToken: { $lte: fencingToken }, epoch }, row),
      );
      return result.matchedCount === 1;
    },

    async resume(source) {
      const row = await rows.run(`resuming ${source}`, (collection) =>
        collection.findOneAndUpdate(
          { _id: source, stopped: { $exists: true } },
          { $inc: { epoch: 1 }, $set: { readFrom: '0', counter: '0', marks: [] }, $unset: { stopped: '', snapshot: '' } },
          { returnDocument: 'after' },
        ),
      );
      return row?.epoch;
    },

    async beginAnew(source) {
      await rows.run(`beginning ${source} anew`, (collection) =>
        collection.updateOne({ _id: source }, { $inc: { epoch: 1 }, $set: { readFrom: '0', counter: '0', marks: [] }, $unset: { stopped: '', snapshot: '' } }),
      );
    },

    async epochOf(source) {
      const now = performance.now();
      const kept = epochs.get(source);
      if (kept !== undefined && kept.until > now) return kept.epoch;
      const epoch = (await find(source))?.epoch ?? FIRST.epoch;
      epochs.set(source, { epoch, until: now + EPOCH_KEPT_MS });
      return epoch;
    },
  };
}

function fromRow(row: WatermarkRow): Watermark {
  return {
    epoch: row.epoch,
    readFrom: BigInt(row.readFrom),
    counter: BigInt(row.counter),
    marks: row.marks.map(({ stamp, at }): Mark => ({ stamp: BigInt(stamp), at })),
    ...(row.snapshot === undefined ? {} : { snapshot: { began: BigInt(row.snapshot.began), done: row.snapshot.done } }),
    ...(row.stopped === undefined ? {} : { stopped: row.stopped }),
  };
}
