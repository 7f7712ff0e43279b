import { describe, expect, it } from 'vitest';
import type { When } from '@calsync/calendar-model';
import { ACCOUNT, anEvent } from '../testing/records.js';
import { aWorld, eventId, fullEvent, fullRow, rowId } from './reconcile-world.js';
import { aLiveWorld, at, inAgenda, inGoogle, on, rollOn, writes, ZONE } from './rolling-world.js';

describe('an item that nobody touches', () => {
  it('[R9.6] crosses when its day enters, from either side, and not before', async () => {
    const world = await aLiveWorld();
    world.inventive.edit(rowId(1), fullRow({ subject: 'Afspraak', when: on('2027-02-23') }));
    world.google.edit(eventId(1), fullEvent({ subject: 'Event', when: on('2027-02-23') }));
    await world.quiesce();
    world.passUntil('2026-11-24T23:00:59Z');
    await world.rolling.turn();
    await world.quiesce();
    expect([inGoogle(world), inAgenda(world), writes(world)]).toEqual([['Event'], ['Afspraak'], 0]);
    await rollOn(world, '2026-11-25');
    expect([inGoogle(world), inAgenda(world)]).toEqual([['Afspraak', 'Event'], ['Afspraak', 'Event']]);
    expect([world.unpaired.all(), world.rolled]).toEqual([[], [expect.objectContaining({ fromOn: '2027-02-23', untilOn: '2027-02-23', inventive: 1, google: 1 })]]);
    const before = writes(world);
    await world.rolling.turn();
    await rollOn(world, '2026-11-26');
    expect([writes(world), world.rolled.length]).toEqual([before, 2]);
  });

  it('crosses after an outage of three days, and the fourth day stays out', async () => {
    const world = await aLiveWorld();
    for (const day of [23, 24, 25, 26]) {
      world.inventive.edit(rowId(day), fullRow({ subject: `rij ${day}`, when: on(`2027-02-${day}`) }));
      world.google.edit(eventId(day), fullEvent({ subject: `event ${day}`, when: on(`2027-02-${day}`) }));
    }
    await world.quiesce();
    await rollOn(world, '2026-11-27');
    expect(inGoogle(world)).toEqual(['event 23', 'event 24', 'event 25', 'event 26', 'rij 23', 'rij 24', 'rij 25']);
    expect(inAgenda(world)).toEqual(['event 23', 'event 24', 'event 25', 'rij 23', 'rij 24', 'rij 25', 'rij 26']);
    expect(world.rolled).toMatchObject([{ fromOn: '2027-02-23', untilOn: '2027-02-25', inventive: 3, google: 3 }]);
  });

  it.each<[string, When, boolean]>([
    ['straddles the first midnight of the day', at('2027-02-22T23:00', '2027-02-23T01:00'), true],
    ['straddles the last one', at('2027-02-23T23:00', '2027-02-24T01:00'), true],
    ['ends at the first one', at('2027-02-22T23:00', '2027-02-23T00:00'), true],
    ['begins at the last one', at('2027-02-24T00:00', '2027-02-24T01:00'), false],
    ['takes no time at the first one', at('2027-02-23T00:00', '2027-02-23T00:00'), true],
    ['takes no time at the last one', at('2027-02-24T00:00', '2027-02-24T00:00'), false],
    ['lasts the day', { kind: 'all-day', firstOn: '2027-02-23', lastOn: '2027-02-23' }, true],
    ['lasts from long ago until long after', at('2026-01-01T00:00', '2028-01-01T00:00'), true],
    ['lasts the next day', { kind: 'all-day', firstOn: '2027-02-24', lastOn: '2027-02-24' }, false],
  ])('and %s is there once, or not yet', async (_where, when, inside) => {
    const world = await aLiveWorld();
    world.inventive.edit(rowId(1), fullRow({ subject: 'Afspraak', when }));
    world.google.edit(eventId(1), fullEvent({ subject: 'Event', when }));
    await world.quiesce();
    await rollOn(world, '2026-11-25');
    const both = ['Afspraak', 'Event'];
    expect([inGoogle(world), inAgenda(world)]).toEqual(inside ? [both, both] : [['Event'], ['Afspraak']]);
    await rollOn(world, '2026-11-26');
    expect([inGoogle(world), inAgenda(world)]).toEqual([both, both]);
    // Each side wrote one, and Google got the marks on the other: the edge moves nothing twice.
    expect(writes(world)).toBe(3);
  });

  it.each([
    ['the short night', '2027-03-28', '2027-06-25T22:00:00Z'],
    ['the long night', '2026-10-25', '2027-01-22T23:00:00Z'],
  ])('enters on the day of %s at its own midnight', async (_night, today, firstMoment) => {
    const last = Temporal.PlainDate.from(today).add({ days: 90 });
    const world = await aLiveWorld();
    await world.windowDays.set(ACCOUNT.id, { rolledOn: Temporal.PlainDate.from(today).subtract({ days: 1 }).toString(), coveredUntilOn: last.subtract({ days: 1 }).toString() });
    if (today < '2026-11-24') world.rewindClock(`${today}T00:00:00Z`);
    const moment = (seconds: number) => Temporal.Instant.from(firstMoment).add({ seconds }).toZonedDateTimeISO(ZONE).toPlainDateTime().toString({ smallestUnit: 'second' });
    for (const [n, seconds] of [[1, 0], [2, 86_400 - 1], [3, 86_400]] as const) {
      world.inventive.edit(rowId(n), fullRow({ subject: `rij ${n}`, when: { kind: 'timed', start: moment(seconds), end: moment(seconds), zone: ZONE } }));
    }
    world.dropNews();
    await rollOn(world, today);
    expect([world.rolled, inGoogle(world)]).toMatchObject([[{ fromOn: last.toString() }], ['rij 1', 'rij 2']]);
  });

  it('is not taken in from a master, nor of a type that is left alone', async () => {
    const world = await aLiveWorld();
    for (const [n, odd] of [[1, { shape: 'master' }], [4, { eventType: 'focusTime' }]] as const) {
      world.google.events.set(eventId(n), anEvent({ id: eventId(n), fields: fullEvent({ when: on('2027-02-23') }), ...odd }));
    }
    // Looks like all of them, and is none of them.
    world.inventive.edit(rowId(1), fullRow({ subject: 'Tandarts', when: on('2027-02-23') }));
    await rollOn(world, '2026-11-25');
    expect(world.rolled).toMatchObject([{ google: 0, inventive: 1 }]);
    expect([inAgenda(world), inGoogle(world), world.unpaired.all()]).toEqual([['Tandarts'], Array(3).fill('Tandarts'), []]);
  });

  it.each([
    ['long ago', '2026-11-24T09:01:00Z', ['Afspraak', 'Event']],
    ['a moment ago', '2026-11-24T23:39:59Z', ['Afspraak', 'Event']],
    ['a moment ago, on both sides alike', '2026-11-24T23:39:59Z', ['Beurs', 'Beurs']],
  ] as const)('that was made %s and deleted after it was listed leaves no ghost', async (_ago, madeAt, [row, event]) => {
    const world = await aLiveWorld();
    world.passUntil(madeAt);
    world.inventive.edit(rowId(1), fullRow({ subject: row, when: on('2027-02-23') }));
    world.google.edit(eventId(1), fullEvent({ subject: event, when: on('2027-02-23') }));
    // What is saved twice between two reads is told once: here, only that it went.
    world.dropNews();
    const { listDays } = world.google;
    world.google.listDays = async (...asked) => {
      const listed = await listDays(...asked);
      world.inventive.remove(rowId(1));
      world.google.remove(eventId(1));
      await world.deliverAll();
      return listed;
    };
    await rollOn(world, '2026-11-25');
    expect([inGoogle(world), inAgenda(world), writes(world)]).toEqual([[], [], 0]);
  });
});

describe('[lesson 15] what stands on both sides when its day enters', () => {
  it('is joined, not doubled', async () => {
    const world = await aLiveWorld();
    world.inventive.edit(rowId(1), fullRow({ subject: 'Beurs', when: on('2027-02-23') }));
    world.google.edit(eventId(1), fullEvent({ subject: 'Beurs', when: on('2027-02-23') }));
    await world.quiesce();
    await rollOn(world, '2026-11-25');
    expect([inGoogle(world), inAgenda(world), world.unpaired.all()]).toEqual([['Beurs'], ['Beurs'], []]);
    world.google.edit(eventId(1), { location: 'Jaarbeurs' });
    await world.quiesce();
    expect(world.inventive.rows.get(rowId(1))?.fields.location).toBe('Jaarbeurs');
  });

  it('several times is left for a person to say', async () => {
    const world = await aLiveWorld();
    for (const n of [1, 2]) {
      world.inventive.edit(rowId(n), fullRow({ subject: 'Dubbel', when: on('2027-02-23') }));
      world.google.edit(eventId(n), fullEvent({ subject: 'Dubbel', when: on('2027-02-23') }));
    }
    await world.quiesce();
    await rollOn(world, '2026-11-25');
    expect([writes(world), world.unpaired.all().map(({ reason }) => reason)]).toEqual([0, Array(4).fill('ambiguous-match')]);
  });
});

describe('what ends as the window begins', () => {
  it('is outside, also where it stands on both sides', async () => {
    const world = aWorld();
    world.inventive.edit(rowId(1), fullRow({ subject: 'Gala', when: at('2026-10-24T20:00', '2026-10-25T00:00') }));
    world.google.edit(eventId(1), fullEvent({ subject: 'Gala', when: at('2026-10-24T20:00', '2026-10-25T00:00') }));
    world.dropNews();
    await rollOn(world, '2026-11-24');
    expect(world.rolled).toMatchObject([{ fromOn: '2026-10-25', inventive: 0, google: 0 }]);
    expect([writes(world), await world.pairs.idsOfAccount(ACCOUNT.id)]).toEqual([0, []]);
  });
});

describe('[R9.3] [lesson 15] what leaves the window', () => {
  it('stays, and stays in step', async () => {
    const world = await aLiveWorld();
    world.inventive.edit(rowId(1), fullRow({ subject: 'Oud', when: on('2026-10-25') }));
    world.google.edit(eventId(1), fullEvent({ subject: 'Ook oud', when: on('2026-10-26') }));
    await world.quiesce();
    const before = writes(world);
    for (const day of ['2026-11-25', '2026-11-26', '2026-12-24']) await rollOn(world, day);
    expect([inGoogle(world), inAgenda(world), writes(world)]).toEqual([['Ook oud', 'Oud'], ['Ook oud', 'Oud'], before]);
    world.inventive.edit(rowId(1), { location: 'Zaal 1' });
    await world.quiesce();
    expect(world.google.living().find(({ fields }) => fields.subject === 'Oud')?.fields.location).toBe('Zaal 1');
  });
});

describe('a joining', () => {
  it('has read the window of its day: nothing is read again until the next one', async () => {
    const world = aWorld({ account: { state: 'joining' } });
    await world.joins.turn();
    world.pass(6_000);
    await world.listCalendar();
    await world.joins.turn();
    expect(await world.windowDays.find(ACCOUNT.id)).toEqual({ rolledOn: '2026-11-24', coveredUntilOn: '2027-02-22' });
    await world.rolling.turn();
    expect(world.rolled).toEqual([]);
  });
});

describe('an account of which nobody knows what was read', () => {
  it('is read whole, once, and what is paired already is not written', async () => {
    const world = aWorld();
    world.inventive.edit(rowId(1), fullRow({ subject: 'Bekend' }));
    await world.quiesce();
    world.inventive.edit(rowId(2), fullRow({ subject: 'Gemist', when: on('2027-01-10') }));
    world.dropNews();
    const before = writes(world);
    await rollOn(world, '2026-11-24');
    expect([inGoogle(world), writes(world) - before]).toEqual([['Bekend', 'Gemist'], 1]);
    await world.rolling.turn();
    expect(world.rolled).toMatchObject([{ fromOn: '2026-10-25', untilOn: '2027-02-22', inventive: 1 }]);
  });
});

describe('many items that enter at once', () => {
  it('were asked for by the window: the brake does not count them, and live changes go first', async () => {
    const world = await aLiveWorld();
    for (let n = 1; n <= 130; n += 1) world.inventive.edit(rowId(n), fullRow({ subject: `Afspraak ${n}`, when: on('2027-02-23') }));
    world.dropNews();
    world.passUntil('2026-11-25T00:00:00Z');
    await world.rolling.turn();
    world.google.edit(eventId(1), fullEvent({ subject: 'Nu' }));
    await world.deliverAll();
    const [first] = await world.pairs.due(1);
    expect((await world.pairs.byId(first!))?.eventId).toBe(eventId(1));
    await world.quiesce();
    expect([world.account().state, world.google.living().length]).toEqual(['live', 131]);
  });
});
