import { z } from 'zod';
import type { AccountId } from '@calsync/calendar-model';
import type { PairCollection } from '@calsync/sync-store';

export const PAIR_STATES = ['active', 'failed', 'quarantined', 'closed'] as const;

/** What the console does with pairs: look, open one again, put a value back, and make one that a person decided on. */
export type PairReader = Pick<PairCollection, 'overview' | 'countByStatus' | 'reopen' | 'byId' | 'restore' | 'insert' | 'byAppointment' | 'byEvent'>;

export const pairCountsSchema = z.object({ active: z.int(), failed: z.int(), quarantined: z.int() });
export type PairCounts = z.infer<typeof pairCountsSchema>;

/** One pair for a person who asks "why isn't this there?": ids, state and reasons, no content. */
export const pairViewSchema = z.object({
  pairId: z.string(),
  state: z.enum(PAIR_STATES),
  /** Something is still to be done. */
  waiting: z.boolean(),
  appointmentId: z.string(),
  eventId: z.string(),
  reasons: z.array(z.string()),
  failure: z.object({ kind: z.string(), cause: z.string() }).optional(),
  attempts: z.int(),
  changedAt: z.string(),
});
export type PairView = z.infer<typeof pairViewSchema>;

export async function countPairs(pairs: PairReader, account: AccountId): Promise<PairCounts> {
  const counts = await pairs.countByStatus(account);
  return { active: counts['active'] ?? 0, failed: counts['failed'] ?? 0, quarantined: counts['quarantined'] ?? 0 };
}

export async function viewPairs(pairs: PairReader, account: AccountId, query: { readonly state?: PairView['state']; readonly limit: number }): Promise<readonly PairView[]> {
  const found = await pairs.overview(account, { limit: query.limit, ...(query.state === undefined ? {} : { status: query.state }) });
  return found.map((pair) => ({
    pairId: pair.id,
    state: pair.status,
    waiting: pair.due,
    appointmentId: pair.appointmentId,
    eventId: pair.eventId,
    reasons: [...pair.reasons],
    ...(pair.failure === undefined ? {} : { failure: { kind: pair.failure.kind, cause: pair.failure.cause } }),
    attempts: pair.attempts,
    changedAt: pair.changedOn.toISOString(),
  }));
}
