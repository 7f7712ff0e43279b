import { Failure } from '@calsync/sync-engine';

/** The loops know nothing of MongoDB and can only try again: whatever the driver throws reaches them as `Failure('transient')`. */
export async function storing<R>(what: string, act: () => Promise<R>): Promise<R> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof Failure || isBrokenInvariant(error)) throw error;
    throw new Failure('transient', `${what}: MongoDB refused or didn't answer; it is tried again`, { cause: error });
  }
}

/** Everything of the driver and of mongoose has a name of theirs; a plain `Error` is one of our own invariants. */
const isBrokenInvariant = (error: unknown): boolean => error instanceof Error && !error.name.startsWith('Mongo');
