import type { Connection } from 'mongoose';
import type { GrantStore } from './grants.js';
import { administrationsModel } from './administration-settings.js';
import { accountsModel } from './accounts.js';
import { environmentsModel } from './source-environments.js';
import { usersSettingsModel } from './users-settings.js';

/** Collections and indexes that must stand before the first link: the rules of uniqueness are among them. Safe to repeat. */
export async function prepareAccounts(connection: Connection, grants: GrantStore): Promise<void> {
  const [accounts, settings, administrations] = [accountsModel(connection), usersSettingsModel(connection), administrationsModel(connection)];
  await Promise.all([accounts.createCollection(), settings.createCollection(), administrations.createCollection(), environmentsModel(connection).createCollection()]);
  await Promise.all([accounts.createIndexes(), settings.createIndexes(), administrations.createIndexes(), grants.prepare()]);
}
