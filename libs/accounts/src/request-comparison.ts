import type { Connection } from 'mongoose';
import type { AccountId, InstallationId } from '@calsync/calendar-model';
import type { ComparisonCommand, ComparisonMode } from '@calsync/sync-engine';
import { accountsModel } from './accounts.js';
import { announcement } from './link-account.js';

/** Leaves the command to be told to the services; undefined where nobody is linked by this account. */
export async function requestComparison(
  parts: { readonly connection: Connection; readonly installation: InstallationId },
  accountId: AccountId,
  mode: ComparisonMode,
): Promise<ComparisonCommand | undefined> {
  const { commandId, at, type } = announcement('nl.inventive.sync.comparison.requested.v1');
  const result = await accountsModel(parts.connection).updateOne(
    { _id: accountId, installation: parts.installation, linked: true },
    { $push: { announcements: { commandId, at, type, mode } } },
  );
  return result.matchedCount === 1 ? { commandId, accountId, mode, requestedAt: at.toISOString() } : undefined;
}
