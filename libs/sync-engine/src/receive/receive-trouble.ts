import { Failure } from '../failures/failure.js';
import type { AccountDirectory } from '../ports/account.js';
import type { AccountId } from '@calsync/calendar-model';
import { ACTIVE_STATES } from './pull-calendar.js';

export type Trouble =
  /** A person has to act: the account waits, visibly. */
  | { readonly kind: 'person'; readonly failure: 'authorization' | 'calendar'; readonly message: string }
  /** Time may help: nothing is asked of Google for this account before `waitMs` are over. */
  | { readonly kind: 'wait'; readonly failure: string; readonly waitMs: number; readonly message: string };

/** The longest wait by what went wrong: a broker that is back must be noticed at once, a broken calendar may be asked rarely. */
const LONGEST_WAIT_MS = { transient: 10_000, quota: 60_000, permanent: 300_000, broken: 300_000 } as const;
const FIRST_WAIT_MS = { transient: 250, quota: 2_000, permanent: 5_000, broken: 5_000 } as const;

/** `attempts` counts failures in a row, this one included. Full jitter, so that a thousand accounts don't come back at once. */
export function readTrouble(error: unknown, attempts: number, random: () => number): Trouble {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Failure && (error.kind === 'authorization' || error.kind === 'calendar')) return { kind: 'person', failure: error.kind, message };
  const failure = error instanceof Failure && error.kind !== 'authorization' && error.kind !== 'calendar' ? error.kind : 'broken';
  const bound = Math.min(LONGEST_WAIT_MS[failure], FIRST_WAIT_MS[failure] * 2 ** Math.min(attempts - 1, 20));
  const asked = error instanceof Failure ? (error.retryAfterMs ?? 0) : 0;
  return { kind: 'wait', failure, waitMs: Math.max(asked, random() * bound), message };
}

/** Only from a state in which we worked: whoever moved the account meanwhile knows better. */
export async function letPersonAct(accounts: Pick<AccountDirectory, 'changeState'>, accountId: AccountId, failure: 'authorization' | 'calendar'): Promise<void> {
  if (failure === 'authorization') await accounts.changeState(accountId, [...ACTIVE_STATES, 'needs-calendar'], 'needs-consent', 'needs-consent');
  else await accounts.changeState(accountId, ACTIVE_STATES, 'needs-calendar', 'needs-calendar');
}
