import type { AccountId } from '@calsync/calendar-model';

const FIRST_MS = 60_000;
const LONGEST_MS = 3_600_000;

/**
 * Google counts guests by itself, and refuses them when there are too many, also where nobody is mailed. Then only writes of
 * guests wait, of that account; each refusal makes the wait longer. Known to this process only: another one asks once by itself.
 */
export class GuestQuota {
  private readonly refused = new Map<AccountId, { readonly times: number; readonly until: number }>();

  /** Until when no guest is to be written for this account; undefined where one may be. */
  waitsUntil(accountId: AccountId, now: number): number | undefined {
    const until = this.refused.get(accountId)?.until;
    return until === undefined || until <= now ? undefined : until;
  }

  noteRefusal(accountId: AccountId, now: number, retryAfterMs = 0): number {
    const times = (this.refused.get(accountId)?.times ?? 0) + 1;
    const until = now + Math.max(retryAfterMs, Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(times - 1, 10)));
    this.refused.set(accountId, { times, until });
    return until;
  }

  noteSuccess(accountId: AccountId): void {
    this.refused.delete(accountId);
  }
}
