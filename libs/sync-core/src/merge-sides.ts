import { FIELD_NAMES, type CanonicalFields, type FieldName, type GoogleFields, type InventiveFields, type Marks, type Reason } from '@calsync/calendar-model';
import { equalFields, projectShowAs, STORABLE } from './comparison.js';
import { decorAgreed, decorToWrite, withoutColour } from './decor.js';
import { cutParts, parseDescription, renderBlock, renderDescription, unseenAgreed, type ParsedDescription } from './description.js';
import { viewGoogle, type GoogleView } from './google-view.js';
import { heldInInventive, isCutInInventive } from './held-in-inventive.js';
import { unmarkedFields } from './marked-void.js';
import { decideField, type FieldDecision } from './merge-field.js';
import type { Base, Conflict, GoogleAct, InventiveAct, Plan, PlanContext } from './plan-types.js';
import { CONTENT_FIELDS, contentState, isContent, isRenderedValue, RENDERED, withoutContent, type ContentState } from './private-content.js';
import { remindersWith } from './reminders.js';

type Decisions = { readonly [Field in FieldName]?: FieldDecision<CanonicalFields[Field]> };

/** Both sides are there: each field by itself, then the content's privacy, the description and the marks. */
export function mergeSides(base: Base | undefined, inventive: InventiveFields, googleFields: GoogleFields, context: PlanContext): Plan {
  const view = viewGoogle(googleFields, base, { blockLines: context.blockLines, notes: inventive.notes, ofSeries: context.ofSeries });
  const google = view.fields;
  const standsPrivate = (inventive.privacy ?? base?.fields.privacy) === 'private';
  const state = contentState(base, standsPrivate, google, context);
  const decisions = decideAll(base, inventive, google, state, context);

  const rendering = state === 'to-render' ? renderContent(base, inventive, view, googleFields, context) : { fields: {}, conflicts: [] };
  // Known here of `to-render`: with nothing to change, Google shows the rendering already.
  const rendered = state === 'rendered' || (state === 'to-render' && Object.keys(rendering.fields).length === 0);
  const description = state === 'crosses' ? describe(base, view, googleFields, decisions, context) : undefined;

  const toInventive = inventiveFields(decisions, context);
  const toGoogle = {
    ...unmarkedFields(googleFields, base),
    ...googleSide(decisions, googleFields, base),
    ...rendering.fields,
    ...(description === undefined ? {} : { description: description.text }),
  };
  const marks = missingMarks(context);
  const decorContext = state === 'rendered' || state === 'to-render' ? { ...context, decor: withoutColour(context.decor) } : context;
  const decor = decorToWrite(base, decorContext);
  const writesGoogle = Object.keys(toGoogle).length > 0 || marks !== undefined || decor.alone;

  const agreed = { ...(rendered ? withoutContent(base?.fields ?? {}) : base?.fields), ...valuesOf(decisions, ['alike']) };
  const owned = standsPrivate && (base?.googleOwnsContent === true || state === 'google-own');
  const keeps = { ...decorAgreed(base, decorContext, undefined), ...unseenNow(base, view, decisions), ...(base?.markedVoid === true && writesGoogle ? { markedVoid: true as const } : {}), ...(rendered || description !== undefined ? {} : blockOfSeries(base, view, context)) };
  const now = settle(agreed, blockNow(base, view, rendered, state === 'crosses' && description === undefined), owned, keeps);
  // Who made it private in Google knows what stands there; it stays. Once it is public the question is gone.
  const ownedAfter = toInventive.privacy === undefined ? owned : toInventive.privacy === 'private';

  const inventiveAct: InventiveAct =
    Object.keys(toInventive).length === 0
      ? { kind: 'none' }
      : { kind: 'update', fields: toInventive, settled: settle({ ...now.fields, ...toInventive, ...undecided(now, decisions) }, now.block, ownedAfter, toInventive.notes === undefined ? keeps : { ...withoutUnseen(keeps), ...unseenAgreed(toInventive.notes, view.unseen) }) };
  const googleSettled = settle(
    { ...(state === 'to-render' ? withoutContent(now.fields) : now.fields), ...valuesOf(decisions, ['to-google']) },
    description === undefined ? (state === 'to-render' ? '' : now.block) : description.block,
    owned,
    { ...decorAgreed(base, decorContext, decor.along), ...(description === undefined && state !== 'to-render' ? { ...unseenNow(base, view, decisions), ...blockOfSeries(base, view, context) } : {}) },
  );
  const googleAct: GoogleAct = writesGoogle
    ? { kind: 'patch', fields: toGoogle, ...(marks === undefined ? {} : { marks }), ...(decor.along === undefined ? {} : { decor: decor.along }), settled: googleSettled }
    : { kind: 'none' };

  return {
    inventive: inventiveAct,
    google: googleAct,
    base: now,
    conflicts: [...conflictsOf(base, inventive, google, decisions), ...rendering.conflicts, ...(description?.conflicts ?? [])],
    reasons: reasonsOf(state),
    closed: false,
  };
}

function decide<Field extends FieldName>(
  field: Field,
  base: Base | undefined,
  inventive: InventiveFields,
  google: Partial<CanonicalFields>,
  context: PlanContext,
): FieldDecision<CanonicalFields[Field]> | undefined {
  const [mine, theirs] = [inventive[field], google[field]] as [CanonicalFields[Field] | undefined, CanonicalFields[Field] | undefined];
  // What a side doesn't show is neither compared nor written.
  if (mine === undefined || theirs === undefined) return undefined;
  if (STORABLE.inventive[field] === 'none' || STORABLE.google[field] === 'none') return undefined;
  const agreed = base?.fields[field] as CanonicalFields[Field] | undefined;
  return decideField(field, { base: agreed, agreedBefore: base !== undefined, inventive: mine, google: theirs }, context);
}

function decideAll(base: Base | undefined, inventive: InventiveFields, google: Partial<CanonicalFields>, state: ContentState, context: PlanContext): Decisions {
  const decisions: { [Field in FieldName]?: FieldDecision<unknown> } = {};
  for (const field of FIELD_NAMES) {
    if (isContent(field) && state !== 'crosses') continue;
    if (field === 'notes' && !context.notesCross) continue;
    const decision = decide(field, base, inventive, google, context);
    if (decision !== undefined) decisions[field] = decision;
  }
  return decisions as Decisions;
}

type Direction = FieldDecision<unknown>['kind'];

function valuesOf(decisions: Decisions, kinds: readonly Direction[]): Partial<CanonicalFields> {
  const entries = Object.entries(decisions).filter(([, decision]) => decision !== undefined && kinds.includes(decision.kind));
  return Object.fromEntries(entries.map(([field, decision]) => [field, decision?.value]));
}

/** A value that goes to both is agreed on by neither write alone: the old base stays until both are done. */
function undecided(now: Base, decisions: Decisions): Partial<CanonicalFields> {
  const fields = Object.keys(valuesOf(decisions, ['to-both'])) as FieldName[];
  return Object.fromEntries(fields.map((field) => [field, now.fields[field]]));
}

function inventiveFields(decisions: Decisions, context: PlanContext): InventiveFields {
  const values = Object.entries(valuesOf(decisions, ['to-inventive', 'to-both'])) as [FieldName, never][];
  return Object.fromEntries(values.map(([field, value]) => [field, heldInInventive(field, value, context.zone)]));
}

function googleSide(decisions: Decisions, found: GoogleFields, base: Base | undefined): GoogleFields {
  const { notes: _inDescription, showAs, reminder, ...rest } = valuesOf(decisions, ['to-google', 'to-both']);
  return {
    ...rest,
    ...(showAs === undefined ? {} : { showAs: projectShowAs(showAs) }),
    ...(reminder === undefined ? {} : { reminders: remindersWith(reminder, found.reminders, base?.fields.reminder) }),
  };
}

interface Written {
  readonly text: string;
  readonly block: string;
  readonly conflicts: readonly Conflict[];
}

/** The description as it should be; undefined where what stands there says that already, however it is laid out. */
function describe(base: Base | undefined, view: GoogleView, google: GoogleFields, decisions: Decisions, context: PlanContext): Written | undefined {
  if (view.description === undefined || google.description === undefined) return undefined;
  const found = view.description;
  const notes = context.notesCross ? (decisions.notes?.value ?? view.fields.notes ?? '') : found.notes;
  const text = renderDescription({
    notes,
    blockLines: context.blockLines,
    notesCross: context.notesCross,
    previousRaw: google.description,
    lastBlock: base?.block,
  });
  const wanted = parseDescription(text, renderBlock(context.blockLines));
  const notesChange = decisions.notes?.kind === 'to-google' || decisions.notes?.kind === 'to-both';
  // Edited down in Google, they fit again: what was cut off is shown.
  const fitsAgain = decisions.notes?.kind === 'alike' && view.unseen !== undefined && cutParts(notes) === undefined;
  // [D14] Written for another appointment of the series, it is no reason to make this one an exception.
  const isFine = found.block === wanted.block || (wanted.block === '' && blockOfSeries(base, view, context).blockOfSeries === true);
  if (!notesChange && !fitsAgain && found.intact && isFine) return undefined;
  return { text, block: wanted.block, conflicts: undone(found, wanted) };
}

/** An edit of our own lines is undone; what was typed there goes to history like any value that is overwritten. */
function undone(found: ParsedDescription, wanted: ParsedDescription): Conflict[] {
  const ours = wanted.block.split('\n');
  return found.rewritten.filter((line) => !ours.includes(line)).map((line) => ({ field: 'notes', winner: 'inventive', kept: wanted.block, lost: line, line: true }));
}

/** The content in Google gives way to the rendering; an edit there that had not crossed yet goes to history. */
function renderContent(base: Base | undefined, inventive: InventiveFields, view: GoogleView, raw: GoogleFields, context: PlanContext): { fields: GoogleFields; conflicts: Conflict[] } {
  const google = view.fields;
  const description = context.notesCross
    ? RENDERED.notes
    : renderDescription({ notes: '', blockLines: [], notesCross: false, previousRaw: raw.description ?? '', lastBlock: base?.block });
  const changes = (field: 'subject' | 'location'): boolean => google[field] !== undefined && !isRenderedValue(field, google[field]);
  const fields: GoogleFields = {
    ...(changes('subject') ? { subject: RENDERED.subject } : {}),
    ...(changes('location') ? { location: RENDERED.location } : {}),
    ...(raw.description !== undefined && raw.description.trim() !== description.trim() ? { description } : {}),
  };
  const conflicts = CONTENT_FIELDS.filter((field) => field !== 'notes' || context.notesCross).flatMap((field): Conflict[] => {
    const [shown, agreed, row] = [google[field], base?.fields[field], inventive[field]];
    const isSafe = (other: string | undefined): boolean => shown === undefined || (!isCutInInventive(field, shown) && other !== undefined && equalFields(field, shown, other, context.zone));
    if (shown === undefined || isRenderedValue(field, shown) || isSafe(agreed) || isSafe(row)) return [];
    return [{ field, winner: 'inventive', kept: RENDERED[field], lost: shown }];
  });
  return { fields, conflicts };
}

function conflictsOf(base: Base | undefined, inventive: InventiveFields, google: Partial<CanonicalFields>, decisions: Decisions): Conflict[] {
  return (Object.entries(decisions) as [FieldName, FieldDecision<unknown>][]).flatMap(([field, decision]): Conflict[] => {
    if (decision.kind === 'alike' || decision.kind === 'to-both') return [];
    const winner = decision.kind === 'to-google' ? 'inventive' : 'google';
    if (decision.lost !== undefined) return [{ field, winner, kept: decision.value, lost: decision.lost.value }];
    if (winner === 'inventive' && isCutInInventive(field, google[field])) return [{ field, winner, kept: decision.value, lost: google[field] }];
    // Google showed only the beginning of these notes: whoever rewrote that never saw the end.
    return field === 'notes' && winner === 'google' && losesTail(base, decision.value) ? [{ field, winner, kept: decision.value, lost: inventive.notes }] : [];
  });
}

function losesTail(base: Base | undefined, shown: unknown): boolean {
  const full = base?.fields.notes;
  const tail = base?.unseen ?? (full === undefined ? undefined : cutParts(full)?.tail);
  return tail !== undefined && typeof shown === 'string' && !shown.includes(tail.trim());
}

/** Alike now, the notes are cut as Google's text says; in dispute, as before. */
const unseenNow = (base: Base | undefined, view: GoogleView, decisions: Decisions): Pick<Base, 'unseen'> =>
  decisions.notes?.kind === 'alike' ? unseenAgreed(decisions.notes.value, view.unseen) : base?.unseen === undefined ? {} : { unseen: base.unseen };

/** Google cuts a longer value of an extended property without a word (google/calendar-facts §2): what it cut is written. */
const LONGEST_MARK = 1024;

function missingMarks({ marks, marksFound }: PlanContext): Marks | undefined {
  if (marks === undefined) return undefined;
  const names = Object.keys(marks) as (keyof Marks)[];
  return names.every((name) => marksFound?.[name] === marks[name].slice(0, LONGEST_MARK)) ? undefined : marks;
}

function blockNow(base: Base | undefined, view: GoogleView, rendered: boolean, upToDate: boolean): string {
  if (rendered) return '';
  const found = view.description?.block ?? '';
  return upToDate && view.description !== undefined ? found : (base?.block ?? found);
}

function blockOfSeries(base: Base | undefined, view: GoogleView, { ofSeries, blockLines }: PlanContext): Pick<Base, 'blockOfSeries'> {
  const found = view.description?.block ?? '';
  const stands = base === undefined ? found !== '' && found !== renderBlock(blockLines) : base.blockOfSeries === true;
  return ofSeries === true && stands ? { blockOfSeries: true } : {};
}

function withoutUnseen<Rest extends Pick<Base, 'unseen'>>({ unseen: _before, ...rest }: Rest): Omit<Rest, 'unseen'> {
  return rest;
}

function settle(fields: Partial<CanonicalFields>, blockText: string, googleOwnsContent: boolean, rest: Pick<Base, 'colour' | 'link' | 'markedVoid' | 'unseen' | 'blockOfSeries'>): Base {
  const defined = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  return { fields: defined, block: blockText, ...(googleOwnsContent ? { googleOwnsContent: true as const } : {}), ...rest };
}

const reasonsOf = (state: ContentState): Reason[] => (state === 'crosses' ? [] : ['private-content-stays']);
