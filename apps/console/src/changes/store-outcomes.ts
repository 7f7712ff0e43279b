import type { Decoded } from '@calsync/event-log';
import { retrying } from '@calsync/service-chassis';
import type { RecentChanges } from './recent-changes.js';

/** A list to look at may miss a line after a long outage of MongoDB; it must not hold up its partition for ever. */
const patiently = retrying({ attempts: 8, firstMs: 100, maxMs: 2_000, retryIf: () => true });

export const storeOutcomes = (changes: Pick<RecentChanges, 'store'>) => async (decoded: Decoded): Promise<void> => {
  if (decoded.kind === 'message') await patiently(() => changes.store(decoded.message));
};
