import type { Plan, PlanInput } from '@calsync/sync-core';
import type { Account } from '../ports/account.js';
import type { Pair } from './pair.js';
import { placeOf } from './place.js';
import { planPair, sidesToRead, whyPairRests } from './plan-pair.js';
import type { PairStore } from './ports.js';

export interface Planned {
  readonly pair: Pair;
  readonly plan: Plan;
  readonly input: PlanInput;
}

/** More of them say nothing new: so many losses hold any account. */
const MOST_LOOKED_AT = 500;

/**
 * What else is about to happen in this account, as far as it can be said without asking a vendor. Only for the brake: whether
 * it comes to that is decided when each pair's turn comes.
 */
export async function plannedAhead(pairs: Pick<PairStore, 'dueOf'>, { id }: Pair, account: Account): Promise<readonly Planned[]> {
  const due = await pairs.dueOf(account.id, MOST_LOOKED_AT);
  return due.flatMap((pair) => {
    if (pair.id === id || pair.intent !== undefined || pair.status === 'quarantined') return [];
    const supposed = supposedGone(pair);
    if (sidesToRead(supposed, account).length > 0 || placeOf(supposed, account).kind === 'frozen' || whyPairRests(supposed, account) !== undefined) return [];
    return [{ pair, ...planPair(supposed, account) }];
  });
}

/** A deletion that Google told and wasn't asked about yet is taken at its word here. */
function supposedGone(pair: Pair): Pair {
  const told = pair.google.needsRead && pair.google.toldGone === true;
  return told ? { ...pair, google: { ...pair.google, state: 'tombstone', needsRead: false } } : pair;
}
