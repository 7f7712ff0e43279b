import { marksCount } from '@calsync/sync-core';
import type { AppointmentRecord, GoogleEventRecord, InventiveId, Reason } from '@calsync/calendar-model';
import type { Account } from '../ports/account.js';
import type { Pair } from './pair.js';
import type { PairChanges } from './ports.js';

/**
 * Where a pair's appointment stands, seen from this account. `left`: another user or another administration has it now, so
 * for this agenda it is gone. `frozen`: the account was set to another administration; nothing is deleted or written, and
 * setting it back goes on where it stopped.
 */
export type Place =
  | { readonly kind: 'here' }
  | { readonly kind: 'left'; readonly reason: Reason }
  | { readonly kind: 'frozen' };

const HERE: Place = { kind: 'here' };

/**
 * Two things can differ from the account's administration: the row's, where somebody moved it, and the one in which the pair
 * was last in step, where somebody changed the setting. Only the first is a departure.
 */
export function placeOf(pair: Pick<Pair, 'inventive' | 'administrationId'>, account: Account): Place {
  const { state, record } = pair.inventive;
  const row = state === 'known' ? record : undefined;
  const inStepIn = pair.administrationId ?? record?.administrationId;
  const rowIsOfAccount = row !== undefined && isInAdministration(row.administrationId, account);
  if (!rowIsOfAccount && inStepIn !== undefined && !isInAdministration(inStepIn, account)) return { kind: 'frozen' };
  if (row === undefined) return HERE;
  if (row.ownerId !== account.userId) return { kind: 'left', reason: 'left-agenda' };
  return rowIsOfAccount ? HERE : { kind: 'left', reason: 'other-administration' };
}

/** The administration in which the pair is in step now, where that is another than was noted. */
export function placeLearnt(pair: Pair, account: Account): Pick<PairChanges, 'administrationId'> {
  const row = pair.inventive.state === 'known' ? pair.inventive.record : undefined;
  const differs = row !== undefined && row.administrationId !== pair.administrationId && placeOf(pair, account).kind === 'here';
  return differs ? { administrationId: row.administrationId } : {};
}

/** Whether what belongs to this administration is kept in step for this account: all of them, until somebody chose one. */
export const isInAdministration = (administrationId: InventiveId, account: Account): boolean =>
  account.onlyAdministration !== true || administrationId === account.administrationId;

/** Why an item gets no pair of its own in this account, as far as its administration says. */
export function whyRowIsElsewhere(record: AppointmentRecord, account: Account): Reason | undefined {
  return isInAdministration(record.administrationId, account) ? undefined : 'other-administration';
}

/** Of a database that was lost: the event's own marks say of which administration it is. */
export function whyEventIsElsewhere(record: GoogleEventRecord, account: Account): Reason | undefined {
  const { inventiveInstallation, inventiveAdministration } = record.marks ?? {};
  if (inventiveAdministration === undefined || inventiveInstallation !== account.installation || !marksCount(record.id, record.marks)) return undefined;
  return isInAdministration(inventiveAdministration as InventiveId, account) ? undefined : 'other-administration';
}
