import { z } from 'zod';
import type { Comparison } from '@calsync/sync-engine';

const count = z.int();
/** Figures of a full comparison; see the manual for what each means. */
export const countsSchema = z.object({
  inventive: count.describe('appointments in the window'),
  google: count.describe('events in the window'),
  paired: count.describe('pairs that are in step'),
  matched: count.describe('stand on both sides and were never joined'),
  toInventive: count.describe('stand in Google only'),
  toGoogle: count.describe('stand in Inventive only'),
  different: count.describe('pairs of which a side is not as it was told'),
  ambiguous: count.describe('groups that a person has to decide on'),
  leftAlone: z.record(z.string(), count).describe('by reason'),
  repaired: count.describe('what was mended: 0 in a healthy system, and always in a preview'),
});

export const comparisonViewSchema = z.object({
  commandId: z.string(),
  mode: z.enum(['repair', 'preview']),
  state: z.enum(['waiting', 'running', 'done', 'refused', 'failed']),
  requestedAt: z.string(),
  startedAt: z.string().optional(),
  endedAt: z.string().optional(),
  progress: z.object({ done: count, total: count }),
  counts: countsSchema.optional(),
  reason: z.string().optional().describe('why it was refused'),
  cause: z.string().optional().describe('why it was given up'),
});
export type ComparisonView = z.infer<typeof comparisonViewSchema>;

export function viewComparison({ commandId, mode, state, requestedAt, startedAt, endedAt, done, total, counts, reason, cause }: Comparison): ComparisonView {
  return {
    commandId, mode, state, requestedAt, progress: { done, total },
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(counts === undefined ? {} : { counts: { ...counts, leftAlone: { ...counts.leftAlone } } }),
    ...(reason === undefined ? {} : { reason }),
    ...(cause === undefined ? {} : { cause }),
  };
}
