import type { AccountId, PlainDate } from '@calsync/calendar-model';
import { windowDays } from '@calsync/sync-core';
import type { Account } from '../ports/account.js';

/** Up to where an account's window was read whole. */
export interface WindowDays {
  /** The day, in the account's zone, that was today when it was read. */
  readonly rolledOn: PlainDate;
  /** The last day of the window of then. */
  readonly coveredUntilOn: PlainDate;
}

/** One row an account. */
export interface WindowDayStore {
  all(): Promise<ReadonlyMap<AccountId, WindowDays>>;
  find(accountId: AccountId): Promise<WindowDays | undefined>;
  /** Joining has read everything: whatever was known before counts no more. */
  set(accountId: AccountId, days: WindowDays): Promise<void>;
  /** Compare-and-set; false where the row is another by now (or, with `known` undefined, where there is one). */
  advance(accountId: AccountId, known: WindowDays | undefined, days: WindowDays): Promise<boolean>;
}

/** Days, `untilOn` included. */
export interface Days {
  readonly fromOn: PlainDate;
  readonly untilOn: PlainDate;
}

export interface Rolling {
  /** What has entered since, to be read. */
  readonly entered: Days;
  /** What is true once that was taken in. */
  readonly after: WindowDays;
}

/** Whoever takes messages in may have a clock that runs behind ours: what it still turned away then must be listed by us. */
const SLACK_MS = 60_000;
/** The accounts of a zone all see midnight at once; their rolling is spread over this long. */
const SPREAD_MS = 29 * 60_000;

/** The account's day for rolling: begins between one and thirty minutes after midnight, always at the same moment for one account. */
export function rollingDay(account: Pick<Account, 'id' | 'zone'>, now: number): PlainDate {
  const at = now - SLACK_MS - (hashOf(account.id) % SPREAD_MS);
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(account.zone).toPlainDate().toString();
}

/**
 * Undefined where no new day has begun since. After days in which nobody rolled it is all of them at once, and where it
 * isn't known what was read, or that is too long ago, the window itself.
 */
export function planRolling(account: Pick<Account, 'daysBefore' | 'daysAfter'>, todayOn: PlainDate, known: WindowDays | undefined): Rolling | undefined {
  if (known !== undefined && todayOn <= known.rolledOn) return undefined;
  const window = windowDays({ ...account, todayOn });
  const after = { rolledOn: todayOn, coveredUntilOn: window.untilOn };
  if (known === undefined) return { entered: window, after };
  // The window may have shrunk since: what was turned away beyond its new edge is not covered, whatever was read before.
  const edge = windowDays({ ...account, todayOn: known.rolledOn }).untilOn;
  const covered = known.coveredUntilOn < edge ? known.coveredUntilOn : edge;
  const fromOn = Temporal.PlainDate.from(covered).add({ days: 1 }).toString();
  return { entered: { fromOn: fromOn < window.fromOn ? window.fromOn : fromOn, untilOn: window.untilOn }, after };
}

/** FNV-1a: the same in every process. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash;
}
