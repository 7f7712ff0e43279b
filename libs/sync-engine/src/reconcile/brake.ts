import type { AccountId, PairId, Reason } from '@calsync/calendar-model';
import type { Account } from '../ports/account.js';
import type { Intent, Pair } from './pair.js';

export interface BrakeLimits {
  /** Both must be passed: this many appointments … */
  readonly items: number;
  /** … and this share of the account's appointments. */
  readonly percent: number;
  readonly windowMs: number;
  /** This many stop the account whatever the share. */
  readonly most: number;
}

export const DEFAULT_BRAKE: BrakeLimits = { items: 10, percent: 20, windowMs: 600_000, most: 200 };

/** One ledger per account, the same for all replicas. */
export interface BrakeLedger {
  /** Notes that this pair is about to lose something; answers how many pairs did within the window, this one included. */
  note(accountId: AccountId, pairId: PairId, now: number, windowMs: number): Promise<number>;
  /** Pairs of the account that are alive on both sides. */
  size(accountId: AccountId): Promise<number>;
}

export interface Brake {
  /** The reason to stop the account, or undefined where the write may go ahead. */
  judge(account: Account, pair: Pair, intent: Intent, now: number): Promise<Reason | undefined>;
}

/** Stops an account that is about to lose more than a person plausibly deletes, blanks or shifts by hand. */
export class AccountBrake implements Brake {
  constructor(
    private readonly ledger: BrakeLedger,
    private readonly limits: BrakeLimits = DEFAULT_BRAKE,
  ) {}

  async judge(account: Account, pair: Pair, intent: Intent, now: number): Promise<Reason | undefined> {
    if (!losesSomething(intent, pair)) return undefined;
    const lost = await this.ledger.note(account.id, pair.id, now, this.limits.windowMs);
    if (lost > this.limits.most) return 'held-by-brake';
    if (lost <= this.limits.items) return undefined;
    const size = Math.max(1, await this.ledger.size(account.id));
    return (lost / size) * 100 > this.limits.percent ? 'held-by-brake' : undefined;
  }
}

/** A deletion, a text made empty, or another time. */
function losesSomething(intent: Intent, pair: Pair): boolean {
  if (intent.act === 'delete') return true;
  if (intent.act === 'create') return false;
  const { fields } = intent;
  const blanks = fields.subject === '' || fields.location === '' || ('notes' in fields && fields.notes === '') || ('description' in fields && fields.description === '');
  return blanks || (fields.when !== undefined && pair.base?.fields.when !== undefined);
}
