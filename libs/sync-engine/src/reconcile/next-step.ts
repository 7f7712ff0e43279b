import type { Plan } from '@calsync/sync-core';
import type { Account } from '../ports/account.js';
import { intendGoogle, intendInventive } from './execute-act.js';
import type { Intent, Pair, PeopleIntent } from './pair.js';
import type { Step } from './pair-turn.js';

/** Somebody who types is followed at once, twice a second at most: ten quick edits make three writes, the last with the final value. */
const PACE = { writes: 2, withinMs: 1_000 };

/** One write at a time, Inventive first: an event gets its marks only once the appointment that they name exists. */
export function nextStep(pair: Pair, account: Account, plan: Plan): Step | undefined {
  if (plan.inventive.kind !== 'none') return intendInventive(pair, account, plan.inventive);
  if (plan.google.kind !== 'none') return intendGoogle(pair, account, plan.google);
  return undefined;
}

/** A deletion ends the matter and never waits. */
export function pacedUntil(pair: Pair, intent: Intent | PeopleIntent, now: number): number | undefined {
  const recent = pair.recentWrites.filter(({ side, at }) => side === intent.side && now - at < PACE.withinMs);
  const first = recent.at(-PACE.writes);
  return intent.act === 'delete' || first === undefined ? undefined : first.at + PACE.withinMs;
}
