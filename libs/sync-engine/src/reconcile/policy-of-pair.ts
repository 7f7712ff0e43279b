import type { InventiveId } from '@calsync/calendar-model';
import type { Account, AgendaPolicy } from '../ports/account.js';
import type { Pair } from './pair.js';
import { isInAdministration } from './place.js';

/** What goes for appointments of this administration in this account's agenda. */
export function policyOf(account: Account, administrationId: InventiveId): AgendaPolicy {
  if (account.elsewhere === undefined || administrationId === account.administrationId) return account;
  return account.elsewhere.of[administrationId] ?? account.elsewhere.otherwise;
}

/**
 * The account as it goes for this pair: under the policy of the appointment's own administration, from its row's newest state on,
 * so that a moved one is planned by the rules of where it is now. What was never a row goes by the account's own, in which it will
 * be made; so does what left for an administration that isn't in this agenda. Costs nothing where there is one policy.
 */
export function accountFor(pair: Pick<Pair, 'inventive' | 'administrationId'>, account: Account): Account {
  if (account.elsewhere === undefined) return account;
  const administrationId = pair.inventive.record?.administrationId ?? pair.administrationId;
  if (administrationId === undefined || !isInAdministration(administrationId, account)) return account;
  const policy = policyOf(account, administrationId);
  if (policy === account) return account;
  const { conflictPolicy, privateContent, descriptionFields, rules } = policy;
  return { ...account, conflictPolicy, privateContent, descriptionFields, rules };
}
