import type { AccountId, CalendarId, GoogleEventId, Instant, ZoneName } from '@calsync/calendar-model';
import type { AccountState } from '../ports/account.js';
import type { CalendarRef } from '../ports/google-events.js';

/** One changed event in Google's own form; the content of a private one is already left out (`reduced`). */
export interface FeedItem {
  readonly id: GoogleEventId;
  readonly etag: string;
  readonly updated?: Instant;
  readonly cancelled: boolean;
  readonly reduced: boolean;
  readonly event: { readonly id: string; readonly [key: string]: unknown };
}

export interface FeedPage {
  readonly items: readonly FeedItem[];
  readonly calendarZone: ZoneName;
  /** What the account may do here; less than `reader` is free/busy only. */
  readonly access: 'writer' | 'reader' | 'none';
  /** Only the last page carries a sync token. */
  readonly next: { readonly kind: 'page'; readonly pageToken: string } | { readonly kind: 'end'; readonly syncToken: string };
}

export interface ChannelRequest {
  readonly id: string;
  readonly token: string;
  readonly address: string;
  readonly ttlSeconds: number;
}

/** Google's change feed of one calendar and its notifications. Throws `Failure`; a calendar that isn't there is `calendar`. */
export interface CalendarFeed {
  /**
   * Without `syncToken` the whole calendar, unbounded, deleted events included, series unexpanded; with it what changed.
   * `sync-token-lost`: the token is too old or not one of Google's; only a new full list helps.
   */
  page(calendar: CalendarRef, from: { readonly syncToken?: string; readonly pageToken?: string }): Promise<{ readonly kind: 'page'; readonly page: FeedPage } | { readonly kind: 'sync-token-lost' }>;
  watch(calendar: CalendarRef, what: ChannelSubject, request: ChannelRequest): Promise<{ readonly resourceId: string; readonly expiresAt: number }>;
  /** Resolves too where Google knows no such channel (any more). */
  stop(accountId: AccountId, channel: { readonly id: string; readonly resourceId: string }): Promise<void>;
}

export type ChannelSubject = 'events' | 'calendar-list';

/** What we know of reading one calendar. Instants in epoch ms. */
export interface CalendarState {
  readonly accountId: AccountId;
  readonly calendarId: CalendarId;
  /** False where the account is at rest: hints are still kept, nothing is pulled. */
  readonly active: boolean;
  readonly seenState: AccountState;
  /** Grows with every hint; `dirty` is cleared only by who compared it. */
  readonly mark: number;
  readonly dirty: boolean;
  /** When the first hint came that no pull has served yet. */
  readonly hintedAt?: number;
  readonly syncToken?: string;
  /** Grows with every pull that began. */
  readonly pull: number;
  /** How many full lists were asked for, and how many of them are answered: a token doesn't help while they differ. */
  readonly fullRequests: number;
  readonly fullServed: number;
  readonly zone?: ZoneName;
  readonly nextSweepAt: number;
  readonly trouble?: CalendarTrouble;
}

export interface CalendarTrouble {
  readonly kind: string;
  readonly message: string;
  readonly attempts: number;
  readonly notBefore: number;
}

/** Each step is one atomic statement, acknowledged by the majority. Throws `Failure('transient')`. */
export interface CalendarStates {
  find(calendar: CalendarRef): Promise<CalendarState | undefined>;
  /**
   * Makes the row, dirty. Where the account's state is another than the one noted, notes it and hints; a state in which
   * everything must be told again (`joining`) also asks for a full list. One statement: a crash can't lose the change.
   */
  follow(calendar: CalendarRef, seen: { readonly state: AccountState; readonly active: boolean; readonly now: number }): Promise<CalendarState>;
  /** Undefined where the calendar isn't followed. */
  hint(calendar: CalendarRef, now: number): Promise<CalendarState | undefined>;
  /** Also a hint. The same request id, asked again, does nothing. */
  requestFullList(calendar: CalendarRef, requestId: string, now: number): Promise<void>;
  /** Numbers the pull; undefined where nothing is due (also while a trouble's wait lasts), or a later lease was here. */
  beginPull(calendar: CalendarRef, fencingToken: number, now: number): Promise<CalendarState | undefined>;
  /**
   * Saves where the pull ended and clears the dirty mark if it still is what it was at the start, in one statement.
   * `moved`: a hint came meanwhile, go again. `fenced`: a later lease was here, nothing is saved.
   */
  endPull(calendar: CalendarRef, end: PullEnd): Promise<'clean' | 'moved' | 'fenced'>;
  /** The token is gone for good: the next pull is a full list. Nothing else is forgotten. */
  dropSyncToken(calendar: CalendarRef, fencingToken: number): Promise<void>;
  /** Nothing is pulled before `notBefore`; a pull that ends well clears it. */
  noteTrouble(calendar: CalendarRef, trouble: CalendarTrouble): Promise<void>;
  /** Active calendars with a hint or a sweep due, whose wait is over. */
  due(now: number, limit: number): Promise<readonly CalendarState[]>;
}

export interface PullEnd {
  readonly fencingToken: number;
  /** As `beginPull` told it. */
  readonly mark: number;
  /** After a full list: the requests that stood when it began. */
  readonly fullServed?: number;
  readonly syncToken: string;
  readonly zone: ZoneName;
  readonly nextSweepAt: number;
  readonly now: number;
}

/** Secrets of channels: chance and hashes come from outside, so that a simulation can run the loop. */
export interface ChannelSecrets {
  newId(): string;
  /** At least 32 random bytes, as text that a header carries. */
  mint(): string;
  hash(token: string): string;
  /** Takes as long for an unknown channel (`undefined`) as for a wrong token. */
  matches(token: string, tokenHash: string | undefined): boolean;
}

/** `opening`: `watch` was called or is about to be. `retiring`: a successor listens, this one is stopped at `retireAt`. */
export interface Channel {
  readonly id: string;
  readonly accountId: AccountId;
  readonly calendarId: CalendarId;
  readonly subject: ChannelSubject;
  /** SHA-256 of the token, hex: the token itself is known to Google only. */
  readonly tokenHash: string;
  readonly state: 'opening' | 'open' | 'retiring';
  readonly createdAt: number;
  readonly resourceId?: string;
  readonly expiresAt?: number;
  readonly retireAt?: number;
  /** Google has reached us over it: its address, certificate and token work. */
  readonly heard?: true;
}

export interface Channels {
  find(id: string): Promise<Channel | undefined>;
  all(): Promise<readonly Channel[]>;
  ofAccount(accountId: AccountId): Promise<readonly Channel[]>;
  add(channel: Channel): Promise<void>;
  /** What Google answered, or told in the `sync` message if that came first. Never takes a `retiring` one back. */
  opened(id: string, told: { readonly resourceId?: string; readonly expiresAt?: number; readonly heard?: true }): Promise<void>;
  retire(id: string, retireAt: number): Promise<void>;
  remove(id: string): Promise<void>;
}

/** Named steps at which a test may kill the process; does nothing in production. */
export type ReceiveStep = 'receive:before-publish' | 'receive:after-publish-before-token';

export interface ReceiveMetrics {
  notification(result: 'accepted' | 'sync' | 'refused'): void;
  /** `hintToPublishedMs` only where a hint began it. */
  pulled(pull: { readonly kind: 'full' | 'changes'; readonly items: number; readonly hintToPublishedMs?: number }): void;
  pullFailed(kind: string): void;
  /** Changes that a sweep found and push hadn't told of: more than zero means push lost something. */
  sweepRepairs(count: number): void;
  channels(open: number, soonestExpiryMs: number | undefined): void;
}
