import type { Account, AccountDirectory } from '../ports/account.js';
import type { Clock } from '../ports/clock.js';
import type { Pair } from './pair.js';
import type { PairStore } from './ports.js';

export interface ColleagueParts {
  readonly accounts: Pick<AccountDirectory, 'all'>;
  readonly pairs: Pick<PairStore, 'byEvent' | 'byOccurrence'>;
  readonly clock: Clock;
}

/** Both calendars tell of one meeting at about the same moment: whose message comes first must not decide whose appointment it is. */
const ORGANISER_FIRST_MS = 5_000;
const LOOK_AGAIN_MS = 1_000;

/**
 * Google's copy of a meeting that a colleague organises, linked here as well: the appointment stands in the colleague's agenda,
 * and this user is a participant of it. `theirs`: it has its pair there. A moment: it may still get one, so look again then.
 */
export async function colleagueHasIt(pair: Pair, account: Account, { accounts, pairs, clock }: ColleagueParts): Promise<'theirs' | number | undefined> {
  const event = pair.google.record;
  // Once it was in step, or has a row of the user's own, it is the user's: nothing is taken away for a colleague who is linked later.
  if (pair.base !== undefined || pair.inventive.state === 'known' || pair.google.state !== 'known' || event === undefined || event.ownedByUser || event.organizerEmail === undefined) return undefined;
  const organiser = (await accounts.all()).find((one) => one.id !== account.id && isOf(event.organizerEmail, one));
  if (organiser === undefined) return undefined;
  const theirs = await pairs.byEvent(organiser.id, organiser.calendarId, event.id) ?? (pair.occurrence === undefined ? undefined : await pairs.byOccurrence(organiser.id, organiser.calendarId, pair.occurrence));
  if (theirs !== undefined && theirs.status !== 'closed') return 'theirs';
  const now = clock.now();
  const mayCome = organiser.state === 'joining' || (organiser.state === 'live' && now < (pair.google.receivedAt ?? 0) + ORGANISER_FIRST_MS);
  return mayCome ? now + LOOK_AGAIN_MS : undefined;
}

const isOf = (organizer: string | undefined, { email, calendarId }: Account): boolean => organizer === email.toLowerCase() || organizer === calendarId.toLowerCase();
