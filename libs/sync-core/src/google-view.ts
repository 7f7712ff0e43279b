import type { BlockLine, CanonicalFields, FieldName, GoogleFields, InventiveFields, ZoneName } from '@calsync/calendar-model';
import { FIELD_NAMES } from '@calsync/calendar-model';
import { equalFields } from './comparison.js';
import { parseDescription, readCut, standingBlock, renderBlock, type ParsedDescription } from './description.js';
import { beneathMark } from './marked-void.js';
import type { Base, ChangeTimes } from './plan-types.js';
import { canonicalReminder } from './reminders.js';

/** Google's side in the fields that both sides share. */
export interface GoogleView {
  readonly fields: Partial<CanonicalFields>;
  /** Undefined where the snapshot holds no description. */
  readonly description: ParsedDescription | undefined;
  /** The part of the notes that is cut in Google. */
  readonly unseen?: string;
}

/**
 * `known` helps to read the description: the lines to recognise a block by where there is no base yet, and Inventive's notes to
 * recognise a cut of them.
 */
export function viewGoogle(
  google: GoogleFields,
  base: Base | undefined,
  known: { readonly blockLines: readonly BlockLine[]; readonly notes: string | undefined; readonly ofSeries?: true | undefined } = { blockLines: [], notes: undefined },
): GoogleView {
  const { description: raw, reminders, ...shown } = google;
  const reminder = reminders === undefined ? undefined : canonicalReminder(reminders, base?.fields.reminder);
  const rest = { ...beneathMark(shown, base), ...(reminder === undefined ? {} : { reminder }) };
  if (raw === undefined) return { fields: rest, description: undefined };
  const ofSeries = known.ofSeries === true && base === undefined ? standingBlock(raw) : [];
  const description = parseDescription(raw, base?.block, renderBlock([...known.blockLines, ...ofSeries]));
  const agreed = readCut(description.notes, base?.fields.notes, base?.unseen);
  const { notes, unseen } = agreed.unseen === undefined ? readCut(agreed.notes, known.notes) : agreed;
  return { fields: { ...rest, notes }, description, ...(unseen === undefined ? {} : { unseen }) };
}

/** The fields that differ from the base. A field that is absent on either is not compared. */
export function changedFields(base: Base, fields: Partial<CanonicalFields>, zone: ZoneName): FieldName[] {
  return FIELD_NAMES.filter((field) => differs(field, base.fields, fields, zone));
}

/**
 * When each field of a side first differed from the base, `atMs` being the moment of this snapshot by a corrected clock. A field that
 * equals the base again is dropped, and a write of ours equals the base once it is settled: so only people set these times.
 */
export function noteChangeTimes(
  base: Base | undefined,
  fields: InventiveFields | GoogleFields,
  previous: ChangeTimes,
  atMs: number,
  zone: ZoneName,
): ChangeTimes {
  if (base === undefined) return {};
  const seen: Partial<CanonicalFields> = isGoogles(fields) ? viewGoogle(fields, base).fields : fields;
  const times: { [Field in FieldName]?: number } = {};
  for (const field of FIELD_NAMES) {
    const kept = previous[field];
    if (differs(field, base.fields, seen, zone)) times[field] = kept ?? atMs;
    // Known here: equal, or not seen this time. A field that isn't seen keeps what was known of it.
    else if (seen[field] === undefined && kept !== undefined) times[field] = kept;
  }
  return times;
}

/** Only Google's side has raw text and raw reminders. */
const isGoogles = (fields: InventiveFields | GoogleFields): fields is GoogleFields => 'description' in fields || 'reminders' in fields;

function differs<Field extends FieldName>(field: Field, base: Partial<CanonicalFields>, seen: Partial<CanonicalFields>, zone: ZoneName): boolean {
  const before = base[field];
  const now = seen[field];
  return before !== undefined && now !== undefined && !equalFields<Field>(field, before as CanonicalFields[Field], now as CanonicalFields[Field], zone);
}
