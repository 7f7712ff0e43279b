import type { Connection } from 'mongoose';
import type { InstallationId } from '@calsync/calendar-model';
import { accountsModel, type AccountDocument } from './accounts.js';
import { revokeToken, type GoogleClient } from './google-token-endpoint.js';
import type { GrantStore } from './grants.js';

/**
 * Ends the grants of unlinked accounts: revoked at Google, then erased. A revocation ends every consent of that person for this
 * installation, so it is left out where the same Google account is linked to another user by now. Throws `Failure`; call again.
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
    const linkedElsewhere = account !== null && (await accounts.exists({ installation: parts.installation, sub: account.sub, linked: true })) !== null;
    if (!linkedElsewhere) await revokeToken(parts.client, grant.refreshToken);
    await parts.grants.eraseRetired(grant);
  }
  return due.length;
}
