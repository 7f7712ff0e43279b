import type { AccountId, Reason } from '@calsync/calendar-model';
import { BRAKE_DEFAULTS, brakeKinds, judge, type BrakeLimits, type LedgerEntry, type Plan, type PlanInput } from '@calsync/sync-core';
import type { Account } from '../ports/account.js';
import type { Pair } from './pair.js';

/** One ledger per account, the same for all replicas. */
export interface BrakeLedger {
  /** Adds what is about to happen; answers all entries of the window, these included. Noting the same again counts once. */
  note(accountId: AccountId, entries: readonly LedgerEntry[], now: number, windowMs: number): Promise<readonly LedgerEntry[]>;
  /** Pairs of the account that are alive. */
  size(accountId: AccountId): Promise<number>;
}

export interface Brake {
  /** The reason to stop the account, or undefined where the write may go ahead. */
  judge(account: Account, pair: Pair, plan: Plan, input: PlanInput, now: number): Promise<Reason | undefined>;
}

/** Stops an account that is about to lose more than a person plausibly deletes, blanks or shifts by hand. */
export class AccountBrake implements Brake {
  constructor(
    private readonly ledger: BrakeLedger,
    private readonly limits: BrakeLimits = BRAKE_DEFAULTS,
  ) {}

  async judge(account: Account, pair: Pair, plan: Plan, input: PlanInput, now: number): Promise<Reason | undefined> {
    const kinds = brakeKinds(plan, input);
    if (kinds.length === 0) return undefined;
    const excepted = pair.imported === true ? { excepted: true as const } : {};
    const noted = kinds.map((kind): LedgerEntry => ({ pairId: pair.id, kind, atMs: now, ...(kind === 'create' ? excepted : {}) }));
    const entries = await this.ledger.note(account.id, noted, now, this.limits.windowMs);
    const judgement = judge({ nowMs: now, appointments: await this.ledger.size(account.id), entries }, this.limits);
    return judgement.kind === 'hold' ? 'held-by-brake' : undefined;
  }
}
