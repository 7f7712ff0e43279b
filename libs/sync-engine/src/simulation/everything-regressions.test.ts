import { describe, expect, it } from 'vitest';
import { asGoogleEventId } from '@calsync/calendar-model';
import { comparing } from './comparing-world.js';
import { differences } from './history-oracle.js';
import { COLLEAGUE, OTHER_ADMINISTRATION } from './history-people.js';
import { changeSettings, comeToRest } from './history-trouble.js';
import { WHENS } from './history-whens.js';
import { aWorld, eventId, fullEvent, fullRow, rowId } from './reconcile-world.js';

/** Each was found by the random histories, and shrunk to this. */
describe('settings that change while a call hangs', () => {
  it('hold for what is settled after it', async () => {
    const world = aWorld();
    world.inventive.edit(rowId(1), fullRow());
    await world.quiesce();
    changeSettings(world, { direction: 'to-inventive' });
    world.google.edit(world.google.living()[0]!.id, { when: WHENS[1]! });
    await world.deliverAll();
    await world.workAndStall('before');
    world.inventive.edit(rowId(1), { subject: 'Nieuw' });
    await comeToRest(world);
    expect(differences(world, 'as told')).toEqual([]);
  });
});

describe('a database that was lost', () => {
  it('between the row that was made of an event and its marks: the row’s own key tells, though it was moved since', async () => {
    const world = aWorld();
    world.google.edit(eventId(1), fullEvent());
    await world.deliverAll();
    world.kill('reconcile:after-call-before-save');
    await world.workOnce();
    const [row] = [...world.inventive.rows.keys()];
    world.loseDatabase();
    world.inventive.edit(row!, { when: WHENS[6]! });
    await comeToRest(world);
    expect([world.google.living().length, world.inventive.rows.size]).toEqual([1, 1]);
    expect(differences(world)).toEqual([]);
  });
});

describe('a database that was lost between a row that was made anew and the marks that name it', () => {
  it.each(['the row', 'the event'] as const)('is built again without a second one, where %s was there first', async (first) => {
    const world = aWorld();
    if (first === 'the row') world.inventive.edit(rowId(1), fullRow());
    else world.google.edit(eventId(1), fullEvent());
    await world.quiesce();
    const { id } = world.google.living()[0]!;
    world.inventive.remove([...world.inventive.rows.keys()][0]!);
    world.google.edit(id, { subject: 'Nieuw' });
    await world.deliverAll();
    // Edited once more before its marks could be written.
    world.kill('reconcile:after-call-before-save');
    await world.workOnce();
    world.google.edit(id, { subject: 'Nieuwer' });
    world.loseDatabase();
    await comeToRest(world);
    expect([world.google.living().length, world.inventive.rows.size]).toEqual([1, 1]);
    expect(differences(world)).toEqual([]);
  });
});

describe('a worker that hung while the database was lost', () => {
  it('saves nothing of what it read for the pair that was there before', async () => {
    const world = aWorld();
    world.inventive.edit(rowId(1), fullRow());
    await world.rolling.turn();
    await world.workAndStall('after');
    world.inventive.edit(rowId(1), { subject: 'Nieuw' });
    world.loseDatabase();
    await world.deliverAll();
    await comeToRest(world);
    expect(world.google.living().map(({ fields }) => fields.subject)).toEqual(['Nieuw']);
  });

  it('makes a row of an event that was deleted, which gets an event; taken out of the bin, the first one is another again', async () => {
    const world = aWorld();
    world.google.edit(eventId(1), fullEvent());
    await world.deliverAll();
    world.google.remove(eventId(1));
    await world.workAndStall('before');
    world.loseDatabase();
    await comeToRest(world);
    world.google.restore(eventId(1));
    await comeToRest(world);
    expect([world.google.living().length, world.inventive.rows.size]).toEqual([2, 2]);
    expect(differences(world)).toEqual([]);
  });
});

describe('an event that was deleted because its appointment was handed over', () => {
  it('and is taken out of the bin after the appointment came back with another event: it is a new event', async () => {
    const world = aWorld();
    world.google.edit(eventId(1), fullEvent());
    await world.deliverAll();
    await world.workAndStall('after');
    const [row] = [...world.inventive.rows.keys()];
    world.inventive.handTo(row!, COLLEAGUE);
    world.setAccount({ onlyAdministration: true });
    await world.workOnce();
    world.inventive.handTo(row!, world.account().userId);
    await comeToRest(world);
    world.google.restore(eventId(1));
    await comeToRest(world);
    expect([world.google.living().length, world.inventive.rows.size]).toEqual([2, 2]);
    expect(differences(world)).toEqual([]);
  });
});

describe('a worker that hangs before it makes a row anew', () => {
  it('and makes it after all: the one that went on meanwhile chose the same key', async () => {
    const world = aWorld();
    world.inventive.edit(rowId(1), fullRow());
    await world.quiesce();
    world.inventive.remove(rowId(1));
    world.google.edit(world.google.living()[0]!.id, { when: WHENS[1]! });
    await world.deliverAll();
    await world.workAndStall('before');
    await world.workOnce();
    await comeToRest(world);
    expect([world.google.living().length, world.inventive.rows.size]).toEqual([1, 1]);
  });
});

describe('an event that was edited while its appointment was handed over', () => {
  it('gets a row of its own also where the first try failed and both sides were read before the next', async () => {
    const world = aWorld();
    world.inventive.edit(rowId(1), fullRow());
    await world.quiesce();
    world.google.edit(world.google.living()[0]!.id, { showAs: 'free' });
    world.inventive.handTo(rowId(1), COLLEAGUE);
    await world.deliverAll();
    world.fates.push('fails');
    await world.workOnce();
    changeSettings(world, { privateContent: 'full' });
    await comeToRest(world);
    expect(differences(world, 'as told')).toEqual([]);
  });
});

describe('an appointment that waited while its account joined', () => {
  it('and was deleted meanwhile: its deletion, told before there was a pair, is found', async () => {
    const world = aWorld();
    world.inventive.edit(rowId(1), fullRow());
    await world.quiesce();
    world.loseDatabase();
    world.rewind('inventive', 0);
    world.inventive.remove(rowId(1));
    await world.deliverAll();
    await comeToRest(world);
    expect(differences(world, 'as told')).toEqual([]);
  });
});

describe('one occurrence that becomes private in Inventive', () => {
  it('makes all of its series private in Google, and so its other rows', async () => {
    const world = aWorld();
    world.google.series.create(asGoogleEventId('s1'), fullEvent(), { every: 'day', interval: 1, count: 3 });
    await world.quiesce();
    const [row] = [...world.inventive.rows.keys()];
    world.inventive.edit(row!, { privacy: 'private' });
    await comeToRest(world);
    expect([...world.inventive.rows.values()].map(({ fields }) => fields.privacy)).toEqual(['private', 'private', 'private']);
    expect(differences(world, 'as told')).toEqual([]);
  });
});

describe('an event of a database that was lost, deleted before anything was linked again', () => {
  it('is not taken for one that we made just now: what was typed in its row since stays', async () => {
    const world = aWorld();
    world.inventive.edit(rowId(1), fullRow());
    await world.quiesce();
    world.inventive.edit(rowId(1), { subject: 'Nieuw' });
    world.loseDatabase();
    world.google.remove(world.google.living()[0]!.id);
    world.kill('reconcile:after-intent-before-call');
    await comeToRest(world);
    expect([...world.inventive.rows.values()].map(({ fields }) => fields.subject)).toEqual(['Nieuw']);
    expect(differences(world)).toEqual([]);
  });
});

describe('a comparison', () => {
  it('finds no drift in a row that was made in one administration and moved to another before its pair was worked on', async () => {
    const world = aWorld();
    changeSettings(world, { onlyAdministration: true });
    world.inventive.edit(rowId(1), fullRow());
    world.inventive.moveTo(rowId(1), OTHER_ADMINISTRATION);
    await comeToRest(world);
    expect(await comparing(world).compare('preview')).toMatchObject({ different: 0, toGoogle: 0, toInventive: 0, matched: 0 });
  });
});

describe('an account that joins', () => {
  it('while a paired event became a series: its first occurrence keeps the row', async () => {
    const world = aWorld();
    world.inventive.edit(rowId(1), fullRow());
    await world.quiesce();
    changeSettings(world, { privateContent: 'full' });
    world.google.toSeries(world.google.living()[0]!.id, { every: 'day', interval: 1, count: 2 });
    await comeToRest(world);
    expect(world.inventive.rows.size).toBe(2);
    expect(world.inventive.rows.has(rowId(1))).toBe(true);
    expect(differences(world)).toEqual([]);
  });

  it('while the first half of a series became a single event: that one is taken in, too', async () => {
    const world = aWorld();
    const id = asGoogleEventId('s1');
    world.google.series.create(id, fullEvent(), { every: 'week', interval: 1, count: 3 });
    world.google.series.following(world.google.series.occurrences()[2]!.id, { fields: { subject: 'Nieuw' } });
    world.google.series.toSingle(id);
    await world.deliverNext('google');
    changeSettings(world, { privateContent: 'full' });
    await comeToRest(world);
    expect(world.inventive.rows.size).toBe(2);
    expect(differences(world)).toEqual([]);
  });

  it('while a series became a single event: that one is taken in', async () => {
    const world = aWorld();
    const id = asGoogleEventId('s1');
    world.google.series.create(id, fullEvent(), { every: 'day', interval: 1, count: 1 });
    world.google.series.toSingle(id);
    changeSettings(world, { privateContent: 'full' });
    await world.deliverNext('google');
    await comeToRest(world);
    expect(world.inventive.rows.size).toBe(1);
    expect(differences(world)).toEqual([]);
  });
});

describe('a row that is Vervallen, whose event is deleted', () => {
  it.each(['before', 'after'] as const)('is planned again where somebody edited it in Google %s the call that hung', async (when) => {
    const world = aWorld();
    world.inventive.edit(rowId(1), fullRow());
    await world.quiesce();
    const { id } = world.google.living()[0]!;
    world.inventive.setStatus(rowId(1), 'void');
    await world.deliverAll();
    await world.workAndStall(when);
    if (when === 'after') world.google.restore(id);
    world.google.edit(id, { subject: 'Toch wel' });
    await world.deliverAll();
    await world.workOnce();
    await comeToRest(world);
    expect(world.inventive.rows.get(rowId(1))).toMatchObject({ status: 'planned', fields: { subject: 'Toch wel' } });
    expect(differences(world, 'as told')).toEqual([]);
  });
});

describe('an event that became a series and was deleted as such, while its row was edited', () => {
  it('comes back as a single event of its own: under its old id the whole series would', async () => {
    const world = aWorld();
    world.inventive.edit(rowId(1), fullRow());
    await world.quiesce();
    const { id } = world.google.living()[0]!;
    world.inventive.edit(rowId(1), { subject: 'Nieuw' });
    world.google.toSeries(id, { every: 'week', interval: 3 });
    world.google.series.removeAll(id);
    await comeToRest(world);
    expect(world.google.series.occurrences().length).toBe(0);
    expect(world.google.living().map(({ fields }) => fields.subject)).toEqual(['Nieuw']);
    expect(differences(world, 'as told')).toEqual([]);
  });
});

describe('a call whose answer was lost', () => {
  it('made an event that Google doesn’t show for a while: no second one is made beside it', async () => {
    const world = aWorld();
    world.inventive.edit(rowId(1), fullRow());
    await world.deliverAll();
    world.fates.push('applies-then-fails');
    await world.workOnce();
    world.google.hidden.add(world.google.living()[0]!.id);
    await world.workOnce();
    await world.workOnce();
    await comeToRest(world);
    expect([world.google.living().length, world.inventive.rows.size]).toEqual([1, 1]);
    expect(differences(world)).toEqual([]);
  });

  it('made a row that was edited and became Vervallen since: its event goes', async () => {
    const world = aWorld();
    world.google.edit(eventId(1), fullEvent());
    await world.deliverAll();
    world.kill('reconcile:after-call-before-save');
    await world.workOnce();
    const [row] = [...world.inventive.rows.keys()];
    world.inventive.edit(row!, { when: WHENS[1]! });
    world.inventive.setStatus(row!, 'void');
    await comeToRest(world);
    expect([world.google.living().length, world.inventive.rows.get(row!)?.status]).toEqual([0, 'void']);
  });

  it('made an event that was edited since, and its row became Vervallen: an edit beats that', async () => {
    const world = aWorld();
    world.inventive.edit(rowId(1), fullRow());
    await world.deliverAll();
    world.kill('reconcile:after-call-before-save');
    await world.workOnce();
    world.google.edit(world.google.living()[0]!.id, { subject: 'Toch wel' });
    world.inventive.setStatus(rowId(1), 'void');
    await comeToRest(world);
    expect(world.inventive.rows.get(rowId(1))).toMatchObject({ status: 'planned', fields: { subject: 'Toch wel' } });
    expect(differences(world, 'as told')).toEqual([]);
  });
});
