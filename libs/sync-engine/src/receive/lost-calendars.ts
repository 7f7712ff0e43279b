import type { AccountId } from '@calsync/calendar-model';
import { Failure } from '../failures/failure.js';
import type { Account, AccountDirectory } from '../ports/account.js';
import { requireAccess } from './pull-calendar.js';
import type { CalendarFeed, CalendarStates } from './ports.js';
import { letPersonAct } from './receive-trouble.js';

const FIRST_MS = 10_000;
const LONGEST_MS = 900_000;
/** Whose calendar was well for so long begins again with the first wait. */
const FORGET_MS = 1_800_000;

/** When to ask after the calendars of accounts in `needs-calendar`: soon, then ever more rarely, up to a quarter of an hour. */
export class LostCalendars {
  readonly #known = new Map<AccountId, { attempts: number; askAt: number }>();

  constructor(private readonly random: () => number) {}

  /** Those of the lost ones whose turn it is; each is asked for at most once until its next turn. */
  due(lost: readonly AccountId[], now: number): readonly AccountId[] {
    for (const [id, { askAt }] of this.#known) if (!lost.includes(id) && askAt + FORGET_MS < now) this.#known.delete(id);
    return lost.filter((id) => {
      const known = this.#known.get(id);
      if (known !== undefined && known.askAt > now) return false;
      const attempts = known === undefined ? 0 : known.attempts + 1;
      // Doubled also after a success: a calendar that answers here and refuses our writes would swing to and fro for ever.
      this.#known.set(id, { attempts, askAt: now + Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempts, 20)) * (0.75 + this.random() / 2) });
      return known !== undefined;
    });
  }
}

/**
 * Restored, shared again, or Google had only said so: what a person repairs in Google needs no second act here. The
 * account joins anew, because nothing was taken in while it waited. Failures are left to the next time.
 */
export async function askAfterCalendar(
  ports: { readonly accounts: Pick<AccountDirectory, 'changeState'>; readonly feed: Pick<CalendarFeed, 'page'>; readonly states: Pick<CalendarStates, 'find'> },
  account: Account,
): Promise<'back' | 'still-lost'> {
  const calendar = { accountId: account.id, calendarId: account.calendarId };
  try {
    const syncToken = (await ports.states.find(calendar))?.syncToken;
    const answer = await ports.feed.page(calendar, syncToken === undefined ? {} : { syncToken });
    if (answer.kind === 'page') requireAccess(account, answer.page.access);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (error.kind === 'authorization') await letPersonAct(ports.accounts, account.id, error.kind);
    return 'still-lost';
  }
  return (await ports.accounts.changeState(account.id, ['needs-calendar'], 'joining')) ? 'back' : 'still-lost';
}
