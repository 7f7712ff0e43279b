import { describe, expect, it } from 'vitest';
import { DEFAULT_RULES } from '../ports/account.js';
import { comeToRest } from './history-trouble.js';
import { differences } from './history-oracle.js';
import { aWorld, eventId, fullEvent, fullRow, rowId } from './reconcile-world.js';

type World = ReturnType<typeof aWorld>;
const row = (world: World) => world.inventive.rows.get(rowId(1));
const living = (world: World) => world.google.living().map(({ fields }) => fields.subject);

/** A worker hangs in its call; another has settled that nothing was made, and meanwhile the row is gone for Google. */
async function lateEvent(world: World, goes: (world: World) => void): Promise<void> {
  world.inventive.edit(rowId(1), fullRow());
  await world.deliverAll();
  await world.workAndStall('before');
  goes(world);
  await world.deliverAll();
  while (await world.workOnce());
  expect(living(world)).toEqual([]);
}

describe('[G10] an event that a worker makes late', () => {
  it.each([['delete', []], ['mark', ['Vervallen: Overleg']], ['keep', ['Overleg']]] as const)('beside a row that became Vervallen is an untouched leftover: %s', async (toGoogle, left) => {
    const world = aWorld({ account: { rules: { ...DEFAULT_RULES, deletion: { toGoogle, toInventive: 'delete' } } } });
    await lateEvent(world, () => world.inventive.setStatus(rowId(1), 'void'));
    await comeToRest(world);
    expect([living(world), row(world)?.status]).toEqual([left, 'void']);
    expect(world.pairs.all()[0]).not.toHaveProperty('begun');
  });
  it('and that is edited before anybody hears of it has the row planned again: an edit beats a delete', async () => {
    const world = aWorld();
    await lateEvent(world, () => world.inventive.setStatus(rowId(1), 'void'));
    await world.goOn();
    world.google.edit(world.google.living()[0]!.id, { location: 'Zaal 2' });
    await comeToRest(world);
    expect(row(world)).toMatchObject({ status: 'planned', fields: { subject: 'Overleg', location: 'Zaal 2' } });
    expect(differences(world, 'as told')).toEqual([]);
  });
  it('of a row that was deleted goes with it, and nothing is made again', async () => {
    const world = aWorld();
    await lateEvent(world, () => world.inventive.remove(rowId(1)));
    await comeToRest(world);
    expect([living(world), world.inventive.rows.size, world.pairs.all().map(({ status }) => status)]).toEqual([[], 0, ['closed']]);
  });
  it('with values that the row had before it was edited follows the row: nothing old comes back', async () => {
    const world = aWorld();
    world.inventive.edit(rowId(1), fullRow());
    await world.deliverAll();
    await world.workAndStall('before');
    world.inventive.edit(rowId(1), { subject: 'Nieuw' });
    await world.deliverAll();
    // The one that would make it anew dies just before its call, and the one that hung is faster.
    world.kill('reconcile:after-intent-before-call');
    await world.workOnce();
    await world.goOn();
    expect(living(world)).toEqual(['Overleg']);
    await comeToRest(world);
    expect([living(world), row(world)?.fields.subject]).toEqual([['Nieuw'], 'Nieuw']);
    expect(world.pairs.all().flatMap(({ lostValues }) => lostValues)).toEqual([]);
  });
});

describe('[G10] a row that a worker makes late', () => {
  it('of an event that was deleted meanwhile goes with it, and no event is made of it', async () => {
    const world = aWorld();
    world.google.edit(eventId(1), fullEvent());
    await world.deliverAll();
    await world.workAndStall('before');
    world.google.remove(eventId(1));
    await world.deliverAll();
    while (await world.workOnce());
    await comeToRest(world);
    expect([living(world), world.inventive.rows.size]).toEqual([[], 0]);
  });
});

describe('[G10] a database that was lost', () => {
  it('leaves a Vervallen row and its event as they are: nobody knows whether the event was edited since', async () => {
    const world = aWorld();
    world.inventive.edit(rowId(1), fullRow());
    await world.quiesce();
    world.inventive.setStatus(rowId(1), 'void');
    world.loseDatabase();
    await comeToRest(world);
    expect([living(world), row(world)?.status, world.pairs.all().map(({ reasons }) => reasons)]).toEqual([['Overleg'], 'void', [['appointment-void']]]);
    expect(differences(world)).toEqual([]);
  });
});
