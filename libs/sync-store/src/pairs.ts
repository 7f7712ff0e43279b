import { randomUUID } from 'node:crypto';
import type { Connection } from 'mongoose';
import type { AccountId } from '@calsync/calendar-model';
import type { BrakeLedger, Pair, PairStore } from '@calsync/sync-engine';
import { isDuplicateKey, storedCollection } from './database.js';
import { PairCodec, type PairDocument, type Sealer } from './pair-document.js';

export type PairCollection = PairStore & {
  /** Creates the indexes; harmless to repeat. */
  prepare(): Promise<void>;
  /** A person says: try again. Opens a failed or quarantined pair and reads both sides; false where there is none such. */
  reopen(accountId: AccountId, id: Pair['id']): Promise<boolean>;
  dueCount(): Promise<number>;
  size: BrakeLedger['size'];
};

const PRIORITY = { live: 0, import: 1 } as const;

/** The collection `pairs`: each method is one atomic step that a use case needs. */
export function createPairs(connection: Connection, sealer: Sealer): PairCollection {
  const rows = storedCollection<PairDocument>(connection, 'pairs');
  const codec = new PairCodec(sealer);
  const holder = randomUUID();
  const decode = (document: PairDocument | null): Pair | undefined => (document === null ? undefined : codec.decode(document));

  const find = (what: string, filter: object) =>
    rows.run(what, async (collection) => (await collection.find(filter).toArray()).map((document) => codec.decode(document)));

  const putSide = async (pair: Pair, name: 'inventive' | 'google', side: Pair['inventive'] | Pair['google'], reopen: boolean) => {
    const result = await rows.run(`storing the ${name} side of a pair`, (collection) =>
      collection.updateOne(
        { _id: pair.id, [`${name}.seq`]: pair[name].seq },
        {
          $set: { [name]: codec.encodeSide(pair, side), due: true, dueAt: new Date(), priority: PRIORITY.live, changedOn: new Date(), ...(reopen ? { status: 'active' as const } : {}) },
          $inc: { dueSeq: 1 },
        },
      ),
    );
    return result.matchedCount === 1;
  };

  return {
    async prepare() {
      await rows.run('preparing pairs', async (collection) => {
        await collection.createIndexes([
          { key: { accountId: 1, appointmentId: 1 }, name: 'one-per-appointment', unique: true },
          { key: { accountId: 1, calendarId: 1, eventId: 1 }, name: 'one-per-event', unique: true },
          { key: { accountId: 1, calendarId: 1, 'occurrence.seriesId': 1, 'occurrence.originalStart': 1 }, name: 'one-per-occurrence', unique: true, partialFilterExpression: { 'occurrence.seriesId': { $exists: true } } },
          { key: { source: 1, appointmentId: 1 }, name: 'by-appointment' },
          { key: { source: 1, administrationId: 1, accountId: 1 }, name: 'of-administration' },
          { key: { due: 1, priority: 1, dueAt: 1 }, name: 'due', partialFilterExpression: { due: true } },
          { key: { accountId: 1, due: 1 }, name: 'due-of-account', partialFilterExpression: { due: true } },
          { key: { 'outbox.0.id': 1 }, name: 'outbox', partialFilterExpression: { 'outbox.0.id': { $exists: true } } },
          { key: { accountId: 1, status: 1, changedOn: -1, _id: 1 }, name: 'listed' },
          { key: { accountId: 1, changedOn: -1, _id: 1 }, name: 'overwritten', partialFilterExpression: { lostValues: { $exists: true } } },
          { key: { accountId: 1, _id: 1 }, name: 'by-account' },
        ]);
      });
    },

    byId: (id) => rows.run('reading a pair', async (collection) => decode(await collection.findOne({ _id: id }))),
    byAppointment: (source, appointmentId) => find('finding pairs by appointment', { source, appointmentId }),
    byEvent: async (accountId, calendarId, eventId) => (await find('finding a pair by event', { accountId, calendarId, eventId }))[0],
    byOccurrence: async (accountId, calendarId, { seriesId, originalStart }) =>
      (await find('finding a pair by occurrence', { accountId, calendarId, 'occurrence.seriesId': seriesId, 'occurrence.originalStart': originalStart }))[0],
    ofSeries: (accountId, calendarId, seriesId) => find('finding the pairs of a series', { accountId, calendarId, 'occurrence.seriesId': seriesId }),
    idsOfAccount: (accountId) =>
      rows.run("listing an account's pairs", async (collection) =>
        (await collection.find({ accountId }, { projection: { _id: 1 } }).toArray()).map((document) => document._id),
      ),

    pageOfAccount: (accountId, after, limit) =>
      rows.run("reading an account's pairs", async (collection) => {
        const found = await collection.find({ accountId, ...(after === undefined ? {} : { _id: { $gt: after } }) }).sort({ _id: 1 }).limit(limit).toArray();
        return found.map((document) => ({ pair: codec.decode(document), due: document.due }));
      }),

    async insert(pair, priority) {
      const { id, base, intent, begun, formerEvent, lostValues, inventive, google, ...clear } = pair;
      const document: PairDocument = {
        _id: id,
        ...clear,
        inventive: codec.encodeSide(pair, inventive),
        google: codec.encodeSide(pair, google),
        ...(base === undefined ? {} : { base: codec.seal(pair, base) }),
        ...(intent === undefined ? {} : { intent: codec.seal(pair, intent) }),
        ...(begun === undefined ? {} : { begun: codec.seal(pair, begun) }),
        ...(formerEvent === undefined ? {} : { formerEvent: codec.seal(pair, formerEvent) }),
        ...(lostValues.length === 0 ? {} : { lostValues: codec.seal(pair, lostValues) }),
        due: true,
        dueAt: new Date(),
        priority: PRIORITY[priority],
        changedOn: new Date(),
      };
      try {
        await rows.run('creating a pair', (collection) => collection.insertOne(document));
        return 'inserted';
      } catch (error) {
        if (isDuplicateKey(error)) return 'exists';
        throw error;
      }
    },

    putInventive: (pair, next, reopen) => putSide(pair, 'inventive', next, reopen),
    putGoogle: (pair, next, reopen) => putSide(pair, 'google', next, reopen),

    async renewGoogle(renewed) {
      if (renewed.length === 0) return;
      await rows.run('renewing what is known of events', (collection) =>
        collection.bulkWrite(
          renewed.map(({ pair, next }) => ({
            updateOne: { filter: { _id: pair.id, 'google.seq': pair.google.seq }, update: { $set: { google: codec.encodeSide(pair, { ...next, seq: pair.google.seq }) } } },
          })),
          { ordered: false },
        ),
      );
    },
    async advanceSeries({ accountId, calendarId, seriesId }, etag, to) {
      await rows.run('renewing the version of a series', (collection) =>
        collection.updateMany({ accountId, calendarId, 'occurrence.seriesId': seriesId, 'google.version.etag': etag }, { $set: { 'google.version': to } }),
      );
    },

    restore: (accountId, id, index) =>
      rows.run('noting what a person wants back', async (collection) => {
        const result = await collection.updateOne(
          { _id: id, accountId },
          { $addToSet: { restoring: index }, $set: { due: true, dueAt: new Date(), priority: PRIORITY.live }, $inc: { dueSeq: 1 } },
        );
        return result.matchedCount === 1;
      }),

    async markForReading(ids) {
      await rows.run('marking pairs for reading', (collection) =>
        collection.updateMany(
          { _id: { $in: [...ids] } },
          {
            $set: { 'inventive.needsRead': true, 'google.needsRead': true, due: true, dueAt: new Date(), priority: PRIORITY.import },
            $inc: { dueSeq: 1, 'inventive.seq': 1, 'google.seq': 1 },
          },
        ),
      );
    },

    dueOf: (accountId, limit) =>
      rows.run("reading an account's due pairs", async (collection) => (await collection.find({ accountId, due: true }).limit(limit).toArray()).map((document) => codec.decode(document))),

    due: (limit) =>
      rows.run('listing due pairs', async (collection) => {
        const now = new Date();
        const found = await collection
          .find({ due: true, dueAt: { $lte: now }, $or: [{ claimedUntil: { $exists: false } }, { claimedUntil: { $lte: now } }] }, { projection: { _id: 1 } })
          .sort({ priority: 1, dueAt: 1 })
          .limit(limit)
          .toArray();
        return found.map((document) => document._id);
      }),

    claim: (id, ttlMs) =>
      rows.run('claiming a pair', async (collection) => {
        const now = new Date();
        return decode(
          await collection.findOneAndUpdate(
            { _id: id, due: true, dueAt: { $lte: now }, $or: [{ claimedUntil: { $exists: false } }, { claimedUntil: { $lte: now } }] },
            { $set: { claimedBy: holder, claimedUntil: new Date(now.getTime() + ttlMs) } },
            { returnDocument: 'after' },
          ),
        );
      }),

    async extendClaim(id, ttlMs) {
      await rows.run('keeping a claim', (collection) => collection.updateOne({ _id: id, claimedBy: holder }, { $set: { claimedUntil: new Date(Date.now() + ttlMs) } }));
    },

    async save(pair, changes) {
      const { base, intent, begun, formerEvent, failure, occurrence, lostValues, inventive, google, restored, ...clear } = changes;
      const set = {
        ...clear,
        changedOn: new Date(),
        ...(base ? { base: codec.seal(pair, base) } : {}),
        ...(intent ? { intent: codec.seal(pair, intent) } : {}),
        ...(begun ? { begun: codec.seal(pair, begun) } : {}),
        ...(formerEvent ? { formerEvent: codec.seal(pair, formerEvent) } : {}),
        ...(failure ? { failure } : {}),
        ...(occurrence ? { occurrence } : {}),
        ...(lostValues ? { lostValues: codec.seal(pair, lostValues) } : {}),
        ...(inventive ? { inventive: codec.encodeSide(pair, inventive) } : {}),
        ...(google ? { google: codec.encodeSide(pair, google) } : {}),
      };
      const unset = Object.fromEntries(Object.entries({ base, intent, begun, formerEvent, failure, occurrence }).flatMap(([name, value]) => (value === null ? [[name, '' as const]] : [])));
      const saved = rows.run('saving a pair', async (collection) =>
        decode(
          await collection.findOneAndUpdate(
            {
              _id: pair.id,
              revision: pair.revision,
              ...(inventive ? { 'inventive.seq': pair.inventive.seq } : {}),
              ...(google ? { 'google.seq': pair.google.seq } : {}),
            },
            { $set: set, $inc: { revision: 1 }, ...(restored === undefined ? {} : { $pull: { restoring: restored } }), ...(Object.keys(unset).length > 0 ? { $unset: unset } : {}) },
            { returnDocument: 'after' },
          ),
        ),
      );
      return saved.catch((error: unknown) => {
        // Another pair stands for that occurrence: as if somebody had been faster.
        if (occurrence !== undefined && isDuplicateKey(error)) return undefined;
        throw error;
      });
    },

    finish: (id, dueSeq) =>
      rows.run('finishing a pair', async (collection) => {
        const document = await collection.findOneAndUpdate(
          { _id: id, claimedBy: holder },
          [{ $set: { due: { $ne: ['$dueSeq', dueSeq] } } }, { $unset: ['claimedBy', 'claimedUntil'] }],
          { returnDocument: 'after', projection: { due: 1 } },
        );
        return document?.due === true;
      }),

    postpone: (id, notBefore, dueSeq) =>
      rows.run('postponing a pair', async (collection) => {
        const moved = dueSeq === undefined ? false : { $ne: ['$dueSeq', dueSeq] };
        const document = await collection.findOneAndUpdate(
          { _id: id, claimedBy: holder },
          [{ $set: { dueAt: { $cond: [moved, new Date(), new Date(notBefore)] } } }, { $unset: ['claimedBy', 'claimedUntil'] }],
          { returnDocument: 'after', projection: { dueSeq: 1 } },
        );
        return dueSeq !== undefined && document !== null && document.dueSeq !== dueSeq;
      }),

    withOutbox: (limit) =>
      rows.run('listing untold outcomes', async (collection) =>
        (await collection.find({ 'outbox.0.id': { $exists: true } }).limit(limit).toArray()).map((document) => codec.decode(document)),
      ),

    async clearOutbox(id, messageIds) {
      await rows.run('clearing told outcomes', (collection) =>
        collection.updateOne({ _id: id }, { $pull: { outbox: { id: { $in: [...messageIds] } } } }),
      );
    },

    reopen: (accountId, id) =>
      rows.run('opening a pair again', async (collection) => {
        const result = await collection.updateOne(
          { _id: id, accountId, status: { $in: ['failed', 'quarantined'] } },
          {
            $set: { status: 'active', attempts: 0, recentWrites: [], reasons: [], 'inventive.needsRead': true, 'google.needsRead': true, due: true, dueAt: new Date(), priority: PRIORITY.live },
            $unset: { failure: '' },
            $inc: { dueSeq: 1, revision: 1, 'inventive.seq': 1, 'google.seq': 1 },
          },
        );
        return result.matchedCount === 1;
      }),

    dueCount: () => rows.run('counting due pairs', (collection) => collection.countDocuments({ due: true })),
    size: (accountId) =>
      rows.run('counting what lives', async (collection) => {
        const [singles, series] = await Promise.all([
          collection.countDocuments({ accountId, status: 'active', occurrence: { $exists: false } }),
          collection.distinct('occurrence.seriesId', { accountId, status: 'active', occurrence: { $exists: true } }),
        ]);
        return singles + series.length;
      }),
  };
}
