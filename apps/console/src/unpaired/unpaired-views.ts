import { createHash } from 'node:crypto';
import { z } from 'zod';
import { REASONS } from '@calsync/calendar-model';
import { matchKeyOf, marksCount } from '@calsync/sync-core';
import type { UnpairedItem } from '@calsync/sync-engine';
import { placeSchema } from '../lists/place-in-list.js';
import { recognisedSchema, timesOf } from '../pairs/recognise.js';

export const unpairedQuerySchema = z.object({ reason: z.enum(REASONS).optional(), after: placeSchema.optional(), limit: z.coerce.number().int().min(1).max(500).default(100) });

/** An item that has no pair. What it is about stands here only where a person has to recognise it, and never of a private one. */
export const unpairedViewSchema = z.object({
  side: z.enum(['inventive', 'google']),
  itemId: z.string(),
  reason: z.enum(REASONS),
  seenAt: z.string(),
  group: z.string().optional().describe('what has the same could belong together; only where a person has to say'),
  location: z.string().optional(),
  ...recognisedSchema.shape,
});
export type UnpairedView = z.infer<typeof unpairedViewSchema>;

type SeenItem = UnpairedItem & { readonly seenOn: Date };

export function viewUnpaired(items: readonly SeenItem[]): readonly UnpairedView[] {
  const rows = new Map(items.flatMap((item) => (item.side === 'inventive' ? [[String(item.itemId), item] as const] : [])));
  return items.map((item) => viewItem(item, rows));
}

function viewItem(item: SeenItem, rows: ReadonlyMap<string, SeenItem>): UnpairedView {
  const { side, itemId, reason, seenOn, record } = item;
  const shown = { side, itemId, reason, seenAt: seenOn.toISOString() };
  if (reason !== 'ambiguous-match' || record === undefined) return shown;
  const { subject, when, privacy, location } = record.fields;
  const isPrivate = privacy === 'private' || record.reduced;
  return {
    ...shown,
    group: groupOf(rows.get(markedRow(item) ?? '') ?? item),
    ...(isPrivate ? { private: true } : { ...(subject === undefined ? {} : { subject }), ...(location === undefined || location === '' ? {} : { location }) }),
    ...timesOf(when),
  };
}

/** The row that an event's own marks name: they were matched by that, however different they are. */
const markedRow = (item: UnpairedItem): string | undefined =>
  item.side === 'google' && item.record !== undefined && marksCount(item.record.id, item.record.marks) ? item.record.marks?.inventiveAppointment : undefined;

/** As the matching groups the others, by equal moments and subject; hashed, for it may be private. */
function groupOf({ itemId, record }: UnpairedItem): string {
  const { when, subject } = record?.fields ?? {};
  const key = when === undefined ? `id ${itemId}` : matchKeyOf({ when, ...(subject === undefined ? {} : { subject }) }, itemId);
  return createHash('sha256').update(key).digest('base64url').slice(0, 16);
}
