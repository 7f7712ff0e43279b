import { describe, expect, it } from 'vitest';
import { asInventiveId, type Attendee, type Participant, type Reply } from '@calsync/calendar-model';
import { DEFAULT_RULES, type AccountRules } from '../ports/account.js';
import { ACCOUNT } from '../testing/records.js';
import { aGuest } from './model-guests.js';
import { aWorld, eventId, fullEvent, fullRow, rowId } from './reconcile-world.js';

const ANNA = 'anna@elders.nl';
const BOB = 'bob@elders.nl';
const me = (reply: Reply = 'accepted'): Attendee => aGuest(ACCOUNT.email, reply, { self: true });
const aSeat = (n: number, email: string, reply: Reply = 'none', change: Partial<Participant> = {}): Participant => ({ id: asInventiveId(String(n).padStart(32, 'E')), name: email.split('@')[0] ?? '', email, reply, entityStamp: 1, ...change });
const inShort = (people: readonly { readonly email?: string; readonly reply: Reply }[] | undefined): string[] => (people ?? []).map(({ email, reply }) => `${email} ${reply}`).sort();
/** Ahead of the world's clock. */
const LATER = { kind: 'timed', start: '2026-11-26T10:00:00', end: '2026-11-26T11:00:00', zone: 'Europe/Amsterdam' } as const;

function worldWith(rules: Partial<AccountRules> = {}) {
  const world = aWorld({ account: { rules: { ...DEFAULT_RULES, ...rules } } });
  const [row, event] = [() => [...world.inventive.rows.values()][0]!, () => world.google.living()[0]!];
  const pair = async () => world.pairs.all()[0];
  return { ...world, row, event, pair, both: () => [inShort(row().participants), inShort(event().attendees)] };
}

/** A meeting in step: made at the desk, with Anna in it on both sides. */
async function aMeeting(rules: Partial<AccountRules> = { guests: 'silent' }) {
  const world = worldWith(rules);
  world.inventive.edit(rowId(1), fullRow({ when: LATER }));
  world.inventive.seat(rowId(1), [aSeat(1, ANNA)]);
  await world.quiesce();
  return world;
}

describe('[R5.1] participants of the user’s own events', () => {
  it('cross in both directions: added, answered, taken out', async () => {
    const world = await aMeeting();
    expect(world.both()).toEqual([[`${ANNA} none`], [`${ANNA} none`]]);
    world.google.receive(world.event().id, world.event().fields, { attendees: [me(), aGuest(ANNA, 'accepted'), aGuest(BOB)] });
    await world.quiesce();
    expect(world.both()).toEqual([[`${ANNA} accepted`, `${BOB} none`], [`${ANNA} accepted`, `${BOB} none`, `${ACCOUNT.email} accepted`]]);
    world.inventive.seat(rowId(1), world.row().participants.filter(({ email }) => email !== ANNA));
    await world.quiesce();
    expect(world.both()).toEqual([[`${BOB} none`], [`${BOB} none`, `${ACCOUNT.email} accepted`]]);
    world.google.receive(world.event().id, world.event().fields, { attendees: [me()] });
    await world.quiesce();
    expect(world.both()).toEqual([[], [`${ACCOUNT.email} accepted`]]);
    expect(world.google.mails).toEqual([]);
  });

  it('are quiet once in step, however often both sides are told again', async () => {
    const world = await aMeeting();
    const writes = [world.inventive.writes, world.google.writes];
    world.rewind('inventive', 0);
    world.rewind('google', 0);
    await world.quiesce();
    expect([world.inventive.writes, world.google.writes]).toEqual(writes);
  });

  it('[lesson 1] an appointment that is saved again and again keeps every guest', async () => {
    const world = await aMeeting({ guests: 'off' });
    const guests = [me(), aGuest(ANNA, 'accepted'), aGuest('zaal@resource.calendar.google.com', 'accepted', { kind: 'resource' })];
    world.google.receive(world.event().id, world.event().fields, { attendees: guests });
    await world.quiesce();
    for (const subject of ['Een', 'Twee', 'Drie']) world.inventive.edit(rowId(1), { subject });
    await world.quiesce();
    expect([world.event().fields.subject, world.event().attendees]).toEqual(['Drie', guests]);
  });

  it('an event that comes back after its deletion has all who were in it, and nobody is taken out of the row', async () => {
    const world = await aMeeting();
    world.google.remove(world.event().id);
    world.inventive.edit(rowId(1), { subject: 'Gaat door' });
    await world.quiesce();
    expect([world.event().fields.subject, world.both()]).toEqual(['Gaat door', [[`${ANNA} none`], [`${ANNA} none`]]]);
  });

  it('the same person added on both sides at once is one row and one guest (seed 338118442)', async () => {
    const world = worldWith({ guests: 'silent' });
    world.inventive.edit(rowId(1), fullRow({ when: LATER }));
    await world.quiesce();
    world.google.receive(world.event().id, world.event().fields, { attendees: [me(), aGuest(ANNA)] });
    world.inventive.seat(rowId(1), [aSeat(1, ANNA)]);
    await world.deliverNext('google');
    await world.deliverNext('google');
    await world.workOnce();
    await world.quiesce();
    expect(world.both()).toEqual([[`${ANNA} none`], [`${ANNA} none`, `${ACCOUNT.email} accepted`]]);
  });

  it.each(['before', 'after'] as const)('a process that dies %s any call makes nobody twice', async (when) => {
    for (let calls = 0; calls < 14; calls += 1) {
      const world = worldWith({ guests: 'silent' });
      world.google.receive(eventId(1), fullEvent({ when: LATER }), { attendees: [me(), aGuest(ANNA), aGuest(BOB, 'accepted')] });
      await world.deliverAll();
      world.killIn(calls, when);
      await world.workOnce();
      await world.quiesce();
      world.inventive.seat(world.row().id, [...world.row().participants, aSeat(9, 'cas@elders.nl')]);
      await world.deliverAll();
      world.killIn(calls, when);
      await world.workOnce();
      await world.quiesce();
      expect(world.both()).toEqual([[`${ANNA} none`, `${BOB} accepted`, 'cas@elders.nl none'], [`${ANNA} none`, `${BOB} accepted`, 'cas@elders.nl none', `${ACCOUNT.email} accepted`]]);
    }
  });

  it('a private appointment shows nobody who is in it, where its content may not cross', async () => {
    const world = worldWith({ guests: 'silent' });
    world.inventive.edit(rowId(1), fullRow({ when: LATER, privacy: 'private' }));
    world.inventive.seat(rowId(1), [aSeat(1, ANNA)]);
    await world.quiesce();
    expect(world.both()).toEqual([[`${ANNA} none`], []]);
  });
});

describe('[R5.1] a linked colleague who was chosen at the desk, without an address', () => {
  it('is a guest in Google under the address of their account, once', async () => {
    const world = worldWith({ guests: 'silent' });
    const userId = asInventiveId('B'.repeat(32));
    const { byUser } = world.accounts;
    world.accounts.byUser = async (source, id) => (id === userId ? { ...world.account(), userId, email: 'DeVries@example.com' } : byUser(source, id));
    world.inventive.edit(rowId(1), fullRow({ when: LATER }));
    world.inventive.seat(rowId(1), [aSeat(1, '', 'none', { name: 'De Vries', userId })]);
    await world.quiesce();
    expect([inShort(world.event().attendees), world.row().participants.length]).toEqual([['devries@example.com none'], 1]);
    world.google.receive(world.event().id, world.event().fields, { attendees: [me(), aGuest('devries@example.com', 'accepted')] });
    await world.quiesce();
    expect(world.row().participants.map(({ email, reply }) => [email, reply])).toEqual([['', 'accepted']]);
    expect(world.google.mails).toEqual([]);
  });
});

describe('[R5.2] guests off', () => {
  it('nobody goes to Google, the reason says so, and what Google knows comes in', async () => {
    const world = await aMeeting({ guests: 'off' });
    expect([world.event().attendees, (await world.pair())?.reasons]).toEqual([undefined, ['guests-not-synchronised']]);
    world.google.receive(world.event().id, world.event().fields, { attendees: [me(), aGuest(BOB, 'maybe')] });
    await world.quiesce();
    expect(world.both()[0]).toEqual([`${ANNA} none`, `${BOB} maybe`]);
    expect(world.event().attendees?.length).toBe(2);
  });
});

describe('[R5.3] mail', () => {
  it('is sent for a guest who is added to what is to come, and for nothing that Google itself told', async () => {
    const world = await aMeeting({ guests: 'mail' });
    expect(world.google.mails).toEqual([ANNA]);
    world.google.receive(world.event().id, world.event().fields, { attendees: [me(), aGuest(ANNA, 'accepted')] });
    world.inventive.edit(rowId(1), { subject: 'Anders', when: { ...LATER, end: '2026-11-26T12:00:00' } });
    await world.quiesce();
    expect(world.google.mails).toEqual([ANNA]);
  });

  it('turned on later, tells who is added from then on and nobody who was there', async () => {
    const world = await aMeeting({ guests: 'off' });
    world.inventive.edit(rowId(2), fullRow({ subject: 'Nog niemand', when: LATER }));
    await world.quiesce();
    world.pass(24 * 3_600_000);
    world.setAccount({ rules: { ...DEFAULT_RULES, guests: 'mail' } });
    // As joining does after changed settings.
    await world.pairs.markForReading(world.pairs.all().map(({ id }) => id));
    await world.quiesce();
    expect([world.google.living().flatMap(({ attendees }) => inShort(attendees)), world.google.mails]).toEqual([[`${ANNA} none`], []]);
    world.inventive.seat(rowId(2), [aSeat(2, BOB)]);
    await world.quiesce();
    expect(world.google.mails).toEqual([BOB]);
  });

  it('[lesson 2] a first import mails nobody and answers for nobody', async () => {
    const world = worldWith({ guests: 'mail' });
    world.setAccount({ state: 'joining' });
    for (let n = 1; n <= 20; n += 1) {
      world.inventive.edit(rowId(n), fullRow({ subject: `Overleg ${n}`, when: { ...LATER, start: `2026-11-${n < 10 ? `0${n}` : n}T10:00:00`, end: `2026-11-${n < 10 ? `0${n}` : n}T11:00:00` } }));
      world.inventive.seat(rowId(n), [aSeat(n, ANNA)]);
    }
    world.google.receive(eventId(1), fullEvent({ when: { ...LATER, start: '2026-12-01T10:00:00', end: '2026-12-01T11:00:00' } }), { ownedByUser: false, organizerEmail: BOB, attendees: [aGuest(BOB), me('none')] });
    await world.deliverAll();
    await world.joins.turn();
    world.pass(6_000);
    await world.listCalendar();
    await world.joins.turn();
    await world.quiesce();
    expect(world.account().state).toBe('live');
    expect(world.google.living().filter(({ attendees }) => attendees?.some(({ email }) => email === ANNA))).toHaveLength(20);
    expect(world.google.mails).toEqual([]);
    expect(world.google.events.get(eventId(1))?.attendees).toEqual([aGuest(BOB), me('none')]);
  });
});

describe('[R5.4] invitations and their guests', () => {
  async function invited(rules: Partial<AccountRules> = {}) {
    const world = worldWith(rules);
    world.google.receive(eventId(1), fullEvent({ subject: 'Kennismaking', when: LATER }), { ownedByUser: false, organizerEmail: BOB, attendees: [aGuest(BOB, 'accepted', { organizer: true }), aGuest(ANNA), me('none')] });
    await world.quiesce();
    return world;
  }
  const ownSeat = (world: Awaited<ReturnType<typeof invited>>) => world.row().participants.find(({ userId }) => userId === ACCOUNT.userId)!;

  it('[R5.4] come in as rows with one to answer in; the answer goes to Google, and nothing else does', async () => {
    const world = await invited();
    expect(world.both()[0]).toEqual([`${ANNA} none`, `${BOB} accepted`, `${ACCOUNT.email} none`]);
    world.inventive.seat(world.row().id, world.row().participants.map((one) => (one.id === ownSeat(world).id ? { ...one, reply: 'accepted' } : one)));
    await world.quiesce();
    expect(world.both()[1]).toEqual([`${ANNA} none`, `${BOB} accepted`, `${ACCOUNT.email} accepted`]);
    expect([world.google.writes, world.google.mails]).toEqual([1, []]);
  });

  it('[R5.6] the organiser’s list is put back where it was changed in Inventive', async () => {
    const world = await invited();
    world.inventive.seat(world.row().id, world.row().participants.flatMap((one) => (one.email === ANNA ? [] : one.email === BOB ? [{ ...one, reply: 'declined' as const }] : [one])));
    await world.quiesce();
    expect(world.both()[0]).toEqual([`${ANNA} none`, `${BOB} accepted`, `${ACCOUNT.email} none`]);
    expect([world.google.writes, (await world.pair())?.reasons]).toEqual([0, ['read-only-event-restored']]);
    expect((await world.pair())?.lostValues.map(({ field, lost }) => [field, lost])).toEqual([['participants', `${BOB}: declined`]]);
  });

  it('[R5.7] a deleted row answers "declined" once, by policy, and comes back when the user takes it up in Google', async () => {
    const world = await invited({ deletedInvitation: 'decline' });
    world.inventive.remove(world.row().id);
    await world.quiesce();
    expect(inShort(world.event().attendees)).toEqual([`${ANNA} none`, `${BOB} accepted`, `${ACCOUNT.email} declined`]);
    expect([world.google.writes, (await world.pair())?.reasons]).toEqual([1, ['declined-for-user']]);
    world.google.receive(eventId(1), { ...world.event().fields, subject: 'Verzet' }, {});
    await world.quiesce();
    expect([world.google.writes, world.inventive.rows.size]).toEqual([1, 0]);
    world.google.receive(eventId(1), world.event().fields, { attendees: [aGuest(BOB, 'accepted', { organizer: true }), aGuest(ANNA), me('accepted')] });
    await world.quiesce();
    expect([world.row().fields.subject, world.google.writes, world.both()[0]]).toEqual(['Verzet', 1, [`${ANNA} none`, `${BOB} accepted`, `${ACCOUNT.email} accepted`]]);
  });
});

describe('[R5.11] [lesson 17] Google lets the account write no guests for a while', () => {
  it('everything else of it flows, the reason says what waits, and the guests follow', async () => {
    const world = worldWith({ guests: 'silent' });
    world.google.guestsRefused = 1;
    world.inventive.edit(rowId(1), fullRow({ when: LATER }));
    world.inventive.seat(rowId(1), [aSeat(1, ANNA)]);
    world.inventive.edit(rowId(2), fullRow({ subject: 'Tweede', when: LATER }));
    world.inventive.seat(rowId(2), [aSeat(2, BOB)]);
    await world.deliverAll();
    while (await world.workOnce());
    const events = () => world.google.living();
    expect([events().length, events().flatMap(({ attendees }) => attendees ?? [])]).toEqual([2, []]);
    expect(world.pairs.all().map(({ reasons, status }) => [reasons, status])).toEqual([[['guest-quota'], 'active'], [['guest-quota'], 'active']]);
    world.inventive.edit(rowId(1), { subject: 'Nieuws gaat door' });
    await world.deliverAll();
    while (await world.workOnce());
    expect(events().map(({ fields }) => String(fields.subject)).sort()).toEqual(['Nieuws gaat door', 'Tweede']);
    world.pass(61_000);
    await world.quiesce();
    expect(events().flatMap(({ attendees }) => inShort(attendees)).sort()).toEqual([`${ANNA} none`, `${BOB} none`]);
  });
});
