import { describe, expect, it } from 'vitest';
import { asAccountId } from '@calsync/calendar-model';
import { resolveAmbiguous, type Resolution } from '../reconcile/index.js';
import { ACCOUNT } from '../testing/records.js';
import { comparing } from './comparing-world.js';
import { aWorld, eventId, fullEvent, fullRow, rowId } from './reconcile-world.js';
import { inAgenda, inGoogle, type World } from './rolling-world.js';

/** Two appointments and two events of the same time and subject: nobody but a person knows which belong together. */
async function aQuestion(): Promise<World> {
  const world = aWorld();
  for (const n of [1, 2]) {
    world.inventive.edit(rowId(n), fullRow({ subject: 'Bespreking', location: `rij ${n}` }));
    world.google.edit(eventId(n), fullEvent({ subject: 'bespreking', location: `event ${n}` }));
  }
  world.dropNews();
  expect(await comparing(world).compare()).toMatchObject({ ambiguous: 1, repaired: 0 });
  await world.quiesce();
  expect([world.pairs.all(), world.unpaired.all().length, world.google.writes + world.inventive.writes]).toEqual([[], 4, 0]);
  return world;
}
/** Settings were changed: everything is listed and told again, and the account joined anew. */
async function joinAnew(world: World): Promise<void> {
  world.setAccount({ state: 'joining', revision: (world.account().revision ?? 0) + 1 });
  await world.joins.turn();
  await world.listCalendar();
  world.pass(6_000);
  await world.joins.turn();
  await world.joins.drain();
  await world.quiesce();
  expect(world.account().state).toBe('live');
}
const asked = (world: World) => world.unpaired.all().filter(({ reason }) => reason === 'ambiguous-match').map(({ itemId }) => String(itemId)).sort();
const resolve = (world: World, resolution: Resolution) => resolveAmbiguous(world, ACCOUNT, resolution);

describe('[R10.2] items that could belong together are for a person to say', () => {
  it('these two belong together; the rest stays a question', async () => {
    const world = await aQuestion();
    expect(await resolve(world, { inventiveId: rowId(1), eventId: eventId(2) })).toMatchObject({ kind: 'resolved' });
    await world.quiesce();
    expect([inAgenda(world).length, inGoogle(world).length]).toEqual([2, 2]);
    expect(world.pairs.all()).toMatchObject([{ appointmentId: rowId(1), eventId: eventId(2) }]);
    expect(world.google.living().find(({ id }) => id === eventId(2))?.fields.location).toBe(world.inventive.rows.get(rowId(1))?.fields.location);
    expect(await comparing(world).compare()).toMatchObject({ ambiguous: 1, matched: 0, repaired: 0 });
    expect(world.unpaired.all()).toHaveLength(2);
  });

  it('this one belongs to none: it gets its own on the other side', async () => {
    const world = await aQuestion();
    await resolve(world, { inventiveId: rowId(1) });
    await resolve(world, { eventId: eventId(1) });
    await world.quiesce();
    expect([inAgenda(world).length, inGoogle(world).length]).toEqual([3, 3]);
  });

  it('an event whose marks name an appointment that is not its own gets another', async () => {
    const world = aWorld();
    const marks = (n: number) => ({ inventiveInstallation: ACCOUNT.installation, inventiveAdministration: ACCOUNT.administrationId, inventiveAppointment: rowId(1), inventiveEvent: `${eventId(n)}.0` });
    world.inventive.edit(rowId(1), fullRow({ subject: 'Bespreking' }));
    for (const n of [1, 2]) world.google.edit(eventId(n), fullEvent({ subject: 'bespreking' }), marks(n));
    world.dropNews();
    await comparing(world).compare();
    await resolve(world, { inventiveId: rowId(1), eventId: eventId(1) });
    await resolve(world, { eventId: eventId(2) });
    await world.quiesce();
    expect([inAgenda(world).length, inGoogle(world).length, world.pairs.all().length]).toEqual([2, 2, 2]);
  });

  it('an answer that was given before, or to no question, changes nothing', async () => {
    const world = await aQuestion();
    await resolve(world, { inventiveId: rowId(1), eventId: eventId(1) });
    expect(await resolve(world, { inventiveId: rowId(1), eventId: eventId(1) })).toEqual({ kind: 'unknown' });
    expect(await resolve(world, { inventiveId: rowId(9) })).toEqual({ kind: 'unknown' });
    expect(await resolve(world, {})).toEqual({ kind: 'unknown' });
    expect(world.pairs.all()).toHaveLength(1);
  });

  it('an item that is gone by the time of the answer is not made again', async () => {
    const world = await aQuestion();
    await world.deliverAll();
    world.inventive.remove(rowId(1));
    world.dropNews();
    await resolve(world, { inventiveId: rowId(1) });
    await world.quiesce();
    expect([inAgenda(world).length, inGoogle(world).length]).toEqual([1, 2]);
  });

  it('the question of one account is nobody else’s to answer', async () => {
    const world = await aQuestion();
    expect(await resolveAmbiguous(world, { ...ACCOUNT, id: asAccountId('a-colleague') }, { inventiveId: rowId(1), eventId: eventId(1) })).toEqual({ kind: 'unknown' });
    expect([world.pairs.all(), world.unpaired.all().length]).toEqual([[], 4]);
  });

  it('an appointment that is deleted is asked about no more; an older deletion than was seen says nothing', async () => {
    const world = await aQuestion();
    await world.takeIn.appointmentDeleted(ACCOUNT.source, rowId(2), { epoch: 0, stamp: '0' });
    expect(world.unpaired.all()).toHaveLength(4);
    world.inventive.remove(rowId(1));
    await world.deliverAll();
    expect(world.unpaired.all().map(({ itemId }) => itemId)).toEqual([rowId(2), eventId(1), eventId(2)]);
  });

  it('an answer of which only the pair was saved ends its question when it is given again', async () => {
    const world = await aQuestion();
    const dies = { ...world.unpaired, remove: () => Promise.reject(new Error('the process dies')) };
    const answer = { inventiveId: rowId(1), eventId: eventId(1) };
    await expect(resolveAmbiguous({ ...world, unpaired: dies }, ACCOUNT, answer)).rejects.toThrow('dies');
    expect(await resolve(world, answer)).toEqual({ kind: 'paired' });
    expect([await resolve(world, answer), world.unpaired.all().length]).toEqual([{ kind: 'unknown' }, 2]);
  });
});

describe('[R10.2] a question that was put to a person, in an account that is joined anew', () => {
  it('is asked still, also where it was half answered: what is left of it is not joined by its looks', async () => {
    const world = await aQuestion();
    await resolve(world, { inventiveId: rowId(1), eventId: eventId(2) });
    await world.quiesce();
    await joinAnew(world);
    expect([inAgenda(world).length, inGoogle(world).length, world.pairs.all().length, asked(world)]).toEqual([2, 2, 1, [rowId(2), eventId(1)].sort()]);
    expect(await resolve(world, { inventiveId: rowId(2), eventId: eventId(1) })).toMatchObject({ kind: 'resolved' });
    await world.quiesce();
    expect([inAgenda(world).length, inGoogle(world).length, world.unpaired.all()]).toEqual([2, 2, []]);
  });

  it('is asked still where all that is left of it stands on one side', async () => {
    const world = await aQuestion();
    for (const n of [1, 2]) await resolve(world, n === 1 ? { inventiveId: rowId(1), eventId: eventId(1) } : { eventId: eventId(2) });
    await world.quiesce();
    await joinAnew(world);
    expect([inAgenda(world).length, inGoogle(world).length, asked(world)]).toEqual([3, 2, [rowId(2)]]);
  });

  it('takes in what comes to look like it meanwhile, and makes nothing of that', async () => {
    const world = await aQuestion();
    await resolve(world, { inventiveId: rowId(1), eventId: eventId(1) });
    await resolve(world, { inventiveId: rowId(2) });
    await world.quiesce();
    expect(asked(world)).toEqual([eventId(2)]);
    world.setAccount({ state: 'off' });
    world.inventive.edit(rowId(3), fullRow({ subject: 'Bespreking' }));
    await world.deliverAll();
    await joinAnew(world);
    expect([world.pairs.all().length, asked(world)]).toEqual([2, [rowId(3), eventId(2)].sort()]);
  });

  it('is no question any more about what was deleted while the account was off, or got another subject', async () => {
    const world = await aQuestion();
    world.setAccount({ state: 'off' });
    world.inventive.remove(rowId(1));
    world.google.remove(eventId(1));
    world.google.edit(eventId(2), { subject: 'Iets anders' });
    world.dropNews();
    await joinAnew(world);
    expect([asked(world), inAgenda(world), inGoogle(world)]).toEqual([[rowId(2)], ['Bespreking', 'Iets anders'], ['Iets anders']]);
  });

  it.each(['off', 'held', 'needs-consent'] as const)('stays one while the account is %s and its items are told of', async (state) => {
    const world = await aQuestion();
    world.setAccount({ state });
    await world.listCalendar();
    await world.deliverAll();
    expect(asked(world)).toHaveLength(4);
  });

  it('ends where marks tell what belongs together', async () => {
    const world = await aQuestion();
    world.google.edit(eventId(1), {}, { inventiveInstallation: ACCOUNT.installation, inventiveAdministration: ACCOUNT.administrationId, inventiveAppointment: rowId(1), inventiveEvent: `${eventId(1)}.0` });
    await joinAnew(world);
    expect([world.pairs.all(), asked(world)]).toMatchObject([[{ appointmentId: rowId(1), eventId: eventId(1) }], [rowId(2), eventId(2)].sort()]);
  });
});
