import { z } from 'zod';
import { REASONS, type When } from '@calsync/calendar-model';
import type { UnpairedItem } from '@calsync/sync-engine';

export const unpairedQuerySchema = z.object({ reason: z.enum(REASONS).optional(), limit: z.coerce.number().int().min(1).max(500).default(100) });

/** An item that has no pair. What it is about stands here only where a person has to recognise it, and never of a private one. */
export const unpairedViewSchema = z.object({
  side: z.enum(['inventive', 'google']),
  itemId: z.string(),
  reason: z.enum(REASONS),
  seenAt: z.string(),
  subject: z.string().optional(),
  private: z.boolean().optional(),
  start: z.string().optional().describe('wall time, or a date for a whole day'),
  end: z.string().optional().describe('wall time, or the last day'),
  zone: z.string().optional(),
});
export type UnpairedView = z.infer<typeof unpairedViewSchema>;

export function viewUnpaired(item: UnpairedItem & { readonly seenOn: Date }): UnpairedView {
  const { side, itemId, reason, seenOn, record } = item;
  const shown = { side, itemId, reason, seenAt: seenOn.toISOString() };
  if (reason !== 'ambiguous-match' || record === undefined) return shown;
  const { subject, when, privacy } = record.fields;
  const isPrivate = privacy === 'private' || record.reduced;
  return { ...shown, ...(isPrivate ? { private: true } : subject === undefined ? {} : { subject }), ...timesOf(when) };
}

function timesOf(when: When | undefined): Pick<UnpairedView, 'start' | 'end' | 'zone'> {
  if (when === undefined) return {};
  return when.kind === 'all-day' ? { start: when.firstOn, end: when.lastOn } : { start: when.start, end: when.end, zone: when.zone };
}
