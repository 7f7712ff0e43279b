import type { CanonicalFields, GoogleFields, InventiveFields, Reason } from '@calsync/calendar-model';
import { viewGoogle } from './google-view.js';
import { mergeSides } from './merge-sides.js';
import { asGoogleItem, asInventiveItem, lostWithGoogle, lostWithInventive, uneditedGoogle, uneditedInventive } from './one-side.js';
import type { Base, Plan, PlanContext, PlanInput } from './plan-types.js';

/**
 * What to write so that both sides of a pair say the same. Pure: the same input gives the same plan, and carrying it out leaves no
 * choice. Its rules stand in SPEC.md under the numbers of the comments here. After a write, plan again: some changes take two steps.
 */
export function plan({ base, inventive, google, context }: PlanInput): Plan {
  // [P1] Both providers say that it was deleted.
  if (inventive.kind === 'tombstone' && google.kind === 'tombstone') return close(base, ['deleted-on-both-sides']);
  // [P2] Somebody else organises Google's event: left alone on both sides.
  if (context.googleReadOnly) return stay(base, ['foreign-organizer']);
  // [P3] Both are there: merged field by field.
  if (inventive.kind === 'known' && google.kind === 'known') return within(context, mergeSides(base, inventive.fields, google.fields, context));

  // From here one side at least is gone or not known.
  if (base === undefined) {
    // The two were never in step.
    // [P4] Only Inventive has it: made in Google. If Google had it and lost it (a rebuilt database), nobody knows whether the row was edited since: nothing is deleted on a guess.
    if (inventive.kind === 'known') return within(context, createInGoogle(undefined, inventive.fields, context, whyAgain(google.kind)));
    if (google.kind === 'known') return within(context, createInInventive(undefined, google.fields, context, whyAgain(inventive.kind)));
    // [P5] One is gone and the other was never made.
    if (inventive.kind === 'tombstone' || google.kind === 'tombstone') return close(undefined, []);
    // [P6] Nothing is known of either.
    return stay(undefined, []);
  }

  // [P6] They were in step and one side can't be seen now. That proves nothing: it is read before anything is decided.
  if (inventive.kind === 'unknown' || google.kind === 'unknown') return stay(base, []);
  // They were in step and exactly one side says that it was deleted.
  if (inventive.kind === 'known') {
    // [P7] Deleted in Google and untouched in Inventive since both agreed: the deletion crosses.
    if (uneditedInventive(base, inventive.fields, context)) return within(context, deleteInInventive(base, inventive.fields, context));
    // [P8] Edited in Inventive: an edit beats a delete.
    return within(context, createInGoogle(base, inventive.fields, context, ['edit-beats-delete']));
  }
  if (google.kind === 'known') {
    // [P7] Deleted in Inventive and untouched in Google.
    if (uneditedGoogle(base, google.fields, context)) return within(context, deleteInGoogle(base, google.fields, context));
    // [P8] Edited in Google.
    return within(context, createInInventive(base, google.fields, context, ['edit-beats-delete']));
  }
  // Not reached: two tombstones were the first case.
  return stay(base, []);
}

const NOTHING = { kind: 'none' } as const;
const stay = (base: Base | undefined, reasons: readonly Reason[]): Plan => ({ inventive: NOTHING, google: NOTHING, base, conflicts: [], reasons, closed: false });
const close = (base: Base | undefined, reasons: readonly Reason[]): Plan => ({ ...stay(base, reasons), closed: true });
const whyAgain = (other: 'tombstone' | 'unknown' | 'known'): readonly Reason[] => (other === 'tombstone' ? ['edit-beats-delete'] : []);

function createInGoogle(base: Base | undefined, fields: InventiveFields, context: PlanContext, why: readonly Reason[]): Plan {
  const { item, settled, heldBack } = asGoogleItem(fields, base, context);
  return { ...stay(base, heldBack ? [...why, 'private-content-stays'] : why), google: { kind: 'create', fields: item, settled } };
}

function createInInventive(base: Base | undefined, fields: GoogleFields, context: PlanContext, why: readonly Reason[]): Plan {
  const { item, settled } = asInventiveItem(fields, base, context);
  return { ...stay(base, why), inventive: { kind: 'create', fields: item, settled } };
}

function deleteInGoogle(base: Base, fields: GoogleFields, context: PlanContext): Plan {
  return { ...stay(base, []), google: { kind: 'delete' }, conflicts: lostWithGoogle(viewGoogle(fields, base).fields, base, context) };
}

function deleteInInventive(base: Base, fields: Partial<CanonicalFields>, context: PlanContext): Plan {
  return { ...stay(base, []), inventive: { kind: 'delete' }, conflicts: lostWithInventive(fields, base, context) };
}

/** [P9] What the user's direction excludes is not done. A value that isn't overwritten is not lost either. */
function within(context: PlanContext, whole: Plan): Plan {
  const excluded = context.direction === 'both' ? undefined : context.direction === 'to-google' ? 'inventive' : 'google';
  if (excluded === undefined || whole[excluded].kind === 'none') return whole;
  return {
    ...whole,
    [excluded]: NOTHING,
    conflicts: whole.conflicts.filter((conflict) => conflict.winner === excluded),
    reasons: [...whole.reasons, 'direction-excludes-side'],
  };
}
