import { describe, expect, it } from 'vitest';
import { asInventiveId } from '@calsync/calendar-model';
import { aWorld, eventId, fullEvent, fullRow, rowId } from './reconcile-world.js';

const COLLEAGUE = asInventiveId('B2'.padStart(32, '0'));

/** Sixty appointments of one day that stand on both sides, born on either. */
async function sixtyInStep() {
  const world = aWorld();
  for (let n = 0; n < 30; n += 1) world.inventive.edit(rowId(n + 1), fullRow({ subject: `Rij ${n}` }));
  for (let n = 0; n < 30; n += 1) world.google.edit(eventId(n), fullEvent({ subject: `Item ${n}` }));
  await world.quiesce();
  expect([world.inventive.rows.size, world.google.living().length]).toEqual([60, 60]);
  return world;
}
type World = Awaited<ReturnType<typeof sixtyInStep>>;

/** Everything was taken in before anybody works on it: then nothing is lost before the account is held. */
async function heldBeforeTheFirstLoss(world: World): Promise<void> {
  const before = [world.google.writes, world.inventive.writes];
  await world.deliverAll();
  while (await world.workOnce());
  expect(world.account().state).toBe('held');
  expect([world.google.writes, world.inventive.writes]).toEqual(before);
}

describe('[R7.8] losses of many appointments at once are counted before the first of them is made', () => {
  it('sixty rows deleted', async () => {
    const world = await sixtyInStep();
    for (const id of [...world.inventive.rows.keys()]) world.inventive.remove(id);
    await heldBeforeTheFirstLoss(world);
  });
  it('sixty events deleted: what Google told of them counts before it was asked', async () => {
    const world = await sixtyInStep();
    for (const { id } of world.google.living()) world.google.remove(id);
    await heldBeforeTheFirstLoss(world);
  });
  it('sixty rows given to a colleague', async () => {
    const world = await sixtyInStep();
    for (const id of [...world.inventive.rows.keys()]) world.inventive.handTo(id, COLLEAGUE);
    await heldBeforeTheFirstLoss(world);
  });
  it('the subjects of sixty rows wiped', async () => {
    const world = await sixtyInStep();
    for (const id of [...world.inventive.rows.keys()]) world.inventive.edit(id, { subject: '' });
    await heldBeforeTheFirstLoss(world);
  });
  it('sixty events moved to another day', async () => {
    const world = await sixtyInStep();
    for (const { id } of world.google.living()) world.google.edit(id, { when: { kind: 'timed', start: '2026-12-01T10:00:00', end: '2026-12-01T11:00:00', zone: 'Europe/Amsterdam' } });
    await heldBeforeTheFirstLoss(world);
  });
  it('ten of sixty are what a person does', async () => {
    const world = await sixtyInStep();
    for (const id of [...world.inventive.rows.keys()].slice(0, 10)) world.inventive.remove(id);
    await world.quiesce();
    expect([world.account().state, world.inventive.rows.size, world.google.living().length]).toEqual(['live', 50, 50]);
  });
  it('a deletion that Google claimed and took back counts no more', async () => {
    const world = await sixtyInStep();
    const events = world.google.living().map(({ id }) => id);
    for (const id of events.slice(0, 40)) world.google.remove(id);
    for (const id of events.slice(0, 40)) world.google.restore(id);
    await world.quiesce();
    expect([world.account().state, world.inventive.rows.size, world.google.living().length]).toEqual(['live', 60, 60]);
  });
});
