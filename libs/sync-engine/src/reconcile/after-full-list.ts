import { v5 as uuidV5 } from 'uuid';
import type { Account, AccountDirectory } from '../ports/account.js';
import type { CalendarRef } from '../ports/google-events.js';
import type { Clock } from '../ports/clock.js';
import type { ComparisonStore } from './comparisons.js';

export interface AfterFullListParts {
  readonly accounts: Pick<AccountDirectory, 'current'>;
  readonly comparisons: Pick<ComparisonStore, 'request'>;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * A calendar of a live account was listed anew: its sync token had expired, or messages had. What Google has forgotten
 * since stands in no list and is told by no message, so known events that are missing are asked for, one by one. A
 * joining compares by itself. Told twice, it is done once.
 */
export async function compareAfterFullList({ accounts, comparisons, clock }: AfterFullListParts, { accountId, calendarId }: CalendarRef, pull: string): Promise<void> {
  const account: Account | undefined = await accounts.current(accountId);
  if (account?.state !== 'live' || account.calendarId !== calendarId) return;
  const commandId = uuidV5(`full-list ${accountId}/${calendarId} ${pull}`, uuidV5.URL);
  await comparisons.request({ commandId, accountId, mode: 'repair', requestedAt: new Date(clock.now()).toISOString() });
}
