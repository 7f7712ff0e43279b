import type { GoogleEventRecord, InventiveId } from '@calsync/calendar-model';
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
export async function colleagueHasIt(
  pair: Pair, account: Account, { accounts, pairs, clock }: ColleagueParts & { readonly pairs: Pick<PairStore, 'byAppointment'> },
): Promise<'theirs' | number | undefined> {
  if (await wasKeptForColleague(pair, account, pairs)) return 'theirs';
  const event = pair.google.record;
  // Once it was in step, or has a row of the user's own, it is the user's: nothing is taken away for a colleague who is linked later.
  if (pair.base !== undefined || pair.inventive.state === 'known' || pair.google.state !== 'known' || event === undefined || event.ownedByUser || event.organizerEmail === undefined) return undefined;
  const organiser = organiserAmong(await accounts.all(), event, account);
  if (organiser === undefined) return undefined;
  if (await hasItPaired(organiser, event, pairs)) return 'theirs';
  const now = clock.now();
  const mayCome = organiser.state === 'joining' || (organiser.state === 'live' && now < (pair.google.receivedAt ?? 0) + ORGANISER_FIRST_MS);
  return mayCome ? now + LOOK_AGAIN_MS : undefined;
}

/** Of these events those that a linked colleague organises and has paired: who joins now gets no row of them. */
export async function eventsOfColleagues(events: readonly GoogleEventRecord[], account: Account, { accounts, pairs }: Pick<ColleagueParts, 'accounts' | 'pairs'>): Promise<ReadonlySet<GoogleEventRecord>> {
  const theirs = new Set<GoogleEventRecord>();
  const invitations = events.filter(({ ownedByUser, organizerEmail }) => !ownedByUser && organizerEmail !== undefined);
  const all = invitations.length === 0 ? [] : await accounts.all();
  for (const event of invitations) {
    const organiser = organiserAmong(all, event, account);
    if (organiser !== undefined && (await hasItPaired(organiser, event, pairs))) theirs.add(event);
  }
  return theirs;
}

/** Addresses of the linked colleagues who are in it by their key alone. */
export async function addressesOf({ source, inventive: { record } }: Pair, accounts: Pick<AccountDirectory, 'byUser'>): Promise<ReadonlyMap<InventiveId, string>> {
  const found = new Map<InventiveId, string>();
  for (const { userId, email } of record?.participants ?? []) {
    const colleague = userId === undefined || email.trim() !== '' ? undefined : await accounts.byUser(source, userId);
    if (colleague !== undefined) found.set(colleague.userId, colleague.email);
  }
  return found;
}

/**
 * A shared calendar that was kept for a colleague before, and is this user's now: what stands in it of the colleague's appointments
 * stays theirs, for they lived on when the colleague chose another calendar. Taken for the user's they would all be made a second time.
 */
async function wasKeptForColleague({ accountId, source, appointmentId, calendarId, eventId, base, google, inventive }: Pair, { userId }: Account, pairs: Pick<PairStore, 'byAppointment'>): Promise<boolean> {
  if (base !== undefined || google.state !== 'known' || inventive.state !== 'known' || inventive.record === undefined || inventive.record.ownerId === userId) return false;
  return (await pairs.byAppointment(source, appointmentId)).some((other) => other.accountId !== accountId && other.calendarId === calendarId && other.eventId === eventId);
}

/** The accounts as they were at most a second ago: whoever takes in hundreds of invitations doesn't list all of them for each. */
export function listedLately({ all }: Pick<AccountDirectory, 'all'>, { now }: Pick<Clock, 'now'>): Pick<AccountDirectory, 'all'> {
  let lately: { readonly until: number; readonly accounts: Promise<readonly Account[]> } | undefined;
  return {
    async all() {
      const found = lately !== undefined && now() < lately.until ? lately : { until: now() + LOOK_AGAIN_MS, accounts: all() };
      lately = found;
      try {
        return await found.accounts;
      } catch (error) {
        if (lately === found) lately = undefined;
        throw error;
      }
    },
  };
}

/** A colleague of the same Inventive: a row in another database is nothing that this user could see. */
const organiserAmong = (accounts: readonly Account[], { organizerEmail }: GoogleEventRecord, self: Account): Account | undefined =>
  accounts.find((one) => one.id !== self.id && one.source === self.source && isOf(organizerEmail, one));

async function hasItPaired({ id, calendarId, direction }: Account, event: GoogleEventRecord, pairs: ColleagueParts['pairs']): Promise<boolean> {
  const theirs = await pairs.byEvent(id, calendarId, event.id) ?? (event.occurrence === undefined ? undefined : await pairs.byOccurrence(id, calendarId, event.occurrence));
  // Of whose calendar nothing comes into Inventive there is no row, but of what was made at the desk.
  return theirs !== undefined && theirs.status !== 'closed' && (direction !== 'to-google' || theirs.inventive.state === 'known');
}

const isOf = (organizer: string | undefined, { email, calendarId }: Account): boolean => organizer === email.toLowerCase() || organizer === calendarId.toLowerCase();
