import { describe, expect, it } from 'vitest';
import { BLOCK_OPENS } from '@calsync/sync-core';
import type { AgendaPolicy } from '../ports/account.js';
import { aWorld, fullRow, rowId } from './reconcile-world.js';

/** Sixty appointments of an administration that is set otherwise: each of them is planned anew at about the same moment. */
async function sixtySetOtherwise(before: Partial<AgendaPolicy>, fields: Parameters<typeof fullRow>[0], after: Partial<AgendaPolicy>) {
  const world = aWorld({ account: before });
  for (let n = 1; n <= 60; n += 1) {
    world.inventive.edit(rowId(n), fullRow(fields));
    world.inventive.relate(rowId(n), [{ field: 'relation.name', label: 'Relatie', value: 'Bakkerij Jansen' }]);
  }
  await world.quiesce();
  const shown = () => [...new Set(world.google.living().map(({ fields: { subject, location, description = '' } }) => [subject ?? '', location ?? '', description.includes(BLOCK_OPENS) ? 'block' : description.trim()].join(' | ')))];
  const stood = shown();
  world.setAccount(after);
  await world.pairs.markForReading(world.pairs.all().map(({ id }) => id));
  await world.quiesce();
  return { stood, stands: shown(), state: world.account().state, world };
}

describe('[R7.14] [R7.8] an administration that is set otherwise holds no agenda for what goes by it', () => {
  it('content of private appointments that is shown no more', async () => {
    const { stood, stands, state } = await sixtySetOtherwise(
      { privateContent: 'full', descriptionFields: ['notes'] }, { subject: 'Tandarts', location: 'Utrecht', notes: 'Kroon', privacy: 'private' }, { privateContent: 'busy-only' },
    );
    expect([stood, stands, state]).toEqual([['Tandarts | Utrecht | Kroon'], ['Bezet |  | '], 'live']);
  });

  it('fields that are left out of descriptions in which nothing else stood', async () => {
    const fields = { subject: 'Overleg', location: 'Utrecht', notes: '' };
    const { stood, stands, state } = await sixtySetOtherwise({ descriptionFields: ['notes', 'relation.name'] }, fields, { descriptionFields: ['notes'] });
    expect([stood, stands, state]).toEqual([['Overleg | Utrecht | block'], ['Overleg | Utrecht | '], 'live']);
  });

  it('but notes that were wiped beneath such fields are a loss as ever', async () => {
    const { world } = await sixtySetOtherwise({ descriptionFields: ['notes', 'relation.name'] }, { notes: 'Sleutel onder de mat' }, { descriptionFields: ['notes', 'relation.name'] });
    for (let n = 1; n <= 60; n += 1) world.inventive.edit(rowId(n), { notes: '' });
    await world.deliverAll();
    while (await world.workOnce());
    expect(world.account().state).toBe('held');
  });
});
