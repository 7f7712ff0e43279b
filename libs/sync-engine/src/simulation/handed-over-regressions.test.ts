import { describe, expect, it } from 'vitest';
import { differences } from './history-oracle.js';
import { COLLEAGUE } from './history-people.js';
import { comeToRest } from './history-trouble.js';
import { WHENS } from './history-whens.js';
import { aWorld, fullRow, rowId } from './reconcile-world.js';

/** Each was found by the random histories, and shrunk to this. */
describe('an appointment that was handed over, whose event was deleted', () => {
  it.each(['seen', 'hidden'] as const)('and restored and edited, the row being %s: that edit gets a row of its own, though the first try to make it died', async (theirs) => {
    const world = aWorld();
    world.inventive.edit(rowId(1), fullRow());
    await world.quiesce();
    world.inventive.handTo(rowId(1), COLLEAGUE);
    if (theirs === 'hidden') world.inventive.hidden.add(rowId(1));
    await world.quiesce();
    const [event] = [...world.google.events.values()];
    world.kill('reconcile:after-intent-before-call');
    world.google.restore(event!.id);
    world.google.edit(event!.id, { subject: 'Getypt' });
    await world.deliverAll();
    await world.workOnce();
    await world.workOnce();
    await comeToRest(world);
    expect(world.google.living().map(({ fields }) => fields.subject)).toEqual(['Getypt']);
    expect([...world.inventive.rows.values()].filter(({ ownerId }) => ownerId === world.account().userId).map(({ fields }) => fields.subject)).toEqual(['Getypt']);
    expect(differences(world)).toEqual([]);
  });
});

describe('an appointment that was handed over while its event was edited, and so got another row', () => {
  it('keeps that one after a lost database, outside the window too, where an old message names the first row', async () => {
    const world = aWorld();
    world.inventive.edit(rowId(1), fullRow());
    await world.deliverNext('inventive');
    world.inventive.handTo(rowId(1), COLLEAGUE);
    await world.workAndStall('after');
    const [event] = world.google.living();
    world.google.edit(event!.id, { when: WHENS[4]! });
    world.google.edit(event!.id, { subject: 'Getypt' });
    await world.workOnce();
    expect(world.inventive.rows.size).toBe(2);
    world.loseDatabase();
    await comeToRest(world);
    expect(world.inventive.rows.size).toBe(2);
    expect(differences(world)).toEqual([]);
  });

  it('and gets an event of its own when it comes back while both are joined anew', async () => {
    const world = aWorld();
    world.inventive.edit(rowId(1), fullRow());
    await world.quiesce();
    world.inventive.handTo(rowId(1), COLLEAGUE);
    world.google.edit(world.google.living()[0]!.id, { subject: 'Getypt' });
    await world.quiesce();
    expect(world.inventive.rows.size).toBe(2);
    world.loseDatabase();
    world.inventive.handTo(rowId(1), world.account().userId);
    await world.deliverAll();
    await comeToRest(world);
    expect(world.google.living().map(({ fields }) => fields.subject ?? '').toSorted((one, other) => one.localeCompare(other))).toEqual(['Getypt', 'Overleg']);
    expect(differences(world)).toEqual([]);
  });
});
