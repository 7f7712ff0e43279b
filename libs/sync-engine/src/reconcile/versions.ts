import type { InventiveVersion } from '@calsync/calendar-model';
import type { GoogleVersion } from './pair.js';

/** How something just learnt relates to what is known. `incomparable` never overwrites: the vendor is asked. */
export type Order = 'newer' | 'same' | 'older' | 'incomparable';

/** A new epoch beats any stamp of an older one; stamps are 64-bit numbers in decimal text. */
export function orderInventive(incoming: InventiveVersion, known: InventiveVersion | undefined): Order {
  if (known === undefined) return 'newer';
  if (incoming.epoch !== known.epoch) return incoming.epoch > known.epoch ? 'newer' : 'older';
  const [mine, theirs] = [BigInt(incoming.stamp), BigInt(known.stamp)];
  return mine > theirs ? 'newer' : mine === theirs ? 'same' : 'older';
}

/** `updated` orders, the etag tells equal ones apart: two states within one millisecond can't be ordered. */
export function orderGoogle(incoming: GoogleVersion, known: GoogleVersion | undefined): Order {
  if (incoming.updated === undefined) return 'incomparable';
  if (known?.updated === undefined) return 'newer';
  const [mine, theirs] = [Date.parse(incoming.updated), Date.parse(known.updated)];
  if (mine !== theirs) return mine > theirs ? 'newer' : 'older';
  return incoming.etag === known.etag ? 'same' : 'incomparable';
}
