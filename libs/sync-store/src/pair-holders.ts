import type { Connection } from 'mongoose';
import type { AccountId, InventiveId, SourceName } from '@calsync/calendar-model';
import { storedCollection } from './database.js';
import type { PairDocument } from './pair-document.js';

/** Accounts with something of this administration in their agenda, by the index `of-administration`. Pairs that don't say (of older versions) may be of any. */
export function holdersOf(connection: Connection): (source: SourceName, administrationId: InventiveId) => Promise<ReadonlySet<AccountId>> {
  const rows = storedCollection<PairDocument>(connection, 'pairs');
  return (source, administrationId) =>
    rows.run('finding who has something of an administration', async (collection) => {
      const [saying, silent] = await Promise.all([
        collection.distinct('accountId', { source, administrationId }),
        collection.distinct('accountId', { source, administrationId: { $exists: false } }),
      ]);
      return new Set([...saying, ...silent]);
    });
}
