import { FIELD_NAMES, type CanonicalFields, type FieldName, type GoogleFields, type InventiveFields, type Snapshot } from '@calsync/calendar-model';
import { equalFields, isBlank } from './comparison.js';
import { viewGoogle } from './google-view.js';
import { heldInInventive } from './held-in-inventive.js';
import { asInventiveItem } from './one-side.js';
import type { Base, Conflict, Plan, PlanContext } from './plan-types.js';

/**
 * An event that isn't ours to change: of another organiser, or of a type of Google's own. Google tells, Inventive follows, and
 * no act of this plan is Google's. Its rules stand in SPEC.md under the numbers of the comments here.
 */
export function followGoogle(base: Base | undefined, inventive: Snapshot<InventiveFields>, google: GoogleFields, context: PlanContext): Plan {
  const gone = inventive.kind === 'tombstone' || (inventive.kind === 'known' && context.inventiveVoid);
  // [O4] They were in step and the row was deleted: that is the user's own affair, the organiser's event stays.
  if (gone && base !== undefined && context.rowWanted !== true) return { ...QUIET, base, reasons: [context.declines === true ? 'declined-for-user' : 'deletion-kept'] };
  // [O1] Only Google has it, or the user took it up again there since: it is made in Inventive.
  if (inventive.kind === 'tombstone' || (inventive.kind === 'unknown' && base === undefined)) return make(base, google, context, gone);
  // [P6] In step, and the row can't be seen now: read before anything is decided.
  if (inventive.kind === 'unknown') return { ...QUIET, base };
  if (gone) return base === undefined ? QUIET : { ...QUIET, base, inventive: { kind: 'update', fields: {}, status: 'planned', settled: base }, reasons: ['edit-beats-delete'] };
  return follow(base, inventive.fields, google, context);
}

const QUIET: Plan = { inventive: { kind: 'none' }, google: { kind: 'none' }, base: undefined, conflicts: [], reasons: [], closed: false };

function make(base: Base | undefined, google: GoogleFields, context: PlanContext, again: boolean): Plan {
  const { item, settled } = asInventiveItem(google, undefined, context);
  const away = context.googleAway === true ? { showAs: 'away' as const } : {};
  return {
    ...QUIET,
    base,
    inventive: { kind: 'create', fields: { ...item, ...away }, settled: { ...settled, fields: { ...settled.fields, ...away } } },
    reasons: again && base !== undefined ? ['edit-beats-delete'] : [],
  };
}

function follow(base: Base | undefined, inventive: InventiveFields, google: GoogleFields, context: PlanContext): Plan {
  // Without lines of ours in it: what reads like a block of ours is one of an earlier time, when the event was the user's own.
  const { fields: shown } = viewGoogle(google, base, { blockLines: [], notes: inventive.notes });
  const theirs: Partial<CanonicalFields> = context.googleAway === true ? { ...shown, showAs: 'away' } : shown;
  const followed = FIELD_NAMES.map((field) => followField(field, base, inventive, theirs, context));
  const merge = (part: 'alike' | 'written'): Partial<CanonicalFields> => Object.assign({}, ...followed.map((one) => one[part])) as Partial<CanonicalFields>;
  const written = merge('written');
  const now = settle(base, { ...base?.fields, ...merge('alike') });
  return {
    ...QUIET,
    base: now,
    inventive: Object.keys(written).length === 0 ? QUIET.inventive : { kind: 'update', fields: written, settled: settle(base, { ...now.fields, ...written }) },
    conflicts: followed.flatMap(({ lost }) => lost),
    reasons: followed.some(({ undone }) => undone) ? ['read-only-event-restored'] : [],
  };
}

interface Followed {
  readonly alike: Partial<CanonicalFields>;
  readonly written: Partial<CanonicalFields>;
  readonly lost: readonly Conflict[];
  /** Somebody had changed it in Inventive. */
  readonly undone: boolean;
}
const NOT_COMPARED: Followed = { alike: {}, written: {}, lost: [], undone: false };

function followField<Field extends FieldName>(field: Field, base: Base | undefined, inventive: InventiveFields, google: Partial<CanonicalFields>, context: PlanContext): Followed {
  const [mine, theirs, agreed] = [inventive[field], google[field], base?.fields[field]] as (CanonicalFields[Field] | undefined)[];
  const isSame = (a: CanonicalFields[Field] | undefined, b: CanonicalFields[Field] | undefined): boolean => a !== undefined && b !== undefined && equalFields(field, a, b, context.zone);
  // What a side doesn't show is not compared; without *Opmerking* notes stay where they are.
  if (theirs === undefined || (field === 'notes' && !context.notesCross)) return NOT_COMPARED;
  const value = heldInInventive(field, theirs, context.zone);
  // Known here of a row that doesn't show it (private): Google's new value goes over what both had agreed on, and over nothing else.
  if (mine === undefined) return agreed === undefined || isSame(agreed, theirs) ? NOT_COMPARED : { ...NOT_COMPARED, written: { [field]: value } };
  if (isSame(mine, theirs)) return { ...NOT_COMPARED, alike: { [field]: mine } };
  // [O3] Never agreed on, and Google has nothing there: what the row says of it stays in Inventive.
  if (agreed === undefined && isBlank(field, theirs) && !isBlank(field, mine)) return NOT_COMPARED;
  // [O2] Whatever differs becomes as Google has it; what a person typed goes to history.
  const typed = !isSame(mine, agreed);
  return { alike: {}, written: { [field]: value }, lost: typed ? [{ field, winner: 'google', kept: theirs, lost: mine }] : [], undone: typed && agreed !== undefined };
}

function settle(base: Base | undefined, fields: Partial<CanonicalFields>): Base {
  const { googleOwnsContent: _before, ...kept } = base ?? { block: '' };
  // Its organiser knows what stands there: the user's own rule for private content hides nothing of it from Inventive.
  return { ...kept, fields, ...(fields.privacy === 'private' ? { googleOwnsContent: true as const } : {}) };
}
