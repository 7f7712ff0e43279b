import type { CanonicalFields, Decor, FieldName, GoogleFields, InventiveFields } from '@calsync/calendar-model';
import { FIELD_NAMES } from '@calsync/calendar-model';
import { equalFields, isBlank, projectShowAs } from './comparison.js';
import { decorAgreed, decorToMake, withoutColour } from './decor.js';
import { parseDescription, unseenAgreed, renderBlock, renderDescription } from './description.js';
import { viewGoogle } from './google-view.js';
import { heldInInventive, isCutInInventive } from './held-in-inventive.js';
import type { Base, Conflict, PlanContext } from './plan-types.js';
import { CONTENT_FIELDS, isContent, isRenderedValue, RENDERED, withoutContent } from './private-content.js';
import { remindersWith } from './reminders.js';

/** What is made in Google of an appointment that stands only in Inventive. Every text is named, for a deleted event may come back with its old ones. */
export function asGoogleItem(
  fields: InventiveFields,
  base: Base | undefined,
  context: PlanContext,
): { readonly item: GoogleFields; readonly decor: Decor | undefined; readonly settled: Base; readonly heldBack: boolean } {
  const { notes, showAs, reminder, ...rest } = fields;
  const shown = {
    ...rest,
    ...(showAs === undefined ? {} : { showAs: projectShowAs(showAs) }),
    ...(reminder === undefined ? {} : { reminders: remindersWith(reminder, undefined, undefined) }),
  };
  const heldBack = context.privateContent === 'busy-only' && (fields.privacy ?? base?.fields.privacy) === 'private';
  // Of what stood there before nothing is known; the colour would tell of a hidden appointment what sort it is.
  const decor = decorToMake({ ...context, decor: heldBack ? withoutColour(context.decor) : context.decor });
  if (heldBack) {
    const item = { ...shown, subject: RENDERED.subject, location: RENDERED.location, description: RENDERED.notes };
    return { item, decor, settled: { fields: withoutContent(fields), block: '', ...decorAgreed(undefined, context, decor) }, heldBack };
  }
  const description = renderDescription({ notes: notes ?? '', blockLines: context.blockLines, notesCross: context.notesCross });
  const crossing = context.notesCross ? fields : without(fields, 'notes');
  const settled: Base = {
    fields: crossing,
    block: parseDescription(description, '', renderBlock(context.blockLines)).block,
    ...(base?.googleOwnsContent === true && fields.privacy === 'private' ? { googleOwnsContent: true } : {}),
    ...decorAgreed(undefined, context, decor),
  };
  return { item: { ...shown, description }, decor, settled, heldBack };
}

/** What is made in Inventive of an event that stands only in Google. */
export function asInventiveItem(
  google: GoogleFields,
  base: Base | undefined,
  context: PlanContext,
): { readonly item: InventiveFields; readonly settled: Base } {
  const view = viewGoogle(google, base, { blockLines: context.blockLines, notes: undefined, ofSeries: context.ofSeries });
  let item: Partial<CanonicalFields> = {};
  for (const field of FIELD_NAMES) item = { ...item, ...oneField(field, view.fields, base, context) };
  const settled: Base = {
    fields: item,
    block: view.description?.block ?? base?.block ?? '',
    ...(item.privacy === 'private' ? { googleOwnsContent: true } : {}),
    ...decorAgreed(base, context, undefined),
    ...unseenAgreed(item.notes, view.unseen),
    // [D14] Nothing of it is this row's.
    ...(context.ofSeries === true && (base === undefined ? view.description?.block : base.blockOfSeries) ? { blockOfSeries: true } : {}),
    // It is still to be taken away, by the plan that follows.
    ...(base?.markedVoid === true ? { markedVoid: true } : {}),
  };
  return { item, settled };
}

function oneField<Field extends FieldName>(field: Field, google: Partial<CanonicalFields>, base: Base | undefined, context: PlanContext): Partial<CanonicalFields> {
  const value = google[field] as CanonicalFields[Field] | undefined;
  const agreed = base?.fields[field] as CanonicalFields[Field] | undefined;
  if (value === undefined) return {};
  // Without *Opmerking* the text in Google stays Google's own.
  if (field === 'notes' && !context.notesCross) return {};
  // Our own rendering is nobody's content.
  if (base !== undefined && agreed === undefined && isContent(field) && isRenderedValue(field, value as string)) return {};
  // Untouched in Google: the finer value that Inventive had (tentative, the wall time of its zone).
  if (agreed !== undefined && equalFields(field, value, agreed, context.zone)) return { [field]: agreed };
  return { [field]: heldInInventive(field, value, context.zone) };
}

/** Nobody changed a field that crosses since both sides agreed. A field that they never agreed on counts as changed. */
export function uneditedInventive(base: Base, fields: InventiveFields, context: PlanContext): boolean {
  const hidden = context.privateContent === 'busy-only' && (fields.privacy ?? base.fields.privacy) === 'private';
  return FIELD_NAMES.every((field) => isUnedited(field, base, fields, context, hidden));
}

export function uneditedGoogle(base: Base, google: GoogleFields, context: PlanContext): boolean {
  const hidden = context.privateContent === 'busy-only' && base.fields.privacy === 'private';
  const { fields } = viewGoogle(google, base);
  return FIELD_NAMES.every((field) => isUnedited(field, base, fields, context, hidden));
}

function isUnedited<Field extends FieldName>(field: Field, base: Base, fields: Partial<CanonicalFields>, context: PlanContext, hidden: boolean): boolean {
  const value = fields[field] as CanonicalFields[Field] | undefined;
  const agreed = base.fields[field] as CanonicalFields[Field] | undefined;
  if (value === undefined || (field === 'notes' && !context.notesCross)) return true;
  // No side ever showed it to the other: it says nothing against a deletion.
  if (agreed === undefined && field === 'reminder') return Object.keys(base.fields).length > 0;
  if (agreed === undefined) return isContent(field) && (hidden || isRenderedValue(field, value as string));
  return equalFields(field, value, agreed, context.zone);
}

/** Google's own words that go with a deleted event although they never crossed: history keeps them. */
export function lostWithGoogle(google: Partial<CanonicalFields>, base: Base, context: PlanContext): Conflict[] {
  return CONTENT_FIELDS.filter((field) => (neverCrossed(field, google, base, context) || isCutInInventive(field, google[field])) && !isRenderedValue(field, google[field] ?? '')).map((field) => ({
    field,
    winner: 'inventive',
    kept: undefined,
    lost: google[field],
  }));
}

/** The same for a deleted row: notes that stayed in Inventive, the content of a private appointment. */
export function lostWithInventive(inventive: InventiveFields, base: Base, context: PlanContext): Conflict[] {
  return CONTENT_FIELDS.filter((field) => neverCrossed(field, inventive, base, context)).map((field) => ({
    field,
    winner: 'google',
    kept: undefined,
    lost: inventive[field],
  }));
}

function neverCrossed(field: (typeof CONTENT_FIELDS)[number], fields: Partial<CanonicalFields>, base: Base, context: PlanContext): boolean {
  const value = fields[field];
  if (value === undefined || isBlank(field, value)) return false;
  const agreed = base.fields[field];
  return agreed === undefined || !equalFields(field, value, agreed, context.zone);
}

function without(fields: InventiveFields, field: FieldName): InventiveFields {
  const { [field]: _left, ...rest } = fields;
  return rest;
}
