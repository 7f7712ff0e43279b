import { describe, expect, it } from 'vitest';
import { asGoogleEventId, type InventiveFields } from '@calsync/calendar-model';
import { Failure } from '../failures/failure.js';
import { SeriesPool } from '../reconcile/index.js';
import { aLiveWorld, at, rollOn, writes, type World } from './rolling-world.js';
import { aWorld, eventId, fullEvent, fullRow, rowId } from './reconcile-world.js';

const ID = asGoogleEventId('weekly');
const FIRST = at('2026-11-25T10:00', '2026-11-25T11:00');
const WEEKLY = { every: 'week', interval: 1, count: 4 } as const;
const DAYS = ['2026-11-25', '2026-12-02', '2026-12-09', '2026-12-16'];
const tens = DAYS.map((day) => `${day}T10:00:00`);
const startOf = ({ when }: InventiveFields) => (when?.kind === 'timed' ? when.start : when?.firstOn) ?? '';
const starts = (world: World) => [...world.inventive.rows.values()].map(({ fields }) => startOf(fields)).toSorted();
/** Which row stands where: what only Inventive holds goes with it. */
const rows = (world: World) => Object.fromEntries([...world.inventive.rows.values()].map(({ id, fields }) => [id, startOf(fields)]));
const byDay = (world: World) => [...world.inventive.rows.values()].toSorted((a, b) => (startOf(a.fields) < startOf(b.fields) ? -1 : 1));
const living = (world: World) => world.google.series.occurrences().map(({ fields }) => startOf(fields)).toSorted();
/** The id of the occurrence that this day had at first. */
const on = (day: string, time = 'T090000Z') => asGoogleEventId(`${ID}_${day.replaceAll('-', '')}${time}`);

async function aSeries(rule: Parameters<World['google']['series']['create']>[2] = WEEKLY) {
  const world = await aLiveWorld();
  world.google.series.create(ID, fullEvent({ subject: 'Werkoverleg', when: FIRST }), rule);
  await world.quiesce();
  return { world, before: rows(world), writtenBefore: writes(world) };
}
/** Everything told once more, in both topics, writes nothing. */
async function quietOnReplay(world: World): Promise<void> {
  const before = writes(world);
  world.rewind('inventive', 0);
  world.rewind('google', 0);
  await world.quiesce();
  expect(writes(world)).toBe(before);
}

describe('a series of Google', () => {
  it('[R4.1] stands in Inventive as its occurrences in the window, and nothing is written to Google', async () => {
    const { world } = await aSeries();
    expect([starts(world), world.google.writes, world.inventive.writes]).toEqual([tens, 0, 4]);
    await quietOnReplay(world);
  });

  it('[R4.2] without an end: only what lies in the window', async () => {
    const { world } = await aSeries({ every: 'week', interval: 1 });
    expect([starts(world)[0], starts(world).at(-1), starts(world).length]).toEqual([tens[0], '2027-02-17T10:00:00', 13]);
  });

  it('[R4.3] one that is moved or cancelled changes or takes away its row only', async () => {
    const { world, before } = await aSeries();
    world.google.series.editOccurrence(on('2026-12-02'), { when: at('2026-12-03T15:00', '2026-12-03T16:00') });
    await world.quiesce();
    expect(starts(world)).toEqual([tens[0], '2026-12-03T15:00:00', tens[2], tens[3]]);
    expect(Object.keys(rows(world)).toSorted()).toEqual(Object.keys(before).toSorted());
    world.google.series.cancelOccurrence(on('2026-12-09'));
    await world.quiesce();
    expect(starts(world)).toEqual([tens[0], '2026-12-03T15:00:00', tens[3]]);
    world.google.series.restoreOccurrence(on('2026-12-09'));
    await world.quiesce();
    expect(starts(world)).toEqual([tens[0], '2026-12-03T15:00:00', tens[2], tens[3]]);
    await quietOnReplay(world);
  });

  it('[R4.3] one that is moved far out of the window keeps its row', async () => {
    const { world, before } = await aSeries();
    world.google.series.editOccurrence(on('2026-12-02'), { when: at('2027-09-01T15:00', '2027-09-01T16:00') });
    await world.quiesce();
    expect(Object.keys(rows(world)).toSorted()).toEqual(Object.keys(before).toSorted());
    expect(starts(world)).toContain('2027-09-01T15:00:00');
  });

  it.each([['an hour', 60], ['a day', 24 * 60], ['back by two hours', -120]])('[R4.4] moved as a whole by %s, its rows stay its rows', async (_what, minutes) => {
    const { world, before } = await aSeries();
    world.google.series.editAll(ID, { subject: 'Verzet' }, minutes);
    await world.quiesce();
    const moved = (start: string) => Temporal.PlainDateTime.from(start).add({ minutes }).toString({ smallestUnit: 'second' });
    expect(rows(world)).toEqual(Object.fromEntries(Object.entries(before).map(([id, start]) => [id, moved(start)])));
    expect(byDay(world).every(({ fields }) => fields.subject === 'Verzet')).toBe(true);
    await quietOnReplay(world);
  });

  it.each([['the same time', {}], ['an hour later', { shiftMinutes: 60 }], ['a day later', { shiftMinutes: 24 * 60 }]])('[R4.5] [lesson 5] this and following at %s, its rows stay its rows', async (_what, change) => {
    const { world, before } = await aSeries();
    world.google.series.following(on('2026-12-09'), { fields: { subject: 'Later' }, ...change });
    await world.quiesce();
    const minutes = 'shiftMinutes' in change ? change.shiftMinutes : 0;
    const moved = (start: string) => (start < '2026-12-09' ? start : Temporal.PlainDateTime.from(start).add({ minutes }).toString({ smallestUnit: 'second' }));
    expect(rows(world)).toEqual(Object.fromEntries(Object.entries(before).map(([id, start]) => [id, moved(start)])));
    expect(byDay(world).map(({ fields }) => fields.subject)).toEqual(['Werkoverleg', 'Werkoverleg', 'Later', 'Later']);
    expect(world.google.writes).toBe(0);
    await quietOnReplay(world);
  });

  it('[R4.5] [lesson 5] three splits one after another, the last back to the first time: the same four rows', async () => {
    const { world, before } = await aSeries();
    const second = world.google.series.following(on('2026-12-02'), { shiftMinutes: 60 });
    await world.quiesce();
    const [later] = world.google.series.occurrences().filter(({ occurrence }) => occurrence?.masterId === second).filter(({ fields }) => startOf(fields) >= '2026-12-09');
    world.google.series.following(later?.id ?? ID, { shiftMinutes: -60 });
    await world.quiesce();
    expect(Object.keys(rows(world)).toSorted()).toEqual(Object.keys(before).toSorted());
    expect(starts(world)).toEqual(living(world));
    await quietOnReplay(world);
  });

  it('[R4.6] deleted from one on, exactly those rows go', async () => {
    const { world } = await aSeries();
    world.google.series.following(on('2026-12-09'), 'delete');
    await world.quiesce();
    expect(starts(world)).toEqual(tens.slice(0, 2));
    await quietOnReplay(world);
  });

  it('[R4.6] deleted as a whole, all its rows go', async () => {
    const { world } = await aSeries();
    world.google.series.removeAll(ID);
    await world.quiesce();
    expect(starts(world)).toEqual([]);
    await quietOnReplay(world);
  });

  it('[R4.6] a master that is not found proves nothing', async () => {
    const { world } = await aSeries();
    world.google.hidden.add(ID);
    world.google.series.editAll(ID, { subject: 'Gewijzigd' });
    await world.deliverAll();
    while (await world.workSeriesOnce());
    expect(starts(world)).toEqual(tens);
    world.google.hidden.delete(ID);
    await world.quiesce();
    expect(byDay(world).map(({ fields }) => fields.subject)).toEqual(Array(4).fill('Gewijzigd'));
  });

  it('[R4.7] a single event that becomes a series keeps its row as the first, and the other way round', async () => {
    const world = await aLiveWorld();
    world.google.edit(eventId(1), fullEvent({ subject: 'Enkel', when: FIRST }));
    await world.quiesce();
    const [single] = Object.keys(rows(world));
    world.google.toSeries(eventId(1), WEEKLY);
    await world.quiesce();
    expect(starts(world)).toEqual(tens);
    expect(rows(world)[single ?? '']).toBe(tens[0]);
    world.google.series.toSingle(eventId(1));
    await world.quiesce();
    expect(rows(world)).toEqual({ [single ?? '']: tens[0] });
    await quietOnReplay(world);
  });

  it('[R4.8] one row changed changes one time in Google, in one write', async () => {
    const { world } = await aSeries();
    const [, second] = byDay(world);
    world.inventive.edit(second!.id, { subject: 'Alleen deze' });
    await world.quiesce();
    expect(world.google.series.occurrences().map(({ fields }) => fields.subject ?? '').toSorted()).toEqual(['Alleen deze', 'Werkoverleg', 'Werkoverleg', 'Werkoverleg']);
    expect(world.google.writes).toBe(1);
    await quietOnReplay(world);
  });

  it('[R4.8] all rows changed at once: one write each', async () => {
    const { world } = await aSeries();
    for (const [n, row] of byDay(world).entries()) world.inventive.edit(row.id, { subject: `Rij ${n}` });
    await world.quiesce();
    expect(world.google.series.occurrences().map(({ fields }) => fields.subject ?? '').toSorted()).toEqual(['Rij 0', 'Rij 1', 'Rij 2', 'Rij 3']);
    expect(world.google.writes).toBe(4);
    await quietOnReplay(world);
  });

  it('[R4.9] one row deleted cancels one time in Google', async () => {
    const { world } = await aSeries();
    const [, second] = byDay(world);
    world.inventive.remove(second!.id);
    await world.quiesce();
    expect([living(world), world.google.writes]).toEqual([[tens[0], tens[2], tens[3]], 1]);
    await quietOnReplay(world);
    expect(starts(world)).toEqual([tens[0], tens[2], tens[3]]);
  });

  it('[R4.10] an edit beats the deletion of one time', async () => {
    const { world } = await aSeries();
    const [, second] = byDay(world);
    world.google.series.cancelOccurrence(on('2026-12-02'));
    world.inventive.edit(second!.id, { subject: 'Toch wel' });
    await world.quiesce();
    expect(living(world)).toEqual(tens);
    expect(byDay(world)[1]?.fields.subject).toBe('Toch wel');
    await quietOnReplay(world);
  });

  it('[R4.10] an edit beats the deletion of the whole series: it goes on as a single event', async () => {
    const { world } = await aSeries();
    const [, second] = byDay(world);
    world.google.series.removeAll(ID);
    world.inventive.edit(second!.id, { subject: 'Toch wel' });
    await world.quiesce();
    expect(starts(world)).toEqual([tens[1]]);
    expect(world.google.living().map(({ fields, marks }) => [fields.subject, marks?.inventiveAppointment])).toEqual([['Toch wel', second!.id]]);
    await quietOnReplay(world);
  });

  it('[R4.11] at linking, times that stand on both sides are joined, not doubled', async () => {
    const world = aWorld({ account: { state: 'joining' } });
    for (const [n, day] of DAYS.slice(0, 3).entries()) world.inventive.edit(rowId(n + 1), fullRow({ subject: 'Werkoverleg', when: at(`${day}T10:00`, `${day}T11:00`) }));
    world.google.series.create(ID, fullEvent({ subject: 'Werkoverleg', when: FIRST }), WEEKLY);
    await world.deliverAll();
    await world.joins.turn();
    world.pass(6_000);
    await world.takeIn.calendarListed(world.calendar, world.nextPull());
    await world.joins.turn();
    expect(world.account().state).toBe('live');
    expect(await world.workSeriesOnce()).toBe(false);
    await world.quiesce();
    expect([starts(world), world.google.living().length, world.google.writes]).toEqual([tens, 0, 0]);
    expect(world.inventive.rows.has(rowId(1))).toBe(true);
    await quietOnReplay(world);
  });

  it('[R4.12] [lesson 15] the window goes on: each day brings what entered, once', async () => {
    const world = await aLiveWorld();
    world.google.series.create(ID, fullEvent({ subject: 'Dagstart', when: at('2026-11-25T09:00', '2026-11-25T09:15') }), { every: 'day', interval: 1 });
    await world.quiesce();
    expect([starts(world).length, starts(world).at(-1)]).toEqual([90, '2027-02-22T09:00:00']);
    await rollOn(world, '2026-11-25');
    await rollOn(world, '2026-11-27');
    expect([starts(world).length, new Set(starts(world)).size, starts(world).at(-1)]).toEqual([93, 93, '2027-02-25T09:00:00']);
    expect(world.google.writes).toBe(0);
    await quietOnReplay(world);
  });

  it('[R4.13] [lesson 4] one that cannot be read stays in Google and says so; the others come in, and it does once it changes', async () => {
    const world = await aLiveWorld();
    const read = world.google.readSeries;
    world.google.readSeries = async (calendar, id, days) => {
      if (id === ID) throw new Failure('permanent', 'an odd rule');
      return read(calendar, id, days);
    };
    const pool = new SeriesPool({ series: world.series, unpaired: world.unpaired, accounts: world.accounts, worker: { work: (key) => world.workSeries(key) }, clock: world.clock, random: () => 0, width: 2, wakePairs: () => undefined, report: () => undefined });
    world.google.series.create(ID, fullEvent({ subject: 'Vreemd', when: FIRST }), WEEKLY);
    world.google.series.create(asGoogleEventId('plain'), fullEvent({ subject: 'Gewoon', when: FIRST }), WEEKLY);
    await world.deliverAll();
    await pool.poll();
    await pool.stop();
    await world.quiesce();
    expect(byDay(world).map(({ fields }) => fields.subject)).toEqual(Array(4).fill('Gewoon'));
    expect(world.unpaired.all()).toMatchObject([{ itemId: ID, reason: 'series-not-supported' }]);
    world.google.readSeries = read;
    world.google.series.editAll(ID, { subject: 'Hersteld' });
    await world.quiesce();
    expect([starts(world).length, world.unpaired.all()]).toEqual([8, []]);
  });

  it('[R4.14] to the brake a series counts as one', async () => {
    const world = await aLiveWorld();
    for (let n = 1; n <= 12; n += 1) world.google.edit(eventId(n), fullEvent({ subject: `Los ${n}`, when: FIRST }));
    world.google.series.create(ID, fullEvent({ subject: 'Dagstart', when: at('2026-11-25T09:00', '2026-11-25T09:15') }), { every: 'day', interval: 1, count: 60 });
    await world.quiesce();
    world.google.series.removeAll(ID);
    await world.quiesce();
    expect([world.account().state, starts(world).length]).toEqual(['live', 12]);
  });
});
