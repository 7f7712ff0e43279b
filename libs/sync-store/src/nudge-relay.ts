import type { Connection } from 'mongoose';
import { asSourceName, type SourceName } from '@calsync/calendar-model';
import { storedCollection } from './database.js';

interface NudgeRow {
  readonly _id: string;
  /** The highest stamp announced, as 20 digits. */
  readonly stamp: string;
  readonly count: number;
}

export interface NudgeRelay {
  /** Tells whichever replica reads this source. Lost where nobody listens: then the fallback poll finds the change. */
  relay(source: SourceName, stamp: bigint): Promise<void>;
  /** Calls `onNudge` for everything relayed from now on; ends when the signal is aborted, rejects when the stream breaks. */
  listen(onNudge: (source: SourceName, stamp: bigint) => void, signal: AbortSignal): Promise<void>;
}

/** Carries a nudge from the replica that got it to the one that has the source's lease (collection `capture_nudges`). */
export function createNudgeRelay(connection: Connection): NudgeRelay {
  const rows = storedCollection<NudgeRow>(connection, 'capture_nudges');
  return {
    async relay(source, stamp) {
      await rows.run(`relaying a nudge for ${source}`, (collection) =>
        // The counter makes each nudge a change, also one that announces nothing higher.
        collection.updateOne({ _id: source }, { $max: { stamp: String(stamp).padStart(20, '0') }, $inc: { count: 1 } }, { upsert: true }),
      );
    },

    async listen(onNudge, signal) {
      await rows.run('listening to relayed nudges', async (collection) => {
        // A stream has no time limit of its own: it waits for as long as nothing happens.
        const stream = collection.watch([], { fullDocument: 'updateLookup', timeoutMS: 0 });
        const close = () => void stream.close();
        signal.addEventListener('abort', close);
        try {
          for await (const change of stream) {
            if ((change.operationType === 'insert' || change.operationType === 'update') && change.fullDocument !== undefined && change.fullDocument !== null) {
              onNudge(asSourceName(change.fullDocument._id), BigInt(change.fullDocument.stamp));
            }
          }
        } catch (error) {
          if (!signal.aborted) throw error;
        } finally {
          signal.removeEventListener('abort', close);
          await stream.close().catch(() => undefined);
        }
      });
    },
  };
}
