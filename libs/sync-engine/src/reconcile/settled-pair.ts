import type { Plan } from '@calsync/sync-core';
import type { Pair } from './pair.js';
import type { PairChanges } from './ports.js';
import { saidAtRest } from './said-reasons.js';

/** What is saved of a pair whose fields need no write (any more). */
export function settledWithoutWrite(pair: Pair, plan: Plan): PairChanges {
  return {
    ...(plan.closed ? closing(pair) : plan.base === undefined ? {} : { base: plan.base }),
    reasons: saidAtRest(pair, plan.reasons),
    attempts: 0,
    ...(pair.failure ? { failure: null } : {}),
    // Of a closed pair what was begun stays: should it come after all, it follows the deletion.
    ...(pair.begun !== undefined && plan.base !== undefined && pair.inventive.state === 'known' && pair.google.state === 'known' ? { begun: null } : {}),
    // What was read anew may live again without a message having said so.
    ...(pair.status !== 'active' && !plan.closed ? { status: 'active' as const } : {}),
  };
}

/** Gone on both sides: what people wrote is not kept here for ever. Ids and versions stay, so that old messages bring nothing back. */
function closing({ inventive, google }: Pair): PairChanges {
  const { record: row, ...withoutRow } = inventive;
  const { record: event, ...withoutEvent } = google;
  return {
    status: 'closed',
    base: null,
    ...(row === undefined ? {} : { inventive: { ...withoutRow, seq: inventive.seq + 1, changedAt: {} } }),
    ...(event === undefined ? {} : { google: { ...withoutEvent, seq: google.seq + 1, changedAt: {} } }),
  };
}

/** Silence is a promise also towards the database: what changes nothing is not saved. */
export function changesAnything(pair: Pair, changes: Omit<PairChanges, 'restored'>): boolean {
  return (Object.keys(changes) as Exclude<keyof PairChanges, 'restored'>[]).some((key) => {
    const wanted = changes[key] ?? undefined;
    return JSON.stringify(wanted) !== JSON.stringify(pair[key]);
  });
}
