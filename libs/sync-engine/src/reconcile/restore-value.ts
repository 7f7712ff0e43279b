import type { CanonicalFields, FieldName, InventiveFields } from '@calsync/calendar-model';
import { equalFields, heldInInventive, isBlank } from '@calsync/sync-core';
import type { Account } from '../ports/account.js';
import type { Intent, LostValue, Pair } from './pair.js';
import { placeOf } from './place.js';
import { isReadOnly } from './read-only-event.js';

/** `nothing`: it stands there already, or there is no appointment (any more) to put it in: the wish is over. */
export type RestoreStep =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'read-first' }
  | { readonly kind: 'write'; readonly intent: Intent; readonly replaced: LostValue | undefined };

/**
 * A person wants a lost value back. It is written to Inventive as an edit of theirs, the base left as it was: then it
 * crosses to Google like any other edit, and whatever it replaces goes to the history itself.
 */
export function planRestore(pair: Pair, index: number, now: number): RestoreStep {
  const loss = pair.lostValues[index];
  const row = pair.inventive.record;
  if (loss === undefined || loss.field === 'participants' || !isRestorable(pair, loss) || pair.inventive.state !== 'known' || row === undefined || pair.base === undefined) return { kind: 'nothing' };
  // What was left out of the message that told of it would be replaced unseen.
  if (row.reduced) return { kind: 'read-first' };
  const { field } = loss;
  const current = row.fields[field];
  const wanted = wantedValue({ ...loss, field }, row.fields, row.zone);
  if (wanted === undefined || (current !== undefined && isEqual(field, current, wanted, row.zone))) return { kind: 'nothing' };
  const fields: InventiveFields = { [field]: wanted };
  return {
    kind: 'write',
    intent: { side: 'inventive', act: 'update', id: row.id, entityStamp: row.entityStamp, fields, settled: pair.base },
    // Lines that are added replace nothing.
    replaced: loss.line === true || current === undefined || isBlank(field, current as never) ? undefined : { field, winner: 'inventive', kept: wanted, lost: current, at: new Date(now).toISOString() },
  };
}

/**
 * What was said of a person is told for a person to say again: it isn't a value of the appointment. And an event that is
 * only to be read would put itself back over whatever is written to its row.
 */
export function isRestorable({ google }: Pick<Pair, 'google'>, { field }: Pick<LostValue, 'field'>): boolean {
  return field !== 'participants' && !(google.state === 'known' && google.record !== undefined && isReadOnly(google.record));
}

/** Why a wish would only wait, and wait for a person: a pair that looped stays shut, and one of another administration is frozen. */
export function whyRestoreWaits(pair: Pair, account: Account): 'quarantined-loop' | 'other-administration' | undefined {
  if (pair.status === 'quarantined') return 'quarantined-loop';
  return placeOf(pair, account).kind === 'frozen' ? 'other-administration' : undefined;
}

/** A line that somebody wrote into our block comes back where a person's own text stands: in the notes, below. */
function wantedValue(loss: Pick<LostValue, 'lost' | 'line'> & { readonly field: FieldName }, fields: InventiveFields, zone: string): CanonicalFields[FieldName] | undefined {
  if (loss.line !== true) return loss.lost === undefined ? undefined : heldInInventive(loss.field, loss.lost as never, zone);
  const [notes, line] = [fields.notes ?? '', String(loss.lost)];
  return notes.split('\n').some((one) => one.trim() === line.trim()) ? notes : [notes.trimEnd(), line].filter((part) => part !== '').join('\n');
}

const isEqual = (field: FieldName, a: unknown, b: unknown, zone: string): boolean => equalFields(field, a as never, b as never, zone);
