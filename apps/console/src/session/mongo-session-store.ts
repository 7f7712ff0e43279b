import type { SessionStore } from '@fastify/session';
import type { Session } from 'fastify';
import { createHash } from 'node:crypto';
import { Schema, type Connection, type Model } from 'mongoose';

interface SessionDocument {
  readonly _id: string;
  readonly session: string;
  readonly expiresAt: Date;
}

const documentSchema = new Schema<SessionDocument>(
  { _id: { type: String, required: true }, session: { type: String, required: true }, expiresAt: { type: Date, required: true } },
  { collection: 'console-sessions', versionKey: false, strict: 'throw' },
);
documentSchema.index({ expiresAt: 1 }, { name: 'ends-in-time', expireAfterSeconds: 0 });

type Done = (error?: unknown) => void;

/** Sessions in MongoDB, so that any replica knows them and a restart logs nobody out. Ids are stored as hashes: a copy of the database opens no session. */
export class MongoSessionStore implements SessionStore {
  readonly #sessions: Model<SessionDocument>;

  constructor(connection: Connection, private readonly lifetimeMs: number) {
    this.#sessions = modelOf(connection);
  }

  async prepare(): Promise<void> {
    await this.#sessions.createIndexes();
  }

  set(id: string, session: Session, done: Done): void {
    const expiresAt = new Date(Date.now() + this.lifetimeMs);
    this.#sessions.updateOne({ _id: key(id) }, { $set: { session: JSON.stringify(session), expiresAt } }, { upsert: true }).then(() => done(), done);
  }

  get(id: string, done: (error: unknown, session?: Session | null) => void): void {
    this.#sessions
      .findOne({ _id: key(id), expiresAt: { $gt: new Date() } })
      .lean<SessionDocument | null>()
      .then((found) => done(null, found === null ? null : (JSON.parse(found.session) as Session)), (error: unknown) => done(error));
  }

  destroy(id: string, done: Done): void {
    this.#sessions.deleteOne({ _id: key(id) }).then(() => done(), done);
  }
}

const key = (id: string): string => createHash('sha256').update(id).digest('base64url');

function modelOf(connection: Connection): Model<SessionDocument> {
  return (connection.models['ConsoleSession'] as Model<SessionDocument> | undefined) ?? connection.model<SessionDocument>('ConsoleSession', documentSchema);
}
