import { describe, expect, it } from 'vitest';
import { WHEN } from '../testing/records.js';
import { aWorld, eventId, fullEvent, fullRow, rowId } from './reconcile-world.js';

type World = ReturnType<typeof aWorld>;
const inGoogle = (world: World) => world.google.living().map(({ fields }) => fields.subject ?? '').sort();
const inAgenda = (world: World) => [...world.inventive.rows.values()].map(({ fields }) => fields.subject ?? '').sort();

const aJoiningWorld = () => aWorld({ account: { state: 'joining' } });

/** The looks that it takes: one begins, and after the look-up's time the next may end it. */
async function join(world: World): Promise<void> {
  await world.joins.turn();
  world.pass(6_000);
  await world.joins.turn();
}

describe('what moves while an account joins', () => {
  it('an appointment that was told and then deleted leaves no ghost in Google', async () => {
    const world = aJoiningWorld();
    world.inventive.edit(rowId(1), fullRow());
    await world.deliverAll();
    world.inventive.remove(rowId(1));
    await world.deliverAll();
    await world.listCalendar();
    await join(world);
    await world.joins.drain();
    await world.quiesce();
    expect([world.account().state, inGoogle(world), world.unpaired.all()]).toEqual(['live', [], []]);
  });

  it('an edit that is told between the reading of the agenda and the making of the pairs is not lost', async () => {
    const world = aJoiningWorld();
    world.inventive.edit(rowId(1), fullRow({ subject: 'Oud' }));
    await world.deliverAll();
    await world.listCalendar();
    const readAgenda = world.inventive.readAgenda;
    world.inventive.readAgenda = async (...asked) => {
      const rows = await readAgenda(...asked);
      world.inventive.edit(rowId(1), { subject: 'Nieuw' });
      await world.deliverAll();
      return rows;
    };
    await join(world);
    await world.quiesce();
    await world.joins.drain();
    await world.quiesce();
    expect([inGoogle(world), world.unpaired.all()]).toEqual([['Nieuw'], []]);
  });

  it('a list of which something was taken in before the joining began does not count', async () => {
    const world = aWorld({ account: { state: 'off' } });
    world.google.edit(eventId(1), fullEvent({ subject: 'Overleg' }));
    world.inventive.edit(rowId(1), fullRow({ subject: 'Overleg' }));
    const pull = world.nextPull();
    await world.deliverAll();
    world.setAccount({ state: 'joining' });
    await world.takeIn.calendarListed(world.calendar, pull);
    await join(world);
    expect(world.account().state).toBe('joining');
    await world.listCalendar();
    await world.joins.turn();
    await world.quiesce();
    expect([world.account().state, inGoogle(world), inAgenda(world)]).toEqual(['live', ['Overleg'], ['Overleg']]);
  });

  it('a list from a joining that was broken off, or from when the account was live, does not count', async () => {
    const world = aJoiningWorld();
    await world.joins.turn();
    await world.listCalendar();
    world.setAccount({ state: 'off' });
    await world.joins.turn();
    world.setAccount({ state: 'live' });
    await world.listCalendar();
    world.setAccount({ state: 'joining' });
    await join(world);
    expect(world.account().state).toBe('joining');
  });

  it('a list that never comes is asked for again', async () => {
    const world = aJoiningWorld();
    await join(world);
    expect(world.asked).toEqual([]);
    world.pass(20_000);
    await world.joins.turn();
    await world.joins.turn();
    expect(world.asked).toEqual(['nl.inventive.sync.resync.requested.v1']);
  });

  it('one odd row is named and keeps no other from joining', async () => {
    const world = aJoiningWorld();
    world.inventive.edit(rowId(1), fullRow({ subject: 'Gewoon' }));
    world.inventive.edit(rowId(2), fullRow({ subject: 'Vreemd' }));
    // Capture can't tell it either.
    world.inventive.news.pop();
    world.inventive.unreadable.add(rowId(2));
    await world.listCalendar();
    await join(world);
    await world.quiesce();
    expect(world.account().state).toBe('live');
    expect(world.google.living().map(({ fields }) => fields.subject)).toEqual(['Gewoon']);
    expect(world.unpaired.all()).toContainEqual(expect.objectContaining({ itemId: rowId(2), reason: 'not-understood' }));
  });

  it('a server that does not answer stops no other account, and its pairs are not read over and over', async () => {
    const world = aWorld();
    world.inventive.edit(rowId(1), fullRow());
    await world.quiesce();
    world.setAccount({ state: 'joining' });
    await world.listCalendar();
    const readAgenda = world.inventive.readAgenda;
    world.inventive.readAgenda = async () => Promise.reject(new Error('a row that says Overleg'));
    await join(world);
    expect([world.failures, await world.pairs.due(10)]).toEqual([['a defect of ours (Error)'], []]);
    world.inventive.readAgenda = readAgenda;
    world.pass(6_000);
    await world.joins.turn();
    expect(world.account().state).toBe('live');
  });
});

describe('several that could belong together', () => {
  it('stay for a person to say, also when they are told again unchanged', async () => {
    const world = aJoiningWorld();
    world.inventive.edit(rowId(1), fullRow({ subject: 'Dubbel' }));
    world.inventive.edit(rowId(2), fullRow({ subject: 'Dubbel' }));
    world.google.edit(eventId(1), fullEvent({ subject: 'Dubbel' }));
    world.google.edit(eventId(2), fullEvent({ subject: 'Dubbel' }));
    await world.listCalendar();
    await join(world);
    await world.deliverAll();
    await world.listCalendar();
    await world.joins.drain();
    await world.quiesce();
    expect([world.google.writes, world.inventive.writes]).toEqual([0, 0]);
    world.google.edit(eventId(2), { when: { ...WHEN, end: '2026-11-24T12:00:00' } });
    await world.quiesce();
    expect(inAgenda(world)).toHaveLength(3);
  });
});

describe('a large first import', () => {
  it('is what a person asked for: the brake does not count it', async () => {
    const world = aJoiningWorld();
    for (let n = 1; n <= 130; n += 1) world.inventive.edit(rowId(n), fullRow({ subject: `Afspraak ${n}` }));
    await world.listCalendar();
    await join(world);
    await world.quiesce();
    expect([world.account().state, world.google.living().length]).toEqual(['live', 130]);
  });
});

describe('linked, unlinked and linked again', () => {
  it('doubles nothing, and what happened meanwhile crosses', async () => {
    const world = aWorld();
    world.inventive.edit(rowId(1), fullRow({ subject: 'Een' }));
    world.inventive.edit(rowId(2), fullRow({ subject: 'Twee' }));
    await world.quiesce();
    world.setAccount({ state: 'off' });
    const [first, second] = world.google.living();
    world.google.edit(first!.id, { subject: 'Een, verzet' });
    world.google.remove(second!.id);
    world.inventive.edit(rowId(3), fullRow({ subject: 'Drie' }));
    await world.deliverAll();
    world.pass(60_000);
    world.setAccount({ state: 'joining' });
    await world.listCalendar();
    await join(world);
    await world.quiesce();
    expect([inGoogle(world), inAgenda(world)]).toEqual([['Drie', 'Een, verzet'], ['Drie', 'Een, verzet']]);
  });
});

describe('settings that change while an account joins', () => {
  it('[R9.5] [lesson 15] a window that grows doubles nothing that stands on both sides in its new part', async () => {
    const world = aWorld({ account: { state: 'joining', daysAfter: 10, revision: 1 } });
    const later = { ...WHEN, start: '2027-01-12T10:00:00', end: '2027-01-12T11:00:00' };
    world.google.edit(eventId(1), fullEvent({ subject: 'Overleg', when: later }));
    world.inventive.edit(rowId(1), fullRow({ subject: 'Overleg', when: later }));
    await world.joins.turn();
    await world.deliverAll();
    await world.listCalendar();
    const readAgenda = world.inventive.readAgenda;
    world.inventive.readAgenda = async (...asked) => {
      world.inventive.readAgenda = readAgenda;
      world.setAccount({ daysAfter: 90, revision: 2 });
      // What Inventive answers for ten days; the model knows no window.
      return { ...(await readAgenda(...asked)), records: [] };
    };
    world.pass(6_000);
    await world.joins.turn();
    expect(world.account().state).toBe('joining');
    // Without a new list nothing is known of what the old window left out.
    await world.joins.turn();
    world.pass(6_000);
    await world.joins.turn();
    await world.listCalendar();
    await world.joins.turn();
    await world.joins.drain();
    await world.quiesce();
    expect(world.account().state).toBe('live');
    expect(world.google.living().map(({ fields }) => fields.subject)).toEqual(['Overleg']);
    expect([...world.inventive.rows.values()].map(({ fields }) => fields.subject)).toEqual(['Overleg']);
  });
});
