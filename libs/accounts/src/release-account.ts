import type { Connection } from 'mongoose';
import type { InstallationId, InventiveId, SourceName } from '@calsync/calendar-model';
import { accountsModel } from './accounts.js';
import { announcement } from './link-account.js';

/**
 * A person agrees to what the brake held. The account joins anew, for what came while it was held was not taken in.
 * False where it isn't held.
 */
export async function releaseAccount(
  parts: { readonly connection: Connection; readonly installation: InstallationId },
  source: SourceName,
  userId: InventiveId,
): Promise<boolean> {
  const result = await accountsModel(parts.connection).updateOne(
    { installation: parts.installation, source, userId, linked: true, state: 'held' },
    { $set: { state: 'joining' }, $unset: { stateReason: 1 }, $inc: { revision: 1 }, $push: { announcements: announcement('nl.inventive.sync.resync.requested.v1') } },
  );
  return result.matchedCount === 1;
}
