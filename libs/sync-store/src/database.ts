import type { Connection, mongo } from 'mongoose';
import { Failure } from '@calsync/sync-engine';

/** Longer than any of our own statements takes; a statement that hangs must not hang its loop. */
const STATEMENT_LIMIT_MS = 5_000;

export interface StoredCollection<T extends mongo.Document> {
  /**
   * Does one thing with the collection. Whatever goes wrong in the driver comes out as `Failure('transient')`:
   * our loops know nothing of MongoDB and can only try again. A duplicate key is an answer, not a failure.
   */
  run<R>(what: string, act: (collection: mongo.Collection<T>) => Promise<R>): Promise<R>;
}

/** A collection whose writes are acknowledged by the majority, over a connection that may not be there yet. */
export function storedCollection<T extends mongo.Document>(connection: Connection, name: string): StoredCollection<T> {
  return {
    async run(what, act) {
      const db = connection.db;
      if (db === undefined) throw new Failure('transient', `${what}: MongoDB isn't connected yet (MONGODB_URI)`);
      const collection = db.collection<T>(name, {
        writeConcern: { w: 'majority' },
        readConcern: { level: 'majority' },
        readPreference: 'primary',
        timeoutMS: STATEMENT_LIMIT_MS,
      });
      try {
        return await act(collection);
      } catch (error) {
        if (error instanceof Failure || isDuplicateKey(error)) throw error;
        throw new Failure('transient', `${what}: MongoDB refused or didn't answer (collection ${name})`, { cause: error });
      }
    },
  };
}

const [NAMESPACE_NOT_FOUND, INDEX_NOT_FOUND] = [26, 27];

/** Takes an index of an older version away; harmless where it is gone, or another replica is faster. */
export async function dropIndex<T extends mongo.Document>(collection: mongo.Collection<T>, name: string): Promise<void> {
  try {
    await collection.dropIndex(name);
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    if (code !== NAMESPACE_NOT_FOUND && code !== INDEX_NOT_FOUND) throw error;
  }
}

export function isDuplicateKey(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 11000;
}
