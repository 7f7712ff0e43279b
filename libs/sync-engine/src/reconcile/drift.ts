import type { AppointmentRecord, GoogleEventRecord } from '@calsync/calendar-model';
import type { Account } from '../ports/account.js';
import { planPair, whyPairRests } from './plan-pair.js';
import type { GoogleSide, InventiveSide, Pair } from './pair.js';
import { sayNoRest } from './said-reasons.js';
import { orderGoogle, orderInventive } from './versions.js';

/** What stands in Inventive is newer than what we know, or another thing under the same version, or we had lost sight of it. */
export function rowDrifted(known: InventiveSide, record: AppointmentRecord): boolean {
  if (known.state !== 'known' || known.record === undefined) return true;
  // A read doesn't tell deleted parts, so it may be older than a message; within one pair the epoch can only be ours.
  const version = { epoch: Math.max(record.version.epoch, known.version?.epoch ?? 0), stamp: record.version.stamp };
  switch (orderInventive(version, known.version)) {
    case 'newer':
    case 'incomparable':
      return true;
    case 'same':
      return known.record.ownerId !== record.ownerId || known.record.status !== record.status || differ(known.record.fields, record.fields);
    case 'older':
      return false;
  }
}

/** Likewise in Google; a change of reminders moves neither etag nor time there, so equal versions are compared by content. */
export function eventDrifted(known: GoogleSide, record: GoogleEventRecord): boolean {
  if (known.state !== 'known' || known.record === undefined) return true;
  switch (orderGoogle({ etag: record.etag, ...(record.updated === undefined ? {} : { updated: record.updated }) }, known.version)) {
    case 'newer':
    case 'incomparable':
      return true;
    case 'same':
      return differ(known.record.fields, record.fields);
    case 'older':
      return false;
  }
}

/**
 * Both sides are as we know them and yet not alike: the work on this pair was never done, though nothing stands in its
 * way. A pair that rests for a stated reason, or waits for a person, is as it should be.
 */
export function wasNeverWritten(pair: Pair, account: Account): boolean {
  if (pair.status !== 'active' || pair.intent !== undefined || !sayNoRest(pair.reasons)) return false;
  if (pair.inventive.needsRead || pair.google.needsRead || whyPairRests(pair, account) !== undefined) return false;
  const { plan } = planPair(pair, account);
  return plan.inventive.kind !== 'none' || plan.google.kind !== 'none';
}

/** Only what both show: a field that was left out of a message, because the item is private, is no difference. */
function differ(a: object, b: object): boolean {
  const [mine, theirs] = [new Map<string, unknown>(Object.entries(a)), new Map<string, unknown>(Object.entries(b))];
  return [...mine].some(([name, value]) => value !== undefined && theirs.get(name) !== undefined && sorted(value) !== sorted(theirs.get(name)));
}

/** The same text for the same value, in whatever order its parts were written. */
const sorted = (value: unknown): string =>
  JSON.stringify(value, (_name, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part);
