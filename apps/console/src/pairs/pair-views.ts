import { z } from 'zod';
import type { ListedPair, PairCollection } from '@calsync/sync-store';
import { recognisedSchema, recognisePair } from './recognise.js';

export const PAIR_STATES = ['active', 'failed', 'quarantined', 'closed'] as const;

/** What the console does with pairs: open one again, put a value back, and make one that a person decided on. */
export type PairDesk = Pick<PairCollection, 'reopen' | 'byId' | 'restore' | 'insert' | 'byAppointment' | 'byEvent'>;

export const pairCountsSchema = z.object({ active: z.int(), failed: z.int(), quarantined: z.int() });
export type PairCounts = z.infer<typeof pairCountsSchema>;
export const NO_PAIRS: PairCounts = { active: 0, failed: 0, quarantined: 0 };

/** One pair for a person who asks "why isn't this there?": when it takes place, state and reasons; its subject only where somebody has to act. */
export const pairViewSchema = z.object({
  pairId: z.string(),
  state: z.enum(PAIR_STATES),
  waiting: z.boolean().describe('something is still to be done'),
  appointmentId: z.string(),
  eventId: z.string(),
  reasons: z.array(z.string()),
  failure: z.object({ kind: z.string(), cause: z.string() }).optional(),
  attempts: z.int(),
  changedAt: z.string(),
  overwritten: z.int().describe('how many values stand in its history'),
  ...recognisedSchema.shape,
});
export type PairView = z.infer<typeof pairViewSchema>;

export function viewPair({ pair, changedOn, due }: ListedPair): PairView {
  const { subject, ...rest } = recognisePair(pair);
  const hasToAct = pair.status === 'failed' || pair.status === 'quarantined' || pair.lostValues.length > 0;
  return {
    pairId: pair.id,
    state: pair.status,
    waiting: due,
    appointmentId: pair.appointmentId,
    eventId: pair.eventId,
    reasons: [...pair.reasons],
    ...(pair.failure === undefined ? {} : { failure: { kind: pair.failure.kind, cause: pair.failure.cause } }),
    attempts: pair.attempts,
    changedAt: changedOn.toISOString(),
    overwritten: pair.lostValues.length,
    ...(hasToAct && subject !== undefined ? { subject } : {}),
    ...rest,
  };
}
