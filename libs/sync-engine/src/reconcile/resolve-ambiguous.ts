import type { GoogleEventId, InventiveId } from '@calsync/calendar-model';
import type { Account } from '../ports/account.js';
import type { Clock } from '../ports/clock.js';
import { pairBornInGoogle, pairBornInInventive, pairBornOnBothSides } from './born-pair.js';
import type { Pair } from './pair.js';
import type { PairStore, UnpairedItem, UnpairedStore } from './ports.js';

export interface ResolveParts {
  readonly pairs: Pick<PairStore, 'insert' | 'byAppointment' | 'byEvent'>;
  readonly unpaired: Pick<UnpairedStore, 'find' | 'remove'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** What a person says of items that could belong together: these two do; or this one belongs to none, and gets its own on the other side. */
export type Resolution = { readonly inventiveId?: InventiveId; readonly eventId?: GoogleEventId };

/** `unknown`: no question about this item is open. `paired`: it has a pair by now. */
export type Resolved = { readonly kind: 'resolved'; readonly pair: Pair } | { readonly kind: 'unknown' } | { readonly kind: 'paired' };

/**
 * Answers a question that the matching left to a person. The pair begins with reading both items: they were listed a
 * while ago. What is left of their group stays a question.
 */
export async function resolveAmbiguous({ pairs, unpaired, clock }: ResolveParts, account: Account, { inventiveId, eventId }: Resolution): Promise<Resolved> {
  const row = inventiveId === undefined ? undefined : await question(unpaired, account, 'inventive', inventiveId);
  const event = eventId === undefined ? undefined : await question(unpaired, account, 'google', eventId);
  const missing = (inventiveId !== undefined && row === undefined) || (eventId !== undefined && event === undefined);
  if (missing || (row === undefined && event === undefined)) return { kind: 'unknown' };
  const pair = readFirst(bornOf(row, event, account, clock.now()));
  const inserted = (await pairs.insert(pair, 'live')) === 'inserted';
  // Where it exists: of the two, which one has a pair? After a crash of an earlier answer its question would stand for ever.
  const rowIsPaired = inserted || (row !== undefined && (await pairs.byAppointment(account.source, row.itemId)).some(({ accountId }) => accountId === account.id));
  const eventIsPaired = inserted || (event !== undefined && (await pairs.byEvent(account.id, account.calendarId, event.itemId)) !== undefined);
  if (row !== undefined && rowIsPaired) await unpaired.remove(account.id, 'inventive', row.itemId);
  if (event !== undefined && eventIsPaired) await unpaired.remove(account.id, 'google', event.itemId);
  return inserted ? { kind: 'resolved', pair } : { kind: 'paired' };
}

type Question<Side extends UnpairedItem['side']> = Extract<UnpairedItem, { side: Side }> & { readonly record: NonNullable<Extract<UnpairedItem, { side: Side }>['record']> };

async function question<Side extends UnpairedItem['side']>(unpaired: ResolveParts['unpaired'], account: Account, side: Side, id: string): Promise<Question<Side> | undefined> {
  const found = await unpaired.find(account.id, side, id);
  return found?.reason === 'ambiguous-match' && found.record !== undefined ? (found as Question<Side>) : undefined;
}

function bornOf(row: Question<'inventive'> | undefined, event: Question<'google'> | undefined, account: Account, now: number): Pair {
  if (row !== undefined && event !== undefined) return pairBornOnBothSides(row.record, event.record, account, now);
  if (row !== undefined) return pairBornInInventive(row.record, account, now);
  if (event === undefined) throw new Error('neither an appointment nor an event was named');
  // Its marks may name an appointment that a person has just said it doesn't belong to.
  const { marks: _denied, ...unmarked } = event.record;
  return pairBornInGoogle(unmarked, account, now);
}

/** Only what was seen: the other side of a single item is still to be made. */
const readFirst = (pair: Pair): Pair => ({
  ...pair,
  ...(pair.inventive.record === undefined ? {} : { inventive: { ...pair.inventive, needsRead: true } }),
  ...(pair.google.record === undefined ? {} : { google: { ...pair.google, needsRead: true } }),
});
