import { z } from 'zod';
import type { LostValue, Pair } from '@calsync/sync-engine';

/** A value that was overwritten. Of a private item, or one of which nobody can say any more whether it was, only the field's name. */
export const lostValueViewSchema = z.object({
  index: z.int().describe('its place in the history, by which it is restored'),
  field: z.string(),
  at: z.string(),
  winner: z.enum(['inventive', 'google']),
  kept: z.unknown().optional(),
  lost: z.unknown().optional(),
  restoring: z.boolean().describe('asked for, and not done yet'),
});
export type LostValueView = z.infer<typeof lostValueViewSchema>;

export function viewHistory(pair: Pair): readonly LostValueView[] {
  const hidden = mayBePrivate(pair);
  return pair.lostValues.map(({ field, at, winner, kept, lost }: LostValue, index) => ({
    index, field, at, winner, restoring: pair.restoring?.includes(index) === true,
    ...(hidden ? {} : { kept, lost }),
  }));
}

/** Whatever is private on one side, or was until it was overwritten, is private here. */
export function mayBePrivate({ inventive, google, base, lostValues }: Pair): boolean {
  const records = [inventive.record, google.record].filter((record) => record !== undefined);
  if (records.length === 0) return true;
  const was = lostValues.some(({ field, kept, lost }) => field === 'privacy' && (kept === 'private' || lost === 'private'));
  return was || base?.fields.privacy === 'private' || records.some(({ fields, reduced }) => reduced || fields.privacy === 'private');
}
