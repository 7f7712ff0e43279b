import type { AccountId, Reason } from '@calsync/calendar-model';
import { BRAKE_DEFAULTS, brakeKinds, judge, type BrakeLimits, type LedgerEntry } from '@calsync/sync-core';
import type { Account } from '../ports/account.js';
import type { Planned } from './losses-ahead.js';

/** One ledger per account, the same for all replicas. */
export interface BrakeLedger {
  /** Adds what is about to happen; answers all entries of the window, these included. Noting the same again counts once. */
  note(accountId: AccountId, entries: readonly LedgerEntry[], now: number, windowMs: number): Promise<readonly LedgerEntry[]>;
  /** What lives in the account: pairs, all occurrences of a series as one. */
  size(accountId: AccountId): Promise<number>;
}

export interface Brake {
  /**
   * The reason to stop the account, or undefined where the write may go ahead. `ahead` tells what else is due: it is asked for
   * and counted before the first loss, so that sixty deletions at once are sixty before one of them is made.
   */
  judge(account: Account, planned: Planned, ahead: () => Promise<readonly Planned[]>, now: number): Promise<Reason | undefined>;
}

/** What was looked ahead at a moment ago stands in the ledger; what became due since is seen by the next look. */
const LOOK_AGAIN_MS = 1_000;

/** Stops an account that is about to lose more than a person plausibly deletes, blanks or shifts by hand. */
export class AccountBrake implements Brake {
  constructor(
    private readonly ledger: BrakeLedger,
    private readonly limits: BrakeLimits = BRAKE_DEFAULTS,
  ) {}
  private readonly lookedAt = new Map<AccountId, number>();

  async judge(account: Account, planned: Planned, ahead: () => Promise<readonly Planned[]>, now: number): Promise<Reason | undefined> {
    // What is excepted is never held, so it is not noted either: an import of ten thousand would make the ledger as long.
    const own = entriesOf(planned, now).filter(({ excepted }) => excepted !== true);
    if (own.length === 0) return undefined;
    const others = own.some(isLoss) && this.looksAhead(account.id, now) ? (await ahead()).flatMap((other) => entriesOf(other, now)).filter(isLoss) : [];
    const noted = [...new Map([...others, ...own].map((entry) => [`${entry.unit} ${entry.kind}`, entry])).values()];
    const entries = await this.ledger.note(account.id, noted, now, this.limits.windowMs);
    return (await this.holds(account.id, entries, now)) ? 'held-by-brake' : undefined;
  }

  /** Whatever share is too much of nothing: the account is counted only where its size can still make a difference. */
  private async holds(accountId: AccountId, entries: readonly LedgerEntry[], nowMs: number): Promise<boolean> {
    const ofNothing = judge({ nowMs, appointments: 0, entries }, this.limits);
    if (ofNothing.kind === 'free' || ofNothing.cause !== 'share') return ofNothing.kind === 'hold';
    return judge({ nowMs, appointments: await this.ledger.size(accountId), entries }, this.limits).kind === 'hold';
  }

  private looksAhead(accountId: AccountId, now: number): boolean {
    if (now - (this.lookedAt.get(accountId) ?? -Infinity) < LOOK_AGAIN_MS) return false;
    this.lookedAt.set(accountId, now);
    return true;
  }
}

const isLoss = ({ kind }: LedgerEntry): boolean => kind !== 'create';

function entriesOf({ pair, plan, input }: Planned, atMs: number): readonly LedgerEntry[] {
  const excepted = pair.imported === true ? { excepted: true as const } : {};
  // All occurrences of a series are one act of a person, and one entry.
  const unit = pair.occurrence?.seriesId ?? pair.id;
  return brakeKinds(plan, input).map((kind) => ({ unit, kind, atMs, ...(kind === 'create' ? excepted : {}) }));
}
