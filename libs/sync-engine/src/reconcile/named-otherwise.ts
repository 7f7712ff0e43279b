import type { Account } from '../ports/account.js';
import { markedAppointment } from './born-pair.js';
import { UNSEEN, type Pair } from './pair.js';
import { placeOf } from './place.js';
import type { PairChanges, PairStore } from './ports.js';

/**
 * After a lost database an old message may begin the pair of an event with the row that its marks named then, gone from this
 * agenda since. The event itself, read by now, names the row that was made for it instead: that one is looked at before
 * another is made. Of a pair that made or agreed on anything itself, the marks are older than what it knows.
 */
export async function namedOtherwise(pair: Pair, account: Account, pairs: Pick<PairStore, 'byAppointment'>): Promise<PairChanges | undefined> {
  const { base, begun, inventive, inventiveGeneration, google, occurrence } = pair;
  if (base !== undefined || begun !== undefined || inventiveGeneration > 0 || occurrence !== undefined) return undefined;
  const isGone = inventive.state === 'tombstone' || (inventive.state === 'known' && placeOf(pair, account).kind === 'left');
  if (!isGone || google.state !== 'known' || google.record === undefined) return undefined;
  const named = markedAppointment(google.record, account)?.appointmentId;
  if (named === undefined || named === pair.appointmentId) return undefined;
  if ((await pairs.byAppointment(pair.source, named)).some(({ accountId }) => accountId === account.id)) return undefined;
  return { appointmentId: named, inventive: { ...UNSEEN, seq: inventive.seq + 1, needsRead: true } };
}
