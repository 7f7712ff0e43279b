import { describe, expect, it } from 'vitest';
import { asInventiveId } from '@calsync/calendar-model';
import { ACCOUNT } from '../testing/records.js';
import { aWorld, eventId, fullEvent, fullRow, rowId } from './reconcile-world.js';

type World = ReturnType<typeof aWorld>;
const OTHER = asInventiveId('AD2'.padStart(32, '0'));
const inGoogle = (world: World) => world.google.living().map(({ fields }) => fields.subject ?? '').toSorted();
const reasons = (world: World) => world.unpaired.all().map(({ reason }) => reason);

/** An administration was chosen for the user: rows of others stay out. */
const chosen = (): World => aWorld({ account: { onlyAdministration: true } });

describe('[R6.2] a chosen administration', () => {
  it('keeps rows of others out, with the reason', async () => {
    const world = chosen();
    world.inventive.edit(rowId(1), fullRow({ subject: 'Hier' }));
    world.inventive.edit(rowId(2), fullRow({ subject: 'Daar' }));
    world.inventive.moveTo(rowId(2), OTHER);
    world.rewind('inventive', 0);
    await world.deliverInventive(0);
    await world.deliverInventive(2);
    while (await world.workOnce());
    expect([inGoogle(world), reasons(world)]).toEqual([['Hier'], ['other-administration']]);
  });

  it('lets a row go that moves to another one, and takes it back when it returns', async () => {
    const world = chosen();
    world.inventive.edit(rowId(1), fullRow({ subject: 'Verhuist' }));
    await world.quiesce();
    world.inventive.moveTo(rowId(1), OTHER);
    await world.quiesce();
    expect([inGoogle(world), world.inventive.rows.size]).toEqual([[], 1]);
    world.inventive.moveTo(rowId(1), ACCOUNT.administrationId);
    await world.quiesce();
    expect([inGoogle(world), world.inventive.rows.size]).toEqual([['Verhuist'], 1]);
  });

  it('loses no edit that was made in Google meanwhile: it lives on under a row of its own', async () => {
    const world = chosen();
    world.inventive.edit(rowId(1), fullRow({ subject: 'Verhuist' }));
    await world.quiesce();
    world.google.edit(world.google.living()[0]!.id, { location: 'Gewijzigd' });
    world.inventive.moveTo(rowId(1), OTHER);
    await world.quiesce();
    const rows = [...world.inventive.rows.values()];
    expect(rows.map(({ id, administrationId, fields }) => [id === rowId(1), administrationId === OTHER, fields.location])).toEqual(expect.arrayContaining([[true, true, ''], [false, false, 'Gewijzigd']]));
    expect(inGoogle(world)).toEqual(['Verhuist']);
  });

  it('says nothing where nobody chose: all rows of the user are in', async () => {
    const world = aWorld();
    world.inventive.edit(rowId(1), fullRow({ subject: 'Verhuist' }));
    await world.quiesce();
    world.inventive.moveTo(rowId(1), OTHER);
    world.inventive.edit(rowId(1), { subject: 'Verhuisd en gewijzigd' });
    await world.quiesce();
    expect(inGoogle(world)).toEqual(['Verhuisd en gewijzigd']);
  });
});

describe('[R6.3] another choice', () => {
  it('freezes what was in step elsewhere: no edit crosses, nothing is deleted; choosing it back goes on', async () => {
    const world = chosen();
    world.inventive.edit(rowId(1), fullRow({ subject: 'In een' }));
    world.google.edit(eventId(1), fullEvent({ subject: 'Uit Google' }));
    await world.quiesce();
    world.setAccount({ administrationId: OTHER });
    const before = [world.google.writes, world.inventive.writes];
    const born = [...world.inventive.rows.values()].find(({ fields }) => fields.subject === 'Uit Google')!;
    world.inventive.edit(rowId(1), { subject: 'In een, gewijzigd' });
    world.google.edit(eventId(1), { subject: 'Uit Google, gewijzigd' });
    world.inventive.remove(born.id);
    await world.quiesce();
    expect([world.google.writes, world.inventive.writes]).toEqual(before);
    expect(world.pairs.all().map((pair) => pair.reasons)).toEqual([['other-administration'], ['other-administration']]);
    world.setAccount({ administrationId: ACCOUNT.administrationId });
    await world.pairs.markForReading(world.pairs.all().map(({ id }) => id));
    await world.quiesce();
    // What was deleted here and edited there: the edit wins, as ever.
    expect(inGoogle(world)).toEqual(['In een, gewijzigd', 'Uit Google, gewijzigd']);
    expect([...world.inventive.rows.values()].map(({ fields }) => fields.subject ?? '').toSorted()).toEqual(['In een, gewijzigd', 'Uit Google, gewijzigd']);
  });

  it('[R6.4] takes what is born in Google from then on', async () => {
    const world = chosen();
    world.setAccount({ administrationId: OTHER });
    world.google.edit(eventId(1), fullEvent());
    await world.quiesce();
    expect([...world.inventive.rows.values()].map(({ administrationId, ownerId }) => [administrationId, ownerId])).toEqual([[OTHER, ACCOUNT.userId]]);
  });
});

describe('[R6.2] what was kept out', () => {
  it('says so no more once all administrations are in again', async () => {
    const world = chosen();
    world.setAccount({ administrationId: OTHER });
    world.inventive.edit(rowId(1), fullRow({ subject: 'Toch erbij' }));
    await world.quiesce();
    expect(reasons(world)).toEqual(['other-administration']);
    world.setAccount({ administrationId: ACCOUNT.administrationId, state: 'joining', revision: 1 });
    await world.joins.turn();
    await world.listCalendar();
    world.pass(6_000);
    expect(await world.joins.turn()).toBe(1);
    await world.quiesce();
    expect([inGoogle(world), reasons(world)]).toEqual([['Toch erbij'], []]);
  });
});

describe('[R6.5] an event that leaves the calendar', () => {
  it('is deleted in Inventive, and there again once it is back, under the same id', async () => {
    const world = aWorld();
    world.google.edit(eventId(1), fullEvent({ subject: 'Verhuisd' }));
    await world.quiesce();
    world.google.remove(eventId(1));
    await world.quiesce();
    expect(world.inventive.rows.size).toBe(0);
    world.google.restore(eventId(1));
    await world.quiesce();
    expect([world.google.living().map(({ id }) => id), [...world.inventive.rows.values()].map(({ fields }) => fields.subject)]).toEqual([[eventId(1)], ['Verhuisd']]);
  });
});

describe('[R9.4] what is moved into the window', () => {
  it('is added, from either side', async () => {
    const world = aWorld();
    const far = { kind: 'timed', start: '2027-06-01T10:00:00', end: '2027-06-01T11:00:00', zone: 'Europe/Amsterdam' } as const;
    world.inventive.edit(rowId(1), fullRow({ subject: 'Rij', when: far }));
    world.google.edit(eventId(1), fullEvent({ subject: 'Item', when: far }));
    await world.quiesce();
    expect([inGoogle(world), reasons(world)]).toEqual([['Item'], ['outside-window', 'outside-window']]);
    const near = { ...far, start: '2026-12-01T10:00:00', end: '2026-12-01T11:00:00' };
    world.inventive.edit(rowId(1), { when: near });
    world.google.edit(eventId(1), { when: near });
    await world.quiesce();
    expect([inGoogle(world), [...world.inventive.rows.values()].map(({ fields }) => fields.subject ?? '').toSorted()]).toEqual([['Item', 'Rij'], ['Item', 'Rij']]);
  });
});

describe('[R13.6] [lesson 3] somebody who keeps putting back what we write', () => {
  it('has that pair set aside, told and left alone; the others go on', async () => {
    const world = aWorld();
    world.inventive.edit(rowId(1), fullRow({ location: 'Zaal 1' }));
    world.inventive.edit(rowId(2), fullRow({ subject: 'Ander' }));
    await world.quiesce();
    const { id } = world.google.living().find(({ fields }) => fields.subject === 'Overleg')!;
    for (let turn = 0; turn < 12; turn += 1) {
      world.inventive.edit(rowId(1), { location: turn % 2 === 0 ? 'Zaal 2' : 'Zaal 1' });
      await world.deliverAll();
      while (await world.workOnce());
      world.pass(2_000);
    }
    const pair = world.pairs.all().find(({ eventId: its }) => its === id);
    expect([pair?.status, pair?.reasons]).toEqual(['quarantined', ['quarantined-loop']]);
    const writes = world.google.writes;
    world.inventive.edit(rowId(1), { location: 'Zaal 9' });
    world.inventive.edit(rowId(2), { location: 'Zaal 4' });
    await world.quiesce();
    expect([world.google.writes, world.google.living().find(({ fields }) => fields.subject === 'Ander')?.fields.location]).toEqual([writes + 1, 'Zaal 4']);
  });
});

describe('[R13.5] a lost database', () => {
  it('is built again from the marks without a write, of renamed rows and of both sides of birth', async () => {
    const before = aWorld();
    for (let n = 1; n <= 10; n += 1) before.inventive.edit(rowId(n), fullRow({ subject: `Rij ${n}` }));
    for (let n = 1; n <= 10; n += 1) before.google.edit(eventId(n), fullEvent({ subject: `Item ${n}` }));
    await before.quiesce();
    const after = aWorld({ account: { state: 'joining' } });
    for (const row of before.inventive.rows.values()) after.inventive.rows.set(row.id, row);
    for (const event of before.google.events.values()) after.google.events.set(event.id, event);
    const renamed = after.inventive.rows.get(rowId(1))!;
    after.inventive.rows.set(rowId(1), { ...renamed, fields: { ...renamed.fields, subject: 'Heel anders' } });
    await after.joins.turn();
    await after.listCalendar();
    after.pass(6_000);
    expect(await after.joins.turn()).toBe(1);
    await after.quiesce();
    // The renamed one is an edit that nobody saw; all else stands already.
    expect([after.google.writes, after.inventive.writes]).toEqual([1, 0]);
    expect([after.pairs.all().length, after.google.living().length, after.inventive.rows.size]).toEqual([20, 20, 20]);
    expect(after.pairs.all().map(({ appointmentId, eventId: its }) => `${appointmentId} ${its}`).toSorted()).toEqual(before.pairs.all().map(({ appointmentId, eventId: its }) => `${appointmentId} ${its}`).toSorted());
  });
});
