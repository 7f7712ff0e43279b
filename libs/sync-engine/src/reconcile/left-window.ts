import type { Reason } from '@calsync/calendar-model';
import type { Account } from '../ports/account.js';
import { whyNoPairForAppointment, whyNoPairForEvent } from './eligibility.js';
import type { Pair } from './pair.js';

/** Nothing was made or agreed on yet: only one side was ever seen. */
export const isNotBegun = ({ base, begun, formerEvent, intent, inventive, google, inventiveGeneration, googleGeneration }: Pair): boolean =>
  base === undefined && begun === undefined && formerEvent === undefined && intent === undefined && inventiveGeneration === 0 && googleGeneration === 0 &&
  (inventive.state === 'known' ? google.state === 'unknown' && google.version === undefined : google.state === 'known' && inventive.state === 'unknown' && inventive.version === undefined);

/**
 * An old message began this pair, and its item has left the window since: it is as little to be made on the other side as any
 * other out there, where what was made of it before a database was lost may stand already. Back in the window it goes on.
 */
export function leftWindowBeforeItBegan(pair: Pair, account: Account, todayIn: (zone: string) => string): Reason | undefined {
  if (pair.occurrence !== undefined || pair.imported === true || !isNotBegun(pair)) return undefined;
  const live: Account = { ...account, state: 'live' };
  const row = pair.inventive.state === 'known' ? pair.inventive.record : undefined;
  const event = pair.google.state === 'known' ? pair.google.record : undefined;
  const why = row !== undefined ? whyNoPairForAppointment(row, live, todayIn(row.zone)) : event !== undefined ? whyNoPairForEvent(event, live, todayIn(account.zone), account.zone) : undefined;
  return why === 'outside-window' ? why : undefined;
}
