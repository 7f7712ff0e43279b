import { describe, expect, it } from 'vitest';
import type { DeletionPolicy } from '@calsync/sync-core';
import { ACCOUNT } from '../testing/records.js';
import { OTHER_ADMINISTRATION as OTHER } from './history-people.js';
import { aWorld, fullRow, rowId } from './reconcile-world.js';

const deleting = (both: DeletionPolicy) => ({ rules: { ...ACCOUNT.rules, deletion: { toGoogle: both, toInventive: both } } });
const { conflictPolicy, privateContent, descriptionFields } = ACCOUNT;

/** Two that were deleted on one side each, and what the other side has of them. */
async function twoDeleted(under: DeletionPolicy) {
  const world = aWorld({ account: deleting(under) });
  world.inventive.edit(rowId(1), fullRow({ subject: 'In Inventive weg' }));
  world.inventive.edit(rowId(2), fullRow({ subject: 'In Google weg' }));
  await world.quiesce();
  const eventOf = (subject: string) => world.google.living().find(({ fields }) => fields.subject === subject)!.id;
  world.google.remove(eventOf('In Google weg'));
  world.inventive.remove(rowId(1));
  await world.quiesce();
  const anew = async () => {
    await world.pairs.markForReading(world.pairs.all().map(({ id }) => id));
    await world.quiesce();
  };
  return { world, eventOf, anew, look: () => [[...world.inventive.rows.values()].map(({ fields, status }) => `${fields.subject} ${status}`), world.google.living().map(({ fields }) => fields.subject)] };
}

describe('[R7.13] [R7.14] what a deletion does goes for deletions that are still to come', () => {
  it.each(['delete', 'mark'] as const)('what was kept stays kept where %s is set afterwards', async (since) => {
    const { world, anew, look } = await twoDeleted('keep');
    expect(look()).toEqual([['In Google weg planned'], ['In Inventive weg']]);
    world.setAccount(deleting(since));
    const writes = [world.inventive.writes, world.google.writes];
    await anew();
    await anew();
    expect([look(), [world.inventive.writes, world.google.writes]]).toEqual([[['In Google weg planned'], ['In Inventive weg']], writes]);
  });

  it('what was marked stays marked where deletions are to delete afterwards', async () => {
    const { world, anew, look } = await twoDeleted('mark');
    world.setAccount(deleting('delete'));
    await anew();
    expect(look()).toEqual([['In Google weg void'], ['Vervallen: In Inventive weg']]);
  });

  it('what was kept stays kept in an administration to which it moves', async () => {
    const { world, look } = await twoDeleted('keep');
    const other = { conflictPolicy, privateContent, descriptionFields, ...deleting('delete') };
    world.setAccount({ elsewhere: { of: { [OTHER]: other }, otherwise: other } });
    world.inventive.moveTo(rowId(2), OTHER);
    await world.quiesce();
    expect(look()[0]).toEqual(['In Google weg planned']);
  });

  it('once it came back, its next deletion goes by what is set then', async () => {
    const { world, eventOf, look } = await twoDeleted('keep');
    world.setAccount(deleting('delete'));
    world.inventive.edit(rowId(2), { location: 'Zaal 3' });
    await world.quiesce();
    world.google.remove(eventOf('In Google weg'));
    await world.quiesce();
    expect(look()[0]).toEqual([]);
  });
});
