import { describe, expect, it } from 'vitest';
import type { AccountRules } from '../ports/account.js';
import type { ReconcileStep } from '../reconcile/index.js';
import { DEFAULT_RULES } from '../ports/account.js';
import { aWorld, eventId, fullRow, rowId } from './reconcile-world.js';

type World = ReturnType<typeof aWorld>;
const worldWith = (rules: Partial<AccountRules> = {}): World => aWorld({ account: { rules: { ...DEFAULT_RULES, ...rules } } });
const policy = (both: 'delete' | 'mark' | 'keep') => worldWith({ deletion: { toInventive: both, toGoogle: both } });

/** One appointment that stands on both sides. */
async function inStep(world: World) {
  world.inventive.edit(rowId(1), fullRow());
  await world.quiesce();
  const id = world.google.living()[0]!.id;
  return { world, id, row: () => world.inventive.rows.get(rowId(1)), event: () => world.google.events.get(id)!, reasons: () => world.pairs.all()[0]?.reasons };
}
/** What is at rest stays so. */
async function isQuiet(world: World): Promise<boolean> {
  const before = [world.inventive.writes, world.google.writes];
  await world.pairs.markForReading(world.pairs.all().map(({ id }) => id));
  await world.quiesce();
  return before[0] === world.inventive.writes && before[1] === world.google.writes;
}

describe('[R7.5] [R7.6] a row that becomes Vervallen', () => {
  it.each([['where its id can be revived', true], ['where the bin was emptied', false]] as const)('leaves Google and stays in Inventive; planned again it comes back once: %s', async (_what, revivable) => {
    const { world, row, reasons } = await inStep(worldWith());
    world.inventive.setStatus(rowId(1), 'void');
    await world.quiesce();
    expect([world.google.living(), row()?.status, reasons()]).toEqual([[], 'void', ['appointment-void']]);
    expect(await isQuiet(world)).toBe(true);
    world.google.revivable = revivable;
    world.inventive.setStatus(rowId(1), 'planned');
    await world.quiesce();
    expect(world.google.living().map(({ fields }) => fields.subject)).toEqual(['Overleg']);
    expect([row()?.status, await isQuiet(world)]).toEqual(['planned', true]);
  });
  it('to and fro, again and again, ends as it was left', async () => {
    const { world } = await inStep(worldWith());
    for (let turn = 0; turn < 6; turn += 1) {
      world.inventive.setStatus(rowId(1), turn % 2 === 0 ? 'void' : 'planned');
      await world.quiesce();
      world.pass(120_000);
    }
    expect(world.google.living()).toHaveLength(1);
    expect(await isQuiet(world)).toBe(true);
  });
  it('[R7.7] an edit in Google plans it again, and crosses', async () => {
    const { world, id, row } = await inStep(worldWith());
    world.inventive.setStatus(rowId(1), 'void');
    world.google.edit(id, { location: 'Zaal 2' });
    await world.quiesce();
    expect([row()?.status, row()?.fields.location, world.google.living().length]).toEqual(['planned', 'Zaal 2', 1]);
    expect(await isQuiet(world)).toBe(true);
  });
  it('[R7.7] taken out of the bin in Google, it is planned again', async () => {
    const { world, id, row } = await inStep(worldWith());
    world.inventive.setStatus(rowId(1), 'void');
    await world.quiesce();
    world.google.restore(id);
    await world.quiesce();
    expect([row()?.status, world.google.living().length, await isQuiet(world)]).toEqual(['planned', 1, true]);
  });
  it('deleted after that, it is gone on both sides', async () => {
    const { world } = await inStep(worldWith());
    world.inventive.setStatus(rowId(1), 'void');
    await world.quiesce();
    world.inventive.remove(rowId(1));
    await world.quiesce();
    expect([world.google.living(), world.pairs.all()[0]?.status]).toEqual([[], 'closed']);
  });
});

describe('[R7.12] a row that is Vervallen from the start', () => {
  it('comes to Google only once it is planned, and says why not', async () => {
    const world = worldWith();
    world.inventive.edit(rowId(1), fullRow());
    world.inventive.setStatus(rowId(1), 'void');
    await world.deliverInventive(1);
    world.dropNews();
    await world.quiesce();
    expect([world.google.events.size, world.pairs.all().length]).toEqual([0, 0]);
    expect((await world.unpaired.find(world.account().id, 'inventive', rowId(1)))?.reason).toBe('appointment-void');
    world.inventive.setStatus(rowId(1), 'planned');
    await world.quiesce();
    expect(world.google.living()).toHaveLength(1);
  });
});

describe('[R1.8] a row that is Afgerond', () => {
  it('changes nothing in Google', async () => {
    const { world, row } = await inStep(worldWith());
    const before = world.google.writes;
    world.inventive.setStatus(rowId(1), 'done');
    await world.quiesce();
    expect([world.google.writes - before, row()?.status, world.google.living().length]).toEqual([0, 'done', 1]);
  });
});

describe('[R7.3] deleted in Google, marked in Inventive', () => {
  it('becomes Vervallen; planned again it comes back', async () => {
    const { world, id, row } = await inStep(policy('mark'));
    world.google.remove(id);
    await world.quiesce();
    expect([row()?.status, world.google.living(), await isQuiet(world)]).toEqual(['void', [], true]);
    world.inventive.setStatus(rowId(1), 'planned');
    await world.quiesce();
    expect([row()?.status, world.google.living().length, await isQuiet(world)]).toEqual(['planned', 1, true]);
  });
});

describe('[R7.2] deleted or Vervallen in Inventive, marked in Google', () => {
  it('says so and takes no time; planned again it is as it was', async () => {
    const { world, event, row } = await inStep(policy('mark'));
    world.inventive.setStatus(rowId(1), 'void');
    await world.quiesce();
    expect([event().status, event().fields]).toMatchObject(['confirmed', { subject: 'Vervallen: Overleg', showAs: 'free' }]);
    expect([row()?.fields.subject, row()?.fields.showAs, await isQuiet(world)]).toEqual(['Overleg', 'busy', true]);
    world.inventive.setStatus(rowId(1), 'planned');
    await world.quiesce();
    expect(event().fields).toMatchObject({ subject: 'Overleg', showAs: 'busy' });
    expect([row()?.fields.subject, await isQuiet(world)]).toEqual(['Overleg', true]);
  });
  it('a deleted row too, once, and an edit in Google makes it again without the mark', async () => {
    const { world, id, event } = await inStep(policy('mark'));
    world.inventive.remove(rowId(1));
    await world.quiesce();
    expect([event().fields.subject, world.inventive.rows.size, await isQuiet(world)]).toEqual(['Vervallen: Overleg', 0, true]);
    world.google.edit(id, { location: 'Zaal 2' });
    await world.quiesce();
    expect([...world.inventive.rows.values()].map(({ fields }) => [fields.subject, fields.location, fields.showAs])).toEqual([['Overleg', 'Zaal 2', 'busy']]);
    expect([event().fields.subject, event().fields.showAs, await isQuiet(world)]).toEqual(['Overleg', 'busy', true]);
  });
});

describe('[R7.4] deleted on one side, kept on the other', () => {
  it('stays as it is, with the reason', async () => {
    const inGoogle = await inStep(policy('keep'));
    inGoogle.world.google.remove(inGoogle.id);
    await inGoogle.world.quiesce();
    expect([inGoogle.row()?.status, inGoogle.reasons(), await isQuiet(inGoogle.world)]).toEqual(['planned', ['deletion-kept'], true]);
    const inInventive = await inStep(policy('keep'));
    inInventive.world.inventive.remove(rowId(1));
    await inInventive.world.quiesce();
    expect([inInventive.event().fields.subject, inInventive.reasons(), await isQuiet(inInventive.world)]).toEqual(['Overleg', ['deletion-kept'], true]);
  });
  it('an appointment that goes to somebody else leaves this calendar all the same', async () => {
    const { world } = await inStep(policy('keep'));
    world.inventive.handTo(rowId(1), rowId(99));
    await world.quiesce();
    expect(world.google.living()).toEqual([]);
  });
});

describe('[R7.1] [R7.7] [R7.10] [R7.11] [lesson 7] under every policy', () => {
  it.each([['delete', true], ['delete', false], ['mark', true], ['keep', true]] as const)('%s (revivable in Google: %s): an edit on one side beats the deletion on the other, and it stays said', async (which, revivable) => {
    const edited = await inStep(policy(which));
    edited.world.google.revivable = revivable;
    edited.world.google.remove(edited.id);
    edited.world.inventive.edit(rowId(1), { subject: 'Toch door' });
    await edited.world.quiesce();
    expect(edited.world.google.living().map(({ fields }) => fields.subject)).toEqual(['Toch door']);
    expect([edited.reasons(), await isQuiet(edited.world), edited.reasons()]).toEqual([['edit-beats-delete'], true, ['edit-beats-delete']]);
    edited.world.pass(120_000);
    edited.world.inventive.edit(rowId(1), { subject: 'Gewoon verder' });
    await edited.world.quiesce();
    expect(edited.reasons()).toEqual([]);

    const other = await inStep(policy(which));
    other.world.inventive.remove(rowId(1));
    other.world.google.edit(other.id, { subject: 'Toch door' });
    await other.world.quiesce();
    expect([...other.world.inventive.rows.values()].map(({ fields }) => fields.subject)).toEqual(['Toch door']);
    expect(other.reasons()).toEqual(['edit-beats-delete']);
  });
  it.each(['delete', 'mark', 'keep'] as const)('%s: what can’t be found is never taken for deleted', async (which) => {
    const { world, id, row } = await inStep(policy(which));
    world.google.hidden.add(id);
    await world.pairs.markForReading(world.pairs.all().map((pair) => pair.id));
    await world.quiesce();
    expect(row()?.status).toBe('planned');
    world.google.hidden.delete(id);
    expect(await isQuiet(world)).toBe(true);
  });
  it('a deletion that meets an unreachable side crosses once that is back', async () => {
    const { world, id } = await inStep(worldWith());
    world.inventive.remove(rowId(1));
    for (let trial = 0; trial < 3; trial += 1) world.fates.push('fails');
    await world.quiesce();
    expect(world.google.events.get(id)?.status).toBe('cancelled');
    const other = await inStep(worldWith());
    other.world.google.remove(other.id);
    for (let trial = 0; trial < 3; trial += 1) other.world.fates.push('fails');
    await other.world.quiesce();
    expect(other.world.inventive.rows.size).toBe(0);
  });
});

describe('crashes and lost answers', () => {
  const steps: ReconcileStep[] = ['reconcile:after-intent-before-call', 'reconcile:after-call-before-save', 'reconcile:after-save-before-finish'];
  const trouble: readonly [string, (world: World) => void][] = [
    ...steps.map((step): [string, (world: World) => void] => [`killed at ${step}`, (world) => world.kill(step)]),
    ['the answer is lost', (world) => world.fates.push('applies-then-fails')],
  ];
  it.each(trouble)('%s: a row made void, a mark set and taken back, are each made once and remembered', async (_what, happens) => {
    const { world, id, row, event } = await inStep(policy('mark'));
    happens(world);
    world.inventive.setStatus(rowId(1), 'void');
    await world.quiesce();
    expect([event().fields.subject, await isQuiet(world)]).toEqual(['Vervallen: Overleg', true]);
    happens(world);
    world.inventive.setStatus(rowId(1), 'planned');
    await world.quiesce();
    expect([event().fields.subject, event().fields.showAs, await isQuiet(world)]).toEqual(['Overleg', 'busy', true]);
    happens(world);
    world.google.remove(id);
    await world.quiesce();
    expect([row()?.status, world.google.living(), await isQuiet(world)]).toEqual(['void', [], true]);
    happens(world);
    world.google.edit(eventId(7), { ...event().fields, subject: 'Ander' });
    await world.quiesce();
    expect([world.inventive.rows.size, world.google.living().length, await isQuiet(world)]).toEqual([2, 1, true]);
  });
});
