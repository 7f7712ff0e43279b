import type { AccountId, Instant, Reason } from '@calsync/calendar-model';

/** `repair`: drift is mended. `preview`: only numbers, nothing is written and nothing is taken in. */
export type ComparisonMode = 'repair' | 'preview';

/** What a person, or a service of ours, asked for. Its id names it for good: asked twice, it is done once. */
export interface ComparisonCommand {
  readonly commandId: string;
  readonly accountId: AccountId;
  readonly mode: ComparisonMode;
  readonly requestedAt: Instant;
}

/** What was found. `repair` has mended all but `ambiguous` and `leftAlone`. */
export interface ComparisonCounts {
  /** Appointments in the window. */
  readonly inventive: number;
  /** Events in the window; of a series each occurrence. */
  readonly google: number;
  /** Pairs that are as we know them. */
  readonly paired: number;
  /** Stand on both sides and were never joined. */
  readonly matched: number;
  /** Stand in Google only, and belong in Inventive too. */
  readonly toInventive: number;
  /** The other way round. */
  readonly toGoogle: number;
  /** Pairs of which a side is not as we know it. */
  readonly different: number;
  /** Groups of items that could belong together: a person has to say. */
  readonly ambiguous: number;
  /** Items without a pair that stay so, by reason. */
  readonly leftAlone: Readonly<Partial<Record<Reason, number>>>;
  /** What was mended; nothing in a healthy system. */
  readonly repaired: number;
}

/** `refused`: the account is in no state for it. `failed`: given up after several tries. */
export type ComparisonState = 'waiting' | 'running' | 'done' | 'refused' | 'failed';

export interface Comparison extends ComparisonCommand {
  readonly state: ComparisonState;
  /** Items looked at, and how many there are as far as is known. */
  readonly done: number;
  readonly total: number;
  readonly startedAt?: Instant;
  readonly endedAt?: Instant;
  readonly counts?: ComparisonCounts;
  readonly reason?: Reason;
  readonly cause?: string;
  /** The keys of what was mended so far: one that was interrupted goes on counting. */
  readonly mended: readonly string[];
}

export type ComparisonEnd =
  | { readonly state: 'done'; readonly counts: ComparisonCounts }
  | { readonly state: 'refused'; readonly reason: Reason }
  | { readonly state: 'failed'; readonly cause: string };

export interface ComparisonStore {
  /** Does nothing where this command is known already. */
  request(command: ComparisonCommand): Promise<void>;
  /** Those that wait or run, oldest first. */
  open(): Promise<readonly Comparison[]>;
  find(commandId: string): Promise<Comparison | undefined>;
  /** Newest first. */
  last(accountId: AccountId, limit: number): Promise<readonly Comparison[]>;
  /** Running from now on, if it didn't already. */
  start(commandId: string, at: Instant): Promise<void>;
  progress(commandId: string, done: number, total: number): Promise<void>;
  /** Before they are mended: mending twice does no harm, and none is forgotten in the count. */
  noteMended(commandId: string, keys: readonly string[]): Promise<void>;
  /** Ends it, to be told; the account's older ones beyond the last few are forgotten. */
  end(commandId: string, at: Instant, end: ComparisonEnd): Promise<void>;
  /** Those that are done and weren't told yet. */
  untold(): Promise<readonly Comparison[]>;
  markTold(commandId: string): Promise<void>;
}
