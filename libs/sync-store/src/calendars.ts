import type { Connection, mongo } from 'mongoose';
import { asAccountId, asCalendarId } from '@calsync/calendar-model';
import type { AccountState, CalendarRef, CalendarState, CalendarStates, CalendarTrouble } from '@calsync/sync-engine';
import { isDuplicateKey, storedCollection } from './database.js';

interface CalendarRow {
  readonly _id: string;
  readonly accountId: string;
  readonly calendarId: string;
  readonly active: boolean;
  readonly seenState: AccountState;
  readonly mark: number;
  readonly dirty: boolean;
  readonly hintedAt?: Date;
  readonly lastHintAt?: Date;
  readonly syncToken?: string;
  readonly pull: number;
  readonly fullRequests: number;
  readonly fullServed: number;
  /** The last few requests for a full list, so that one asked twice counts once. */
  readonly requestIds: readonly string[];
  readonly zone?: string;
  readonly nextSweepAt: Date;
  readonly pulledAt?: Date;
  /** The largest fencing token that wrote here. */
  readonly fence: number;
  readonly trouble?: { readonly kind: string; readonly message: string; readonly attempts: number };
  readonly notBefore: Date;
}

const REQUESTS_KEPT = 20;
const NEVER = new Date(0);

export type CalendarStore = CalendarStates & { prepare(): Promise<void> };

/** Collection `calendars`: how far each linked calendar is read. Written by the google-receiver only. */
export function createCalendars(connection: Connection): CalendarStore {
  const rows = storedCollection<CalendarRow>(connection, 'calendars');

  const hinted = (now: number): mongo.Document => ({
    mark: { $add: ['$mark', 1] },
    dirty: true,
    lastHintAt: new Date(now),
    hintedAt: { $cond: ['$dirty', '$hintedAt', new Date(now)] },
  });

  return {
    async prepare() {
      await rows.run('preparing calendars', (collection) => collection.createIndex({ active: 1, notBefore: 1 }, { name: 'due' }));
    },

    async find(calendar) {
      const row = await rows.run('reading a calendar', (collection) => collection.findOne({ _id: idOf(calendar) }));
      return row === null ? undefined : toState(row);
    },

    async follow(calendar, { state, active, now }) {
      const _id = idOf(calendar);
      return rows.run('following a calendar', async (collection) => {
        const fresh: CalendarRow = {
          _id, accountId: calendar.accountId, calendarId: calendar.calendarId, active, seenState: state, mark: 1, dirty: true,
          hintedAt: new Date(now), lastHintAt: new Date(now), pull: 0, fullRequests: 0, fullServed: 0, requestIds: [], nextSweepAt: NEVER, fence: 0, notBefore: NEVER,
        };
        await collection.updateOne({ _id }, { $setOnInsert: fresh }, { upsert: true }).catch((error: unknown) => {
          // Two processes saw a new account at once; the row is there.
          if (!isDuplicateKey(error)) throw error;
        });
        const asked = state === 'joining' ? 1 : 0;
        await collection.updateOne({ _id, $or: [{ seenState: { $ne: state } }, { active: { $ne: active } }] }, [
          { $set: { ...hinted(now), seenState: state, active, fullRequests: { $add: ['$fullRequests', asked] }, notBefore: NEVER } },
        ]);
        const row = await collection.findOne({ _id });
        if (row === null) throw new Error(`the calendar row ${_id} vanished while it was made`);
        return toState(row);
      });
    },

    async hint(calendar, now) {
      const row = await rows.run('keeping a hint', (collection) => collection.findOneAndUpdate({ _id: idOf(calendar) }, [{ $set: hinted(now) }], { returnDocument: 'after' }));
      return row === null ? undefined : toState(row);
    },

    async requestFullList(calendar, requestId, now) {
      await rows.run('asking for a full list', (collection) =>
        collection.updateOne({ _id: idOf(calendar), requestIds: { $ne: requestId } }, [
          { $set: { ...hinted(now), fullRequests: { $add: ['$fullRequests', 1] }, requestIds: { $slice: [{ $concatArrays: ['$requestIds', [{ $literal: requestId }]] }, -REQUESTS_KEPT] } } },
        ]),
      );
    },

    async beginPull(calendar, fencingToken, now) {
      const at = new Date(now);
      const row = await rows.run('beginning a pull', (collection) =>
        collection.findOneAndUpdate(
          {
            _id: idOf(calendar),
            fence: { $lte: fencingToken },
            notBefore: { $lte: at },
            $or: [{ dirty: true }, { nextSweepAt: { $lte: at } }, { syncToken: { $exists: false } }, { $expr: { $ne: ['$fullRequests', '$fullServed'] } }],
          },
          { $inc: { pull: 1 }, $set: { fence: fencingToken } },
          { returnDocument: 'after' },
        ),
      );
      return row === null ? undefined : toState(row);
    },

    async endPull(calendar, end) {
      const row = await rows.run('saving a sync token', (collection) =>
        collection.findOneAndUpdate(
          { _id: idOf(calendar), fence: { $lte: end.fencingToken } },
          [
            {
              $set: {
                // Literal: in a pipeline a text that begins with $ would be read as a field's name.
                syncToken: { $literal: end.syncToken },
                zone: { $literal: end.zone },
                fence: end.fencingToken,
                nextSweepAt: new Date(end.nextSweepAt),
                pulledAt: new Date(end.now),
                notBefore: NEVER,
                dirty: { $ne: ['$mark', end.mark] },
                hintedAt: { $cond: [{ $ne: ['$mark', end.mark] }, '$lastHintAt', '$$REMOVE'] },
                ...(end.fullServed === undefined ? {} : { fullServed: end.fullServed }),
              },
            },
            { $unset: 'trouble' },
          ],
          { returnDocument: 'after' },
        ),
      );
      if (row === null) return 'fenced';
      return row.dirty ? 'moved' : 'clean';
    },

    async dropSyncToken(calendar, fencingToken) {
      await rows.run('dropping a sync token', (collection) =>
        collection.updateOne({ _id: idOf(calendar), fence: { $lte: fencingToken } }, { $unset: { syncToken: 1 } }),
      );
    },

    async noteTrouble(calendar, { kind, message, attempts, notBefore }) {
      await rows.run('noting a trouble', (collection) =>
        collection.updateOne({ _id: idOf(calendar) }, { $set: { trouble: { kind, message, attempts }, notBefore: new Date(notBefore) } }),
      );
    },

    async due(now, limit) {
      const at = new Date(now);
      const found = await rows.run('looking for calendars to read', (collection) =>
        collection
          .find({
            active: true,
            notBefore: { $lte: at },
            $or: [{ dirty: true }, { nextSweepAt: { $lte: at } }, { $expr: { $ne: ['$fullRequests', '$fullServed'] } }],
          })
          .limit(limit)
          .toArray(),
      );
      return found.map(toState);
    },
  };
}

const idOf = ({ accountId, calendarId }: CalendarRef): string => `${accountId}/${calendarId}`;

function toState(row: CalendarRow): CalendarState {
  const { mark, dirty, pull, fullRequests, fullServed, active, seenState, syncToken, zone, hintedAt } = row;
  return {
    accountId: asAccountId(row.accountId),
    calendarId: asCalendarId(row.calendarId),
    active, seenState, mark, dirty, pull, fullRequests, fullServed,
    nextSweepAt: row.nextSweepAt.getTime(),
    ...(hintedAt ? { hintedAt: hintedAt.getTime() } : {}),
    ...(syncToken === undefined ? {} : { syncToken }),
    ...(zone === undefined ? {} : { zone }),
    ...(row.trouble ? { trouble: troubleOf(row.trouble, row.notBefore) } : {}),
  };
}

const troubleOf = (trouble: NonNullable<CalendarRow['trouble']>, notBefore: Date): CalendarTrouble => ({ ...trouble, notBefore: notBefore.getTime() });
