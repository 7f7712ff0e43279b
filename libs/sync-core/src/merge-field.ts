import type { CanonicalFields, FieldName, ZoneName } from '@calsync/calendar-model';
import { equalFields, isBlank, normaliseText } from './comparison.js';
import { normaliseLine } from './held-in-inventive.js';
import type { ChangeTimes, ConflictPolicy } from './plan-types.js';
import { RENDERED } from './private-content.js';

/** What becomes of one field that both sides show. `lost` is there only where a value of somebody's is overwritten. */
export type FieldDecision<Value> =
  | { readonly kind: 'alike'; readonly value: Value }
  | { readonly kind: 'to-inventive'; readonly value: Value; readonly lost?: { readonly value: Value } }
  | { readonly kind: 'to-google'; readonly value: Value; readonly lost?: { readonly value: Value } }
  | { readonly kind: 'to-both'; readonly value: Value };

export interface FieldSituation<Field extends FieldName> {
  readonly base: CanonicalFields[Field] | undefined;
  /** Whether the pair has a base at all; a base without this field means that Google may show our rendering of it. */
  readonly agreedBefore: boolean;
  readonly inventive: CanonicalFields[Field];
  readonly google: CanonicalFields[Field];
}

export interface Arbitration {
  readonly zone: ZoneName;
  readonly conflictPolicy: ConflictPolicy;
  readonly inventiveChangedAt: ChangeTimes;
  readonly googleChangedAt: ChangeTimes;
}

/** Changes closer together than this are at the same time: no two servers' clocks agree better. */
export const SAME_TIME_MS = 2000;

export function decideField<Field extends FieldName>(
  field: Field,
  situation: FieldSituation<Field>,
  arbitration: Arbitration,
): FieldDecision<CanonicalFields[Field]> {
  const { base, inventive, google } = situation;
  const equal = (a: CanonicalFields[Field], b: CanonicalFields[Field]): boolean => equalFields(field, a, b, arbitration.zone);

  // Alike by the comparison table, whoever changed what. Inventive's way of writing it is the finer one.
  if (equal(inventive, google)) return { kind: 'alike', value: inventive };
  // From here the sides differ. Without a base nobody knows who changed it.
  if (base === undefined) return joinField(field, situation, arbitration);
  // Inventive stands where both agreed: only Google changed.
  if (equal(inventive, base)) return { kind: 'to-inventive', value: google };
  // Google stands where both agreed: only Inventive changed.
  if (equal(google, base)) return { kind: 'to-google', value: inventive };
  // Both changed, differently.
  return overrule(winner(field, arbitration), inventive, google);
}

/** Nothing that was typed on either side is dropped: filled beats empty, and notes are put one under the other. */
function joinField<Field extends FieldName>(
  field: Field,
  { agreedBefore, inventive, google }: FieldSituation<Field>,
  arbitration: Arbitration,
): FieldDecision<CanonicalFields[Field]> {
  // Both sides were in step but never on this field: what Google shows may be our own rendering, which says nothing.
  const googleSaysNothing = isBlank(field, google) || (agreedBefore && isRendered(field, google));
  if (googleSaysNothing) return { kind: 'to-google', value: inventive };
  if (isBlank(field, inventive)) return { kind: 'to-inventive', value: google };
  if (field === 'notes' && typeof inventive === 'string' && typeof google === 'string') {
    return putTogether(inventive, google) as FieldDecision<CanonicalFields[Field]>;
  }
  return overrule(winner(field, arbitration), inventive, google);
}

const isRendered = (field: FieldName, value: unknown): boolean => field === 'subject' && typeof value === 'string' && normaliseLine(value) === RENDERED.subject;

/** One that holds the other already is the sum of both: so a join that was interrupted half-way doesn't add twice. */
function putTogether(inventive: string, google: string): FieldDecision<string> {
  if (holds(inventive, google)) return { kind: 'to-google', value: inventive };
  if (holds(google, inventive)) return { kind: 'to-inventive', value: google };
  return { kind: 'to-both', value: `${inventive.trimEnd()}\n\n${google}` };
}

const holds = (whole: string, part: string): boolean => `\n${normaliseText(whole)}\n`.includes(`\n${normaliseText(part)}\n`);

function overrule<Value>(wins: 'inventive' | 'google', inventive: Value, google: Value): FieldDecision<Value> {
  return wins === 'inventive'
    ? { kind: 'to-google', value: inventive, lost: { value: google } }
    : { kind: 'to-inventive', value: google, lost: { value: inventive } };
}

function winner(field: FieldName, { conflictPolicy, inventiveChangedAt, googleChangedAt }: Arbitration): 'inventive' | 'google' {
  switch (conflictPolicy) {
    case 'inventive-wins':
      return 'inventive';
    case 'google-wins':
      return 'google';
    case 'latest-wins': {
      const inventiveAt = inventiveChangedAt[field];
      const googleAt = googleChangedAt[field];
      if (inventiveAt === undefined || googleAt === undefined) return 'inventive';
      return googleAt - inventiveAt > SAME_TIME_MS ? 'google' : 'inventive';
    }
  }
}
