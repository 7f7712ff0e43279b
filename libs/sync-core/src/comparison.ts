import { inZone, toInstant, type CanonicalFields, type FieldName, type Reminder, type ShowAs, type When, type ZoneName } from '@calsync/calendar-model';
import { heldLine, normaliseLine } from './held-in-inventive.js';
import { within } from './reminders.js';

export type Side = 'inventive' | 'google';

/**
 * What each side can hold of a field. `projected`: only a coarser value; two values with one projection are the same to that side.
 * A field that a side can't store at all is `none`: it is no part of that side's snapshot, so it can never produce a blank that
 * wipes the other side.
 */
export const STORABLE: Record<Side, Record<FieldName, 'whole' | 'projected' | 'none'>> = {
  inventive: { subject: 'projected', when: 'whole', location: 'projected', notes: 'whole', showAs: 'whole', privacy: 'whole', reminder: 'projected' },
  google: { subject: 'whole', when: 'whole', location: 'whole', notes: 'whole', showAs: 'projected', privacy: 'whole', reminder: 'whole' },
};

/** Google knows no *Afwezig* of an ordinary event: it takes the time. *Voorlopig* is an event's status there. */
export const projectShowAs = (value: ShowAs): 'busy' | 'free' | 'tentative' => (value === 'away' ? 'busy' : value);

/** Inventive has a number or nothing: that an event shall surely not ring is known to Google only. */
export const projectReminder = (value: Reminder): number | 'default' => (typeof value === 'number' ? within(value) : 'default');

/** Many lines: line ends, hard spaces, blanks at the end of a line and blank lines around it say nothing; what stands inside counts. */
export function normaliseText(text: string): string {
  const lines = text
    .normalize('NFC')
    .replace(/\r\n?/g, '\n')
    .replace(/\u00A0/g, ' ')
    .split('\n')
    .map((line) => line.trimEnd());
  return withoutBlankEdges(lines).join('\n');
}

export function withoutBlankEdges(lines: readonly string[]): string[] {
  let from = 0;
  let to = lines.length;
  while (from < to && (lines[from] ?? '').trim() === '') from += 1;
  while (to > from && (lines[to - 1] ?? '').trim() === '') to -= 1;
  return lines.slice(from, to);
}

const COMPARISON: { readonly [Field in FieldName]: (a: CanonicalFields[Field], b: CanonicalFields[Field], zone: ZoneName) => boolean } = {
  subject: equalLine,
  location: equalLine,
  notes: (a, b) => normaliseText(a) === normaliseText(b),
  when: equalWhen,
  showAs: (a, b) => projectShowAs(a) === projectShowAs(b),
  privacy: (a, b) => a === b,
  reminder: (a, b) => projectReminder(a) === projectReminder(b),
};

/** The one table by which values are equal, for merging and for recognising our own writes; `zone` is that of Inventive's wall times. */
export function equalFields<Field extends FieldName>(field: Field, a: CanonicalFields[Field], b: CanonicalFields[Field], zone: ZoneName): boolean {
  return COMPARISON[field](a, b, zone);
}

/** Nothing that a person would miss. Times, showAs and privacy always say something; no reminder of its own says nothing. */
export function isBlank<Field extends FieldName>(field: Field, value: CanonicalFields[Field]): boolean {
  if (field === 'reminder') return typeof value !== 'number';
  return field !== 'when' && typeof value === 'string' && value.trim() === '';
}

function equalLine(a: string, b: string): boolean {
  return heldLine(normaliseLine(a)) === heldLine(normaliseLine(b));
}

/**
 * Equal instants, or the same clock on Inventive's wall: the row can't say which pass of the repeated hour it means, and in the
 * skipped hour the row says 02:30 where Google answers 03:30. Each end by itself, for an appointment can begin in one and end outside it.
 */
function equalWhen(a: When, b: When, zone: ZoneName): boolean {
  if (a.kind === 'all-day' || b.kind === 'all-day') {
    return a.kind === 'all-day' && b.kind === 'all-day' && a.firstOn === b.firstOn && a.lastOn === b.lastOn;
  }
  const onWallA = inZone(a, zone);
  const onWallB = inZone(b, zone);
  if (onWallA.kind === 'all-day' || onWallB.kind === 'all-day') return false;
  return (['start', 'end'] as const).every(
    (edge) => seconds(onWallA[edge]) === seconds(onWallB[edge]) || toInstant(a[edge], a.zone) === toInstant(b[edge], b.zone),
  );
}

/** `2026-03-29T02:30` and `2026-03-29T02:30:00` are one time. */
const seconds = (wall: string): string => (wall.length === 16 ? `${wall}:00` : wall);
