import type { Conflict, Plan } from '@calsync/sync-core';
import { conflictSettled } from './outcomes.js';
import type { Intent, LostValue, Pair, PeopleIntent } from './pair.js';
import type { PairChanges } from './ports.js';

/** Values that this write overwrites go to the history in the same update as the intent, and are told. */
export function lostTo(pair: Pair, plan: Plan, intent: Intent | PeopleIntent, now: number): PairChanges {
  // A write that is planned again (the record is locked, somebody was faster) loses the same value only once.
  const lost = plan.conflicts.filter((conflict) => conflict.winner !== intent.side && !pair.lostValues.some((before) => isSameLoss(before, conflict)));
  if (lost.length === 0) return {};
  const at = new Date(now).toISOString();
  return {
    lostValues: [...pair.lostValues, ...lost.map((conflict) => ({ ...conflict, at }))],
    outbox: [...pair.outbox, ...lost.map((conflict) => conflictSettled(pair, conflict.field, conflict.winner, now))],
  };
}

/** A value that a person takes back over another one: that one is lost now. */
export function lostByRestoring(pair: Pair, replaced: LostValue | undefined, now: number): PairChanges {
  if (replaced === undefined || pair.lostValues.some((before) => isSameLoss(before, replaced))) return {};
  return { lostValues: [...pair.lostValues, replaced], outbox: [...pair.outbox, conflictSettled(pair, replaced.field, 'inventive', now)] };
}

const isSameLoss = (a: Conflict, b: Conflict): boolean =>
  JSON.stringify([a.field, a.winner, a.kept, a.lost]) === JSON.stringify([b.field, b.winner, b.kept, b.lost]);
