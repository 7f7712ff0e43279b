import type { SessionStore } from '@fastify/session';
import type { Session } from 'fastify';
import { createHash } from 'node:crypto';
import { callbackify } from 'node:util';
import { Schema, type Connection, type Model } from 'mongoose';
import { STORED } from '../stored-documents.js';

interface SessionDocument {
  readonly _id: string;
  /** Absent once it has ended; the document stays until its time, so that a request in flight can't write it back to life. */
  readonly session?: string;
  readonly expiresAt: Date;
}

const documentSchema = new Schema<SessionDocument>(
  { _id: { type: String, required: true }, session: String, expiresAt: { type: Date, required: true } },
  { ...STORED, collection: 'console-sessions' },
);
documentSchema.index({ expiresAt: 1 }, { name: 'ends-in-time', expireAfterSeconds: 0 });

/** Sessions in MongoDB, so that any replica knows them and a restart logs nobody out. Ids are stored as hashes: a copy of the database opens no session. */
export class MongoSessionStore implements SessionStore {
  readonly #sessions: Model<SessionDocument>;

  constructor(connection: Connection, private readonly lifetimeMs: number) {
    this.#sessions = modelOf(connection);
  }

  async prepare(): Promise<void> {
    await this.#sessions.createIndexes();
  }

  readonly set = callbackify(async (id: string, session: Session): Promise<void> => {
    const expiresAt = new Date(Date.now() + this.lifetimeMs);
    const act = { $set: { session: JSON.stringify(session), expiresAt } };
    const changed = await this.#sessions.updateOne({ _id: key(id), session: { $exists: true } }, act);
    if (changed.matchedCount === 1) return;
    // New, or ended a moment ago: then the id is taken and nothing is written.
    await this.#sessions.updateOne({ _id: key(id) }, { $setOnInsert: act.$set }, { upsert: true });
  });

  readonly get = callbackify(async (id: string): Promise<Session | null> => {
    const found = await this.#sessions.findOne({ _id: key(id), expiresAt: { $gt: new Date() } }).lean<SessionDocument | null>();
    return found?.session === undefined ? null : (JSON.parse(found.session) as Session);
  });

  readonly destroy = callbackify(async (id: string): Promise<void> => {
    await this.#sessions.updateOne({ _id: key(id) }, { $unset: { session: 1 } });
  });

  /** Everybody has to log in again. */
  async endAll(): Promise<void> {
    await this.#sessions.updateMany({}, { $unset: { session: 1 } });
  }
}

const key = (id: string): string => createHash('sha256').update(id).digest('base64url');

function modelOf(connection: Connection): Model<SessionDocument> {
  return (connection.models['ConsoleSession'] as Model<SessionDocument> | undefined) ?? connection.model<SessionDocument>('ConsoleSession', documentSchema);
}
