import { describe, expect, it } from 'vitest';
import { DEFAULT_RULES } from '../ports/account.js';
import { ACCOUNT } from '../testing/records.js';
import { comparing } from './comparing-world.js';
import { aWorld, eventId, fullEvent, fullRow, rowId } from './reconcile-world.js';
import { inAgenda, inGoogle, on, writes, type World } from './rolling-world.js';

async function link(world: World): Promise<void> {
  world.dropNews();
  world.setAccount({ state: 'joining' });
  await world.joins.turn();
  world.pass(6_000);
  await world.listCalendar();
  await world.joins.turn();
  expect(world.account().state).toBe('live');
  await world.quiesce();
}
const marks = (n: number) => ({ inventiveInstallation: ACCOUNT.installation, inventiveAdministration: ACCOUNT.administrationId, inventiveAppointment: rowId(n), inventiveEvent: `${eventId(n)}.0` });

describe('[R10.1] what stands on both sides when a user is linked', () => {
  it('becomes one: nothing is doubled, and only what is missing is made', async () => {
    const world = aWorld();
    for (let n = 1; n <= 20; n += 1) {
      world.inventive.edit(rowId(n), fullRow({ subject: `Overleg ${n}`, when: on('2026-12-01') }));
      world.google.edit(eventId(n), fullEvent({ subject: ` overleg  ${n}`, when: on('2026-12-01') }));
    }
    world.inventive.edit(rowId(21), fullRow({ subject: 'alleen Inventive' }));
    world.google.edit(eventId(21), fullEvent({ subject: 'alleen Google' }));
    await link(world);
    expect([inAgenda(world).length, inGoogle(world).length]).toEqual([22, 22]);
    expect(world.pairs.all()).toHaveLength(22);
  });
});

describe('[R10.4] linking after everything about the pairs was lost', () => {
  it('finds them by the marks in Google and writes nothing; the pairs are those, also where both sides differ', async () => {
    const world = aWorld();
    for (let n = 1; n <= 20; n += 1) {
      world.inventive.edit(rowId(n), fullRow({ subject: `Overleg ${n}`, when: on('2026-12-01') }));
      world.google.edit(eventId(n), fullEvent({ subject: `Overleg ${n}`, when: on('2026-12-01') }), marks(n));
    }
    await link(world);
    expect([writes(world), world.pairs.all().length, inAgenda(world).length, inGoogle(world).length]).toEqual([0, 20, 20, 20]);
    world.google.edit(eventId(7), { location: 'weer gevonden' });
    await world.quiesce();
    expect(world.inventive.rows.get(rowId(7))?.fields.location).toBe('weer gevonden');
  });

  it('does not take a copy for the original', async () => {
    const world = aWorld();
    world.inventive.edit(rowId(1), fullRow({ subject: 'Origineel' }));
    world.google.edit(eventId(1), fullEvent({ subject: 'Origineel' }), marks(1));
    world.google.copy(eventId(1), eventId(2));
    await link(world);
    expect(world.pairs.all().find(({ appointmentId }) => appointmentId === rowId(1))?.eventId).toBe(eventId(1));
    expect([inAgenda(world).length, inGoogle(world).length]).toEqual([2, 2]);
  });
});

describe('[R7.12] [R10.4] a row that is Vervallen when a user is linked', () => {
  const status = (world: World) => world.inventive.rows.get(rowId(1))?.status;
  const looksAlike = () => {
    const world = aWorld();
    world.inventive.edit(rowId(1), fullRow({ subject: 'Overleg' }));
    world.inventive.setStatus(rowId(1), 'void');
    world.google.edit(eventId(1), fullEvent({ subject: 'Overleg' }));
    return world;
  };
  it('is not taken for an event that looks like it: it stays what it is, and the event gets a row of its own', async () => {
    const world = looksAlike();
    world.setAccount({ state: 'off' });
    const preview = await comparing(world).compare('preview');
    expect(preview).toMatchObject({ matched: 0, toGoogle: 0, toInventive: 1, leftAlone: { 'appointment-void': 1 } });
    await link(world);
    expect([status(world), inAgenda(world).length, inGoogle(world).length, world.pairs.all().length]).toEqual(['void', 2, 1, 1]);
  });
  it('doesn’t make its replacement a question for a person', async () => {
    const world = looksAlike();
    world.inventive.edit(rowId(2), fullRow({ subject: 'Overleg' }));
    await link(world);
    expect([status(world), world.pairs.all().map(({ appointmentId }) => appointmentId)]).toEqual(['void', [rowId(2)]]);
  });
  it.each(['delete', 'mark', 'keep'] as const)('and whose event was kept (%s) is found by its marks: both stay as they are, and nothing is written', async (toGoogle) => {
    const world = aWorld({ account: { rules: { ...DEFAULT_RULES, deletion: { toGoogle, toInventive: 'delete' } } } });
    world.inventive.edit(rowId(1), fullRow({ subject: 'Overleg' }));
    world.inventive.setStatus(rowId(1), 'void');
    world.google.edit(eventId(1), fullEvent({ subject: 'Vervallen: Overleg', showAs: 'free' }), marks(1));
    world.setAccount({ state: 'off' });
    expect(await comparing(world).compare('preview')).toMatchObject({ matched: 1, toGoogle: 0, toInventive: 0 });
    await link(world);
    expect([status(world), writes(world), inGoogle(world).length, world.pairs.all().map(({ reasons }) => reasons)]).toEqual(['void', 0, 1, [['appointment-void']]]);
    world.inventive.setStatus(rowId(1), 'planned');
    await world.quiesce();
    expect([status(world), inAgenda(world), inGoogle(world)]).toEqual(['planned', ['Overleg'], ['Overleg']]);
  });
});
