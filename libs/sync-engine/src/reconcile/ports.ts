import type {
  AccountId, AppointmentRecord, CalendarId, GoogleEventId, GoogleEventRecord, InventiveId, OccurrenceKey, PairId, Reason, SourceName,
} from '@calsync/calendar-model';
import type { Pair, GoogleSide, InventiveSide, GoogleVersion } from './pair.js';

/** What a worker may change of a pair in one atomic step; what is absent stays. `null` removes. */
export interface PairChanges
  extends Partial<Pick<Pair, 'status' | 'appointmentId' | 'administrationId' | 'inventiveGeneration' | 'eventId' | 'googleGeneration' | 'inventive' | 'google' | 'reasons' | 'outbox' | 'lostValues' | 'recentWrites' | 'attempts'>> {
  readonly base?: Pair['base'] | null;
  readonly intent?: Pair['intent'] | null;
  readonly begun?: Pair['begun'] | null;
  readonly formerEvent?: Pair['formerEvent'] | null;
  readonly occurrence?: Pair['occurrence'] | null;
  readonly failure?: Pair['failure'] | null;
  /** This wish of `restoring` is fulfilled, or over; others stay. */
  readonly restored?: number;
}

/** First imports wait behind live changes. */
export type Priority = 'live' | 'import';

export interface PairStore {
  byId(id: PairId): Promise<Pair | undefined>;
  /** All accounts' pairs of this appointment. */
  byAppointment(source: SourceName, id: InventiveId): Promise<readonly Pair[]>;
  byEvent(accountId: AccountId, calendarId: CalendarId, id: GoogleEventId): Promise<Pair | undefined>;
  byOccurrence(accountId: AccountId, calendarId: CalendarId, occurrence: OccurrenceKey): Promise<Pair | undefined>;
  /** Every pair of one series, also those long past. */
  ofSeries(accountId: AccountId, calendarId: CalendarId, seriesId: GoogleEventId): Promise<readonly Pair[]>;
  idsOfAccount(accountId: AccountId): Promise<readonly PairId[]>;
  /** The account's pairs in order of their id, those after `after`; `due` where work on it is still to be done. */
  pageOfAccount(accountId: AccountId, after: PairId | undefined, limit: number): Promise<readonly { readonly pair: Pair; readonly due: boolean }[]>;
  /** Due at once. `exists` where the pair, its appointment or its event is known already in this account. */
  insert(pair: Pair, priority: Priority): Promise<'inserted' | 'exists'>;
  /** Replaces one side where its `seq` is still the one of `pair`, and makes the pair due; false where somebody was faster. Never touches the base. */
  putInventive(pair: Pair, next: InventiveSide, reopen: boolean): Promise<boolean>;
  putGoogle(pair: Pair, next: GoogleSide, reopen: boolean): Promise<boolean>;
  /** The same content under a newer version, or seen elsewhere: each where its `seq` is still the one of `pair`. Makes nothing due. */
  renewGoogle(renewed: readonly { readonly pair: Pair; readonly next: GoogleSide }[]): Promise<void>;
  /** One write of ours gave everything in its series another version: what was known under `etag` is known under `to`. Makes nothing due. */
  advanceSeries(of: Pick<Pair, 'accountId' | 'calendarId'> & { readonly seriesId: GoogleEventId }, etag: string, to: GoogleVersion): Promise<void>;
  /** A person wants this one of `lostValues` back: due at once. False where the account has no such pair. */
  restore(accountId: AccountId, id: PairId, index: number): Promise<boolean>;
  /** Makes it due without new knowledge, both sides to be read. */
  markForReading(ids: readonly PairId[]): Promise<void>;

  /** Due pairs of one account, in work or not, whenever their turn is. */
  dueOf(accountId: AccountId, limit: number): Promise<readonly Pair[]>;
  /** Ids of due, unclaimed pairs, live ones first. */
  due(limit: number): Promise<readonly PairId[]>;
  /** Takes the lease on a due pair; undefined where it isn't due or somebody holds it. */
  claim(id: PairId, ttlMs: number): Promise<Pair | undefined>;
  /** Keeps a claim of this store's own up for that long from now; nothing where it was lost. */
  extendClaim(id: PairId, ttlMs: number): Promise<void>;
  /** Compare-and-set on the revision and, where a side is written, on that side's `seq`. Answers the pair as saved, or undefined. */
  save(pair: Pair, changes: PairChanges): Promise<Pair | undefined>;
  /** Clears `due` only where nothing made the pair due since `dueSeq`; gives the lease back either way. True where it is still due. */
  finish(id: PairId, dueSeq: number): Promise<boolean>;
  /**
   * Gives the lease back; the pair stays due, not before `notBefore` (epoch ms). Where `dueSeq` is given, what made it due
   * since then makes it due at once: true then.
   */
  postpone(id: PairId, notBefore: number, dueSeq?: number): Promise<boolean>;

  /** Pairs whose outcomes were not acknowledged by the log. */
  withOutbox(limit: number): Promise<readonly Pair[]>;
  clearOutbox(id: PairId, messageIds: readonly string[]): Promise<void>;
}

export type UnpairedItem =
  | { readonly side: 'inventive'; readonly accountId: AccountId; readonly itemId: InventiveId; readonly reason: Reason; readonly record?: AppointmentRecord }
  | { readonly side: 'google'; readonly accountId: AccountId; readonly itemId: GoogleEventId; readonly calendarId: CalendarId; readonly reason: Reason; readonly record?: GoogleEventRecord };

type WithRecord<Item extends UnpairedItem> = Item extends unknown ? Item & { readonly record: NonNullable<Item['record']> } : never;
/** Kept whole because its account is joining. `kept` names this very state of it. */
export type WaitingItem = WithRecord<UnpairedItem> & { readonly kept: string };

/** Items that have no pair, with the reason why not; whole while their account is joining, or where a person has to say which belong together. */
export interface UnpairedStore {
  put(item: UnpairedItem): Promise<void>;
  /** Does nothing where the item waits: what waits is news, and is decided by itself. */
  putUnlessWaiting(item: UnpairedItem): Promise<void>;
  find(accountId: AccountId, side: 'inventive' | 'google', itemId: string): Promise<UnpairedItem | undefined>;
  remove(accountId: AccountId, side: 'inventive' | 'google', itemId: string): Promise<void>;
  /** Forgets why it had no pair, now that it has one; what waits is news, and stays. */
  removeUnlessWaiting(accountId: AccountId, side: 'inventive' | 'google', itemId: string): Promise<void>;
  /** The questions that are open about this appointment (`ambiguous-match`), of whichever account. */
  questionsAbout(itemId: InventiveId): Promise<readonly UnpairedItem[]>;
  /** The questions that are open of this account. */
  questionsOf(accountId: AccountId): Promise<readonly UnpairedItem[]>;
  /** Those that were kept because their account is joining (`account-joining`). */
  waiting(accountId: AccountId): Promise<readonly WaitingItem[]>;
  /** Ends the waiting of an item, unless news came since it was read: forgets it, or keeps `instead`. */
  settle(item: WaitingItem, instead?: UnpairedItem): Promise<void>;
  accountsWaiting(): Promise<readonly AccountId[]>;
}

/** How far an account's joining is. */
export interface Joining {
  readonly accountId: AccountId;
  readonly startedAt: number;
  /** The Google calendar was listed whole, and everything of that list was taken in. */
  readonly googleListed: boolean;
}

export interface JoiningStore {
  /** Goes on where one was begun under the same `revision` of the account; under another it begins anew, and no list counts yet. */
  begin(accountId: AccountId, at: number, revision: number): Promise<Joining>;
  markGoogleListed(accountId: AccountId, at: number): Promise<void>;
  end(accountId: AccountId): Promise<void>;
  /** Accounts whose joining was begun, or listed, and not ended. */
  open(): Promise<readonly AccountId[]>;
}
