import { describe, expect, it } from 'vitest';
import { asAccountId, asInventiveId } from '@calsync/calendar-model';
import { Failure } from '../failures/failure.js';
import { RollWindows, type RollEvent } from '../reconcile/index.js';
import type { Account } from '../ports/account.js';
import { ACCOUNT } from '../testing/records.js';
import { createMemoryWindowDays } from './memory-window-days.js';
import { aWorld, eventId, fullEvent, fullRow, rowId } from './reconcile-world.js';
import { aLiveWorld, inAgenda, inGoogle, on, rollOn, writes } from './rolling-world.js';

describe('a roll that goes wrong', () => {
  const anEnteringWorld = async () => {
    const world = await aLiveWorld();
    world.inventive.edit(rowId(1), fullRow({ subject: 'Afspraak', when: on('2027-02-23') }));
    world.google.edit(eventId(1), fullEvent({ subject: 'Event', when: on('2027-02-23') }));
    await world.quiesce();
    return world;
  };
  const both = ['Afspraak', 'Event'];

  it('dies before the day is saved: the strip is read again, and nothing is made twice', async () => {
    const world = await anEnteringWorld();
    world.killRoll();
    await rollOn(world, '2026-11-25');
    expect(await world.windowDays.find(ACCOUNT.id)).toMatchObject({ rolledOn: '2026-11-24' });
    const before = writes(world);
    world.pass(60_000);
    await world.rolling.turn();
    await world.quiesce();
    expect(await world.windowDays.find(ACCOUNT.id)).toEqual({ rolledOn: '2026-11-25', coveredUntilOn: '2027-02-23' });
    expect([inGoogle(world), inAgenda(world), writes(world)]).toEqual([both, both, before]);
  });

  it('gets no answer, and is tried again after a while', async () => {
    const world = await anEnteringWorld();
    world.passUntil('2026-11-25T00:00:00Z');
    world.fates.push('works', 'fails');
    await world.rolling.turn();
    await world.rolling.turn();
    expect([world.rolled, writes(world), world.account().state]).toEqual([[expect.objectContaining({ kind: 'failed', failure: 'transient' })], 0, 'live']);
    world.pass(30_000);
    await world.rolling.turn();
    await world.quiesce();
    expect([inGoogle(world), inAgenda(world)]).toEqual([both, both]);
  });

  it.each([['authorization', 'needs-consent'], ['calendar', 'needs-calendar']] as const)('lacks %s: the account says so, and its days wait', async (kind, state) => {
    const world = await anEnteringWorld();
    world.google.listDays = async () => Promise.reject(new Failure(kind, 'no'));
    await rollOn(world, '2026-11-25');
    expect([world.account().state, (await world.windowDays.find(ACCOUNT.id))?.rolledOn]).toEqual([state, '2026-11-24']);
  });

  it('is done by another replica', async () => {
    const world = await anEnteringWorld();
    world.heldByOthers.add(`roll:${ACCOUNT.id}`);
    await rollOn(world, '2026-11-25');
    expect([world.rolled, writes(world)]).toEqual([[], 0]);
  });

  it('ends when the account is joined anew meanwhile: that reads everything', async () => {
    const world = await anEnteringWorld();
    const { listDays } = world.google;
    world.google.listDays = async (...asked) => {
      world.setAccount({ state: 'joining', revision: 2 });
      return listDays(...asked);
    };
    await rollOn(world, '2026-11-25');
    expect([(await world.windowDays.find(ACCOUNT.id))?.rolledOn, writes(world)]).toEqual(['2026-11-24', 0]);
    world.google.listDays = listDays;
    await world.joins.turn();
    world.pass(6_000);
    await world.listCalendar();
    await world.joins.turn();
    await world.quiesce();
    expect([world.account().state, inGoogle(world), inAgenda(world)]).toEqual(['live', both, both]);
    expect((await world.windowDays.find(ACCOUNT.id))?.rolledOn).toBe('2026-11-25');
  });
});

describe('several accounts', () => {
  it('roll by themselves: one that fails stops no other, and no more than four are read at once', async () => {
    const world = aWorld();
    const accounts = Array.from({ length: 12 }, (_, n): Account => ({ ...ACCOUNT, id: asAccountId(`acc-${n}`), userId: asInventiveId(String(n).padStart(32, 'A')) }));
    const windowDays = createMemoryWindowDays();
    const told: RollEvent[] = [];
    let [reading, most] = [0, 0];
    const one = async (id: string) => accounts.find((account) => account.id === id);
    const rolling = new RollWindows({
      pairs: world.pairs, unpaired: world.unpaired, windowDays, takeIn: world.takeIn, google: world.google, random: () => 0, report: (event) => void told.push(event),
      clock: { now: () => Date.parse('2026-11-24T12:00:00Z'), sleep: async () => undefined },
      accounts: { all: async () => accounts, byId: one, current: one, changeState: async () => true },
      leases: { acquire: async (name) => ({ name, holder: 'test', fencingToken: 1, remainingMs: () => 60_000 }), renew: async () => undefined, release: async () => undefined },
      inventive: {
        readAgenda: async (_source, userId) => {
          most = Math.max(most, (reading += 1));
          await new Promise((resolve) => setImmediate(resolve));
          reading -= 1;
          if (userId === accounts[0]?.userId) throw new Error('a row that says Overleg');
          return { records: [], unreadable: [] };
        },
      },
    });
    expect([await rolling.turn(AbortSignal.abort()), (await windowDays.all()).size]).toEqual([0, 0]);
    expect(await rolling.turn()).toBe(11);
    expect([most, (await windowDays.all()).size]).toEqual([4, 11]);
    expect(told.filter(({ kind }) => kind === 'failed')).toEqual([{ kind: 'failed', accountId: 'acc-0', failure: 'defect', cause: 'a defect of ours (Error)' }]);
    expect(await rolling.turn()).toBe(0);
  });
});
