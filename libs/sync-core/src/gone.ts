import type { GoogleFields, InventiveFields, Reason, Snapshot } from '@calsync/calendar-model';
import { viewGoogle } from './google-view.js';
import { markedFields, unmarkedFields, VOID_PREFIX } from './marked-void.js';
import { mergeSides } from './merge-sides.js';
import { lostWithGoogle, lostWithInventive, uneditedGoogle } from './one-side.js';
import type { Base, Plan, PlanContext } from './plan-types.js';
import { contentState, RENDERED } from './private-content.js';
import { NOTHING, stay } from './quiet-plan.js';

/** Nothing is agreed on about what is gone: should it come back, that is news and no unedited leftover to be deleted again. */
const NOTHING_AGREED: Base = { fields: {}, block: '' };

/** [G1] [G2] [G3] Gone in Inventive, and unedited in Google since both agreed. */
export function goneInInventive(base: Base, google: GoogleFields, context: PlanContext, reasons: readonly Reason[]): Plan {
  switch (context.deletion.toGoogle) {
    case 'delete':
      return { ...stay(base, reasons), google: { kind: 'delete' }, conflicts: lostWithGoogle(viewGoogle(google, base).fields, base, context) };
    case 'mark':
      // Once: what somebody does with it afterwards is theirs.
      if (base.markedVoid === true) return stay(base, [...reasons, 'deletion-kept']);
      return { ...stay(base, [...reasons, 'deletion-kept']), google: { kind: 'patch', fields: markedFields(google), settled: { ...base, markedVoid: true } } };
    case 'keep':
      return stay(base, [...reasons, 'deletion-kept']);
  }
}

/** [G1] [G4] [G3] Gone in Google, and unedited in Inventive since both agreed. */
export function goneInGoogle(base: Base, inventive: InventiveFields, context: PlanContext): Plan {
  switch (context.deletion.toInventive) {
    case 'delete':
      return { ...stay(base, []), inventive: { kind: 'delete' }, conflicts: lostWithInventive(inventive, base, context) };
    case 'mark':
      return { ...stay(base, []), inventive: { kind: 'update', fields: {}, status: 'void', settled: NOTHING_AGREED } };
    case 'keep':
      return stay(base, ['deletion-kept']);
  }
}

/** The row stands there, but as *Vervallen*: it stays as it is, and to Google it is gone. */
export function planVoidRow(base: Base | undefined, inventive: InventiveFields, google: Snapshot<GoogleFields>, context: PlanContext): Plan {
  switch (google.kind) {
    // [G6] Never seen, or out of sight: nothing is made for it.
    case 'unknown':
      return stay(base, ['appointment-void']);
    // [G5] Gone on both sides. Planned again, it is an edit, whatever both agreed on before; and so is an event that comes back.
    case 'tombstone':
      return stay(NOTHING_AGREED, ['appointment-void']);
    case 'known':
      // [G10] Found together and never in step (a rebuilt database): nobody knows whether the event was edited since the row became void.
      if (base === undefined) return stay(undefined, ['appointment-void']);
      // [G5] Untouched in Google since both agreed: as with a deleted row.
      if (uneditedGoogle(base, google.fields, context)) {
        return hideWhatStays(base, inventive, google.fields, context) ?? goneInInventive(base, google.fields, context, ['appointment-void']);
      }
      // [G7] Edited there, or brought back: an edit beats a delete.
      return planAgain(base, inventive, google.fields, context);
  }
}

/** [V5] What stays in Google of a row that is private by now shows no content there, marked as gone or not. */
function hideWhatStays(base: Base, { privacy }: InventiveFields, google: GoogleFields, context: PlanContext): Plan | undefined {
  if (context.deletion.toGoogle === 'delete' || privacy !== 'private') return undefined;
  if (contentState(base, true, viewGoogle(google, base).fields, context) !== 'to-render') return undefined;
  const { markedVoid, ...agreed } = base;
  const { google: act, reasons } = mergeSides(agreed, { ...base.fields, privacy }, { ...google, ...unmarkedFields(google, base) }, context);
  if (act.kind !== 'patch') return undefined;
  if (markedVoid !== true) return { ...stay(base, reasons), google: act };
  return { ...stay(base, reasons), google: { ...act, fields: { ...act.fields, subject: `${VOID_PREFIX}${RENDERED.subject}` }, settled: { ...act.settled, markedVoid } } };
}

/** First the row and only the row: were Google's side settled before, the next plan would take its edit for an old value. */
function planAgain(base: Base, inventive: InventiveFields, google: GoogleFields, context: PlanContext): Plan {
  const merged = mergeSides(base, inventive, google, context);
  const act = merged.inventive.kind === 'update' ? merged.inventive : undefined;
  return {
    ...merged,
    inventive: { kind: 'update', fields: act?.fields ?? {}, status: 'planned', settled: act?.settled ?? merged.base ?? NOTHING_AGREED },
    google: NOTHING,
    base,
    // What Google is to lose it loses in a later plan, and is told then.
    conflicts: merged.conflicts.filter(({ winner }) => winner === 'google'),
    reasons: [...merged.reasons, 'edit-beats-delete'],
  };
}
