import { describe, expect, it } from 'vitest';
import { ACCOUNT } from '../testing/records.js';
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
