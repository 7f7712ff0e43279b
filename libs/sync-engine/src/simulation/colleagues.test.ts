import { describe, expect, it } from 'vitest';
import { asAccountId, asCalendarId, asInventiveId } from '@calsync/calendar-model';
import type { Account } from '../ports/account.js';
import { colleagueHasIt } from '../reconcile/colleagues.js';
import { startPair, UNSEEN, type Pair, type PairStatus } from '../reconcile/pair.js';
import { ACCOUNT, anAppointment, anEvent } from '../testing/records.js';
import { createMemoryPairs } from './memory-stores.js';

const DEVRIES: Account = { ...ACCOUNT, id: asAccountId('acc-2'), userId: asInventiveId('b'.repeat(32)), email: 'DeVries@example.com', calendarId: asCalendarId('devries@example.com') };
const copy = anEvent({ calendarId: DEVRIES.calendarId, ownedByUser: false, organizerEmail: 'jansen@example.com' });
const NOW = Date.parse('2026-11-24T09:00:00Z');

const aPair = (account: Account, event = copy): Pair => ({
  ...startPair({ id: `pair-of-${account.loginName}-${account.id}` as Pair['id'], accountId: account.id, source: account.source, appointmentId: anAppointment().id, calendarId: account.calendarId, eventId: event.id }),
  google: { ...UNSEEN, state: 'known', record: event, receivedAt: NOW },
});

async function seenBy(pair: Pair, { organiser = ACCOUNT, theirs, afterMs = 0 }: { organiser?: Account; theirs?: PairStatus; afterMs?: number } = {}) {
  const pairs = createMemoryPairs(() => NOW);
  if (theirs !== undefined) await pairs.insert({ ...aPair(organiser, anEvent()), status: theirs }, 'live');
  return colleagueHasIt(pair, DEVRIES, { accounts: { all: async () => [organiser, DEVRIES] }, pairs, clock: { now: () => NOW + afterMs, sleep: async () => undefined } });
}

describe('[R5.10] [lesson 3] a meeting that a linked colleague organises', () => {
  it('is the colleague’s as soon as it has its pair there, and gets no second row', async () => {
    expect(await seenBy(aPair(DEVRIES), { theirs: 'active' })).toBe('theirs');
    expect(await seenBy(aPair(DEVRIES), { theirs: 'failed' })).toBe('theirs');
    expect(await seenBy(aPair(DEVRIES), { theirs: 'active', organiser: { ...ACCOUNT, email: 'ander@example.com' } })).toBe('theirs');
  });

  it('waits a moment for the organiser’s own message, and for a joining that may still find it', async () => {
    expect(await seenBy(aPair(DEVRIES))).toBe(NOW + 1_000);
    expect(await seenBy(aPair(DEVRIES), { afterMs: 5_000 })).toBeUndefined();
    expect(await seenBy(aPair(DEVRIES), { afterMs: 60_000, organiser: { ...ACCOUNT, state: 'joining' } })).toBe(NOW + 61_000);
  });

  it.each([
    ['nobody of ours organises it', aPair(DEVRIES, { ...copy, organizerEmail: 'klant@elders.example' })],
    ['it is the user’s own', aPair(DEVRIES, { ...copy, ownedByUser: true, organizerEmail: 'devries@example.com' })],
    ['it is in step already', { ...aPair(DEVRIES), base: { fields: {}, block: '' } }],
    ['the user has a row of it already', { ...aPair(DEVRIES), inventive: { ...UNSEEN, state: 'known' as const, record: anAppointment() } }],
  ])('is an invitation like others where %s', async (_where, pair) => expect(await seenBy(pair, { theirs: 'active' })).toBeUndefined());

  it('is an invitation like others where the colleague is not at work, or has it no longer', async () => {
    expect(await seenBy(aPair(DEVRIES), { organiser: { ...ACCOUNT, state: 'off' } })).toBeUndefined();
    expect(await seenBy(aPair(DEVRIES), { theirs: 'closed', afterMs: 5_000 })).toBeUndefined();
  });
});
