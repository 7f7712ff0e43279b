import { describe, expect, it } from 'vitest';
import { asInventiveId } from '@calsync/calendar-model';
import { ACCOUNT, anEvent } from '../testing/records.js';
import { comparing } from './comparing-world.js';
import { aWorld, eventId, fullEvent, fullRow, rowId } from './reconcile-world.js';
import { aLiveWorld, inAgenda, inGoogle, on, writes, type World } from './rolling-world.js';

const NOTHING = { matched: 0, toInventive: 0, toGoogle: 0, different: 0, ambiguous: 0, repaired: 0 };

/** Two rows and two events, each with its other half. */
async function inStep(): Promise<World> {
  const world = await aLiveWorld();
  for (const n of [1, 2]) world.inventive.edit(rowId(n), fullRow({ subject: `rij ${n}`, when: on('2026-12-01') }));
  for (const n of [1, 2]) world.google.edit(eventId(n), fullEvent({ subject: `event ${n}`, when: on('2026-12-02') }));
  await world.quiesce();
  return world;
}
const googleOf = (world: World, subject: string) => world.google.living().find(({ fields }) => fields.subject === subject)!;
const rowOf = (world: World, subject: string) => [...world.inventive.rows.values()].find(({ fields }) => fields.subject === subject)!;

describe('[R12.1] a full comparison of a healthy system', () => {
  it('finds everything in step, mends nothing and writes nothing', async () => {
    const world = await inStep();
    const before = writes(world);
    const { compare } = comparing(world);
    expect(await compare()).toEqual({ ...NOTHING, inventive: 4, google: 4, paired: 4, leftAlone: {} });
    await world.quiesce();
    expect(writes(world)).toBe(before);
  });

  it('is told once, under the id of its command', async () => {
    const world = await inStep();
    const { told, ask, compares } = comparing(world);
    await ask('repair', 'asked');
    await ask('repair', 'asked');
    await compares.turn();
    await compares.turn();
    expect(told).toMatchObject([{ type: 'nl.inventive.sync.compared.v1', id: 'asked', key: ACCOUNT.id, data: { commandId: 'asked', mode: 'repair', paired: 4, repaired: 0 } }]);
  });

  it('does not take what the daily roll has yet to bring for drift', async () => {
    const world = await inStep();
    world.inventive.edit(rowId(9), fullRow({ when: on('2027-02-23') }));
    world.dropNews();
    world.passUntil('2026-11-24T23:10:00Z');
    expect(await comparing(world).compare()).toMatchObject({ ...NOTHING, inventive: 4 });
  });
});

describe('[R12.2] drift that no message told of is mended and counted', () => {
  it.each<[string, (world: World) => void, object]>([
    ['an appointment changed', (world) => world.inventive.edit(rowId(1), { subject: 'rij 1', location: 'Zaal 9' }), { different: 1 }],
    ['an event changed', (world) => world.google.edit(eventId(1), { location: 'Zaal 9' }), { different: 1 }],
    ['an appointment was made', (world) => world.inventive.edit(rowId(3), fullRow({ subject: 'rij 3' })), { toGoogle: 1 }],
    ['an event was made', (world) => world.google.edit(eventId(3), fullEvent({ subject: 'event 3' })), { toInventive: 1 }],
    ['the same was made on both sides', (world) => (world.inventive.edit(rowId(3), fullRow({ subject: 'beurs' })), world.google.edit(eventId(3), fullEvent({ subject: 'Beurs' }))), { matched: 1 }],
    ['an appointment was deleted', (world) => world.inventive.remove(rowId(1)), { different: 1 }],
    ['an event was deleted', (world) => world.google.remove(eventId(1)), { different: 1 }],
    ['an appointment left the window', (world) => world.inventive.edit(rowId(1), { when: on('2028-01-01') }), { different: 1 }],
    ['an event left the window', (world) => world.google.edit(eventId(1), { when: on('2028-01-01') }), { different: 1 }],
    ['a deleted event was restored', (world) => (world.google.remove(googleOf(world, 'rij 2').id), world.google.restore([...world.google.events.values()].find(({ fields }) => fields.subject === 'rij 2')!.id)), { different: 1 }],
    ['an appointment went to a colleague', (world) => world.inventive.handTo(rowId(1), asInventiveId('B2'.padStart(32, '0'))), { different: 1 }],
  ])('%s', async (_what, drift, found) => {
    const world = await inStep();
    drift(world);
    world.dropNews();
    const preview = await comparing(world).compare('preview');
    const counts = await comparing(world).compare();
    expect(counts).toMatchObject({ ...NOTHING, ...found, repaired: 1 });
    expect(preview).toEqual({ ...counts, repaired: 0 });
    await world.quiesce();
    const mine = [...world.inventive.rows.values()].filter(({ ownerId }) => ownerId === ACCOUNT.userId).map(({ fields }) => [fields.subject, fields.location, fields.when]);
    expect(mine.map(String).sort().map((text) => text.toLowerCase())).toEqual(world.google.living().map(({ fields }) => String([fields.subject, fields.location, fields.when]).toLowerCase()).sort());
    expect(await comparing(world).compare()).toMatchObject(NOTHING);
  });

  it('content that changed under the same version, as reminders do', async () => {
    const world = await inStep();
    const event = googleOf(world, 'event 1');
    world.google.events.set(event.id, { ...event, fields: { ...event.fields, location: 'Zaal 3' } });
    expect(await comparing(world).compare()).toMatchObject({ different: 1, repaired: 1 });
    await world.quiesce();
    expect(rowOf(world, 'event 1').fields.location).toBe('Zaal 3');
  });

  it('a pair whose work was lost', async () => {
    const world = await inStep();
    world.inventive.edit(rowId(1), { location: 'Zaal 4' });
    await world.deliverAll();
    const [id] = await world.pairs.due(1);
    const claimed = await world.pairs.claim(id!, 1_000);
    await world.pairs.finish(id!, claimed!.dueSeq);
    expect(await comparing(world).compare()).toMatchObject({ different: 1, repaired: 1 });
    await world.quiesce();
    expect(googleOf(world, 'rij 1').fields.location).toBe('Zaal 4');
  });

  it('a change of this moment may still be on its way: it is looked at again, and no drift if it came', async () => {
    const world = await inStep();
    const { compare } = comparing(world, 10_000);
    world.clock.sleep = async () => {
      await world.deliverAll();
      return undefined;
    };
    world.inventive.edit(rowId(1), { location: 'Zaal 5' });
    world.google.edit(eventId(3), fullEvent({ subject: 'zojuist' }));
    world.google.remove(eventId(2));
    expect(await compare()).toMatchObject({ ...NOTHING, repaired: 0 });
  });
});

describe('[R12.3] [lesson 6] absence proves nothing', () => {
  it('what a list leaves out is asked for one by one, and stays', async () => {
    const world = await inStep();
    const before = writes(world);
    world.google.listDays = async () => ({ records: [], unreadable: [] });
    world.inventive.readAgenda = async () => ({ records: [], unreadable: [] });
    expect(await comparing(world).compare()).toMatchObject({ ...NOTHING, paired: 4, inventive: 0, google: 0 });
    await world.quiesce();
    expect([writes(world), inGoogle(world).length, inAgenda(world).length]).toEqual([before, 4, 4]);
  });

  it('an event that is not found (404) is not deleted', async () => {
    const world = await inStep();
    const before = writes(world);
    for (const { id } of world.google.living()) world.google.hidden.add(id);
    expect(await comparing(world).compare()).toMatchObject({ ...NOTHING });
    await world.quiesce();
    expect([writes(world), inAgenda(world).length]).toEqual([before, 4]);
  });
});

describe('[R12.4] a comparison that is interrupted', () => {
  it('goes on where it was, and counts everything once', async () => {
    const world = await inStep();
    for (let n = 10; n < 70; n += 1) world.inventive.edit(rowId(n), fullRow({ subject: `gemist ${n}`, when: on('2026-12-03') }));
    world.dropNews();
    const { ask, compares, comparisons } = comparing(world);
    const id = await ask('repair');
    const { progress } = comparisons;
    let calls = 0;
    comparisons.progress = async (...args) => {
      await progress(...args);
      if ((calls += 1) === 4) throw new Error('killed');
    };
    await compares.turn();
    expect(await comparisons.find(id)).toMatchObject({ state: 'running' });
    expect((await comparisons.find(id))?.mended.length).toBeGreaterThan(0);
    world.pass(10_000);
    await compares.turn();
    expect(await comparisons.find(id)).toMatchObject({ state: 'done', counts: { toGoogle: 60, repaired: 60, paired: 4 }, done: 128, total: 128 });
  });

  it('by a joining waits for it; by a held account is refused with the reason', async () => {
    const world = await inStep();
    const { ask, compares, comparisons, told } = comparing(world);
    const [one, two] = [await ask('repair'), await ask('repair')];
    world.setAccount({ state: 'joining' });
    await compares.turn();
    expect(await comparisons.find(one)).toMatchObject({ state: 'waiting' });
    world.setAccount({ state: 'held' });
    await compares.turn();
    expect([await comparisons.find(one), await comparisons.find(two)]).toMatchObject(Array(2).fill({ state: 'refused', reason: 'held-by-brake' }));
    expect(told).toEqual([]);
  });

  it('by a vendor that fails is tried again, and given up in the end', async () => {
    const world = await inStep();
    const { ask, compares, comparisons } = comparing(world);
    const id = await ask('repair');
    world.fates.push('fails');
    await compares.turn();
    expect(await comparisons.find(id)).toMatchObject({ state: 'running' });
    for (let n = 0; n < 20; n += 1) {
      world.fates.splice(0, Infinity, 'fails');
      world.pass(400_000);
      await compares.turn();
    }
    expect(await comparisons.find(id)).toMatchObject({ state: 'failed', cause: expect.stringContaining('did not answer') });
  });
});

describe('[R12.5] the brake', () => {
  it('counts what a comparison would delete', async () => {
    const world = await aLiveWorld();
    for (let n = 1; n <= 30; n += 1) world.inventive.edit(rowId(n), fullRow({ subject: `rij ${n}`, when: on('2026-12-01') }));
    await world.quiesce();
    for (let n = 1; n <= 30; n += 1) world.inventive.remove(rowId(n));
    world.dropNews();
    expect(await comparing(world).compare()).toMatchObject({ different: 30, repaired: 30 });
    for (let n = 0; n < 60; n += 1) await world.workOnce();
    expect([world.account().state, inGoogle(world).length > 15]).toEqual(['held', true]);
  });

  it('counts what it would create', async () => {
    const world = await aLiveWorld();
    for (let n = 1; n <= 130; n += 1) world.inventive.edit(rowId(n), fullRow({ subject: `rij ${n}`, when: on('2026-12-01') }));
    world.dropNews();
    expect(await comparing(world).compare()).toMatchObject({ toGoogle: 130 });
    for (let n = 0; n < 150; n += 1) await world.workOnce();
    expect(world.account().state).toBe('held');
  });

  it('and live changes go first', async () => {
    const world = await inStep();
    for (let n = 10; n < 40; n += 1) world.inventive.edit(rowId(n), fullRow({ subject: `gemist ${n}` }));
    world.inventive.edit(rowId(2), { location: 'gemist' });
    world.dropNews();
    await comparing(world).compare();
    world.google.edit(eventId(1), { location: 'nu' });
    await world.deliverAll();
    const [first] = await world.pairs.due(1);
    expect((await world.pairs.byId(first!))?.eventId).toBe(eventId(1));
  });
});

describe('[R10.3] a dry run', () => {
  it.each(['off', 'joining', 'live'] as const)('of an account that is %s gives the numbers, writes nothing and takes nothing in', async (state) => {
    const world = aWorld({ account: { state } });
    world.inventive.edit(rowId(1), fullRow({ subject: 'alleen hier' }));
    world.inventive.edit(rowId(2), fullRow({ subject: 'overal' }));
    world.inventive.edit(rowId(5), fullRow({ subject: 'buiten', when: on('2028-01-01') }));
    world.google.edit(eventId(2), fullEvent({ subject: 'Overal ' }));
    world.google.edit(eventId(3), fullEvent({ subject: 'alleen daar' }));
    for (const n of [6, 7]) world.inventive.edit(rowId(n), fullRow({ subject: 'tweemaal' }));
    world.google.edit(eventId(6), fullEvent({ subject: 'tweemaal' }));
    world.google.events.set(eventId(8), anEvent({ id: eventId(8), fields: fullEvent({ subject: 'focus' }), eventType: 'focusTime' }));
    world.dropNews();
    expect(await comparing(world).compare('preview')).toEqual({
      inventive: 4, google: 4, paired: 0, matched: 1, toInventive: 1, toGoogle: 1, different: 0, ambiguous: 1, repaired: 0, leftAlone: { 'event-type-not-synchronised': 1 },
    });
    expect([writes(world), world.pairs.all(), world.unpaired.all(), world.account().state]).toEqual([0, [], [], state]);
  });

  it('of an account whose consent is gone is refused', async () => {
    const world = aWorld({ account: { state: 'needs-consent' } });
    const { ask, compares, comparisons } = comparing(world);
    const id = await ask('preview');
    await compares.turn();
    expect(await comparisons.find(id)).toMatchObject({ state: 'refused', reason: 'needs-consent' });
  });
});
