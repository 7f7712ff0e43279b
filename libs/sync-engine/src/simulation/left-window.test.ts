import { describe, expect, it } from 'vitest';
import { differences } from './history-oracle.js';
import { comeToRest } from './history-trouble.js';
import { aWorld, eventId, fullEvent, fullRow, rowId } from './reconcile-world.js';
import { aLiveWorld, inAgenda, inGoogle, on, rollOn } from './rolling-world.js';

describe('[R9.1] what left the window before anything was made of it', () => {
  it('after a lost database isn’t made twice by an old message: it stands outside on both sides already', async () => {
    const world = aWorld();
    world.google.edit(eventId(1), fullEvent());
    world.google.edit(eventId(1), { when: on('2027-03-15') });
    await world.deliverNext('google');
    await world.workOnce();
    expect(world.inventive.rows.size).toBe(1);
    world.loseDatabase();
    await comeToRest(world);
    expect([world.google.living().length, world.inventive.rows.size]).toEqual([1, 1]);
    expect(differences(world)).toEqual([]);
  });

  it('says why it rests, and crosses on the day on which it enters, from either side', async () => {
    const world = await aLiveWorld();
    world.inventive.edit(rowId(1), fullRow({ subject: 'Afspraak' }));
    world.google.edit(eventId(1), fullEvent({ subject: 'Event' }));
    await world.deliverAll();
    world.inventive.edit(rowId(1), { when: on('2027-02-23') });
    world.google.edit(eventId(1), { when: on('2027-02-23') });
    await world.quiesce();
    expect([inGoogle(world), inAgenda(world)]).toEqual([['Event'], ['Afspraak']]);
    expect(world.pairs.all().map(({ reasons }) => reasons)).toEqual([['outside-window'], ['outside-window']]);
    await rollOn(world, '2026-11-25');
    expect([inGoogle(world), inAgenda(world)]).toEqual([['Afspraak', 'Event'], ['Afspraak', 'Event']]);
    expect(differences(world)).toEqual([]);
  });

  it('crosses as soon as it is moved back in', async () => {
    const world = await aLiveWorld();
    world.inventive.edit(rowId(1), fullRow({ subject: 'Afspraak' }));
    await world.deliverAll();
    world.inventive.edit(rowId(1), { when: on('2027-02-23') });
    await world.quiesce();
    expect(inGoogle(world)).toEqual([]);
    world.inventive.edit(rowId(1), { when: on('2026-12-01') });
    await world.quiesce();
    expect(inGoogle(world)).toEqual(['Afspraak']);
  });
});
