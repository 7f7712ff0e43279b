import { inZone, type CanonicalFields, type FieldName, type InventiveFields, type ZoneName } from '@calsync/calendar-model';

/** A field of one line is 4D's Alpha: it keeps 255 characters, and a longer one is refused with all that it came with. */
const LONGEST_LINE = 255;
const CUT = '…';

/** One line: white space and the forms of a composed letter say nothing. */
export const normaliseLine = (text: string): string => text.normalize('NFC').replace(/\s+/gu, ' ').trim();

/** What Inventive holds of a subject or a place; cut where it is too long, which doing it again doesn't change. */
export function heldLine(text: string): string {
  if (text.length <= LONGEST_LINE) return text;
  const line = normaliseLine(text);
  // Half a surrogate pair is no character.
  return line.length <= LONGEST_LINE ? line : line.slice(0, LONGEST_LINE - CUT.length).replace(/[\uD800-\uDBFF]$/, '') + CUT;
}

/** A value as it is written to Inventive: a time on the clock of its administration, a line no longer than it holds. */
export function heldInInventive<Field extends FieldName>(field: Field, value: CanonicalFields[Field], zone: ZoneName): CanonicalFields[Field] {
  const held: InventiveFields = { [field]: value };
  if (held.when !== undefined) return inZone(held.when, zone) as CanonicalFields[Field];
  return isLine(field) ? (heldLine(value as string) as CanonicalFields[Field]) : value;
}

/** Whether Inventive shows only the beginning of it: whoever writes over that there never saw the end. */
export const isCutInInventive = (field: FieldName, value: unknown): value is string => isLine(field) && typeof value === 'string' && normaliseLine(value).length > LONGEST_LINE;

const isLine = (field: FieldName): boolean => field === 'subject' || field === 'location';
