import { describe, expect, it } from 'vitest';
import { asInventiveId } from '@calsync/calendar-model';
import { whyRestoreWaits, type ReconcileStep } from '../reconcile/index.js';
import { aWorld, eventId, fullEvent, rowId, fullRow } from './reconcile-world.js';
import type { World } from './rolling-world.js';

/** One pair of which a value was overwritten: both changed the subject, Google's won. */
async function aLoss(): Promise<World> {
  const world = aWorld({ account: { conflictPolicy: 'google-wins' } });
  world.inventive.edit(rowId(1), fullRow({ subject: 'begin' }));
  await world.quiesce();
  const [event] = world.google.living();
  world.inventive.edit(rowId(1), { subject: 'van het bureau' });
  world.google.edit(event!.id, { subject: 'van de telefoon' });
  await world.quiesce();
  expect(subjects(world)).toEqual(['van de telefoon', 'van de telefoon']);
  expect(lost(world)).toEqual(['van het bureau']);
  return world;
}
const subjects = (world: World) => [world.inventive.rows.get(rowId(1))?.fields.subject, world.google.living()[0]?.fields.subject];
const lost = (world: World) => world.pairs.all().flatMap(({ lostValues }) => lostValues.map((loss) => loss.lost));
const restore = async (world: World, index: number) => {
  const [pair] = world.pairs.all();
  await world.pairs.restore(pair!.accountId, pair!.id, index);
};

describe('[R8.4] [lesson 20] a value that was overwritten can be put back', () => {
  it('stands on both sides then, and what it replaced is in the history', async () => {
    const world = await aLoss();
    await restore(world, 0);
    await world.quiesce();
    expect([subjects(world), lost(world)]).toEqual([['van het bureau', 'van het bureau'], ['van het bureau', 'van de telefoon']]);
    expect(world.pairs.all()[0]).not.toHaveProperty('restoring');
    const written = [world.google.writes, world.inventive.writes];
    await restore(world, 0);
    await world.quiesce();
    expect([world.google.writes, world.inventive.writes]).toEqual(written);
    await restore(world, 1);
    await world.quiesce();
    expect(subjects(world)).toEqual(['van de telefoon', 'van de telefoon']);
  });

  it.each<ReconcileStep>(['reconcile:after-intent-before-call', 'reconcile:after-call-before-save', 'reconcile:after-save-before-finish'])('also when the process dies (%s), and is written once', async (step) => {
    const world = await aLoss();
    const before = world.inventive.writes;
    await restore(world, 0);
    world.kill(step);
    await world.quiesce();
    expect([subjects(world), lost(world), world.inventive.writes - before]).toEqual([['van het bureau', 'van het bureau'], ['van het bureau', 'van de telefoon'], 1]);
  });

  it('also when an answer of Inventive is lost, or somebody is faster', async () => {
    const world = await aLoss();
    await restore(world, 0);
    world.fates.push('applies-then-fails');
    await world.quiesce();
    expect(subjects(world)).toEqual(['van het bureau', 'van het bureau']);
    await restore(world, 1);
    world.inventive.edit(rowId(1), { location: 'Zaal 1' });
    await world.quiesce();
    expect([subjects(world), world.google.living()[0]?.fields.location]).toEqual([['van de telefoon', 'van de telefoon'], 'Zaal 1']);
  });

  it('is no more than a wish where the appointment is gone', async () => {
    const world = await aLoss();
    world.inventive.remove(rowId(1));
    await world.quiesce();
    await restore(world, 0);
    await world.quiesce();
    expect([world.google.living(), world.inventive.rows.size]).toEqual([[], 0]);
    expect(world.pairs.all()[0]).not.toHaveProperty('restoring');
  });

  it('is no more than a wish where the event is another organiser’s, which would undo it: nothing is written', async () => {
    const world = aWorld();
    world.google.receive(eventId(1), fullEvent({ subject: 'Kennismaking' }), { ownedByUser: false, organizerEmail: 'klant@elders.example' });
    await world.quiesce();
    world.inventive.edit([...world.inventive.rows.keys()][0]!, { subject: 'Mijn titel' });
    await world.quiesce();
    expect(lost(world)).toEqual(['Mijn titel']);
    const before = world.inventive.writes;
    await restore(world, 0);
    await world.quiesce();
    expect([world.inventive.writes, lost(world)]).toEqual([before, ['Mijn titel']]);
    expect(world.pairs.all()[0]).not.toHaveProperty('restoring');
  });

  it('a line that somebody wrote into our block comes back in the notes, below what stands there', async () => {
    const world = aWorld();
    world.google.edit(eventId(1), fullEvent({ description: 'notities' }));
    await world.quiesce();
    const [pair] = world.pairs.all();
    await world.pairs.save(pair!, { lostValues: [{ field: 'notes', winner: 'inventive', kept: 'Relatie: A', lost: 'Relatie: A, bel eerst', line: true, at: '2026-11-24T09:00:00Z' }] });
    for (let again = 0; again < 2; again += 1) {
      await restore(world, 0);
      await world.quiesce();
      expect([...world.inventive.rows.values()].map(({ fields }) => fields.notes)).toEqual(['notities\nRelatie: A, bel eerst']);
    }
    expect(lost(world)).toEqual(['Relatie: A, bel eerst']);
  });

  it('would wait for a person where the pair was stopped, or the account set to another administration', async () => {
    const world = await aLoss();
    const [pair] = world.pairs.all();
    const elsewhere = { ...world.account(), onlyAdministration: true as const, administrationId: asInventiveId('F'.repeat(32)) };
    expect(whyRestoreWaits(pair!, world.account())).toBeUndefined();
    expect(whyRestoreWaits({ ...pair!, status: 'quarantined' }, world.account())).toBe('quarantined-loop');
    expect(whyRestoreWaits(pair!, elsewhere)).toBe('other-administration');
  });
});
