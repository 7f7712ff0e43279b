import type { GoogleFields, InventiveFields, Reason, Snapshot } from '@calsync/calendar-model';
import { isInOrder } from './clock-order.js';
import { equalFields } from './comparison.js';
import { goneInGoogle, goneInInventive, planVoidRow } from './gone.js';
import { mergeSides } from './merge-sides.js';
import { asGoogleItem, asInventiveItem, uneditedGoogle, uneditedInventive } from './one-side.js';
import { keepPeople } from './people-in-plan.js';
import type { Base, Plan, PlanContext, PlanInput } from './plan-types.js';
import { close, NOTHING, stay } from './quiet-plan.js';
import { followGoogle } from './read-only.js';

/**
 * What to write so that both sides of a pair say the same. Pure: the same input gives the same plan, and carrying it out leaves no
 * choice. Its rules stand in SPEC.md under the numbers of the comments here. After a write, plan again: some changes take two steps.
 */
export function plan(input: PlanInput): Plan {
  return keepPeople(input.base, planItem(input));
}

function planItem({ base, inventive, google, context }: PlanInput): Plan {
  // [P1] Both providers say that it was deleted.
  if (inventive.kind === 'tombstone' && google.kind === 'tombstone') return close(base, ['deleted-on-both-sides']);
  // [P2] Google's event isn't ours to change: Inventive follows it. Its deletion crosses like any other; what was typed meanwhile goes to history.
  if (context.googleReadOnly) {
    if (google.kind === 'known') return within(context, followGoogle(base, inventive, google.fields, context));
    // Known here: Google's side is gone, or can't be seen.
    if (google.kind === 'tombstone' && inventive.kind === 'unknown' && base === undefined) return close(undefined, []);
    if (google.kind === 'tombstone' && context.inventiveVoid) return stay(base, ['appointment-void']);
    const crosses = google.kind === 'tombstone' && inventive.kind === 'known' && base !== undefined;
    return crosses ? within(context, goneInGoogle(base, inventive.fields, context)) : stay(base, []);
  }
  // The row is *Vervallen*: to Google it is gone.
  if (inventive.kind === 'known' && context.inventiveVoid) return within(context, planVoidRow(base, inventive.fields, google, context));
  // [P11] The row ends before it begins, and nobody agreed on that: its time doesn't cross until it is corrected, nor does a deletion.
  if (inventive.kind === 'known' && isOutOfOrder(base, inventive.fields, google, context)) {
    const { when: _impossible, ...rest } = inventive.fields;
    const merged = google.kind === 'known' ? within(context, mergeSides(base, rest, google.fields, context)) : stay(base, []);
    return { ...merged, reasons: [...merged.reasons, 'end-before-start'] };
  }
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
    if (uneditedInventive(base, inventive.fields, context)) return within(context, goneInGoogle(base, inventive.fields, context));
    // [P8] Edited in Inventive: an edit beats a delete.
    return within(context, createInGoogle(base, inventive.fields, context, ['edit-beats-delete']));
  }
  if (google.kind === 'known') {
    // [P7] Deleted in Inventive and untouched in Google.
    if (uneditedGoogle(base, google.fields, context)) return within(context, goneInInventive(base, google.fields, context, []));
    // [P8] Edited in Google.
    return within(context, createInInventive(base, google.fields, context, ['edit-beats-delete']));
  }
  // Not reached: two tombstones were the first case.
  return stay(base, []);
}

const whyAgain = (other: 'tombstone' | 'unknown' | 'known'): readonly Reason[] => (other === 'tombstone' ? ['edit-beats-delete'] : []);

function createInGoogle(base: Base | undefined, fields: InventiveFields, context: PlanContext, why: readonly Reason[]): Plan {
  const { item, decor, settled, heldBack } = asGoogleItem(fields, base, context);
  return { ...stay(base, heldBack ? [...why, 'private-content-stays'] : why), google: { kind: 'create', fields: item, ...(decor === undefined ? {} : { decor }), settled } };
}

function createInInventive(base: Base | undefined, fields: GoogleFields, context: PlanContext, why: readonly Reason[]): Plan {
  const { item, settled } = asInventiveItem(fields, base, context);
  return { ...stay(base, why), inventive: { kind: 'create', fields: item, settled } };
}

function isOutOfOrder(base: Base | undefined, { when }: InventiveFields, google: Snapshot<GoogleFields>, { zone }: PlanContext): boolean {
  if (when === undefined || isInOrder(when)) return false;
  const agreed = [base?.fields.when, google.kind === 'known' ? google.fields.when : undefined];
  // In the hour that is repeated a clock may read so rightly: what both sides have alike is no mistake.
  return !agreed.some((other) => other !== undefined && equalFields('when', when, other, zone));
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
