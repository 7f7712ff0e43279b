import type {
  AccountId, AppointmentRecord, CalendarId, GoogleEventId, GoogleEventRecord, GoogleFields, Instant, InventiveFields, InventiveId,
  InventiveVersion, DecorChange, Marks, OccurrenceKey, PairId, Reason, SourceName,
} from '@calsync/calendar-model';
import type { Message } from '@calsync/event-contracts';
import type { AgreedPeople, AttendeesChange, Base, ChangeTimes, Conflict } from '@calsync/sync-core';
import type { FailureKind } from '../failures/failure.js';
import type { ParticipantWrite } from '../ports/inventive-agenda.js';
import type { FormerEvent } from './former-event.js';

/** Orders what was read of one Google event. A bare cancelled item of a delta has no `updated`: it can't be ordered. */
export interface GoogleVersion {
  readonly updated?: Instant;
  readonly etag: string;
}

/** What is known of one side. `record` outlives a tombstone, so that an edit that beats a delete starts from all we had. */
export interface Side<Record, Version> {
  readonly state: 'known' | 'tombstone' | 'unknown';
  readonly record?: Record;
  readonly version?: Version;
  /** Grows with every change of this side: the compare-and-set of whoever writes it. */
  readonly seq: number;
  /** True where a message can't be ordered against what we have, or left content out: the vendor must be asked. */
  readonly needsRead: boolean;
  /** Beside `needsRead`: a message said that it was deleted. Nothing is deleted on that word, but the brake counts it. */
  readonly toldGone?: true;
  /** Epoch ms at which we learnt of this state; where latency is counted from. */
  readonly receivedAt?: number;
  readonly changedAt: ChangeTimes;
}
export type InventiveSide = Side<AppointmentRecord, InventiveVersion>;
export type GoogleSide = Side<GoogleEventRecord, GoogleVersion>;
export type SideName = 'inventive' | 'google';

/**
 * What we are about to do, stored before the call. After a crash it is settled by reading that very id:
 * is the write there, `settled` becomes the base, else the intent is dropped.
 */
export type Intent =
  | { readonly side: 'inventive'; readonly act: 'create'; readonly id: InventiveId; readonly fields: InventiveFields; readonly category?: string; readonly settled: Base }
  | { readonly side: 'inventive'; readonly act: 'update'; readonly id: InventiveId; readonly entityStamp: number; readonly fields: InventiveFields; readonly status?: 'void' | 'planned'; readonly settled: Base }
  | { readonly side: 'inventive'; readonly act: 'delete'; readonly id: InventiveId; readonly rowStamp: string }
  | { readonly side: 'google'; readonly act: 'create'; readonly id: GoogleEventId; readonly generation: number; readonly fields: GoogleFields; readonly marks: Marks; readonly decor?: DecorChange; readonly settled: Base }
  | { readonly side: 'google'; readonly act: 'update'; readonly id: GoogleEventId; readonly etag: string; readonly fields: GoogleFields; readonly marks?: Marks; readonly decor?: DecorChange; readonly settled: Base }
  | { readonly side: 'google'; readonly act: 'delete'; readonly id: GoogleEventId; readonly etag: string };

/** An item that we began to make and whose answer nobody waited for: the call may make it yet. */
export interface Begun {
  readonly side: SideName;
  readonly id: InventiveId | GoogleEventId;
  /** What both sides had if it was made. */
  readonly settled: Base;
  /** It would bring back an event that was deleted: such a one may also come back by itself, as it was. */
  readonly revives?: true;
}

/** Likewise of who is in it, which is written by itself; `settled` replaces that part of the base. */
export type PeopleIntent =
  | { readonly side: 'inventive'; readonly act: 'people'; readonly id: InventiveId; readonly writes: readonly ParticipantWrite[]; readonly settled: AgreedPeople }
  | { readonly side: 'google'; readonly act: 'people'; readonly id: GoogleEventId; readonly etag: string; readonly change: AttendeesChange; readonly settled: AgreedPeople };

/** A value that a merge overwrote. It stays until a person restores or forgets it. */
export interface LostValue extends Conflict {
  readonly at: Instant;
}

/** `closed`: gone on both sides. `failed`: waits for a person or for news. `quarantined`: was written to and fro. */
export type PairStatus = 'active' | 'closed' | 'failed' | 'quarantined';

/** One appointment in one user's agenda, and its Google event. */
export interface Pair {
  readonly id: PairId;
  readonly accountId: AccountId;
  readonly source: SourceName;
  readonly status: PairStatus;
  /** Grows with every change of base, intent, links or status: the compare-and-set of the worker. */
  readonly revision: number;
  readonly appointmentId: InventiveId;
  readonly inventiveGeneration: number;
  readonly calendarId: CalendarId;
  readonly eventId: GoogleEventId;
  readonly googleGeneration: number;
  /** Where the event is an occurrence: what it is known by, whatever id it has now. Unique within account and calendar. */
  readonly occurrence?: OccurrenceKey;
  /** The administration in which it was last in step; absent on pairs of older versions that weren't looked at since. */
  readonly administrationId?: InventiveId;
  readonly inventive: InventiveSide;
  readonly google: GoogleSide;
  readonly base?: Base;
  readonly intent?: Intent | PeopleIntent;
  /** Oldest first; gone once something is agreed on. */
  readonly begun?: readonly Begun[];
  /** Of the event whose place a new one is about to take; gone once that one was made. */
  readonly formerEvent?: FormerEvent;
  /** Grows with everything that makes the pair due; cleared by comparing it. */
  readonly dueSeq: number;
  readonly attempts: number;
  readonly failure?: { readonly kind: FailureKind; readonly cause: string; readonly at: Instant };
  readonly reasons: readonly Reason[];
  /** Told in the same update as what they tell of; published after, removed after the ack. */
  readonly outbox: readonly Message[];
  readonly lostValues: readonly LostValue[];
  /** Places in `lostValues` of what a person wants back; each goes away once that is done. */
  readonly restoring?: readonly number[];
  /** Made by joining, which a person asked for: the brake doesn't count its creation. */
  readonly imported?: true;
  /** Our latest writes, to notice a value that goes to and fro. */
  readonly recentWrites: readonly { readonly side: SideName; readonly digest: string; readonly at: number }[];
}

export const UNSEEN: Side<never, never> = { state: 'unknown', seq: 0, needsRead: false, changedAt: {} };

/** What a new pair begins with; everything else is empty. */
export type NewPair = Pick<Pair, 'id' | 'accountId' | 'source' | 'appointmentId' | 'calendarId' | 'eventId'> &
  Partial<Pick<Pair, 'inventive' | 'google' | 'revision' | 'googleGeneration' | 'inventiveGeneration' | 'occurrence' | 'administrationId'>>;

export function startPair(start: NewPair): Pair {
  return {
    status: 'active',
    revision: 0,
    inventiveGeneration: 0,
    googleGeneration: 0,
    inventive: UNSEEN,
    google: UNSEEN,
    dueSeq: 1,
    attempts: 0,
    reasons: [],
    outbox: [],
    lostValues: [],
    recentWrites: [],
    ...start,
  };
}
