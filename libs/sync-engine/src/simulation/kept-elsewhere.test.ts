import { describe, expect, it } from 'vitest';
import { asAccountId, asCalendarId, asInventiveId, deriveGoogleEventId, derivePairId } from '@calsync/calendar-model';
import { deletedWhileKeptElsewhere } from '../reconcile/kept-elsewhere.js';
import { startPair, type Pair } from '../reconcile/pair.js';
import { aWorld, eventId, fullEvent, fullRow, rowId } from './reconcile-world.js';

type World = ReturnType<typeof aWorld>;
const inGoogle = (world: World) => world.google.living().map(({ fields }) => fields.subject ?? '').toSorted();
const inInventive = (world: World) => [...world.inventive.rows.values()].map(({ fields }) => fields.subject ?? '').toSorted();

/** Another calendar was kept for an hour; in this one something happened, and now it is the chosen one again. */
async function keptElsewhere(world: World, meanwhile: () => void): Promise<void> {
  world.setAccount({ state: 'off' });
  world.pass(1_800_000);
  meanwhile();
  world.pass(1_800_000);
  world.setAccount({ state: 'live', keptElsewhereUntil: world.now() });
  await world.pairs.markForReading(world.pairs.all().map(({ id }) => id));
  await world.quiesce();
}

describe('[R6.9] a calendar that is chosen again', () => {
  it('takes no appointment along that was deleted in it meanwhile: it gets an event again', async () => {
    const world = aWorld();
    world.inventive.edit(rowId(1), fullRow({ subject: 'Van Inventive' }));
    world.google.edit(eventId(1), fullEvent({ subject: 'Uit Google' }));
    await world.quiesce();
    await keptElsewhere(world, () => {
      for (const { id } of world.google.living()) world.google.remove(id);
    });
    expect([inGoogle(world), inInventive(world)]).toEqual([['Uit Google', 'Van Inventive'], ['Uit Google', 'Van Inventive']]);
    const writes = world.google.writes;
    await world.quiesce();
    expect(world.google.writes).toBe(writes);
  });

  it('puts back what was moved away at no told time, as long as the appointment has an event in another calendar', async () => {
    const world = aWorld();
    world.inventive.edit(rowId(1), fullRow({ subject: 'Meegenomen' }));
    await world.quiesce();
    const [pair] = world.pairs.all();
    const account = { ...world.account(), keptElsewhereUntil: world.now() };
    const moved: Pair = { ...pair!, google: { ...pair!.google, state: 'tombstone', version: { etag: '"moved"' } } };
    const beside = async (...others: readonly Partial<Pair>[]) =>
      (await deletedWhileKeptElsewhere(moved, account, { byAppointment: async () => [moved, ...others.map((other) => ({ ...pair!, accountId: asAccountId('other'), ...other }))] }))?.googleGeneration;
    expect(await beside({})).toBe(pair!.googleGeneration + 1);
    expect([await beside(), await beside({ google: moved.google }), await beside({ status: 'closed' })]).toEqual([undefined, undefined, undefined]);
    expect(await deletedWhileKeptElsewhere(moved, world.account(), { byAppointment: async () => [pair!] })).toBeUndefined();
  });

  it('heeds every deletion from then on', async () => {
    const world = aWorld();
    world.google.edit(eventId(1), fullEvent({ subject: 'Uit Google' }));
    await world.quiesce();
    await keptElsewhere(world, () => undefined);
    world.pass(1_000);
    world.google.remove(eventId(1));
    await world.quiesce();
    expect([inGoogle(world), inInventive(world)]).toEqual([[], []]);
  });

  it('lets a meeting go that its organiser cancelled, and an appointment that was deleted in Inventive', async () => {
    const world = aWorld();
    world.google.receive(eventId(1), fullEvent({ subject: 'Van de klant' }), { ownedByUser: false, organizerEmail: 'klant@elders.example' });
    world.inventive.edit(rowId(1), fullRow({ subject: 'Vervalt' }));
    await world.quiesce();
    await keptElsewhere(world, () => {
      world.google.remove(eventId(1));
      world.inventive.remove(rowId(1));
    });
    expect([inGoogle(world), inInventive(world)]).toEqual([[], []]);
  });
});

describe('[R6.7] a shared calendar that was kept for a colleague before', () => {
  const colleague = asInventiveId('B2'.padStart(32, '0'));
  /** Their event in it, of an appointment that is still theirs; `before`: their pair of that time, in this calendar or another. */
  async function takenOver(before: 'this calendar' | 'another'): Promise<World> {
    const world = aWorld({ account: { state: 'off' } });
    world.inventive.edit(rowId(1), fullRow({ subject: 'Van de collega' }));
    world.inventive.handTo(rowId(1), colleague);
    await world.quiesce();
    world.setAccount({ state: 'live' });
    const { calendarId, source, installation, administrationId } = world.account();
    const accountId = asAccountId('colleague');
    const id = derivePairId(accountId, { side: 'inventive', appointmentId: rowId(1) });
    const event = deriveGoogleEventId(id, 0);
    await world.pairs.insert(startPair({ id, accountId, source, appointmentId: rowId(1), calendarId: before === 'another' ? asCalendarId('other@example.com') : calendarId, eventId: event }), 'live');
    world.google.edit(event, fullEvent({ subject: 'Van de collega' }), { inventiveInstallation: installation, inventiveAdministration: administrationId, inventiveAppointment: rowId(1), inventiveEvent: `${event}.0` });
    await world.quiesce();
    return world;
  }
  const ofUser = (world: World) => world.pairs.all().find(({ accountId }) => accountId === world.account().id);

  it('holds appointments that stay the colleague’s: no second row, nothing written, and it says why', async () => {
    const world = await takenOver('this calendar');
    expect([inInventive(world), inGoogle(world), ofUser(world)?.reasons]).toEqual([['Van de collega'], ['Van de collega'], ['colleagues-appointment']]);
    expect([world.google.writes, world.inventive.writes]).toEqual([0, 0]);
    // Handed over to this user it is theirs, by the event that stands there.
    world.inventive.handTo(rowId(1), world.account().userId);
    await world.quiesce();
    expect([inInventive(world), inGoogle(world), ofUser(world)?.reasons]).toEqual([['Van de collega'], ['Van de collega'], []]);
  });

  it('unlike an event that was moved here from the colleague’s own calendar', async () => {
    const world = await takenOver('another');
    expect(inInventive(world)).toEqual(['Van de collega', 'Van de collega']);
  });
});

describe('[R6.9] an event that is brought along from the calendar that was kept before', () => {
  /** The calendar before had it under an id that it made, or that a person made; `now` is the one that it has there. */
  async function twin(made: 'by us' | 'by a person' | 'nowhere', now: 'that one' | 'another'): Promise<World> {
    const world = aWorld();
    world.inventive.edit(rowId(1), fullRow({ subject: 'Overleg' }));
    await world.quiesce();
    const { id: _own, ...account } = world.account();
    const former = asAccountId('former');
    const calendarId = asCalendarId('former@example.com');
    const id = made === 'by a person' ? derivePairId(former, { side: 'google', calendarId, eventId: eventId(9) }) : derivePairId(former, { side: 'inventive', appointmentId: rowId(1) });
    const event = made === 'by us' ? deriveGoogleEventId(id, 0) : eventId(9);
    if (made !== 'nowhere') {
      const pair = startPair({ id, accountId: former, source: account.source, appointmentId: rowId(1), calendarId, eventId: now === 'that one' ? event : deriveGoogleEventId(id, 1) });
      await world.pairs.insert(pair, 'live');
    }
    world.google.edit(event, fullEvent({ subject: 'Overleg' }), {
      inventiveInstallation: account.installation, inventiveAdministration: account.administrationId, inventiveAppointment: rowId(1), inventiveEvent: `${event}.0`,
    });
    await world.quiesce();
    return world;
  }

  it.each([['by us', 'that one'], ['by us', 'another'], ['by a person', 'that one'], ['by a person', 'another']] as const)('made %s, there now under %s: is no second appointment where its own has an event here already', async (made, now) => {
    const world = await twin(made, now);
    expect([inInventive(world), inGoogle(world)]).toEqual([['Overleg'], ['Overleg', 'Overleg']]);
    expect(world.unpaired.all().map(({ reason }) => reason)).toEqual(['appointment-stands-already']);
  });

  it('is none either where it comes back to the calendar in which the appointment got another event meanwhile', async () => {
    const world = aWorld();
    world.inventive.edit(rowId(1), fullRow({ subject: 'Overleg' }));
    await world.quiesce();
    const [before] = world.google.living();
    await keptElsewhere(world, () => world.google.remove(before!.id));
    world.google.restore(before!.id);
    await world.quiesce();
    expect([inInventive(world), inGoogle(world)]).toEqual([['Overleg'], ['Overleg', 'Overleg']]);
  });

  it('is one where no calendar of the user ever held it under that id', async () => {
    const world = await twin('nowhere', 'that one');
    expect(inInventive(world)).toEqual(['Overleg', 'Overleg']);
  });
});
