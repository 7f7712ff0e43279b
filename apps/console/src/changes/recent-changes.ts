import { Schema, type Connection, type Model } from 'mongoose';
import { Observable, Subject } from 'rxjs';
import { z } from 'zod';
import type { AccountId } from '@calsync/calendar-model';
import type { Message } from '@calsync/event-contracts';
import { logger, systemClock } from '@calsync/service-chassis';
import { STORED } from '../stored-documents.js';

const KEPT_SECONDS = 7 * 86_400;
const log = logger('recent-changes');

/** A change that crossed, or why one didn't: ids and field names, never content. */
export const changeSchema = z.object({
  id: z.string(),
  /** Grows with every change stored here; a stream resumes after it. */
  position: z.string(),
  at: z.string(),
  kind: z.enum(['applied', 'conflict', 'failed', 'held']),
  accountId: z.string(),
  source: z.string(),
  appointmentId: z.string().optional(),
  eventId: z.string().optional(),
  side: z.enum(['inventive', 'google']).optional().describe('the side that was written'),
  act: z.enum(['create', 'update', 'delete']).optional(),
  fields: z.array(z.string()).optional(),
  latencyMs: z.number().optional(),
  field: z.string().optional(),
  winner: z.enum(['inventive', 'google']).optional(),
  failure: z.string().optional(),
  cause: z.string().optional(),
  attempts: z.number().int().optional(),
  reason: z.string().optional(),
});
export type Change = z.infer<typeof changeSchema>;

interface ChangeDocument extends Omit<Change, 'id' | 'position'> {
  readonly _id: string;
  readonly storedAt: Date;
}

const documentSchema = new Schema<ChangeDocument>(
  {
    _id: { type: String, required: true },
    storedAt: { type: Date, required: true },
    at: { type: String, required: true },
    kind: { type: String, required: true },
    accountId: { type: String, required: true },
    source: { type: String, required: true },
    appointmentId: String, eventId: String, side: String, act: String, fields: { type: [String], default: undefined }, latencyMs: Number,
    field: String, winner: String, failure: String, cause: String, attempts: Number, reason: String,
  },
  { ...STORED, collection: 'recent-changes' },
);
documentSchema.index({ storedAt: 1 }, { name: 'forgotten-in-time', expireAfterSeconds: KEPT_SECONDS });
documentSchema.index({ accountId: 1, kind: 1, storedAt: -1 }, { name: 'last-of-account' });

/** The last changes that crossed, from `sync.outcomes`. Every replica of the console sees all of them, through the database. */
export class RecentChanges {
  readonly #changes: Model<ChangeDocument>;
  readonly #seen = new Subject<Change>();

  constructor(private readonly connection: Connection) {
    this.#changes = modelOf(connection);
  }

  async prepare(): Promise<void> {
    await this.#changes.createCollection();
    await this.#changes.createIndexes();
  }

  /** Safe to repeat: a message that comes again is the same document. Other types than outcomes are left alone. */
  async store(message: Message): Promise<void> {
    const document = documentOf(message);
    if (document === undefined) return;
    await this.#changes.updateOne({ _id: message.id }, { $setOnInsert: { ...document, storedAt: new Date() } }, { upsert: true });
  }

  async last(limit: number): Promise<readonly Change[]> {
    return (await this.#changes.find().sort({ storedAt: -1, _id: 1 }).limit(limit).lean<ChangeDocument[]>()).map(toChange);
  }

  /** What was stored after a position, oldest first; what shares its millisecond comes again and is known by its id. */
  async since(position: string, limit: number): Promise<readonly Change[]> {
    const after = new Date(Number(position));
    if (Number.isNaN(after.getTime())) return [];
    return (await this.#changes.find({ storedAt: { $gte: after } }).sort({ storedAt: 1, _id: 1 }).limit(limit).lean<ChangeDocument[]>()).map(toChange);
  }

  /** When something last crossed, per account. */
  async lastApplied(accounts: readonly AccountId[]): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#changes.aggregate<{ _id: string; at: string }>([
      { $match: { accountId: { $in: [...accounts] }, kind: 'applied' } },
      { $group: { _id: '$accountId', at: { $max: '$at' } } },
    ]);
    return new Map(rows.map((row) => [row._id, row.at]));
  }

  get stream(): Observable<Change> {
    return this.#seen.asObservable();
  }

  /** Ends the streams of all browsers; they come back to another replica. */
  endStreams(): void {
    this.#seen.complete();
  }

  /** One turn of the loop that hands every stored change to the open streams, of this replica and others. Ends with its signal. */
  async follow(signal: AbortSignal, beat: () => void): Promise<void> {
    const { db } = this.connection;
    // Asked of the driver: mongoose would keep the call until there is a connection, and throw where nobody can catch it.
    if (db === undefined) throw new Error('MongoDB is not connected yet');
    const changes = db.collection<ChangeDocument>(this.#changes.collection.collectionName).watch<ChangeDocument>([{ $match: { operationType: 'insert' } }], { maxAwaitTimeMS: 2_000 });
    const close = (): void => void changes.close().catch(() => undefined);
    signal.addEventListener('abort', close, { once: true });
    try {
      while (!signal.aborted) {
        const change = await changes.tryNext();
        beat();
        if (change?.operationType === 'insert') this.#seen.next(toChange(change.fullDocument));
        // An idle cursor waits on the server; a pause here only matters where it answers at once.
        else if (change === null) await systemClock.sleep(50, signal).catch(() => undefined);
      }
    } catch (error) {
      if (signal.aborted) return;
      log.warn({ err: error }, 'the stream of changes was cut; it is opened again');
      throw error;
    } finally {
      signal.removeEventListener('abort', close);
      close();
    }
  }
}

function documentOf(message: Message): Omit<ChangeDocument, '_id' | 'storedAt'> | undefined {
  switch (message.type) {
    case 'nl.inventive.sync.applied.v1': {
      const { side, act, fields, latencyMs } = message.data;
      return { ...idsOf(message.data), kind: 'applied', side, act, fields, latencyMs };
    }
    case 'nl.inventive.sync.conflict.v1': {
      const { field, winner } = message.data;
      return { ...idsOf(message.data), kind: 'conflict', field, winner };
    }
    case 'nl.inventive.sync.failed.v1': {
      const { failure, cause, attempts } = message.data;
      return { ...idsOf(message.data), kind: 'failed', failure, cause, attempts };
    }
    case 'nl.inventive.sync.held.v1':
      return { ...idsOf(message.data), kind: 'held', reason: message.data.reason };
    default:
      return undefined;
  }
}

interface OutcomeIds {
  readonly at: string;
  readonly accountId: string;
  readonly source: string;
  readonly appointmentId?: string | undefined;
  readonly eventId?: string | undefined;
}

const idsOf = ({ at, accountId, source, appointmentId, eventId }: OutcomeIds) => ({
  at, accountId, source,
  ...(appointmentId === undefined ? {} : { appointmentId }),
  ...(eventId === undefined ? {} : { eventId }),
});

function toChange({ _id, storedAt, ...rest }: ChangeDocument): Change {
  return changeSchema.parse({ ...rest, id: _id, position: String(storedAt.getTime()) });
}

function modelOf(connection: Connection): Model<ChangeDocument> {
  return (connection.models['RecentChange'] as Model<ChangeDocument> | undefined) ?? connection.model<ChangeDocument>('RecentChange', documentSchema);
}
