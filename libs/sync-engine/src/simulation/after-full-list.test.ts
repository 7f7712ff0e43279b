import { describe, expect, it } from 'vitest';
import { compareAfterFullList } from '../reconcile/index.js';
import { comparing } from './comparing-world.js';
import { fullRow, rowId } from './reconcile-world.js';
import { aLiveWorld, inAgenda, on, writes } from './rolling-world.js';

describe('[lesson 8] a sync token that expired', () => {
  it('wipes nothing, and a deletion that Google has forgotten in its lists still arrives', async () => {
    const world = await aLiveWorld();
    for (const n of [1, 2, 3]) world.inventive.edit(rowId(n), fullRow({ subject: `rij ${n}`, when: on('2026-12-01') }));
    await world.quiesce();
    const before = writes(world);
    world.google.remove(world.google.living()[0]!.id);
    world.dropNews();
    const { comparisons, compares } = comparing(world);
    await world.listCalendar();
    await world.quiesce();
    expect([inAgenda(world).length, writes(world)]).toEqual([3, before]);
    for (let twice = 0; twice < 2; twice += 1) await compareAfterFullList({ ...world, comparisons }, world.calendar, 'pull-2');
    expect(await comparisons.open()).toHaveLength(1);
    await compares.turn();
    await world.quiesce();
    expect([inAgenda(world), writes(world) - before]).toEqual([['rij 2', 'rij 3'], 1]);
  });

  it('of an account that is joining asks for nothing: joining compares by itself', async () => {
    const world = await aLiveWorld();
    world.setAccount({ state: 'joining' });
    const { comparisons } = comparing(world);
    await compareAfterFullList({ ...world, comparisons }, world.calendar, 'pull-2');
    expect(await comparisons.open()).toEqual([]);
  });
});
