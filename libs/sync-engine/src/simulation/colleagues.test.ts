import { describe, expect, it } from 'vitest';
import { asAccountId, asCalendarId, asGoogleEventId, asInventiveId, asSourceName } from '@calsync/calendar-model';
import type { Account } from '../ports/account.js';
import { colleagueHasIt, eventsOfColleagues, listedLately } from '../reconcile/colleagues.js';
import { startPair, UNSEEN, type Pair, type PairStatus } from '../reconcile/pair.js';
import { ACCOUNT, anAppointment, anEvent } from '../testing/records.js';
import { comparing } from './comparing-world.js';
import { createMemoryPairs } from './memory-stores.js';
import { aWorld, eventId, fullEvent } from './reconcile-world.js';

const DEVRIES: Account = { ...ACCOUNT, id: asAccountId('acc-2'), userId: asInventiveId('b'.repeat(32)), email: 'DeVries@example.com', calendarId: asCalendarId('devries@example.com') };
const copy = anEvent({ calendarId: DEVRIES.calendarId, ownedByUser: false, organizerEmail: 'jansen@example.com' });
const NOW = Date.parse('2026-11-24T09:00:00Z');

const aPair = (account: Account, event = copy): Pair => ({
  ...startPair({ id: `pair-of-${account.loginName}-${account.id}` as Pair['id'], accountId: account.id, source: account.source, appointmentId: anAppointment().id, calendarId: account.calendarId, eventId: event.id }),
  google: { ...UNSEEN, state: 'known', record: event, receivedAt: NOW },
});

async function seenBy(pair: Pair, { organiser = ACCOUNT, theirs, theirRow = false, afterMs = 0 }: { organiser?: Account; theirs?: PairStatus; theirRow?: boolean; afterMs?: number } = {}) {
  const pairs = createMemoryPairs(() => NOW);
  if (theirs !== undefined) await pairs.insert({ ...aPair(organiser, anEvent()), status: theirs, ...(theirRow ? { inventive: { ...UNSEEN, state: 'known' as const, record: anAppointment() } } : {}) }, 'live');
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

  it('is an invitation like others where it stands in no agenda that the user could see', async () => {
    expect(await seenBy(aPair(DEVRIES), { theirs: 'active', organiser: { ...ACCOUNT, source: asSourceName('elsewhere') } })).toBeUndefined();
    // Nothing comes in from the colleague's calendar; what the colleague made at the desk has its row.
    const onlyOut: Account = { ...ACCOUNT, direction: 'to-google' };
    expect(await seenBy(aPair(DEVRIES), { theirs: 'active', organiser: onlyOut, afterMs: 5_000 })).toBeUndefined();
    expect(await seenBy(aPair(DEVRIES), { theirs: 'active', organiser: onlyOut, theirRow: true })).toBe('theirs');
  });

  it('is an invitation like others where the colleague is not at work, or has it no longer', async () => {
    expect(await seenBy(aPair(DEVRIES), { organiser: { ...ACCOUNT, state: 'off' } })).toBeUndefined();
    expect(await seenBy(aPair(DEVRIES), { theirs: 'closed', afterMs: 5_000 })).toBeUndefined();
  });
});

describe('[R5.10] [R10.3] in a dry run', () => {
  it('what a linked colleague has paired counts as the colleague’s, and no other invitation does', async () => {
    const pairs = createMemoryPairs(() => NOW);
    await pairs.insert(aPair(ACCOUNT, anEvent()), 'live');
    const unpaired = { ...copy, id: asGoogleEventId('nothere1') };
    const own = { ...copy, ownedByUser: true };
    const found = await eventsOfColleagues([copy, unpaired, own, { ...copy, organizerEmail: 'klant@elders.example' }], DEVRIES, { accounts: { all: async () => [ACCOUNT, DEVRIES] }, pairs });
    expect([...found]).toEqual([copy]);
  });
  it('it is counted among what is left alone', async () => {
    const world = aWorld({ account: { state: 'off' } });
    const organiser: Account = { ...DEVRIES, calendarId: asCalendarId('of-devries'), email: 'devries@example.com' };
    for (const n of [1, 2]) world.google.receive(eventId(n), fullEvent({ subject: `Bespreking ${n}` }), { ownedByUser: false, organizerEmail: n === 1 ? organiser.email : 'klant@elders.example' });
    await world.pairs.insert(aPair(organiser, anEvent({ id: eventId(1) })), 'live');
    const accounts = { ...world.accounts, all: async () => [world.account(), organiser] };
    expect(await comparing({ ...world, accounts }).compare('preview')).toMatchObject({ google: 2, toInventive: 1, leftAlone: { 'colleagues-appointment': 1 } });
  });
});

describe('the accounts, for many invitations at once', () => {
  it('are listed once a second, and again after a failure', async () => {
    let [now, listed] = [NOW, 0];
    const lately = listedLately({ all: async () => ((listed += 1) === 1 ? Promise.reject(new Error('away')) : [ACCOUNT]) }, { now: () => now });
    await expect(lately.all()).rejects.toThrow('away');
    for (let n = 0; n < 3; n += 1) expect(await lately.all()).toEqual([ACCOUNT]);
    expect(listed).toBe(2);
    now += 1_000;
    await lately.all();
    expect(listed).toBe(3);
  });
});
