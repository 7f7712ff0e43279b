import { describe, expect, it } from 'vitest';
import { asAccountId, asInventiveId, asPairId } from '@calsync/calendar-model';
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

describe('[R6.9] an event that is brought along from the calendar that was kept before', () => {
  async function twin(inFormer: boolean): Promise<World> {
    const world = aWorld();
    world.inventive.edit(rowId(1), fullRow({ subject: 'Overleg' }));
    await world.quiesce();
    const account = world.account();
    if (inFormer) {
      await world.pairs.insert(startPair({
        id: asPairId('former'), accountId: asAccountId('former'), source: account.source, appointmentId: rowId(1), calendarId: account.calendarId, eventId: eventId(9),
      }), 'live');
    }
    world.google.edit(eventId(9), fullEvent({ subject: 'Overleg' }), {
      inventiveInstallation: account.installation, inventiveAdministration: account.administrationId, inventiveAppointment: asInventiveId(rowId(1)), inventiveEvent: `${eventId(9)}.0`,
    });
    await world.quiesce();
    return world;
  }

  it('is no second appointment where its own has an event here already, and is left as it is', async () => {
    const world = await twin(true);
    expect([inInventive(world), inGoogle(world)]).toEqual([['Overleg'], ['Overleg', 'Overleg']]);
    expect(world.unpaired.all().map(({ itemId, reason }) => [itemId, reason])).toEqual([[eventId(9), 'appointment-stands-already']]);
  });

  it('is one where no calendar of the user ever held it under that id', async () => {
    const world = await twin(false);
    expect(inInventive(world)).toEqual(['Overleg', 'Overleg']);
  });
});
