import { z } from 'zod';
import { isRestorable, planRestore, whyRestoreWaits, type Account, type LostValue, type Pair } from '@calsync/sync-engine';
import { mayBePrivate, recognisedSchema, recognisePair } from './recognise.js';
import { PAIR_STATES } from './pair-views.js';

/** A value that was overwritten. Of a private item, or one of which nobody can say any more whether it was, only the field's name. */
export const lostValueViewSchema = z.object({
  index: z.int().describe('its place in the history, by which it is restored'),
  field: z.string(),
  at: z.string(),
  winner: z.enum(['inventive', 'google']),
  kept: z.unknown().optional(),
  lost: z.unknown().optional(),
  restoring: z.boolean().describe('asked for, and not done yet'),
  restorable: z.boolean().describe('whether it can be put back by itself'),
  stands: z.boolean().describe('it stands in Inventive (again)'),
});
export const historySchema = z.object({
  appointment: recognisedSchema,
  state: z.enum(PAIR_STATES),
  waits: z.enum(['quarantined-loop', 'other-administration']).optional().describe('why nothing is put back for now: asked for all the same it is refused'),
  lostValues: z.array(lostValueViewSchema),
});
export type HistoryView = z.infer<typeof historySchema>;

export function viewHistory(pair: Pair, account: Account, now: number): HistoryView {
  const hidden = mayBePrivate(pair);
  const waits = whyRestoreWaits(pair, account);
  return {
    appointment: recognisePair(pair),
    state: pair.status,
    ...(waits === undefined ? {} : { waits }),
    lostValues: pair.lostValues.map(({ field, at, winner, kept, lost }: LostValue, index) => {
      const restorable = mayRestore(pair, index);
      return {
        index, field, at, winner, restoring: pair.restoring?.includes(index) === true, restorable,
        stands: restorable && pair.base !== undefined && planRestore(pair, index, now).kind === 'nothing',
        ...(hidden ? {} : { kept, lost }),
      };
    }),
  };
}

function mayRestore(pair: Pair, index: number): boolean {
  const loss = pair.lostValues[index];
  return loss !== undefined && isRestorable(pair, loss) && pair.inventive.state === 'known' && pair.status !== 'closed';
}
