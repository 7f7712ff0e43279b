import type { Connection } from 'mongoose';
import type { AccountId, InstallationId } from '@calsync/calendar-model';
import { accountsModel, type AccountDocument } from './accounts.js';
import { revokeToken, type GoogleClient } from './google-token-endpoint.js';
import type { GrantStore } from './grants.js';

/**
 * Ends the grants of unlinked accounts: revoked at Google, then erased. A revocation ends every consent of that person for this
 * installation, so it is left out where the same Google account is linked by now, to another user or with another calendar, and where
 * another grant of it still has to stop channels: the last one to go revokes. Throws `Failure`; call again.
 */
export async function retireGrants(parts: {
  readonly connection: Connection;
  readonly installation: InstallationId;
  readonly grants: GrantStore;
  readonly client: GoogleClient;
}): Promise<number> {
  const accounts = accountsModel(parts.connection);
  const due = await parts.grants.dueForRetirement();
  for (const grant of due) {
    const account = await accounts.findById(grant.accountId).lean<AccountDocument | null>();
    if (account === null || !(await isStillUsed(account))) await revokeToken(parts.client, grant.refreshToken);
    await parts.grants.eraseRetired(grant);
  }
  return due.length;

  async function isStillUsed({ _id, sub }: AccountDocument): Promise<boolean> {
    const all = await accounts.find({ installation: parts.installation, sub }, { linked: 1 }).lean<Pick<AccountDocument, '_id' | 'linked'>[]>();
    // Itself too: it may have been linked again since it was found to be due.
    if (all.some(({ linked }) => linked)) return true;
    return (await parts.grants.ofAny(all.flatMap((one) => (one._id === _id ? [] : [one._id as AccountId])))).length > 0;
  }
}
