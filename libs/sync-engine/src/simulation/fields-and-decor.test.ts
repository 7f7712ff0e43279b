import { describe, expect, it } from 'vitest';
import type { EventColour, GoogleFields, GoogleReminders } from '@calsync/calendar-model';
import { DEFAULT_RULES } from '../ports/account.js';
import { aWorld, eventId, fullEvent, fullRow, rowId } from './reconcile-world.js';

const URL = 'https://inventive.example/afspraak/1';
const RED: EventColour = { kind: 'colour', id: '11' };
const GREEN: EventColour = { kind: 'colour', id: '10' };
type World = ReturnType<typeof aWorld>;
const coloured = (): World => aWorld({ account: { rules: { ...DEFAULT_RULES, colours: { Bezoek: RED, vakantie: GREEN } } } });
const event = (world: World) => world.google.living()[0]!;

/** A row as its own table has it, beside the fields that cross. */
function put(world: World, category: string): void {
  world.inventive.edit(rowId(1), fullRow());
  setCategory(world, category);
}
function setCategory(world: World, category: string): void {
  const row = world.inventive.rows.get(rowId(1))!;
  world.inventive.rows.set(rowId(1), { ...row, category, url: URL });
  world.inventive.edit(rowId(1), {});
}
function chooseColour(world: World, colour: EventColour): void {
  const { id } = event(world);
  world.google.events.set(id, { ...event(world), colour });
  world.google.edit(id, { location: `gekleurd ${colour.id}` });
}

describe('[R1.9] [R1.10] link and colour', () => {
  it('are made with the event, in one write, and named in what is told of it', async () => {
    const world = coloured();
    put(world, 'bezoek');
    await world.quiesce();
    expect([event(world).link?.url, event(world).colour, world.google.writes, world.inventive.writes]).toEqual([URL, RED, 1, 0]);
    const told = world.pairs.all().flatMap(({ outbox }) => outbox).filter(({ type }) => type === 'nl.inventive.sync.applied.v1');
    expect(told.map(({ data }) => 'fields' in data && data.fields)).toEqual([expect.arrayContaining(['link', 'colour'])]);
  });
  it('another Soort gives another colour, and one without a colour takes ours back', async () => {
    const world = coloured();
    put(world, 'Bezoek');
    await world.quiesce();
    setCategory(world, 'Vakantie');
    await world.quiesce();
    expect([event(world).colour, world.google.writes]).toEqual([GREEN, 2]);
    setCategory(world, 'Overig');
    await world.quiesce();
    expect([event(world).colour, world.google.writes]).toEqual([undefined, 3]);
    chooseColour(world, GREEN);
    await world.quiesce();
    expect([event(world).colour, world.google.writes]).toEqual([GREEN, 3]);
  });
  it('a colour that the settings give no more goes, and a person’s own stays', async () => {
    const world = coloured();
    put(world, 'Bezoek');
    await world.quiesce();
    const none = { state: 'live', rules: DEFAULT_RULES } as const;
    world.setAccount(none);
    world.inventive.edit(rowId(1), { location: 'Zaal 3' });
    await world.quiesce();
    expect([event(world).colour, event(world).fields.location, world.google.writes]).toEqual([undefined, 'Zaal 3', 2]);
    world.inventive.edit(rowId(1), { location: 'Zaal 4' });
    await world.quiesce();
    expect(world.google.writes).toBe(3);
  });
  it('a colour that somebody chose stays, whatever the Soort becomes', async () => {
    const world = coloured();
    put(world, 'Bezoek');
    await world.quiesce();
    chooseColour(world, { kind: 'colour', id: '3' });
    await world.quiesce();
    setCategory(world, 'Vakantie');
    await world.quiesce();
    expect(event(world).colour).toEqual({ kind: 'colour', id: '3' });
    expect(world.google.writes).toBe(1);
  });
  it.each(['deleted in Google and edited in Inventive', 'made void and planned again'])('a colour that somebody chose comes back with the event: %s', async (how) => {
    const world = coloured();
    put(world, 'Bezoek');
    await world.quiesce();
    const chosen: EventColour = { kind: 'colour', id: '3' };
    chooseColour(world, chosen);
    await world.quiesce();
    if (how.startsWith('made void')) {
      world.inventive.setStatus(rowId(1), 'void');
      await world.quiesce();
      world.inventive.setStatus(rowId(1), 'planned');
    } else {
      world.google.remove(event(world).id);
      setCategory(world, 'Vakantie');
      world.inventive.edit(rowId(1), { subject: 'Toch door' });
    }
    await world.quiesce();
    expect(event(world).colour).toEqual(chosen);
    setCategory(world, 'Bezoek');
    await world.quiesce();
    expect(event(world).colour).toEqual(chosen);
  });
  it('ours comes back as the Soort says by now', async () => {
    const world = coloured();
    put(world, 'Bezoek');
    await world.quiesce();
    world.inventive.setStatus(rowId(1), 'void');
    await world.quiesce();
    setCategory(world, 'Vakantie');
    world.inventive.setStatus(rowId(1), 'planned');
    await world.quiesce();
    expect(event(world).colour).toEqual(GREEN);
  });
  it('they are no edit: the deletion of the row takes the event with it', async () => {
    const world = coloured();
    put(world, 'Bezoek');
    await world.quiesce();
    const { id } = event(world);
    world.google.events.set(id, { ...event(world), colour: GREEN });
    world.inventive.remove(rowId(1));
    await world.quiesce();
    expect([world.google.living(), world.inventive.rows.size]).toEqual([[], 0]);
  });
  it('of an event that comes back ours is no more where none is wanted by then', async () => {
    const world = coloured();
    put(world, 'Bezoek');
    await world.quiesce();
    world.google.remove(event(world).id);
    setCategory(world, 'Overig');
    world.inventive.edit(rowId(1), { subject: 'Toch door' });
    await world.quiesce();
    expect([event(world).fields.subject, event(world).colour]).toEqual(['Toch door', undefined]);
  });
  it.each(['reconcile:after-intent-before-call', 'reconcile:after-call-before-save', 'reconcile:after-save-before-finish'] as const)('killed at %s ours is taken back once', async (step) => {
    const world = coloured();
    put(world, 'Bezoek');
    await world.quiesce();
    world.kill(step);
    setCategory(world, 'Overig');
    await world.quiesce();
    expect([event(world).colour, world.google.writes, world.pairs.all()[0]?.base]).toEqual([undefined, 2, expect.not.objectContaining({ colour: expect.anything() as unknown })]);
  });
  it.each(['reconcile:after-intent-before-call', 'reconcile:after-call-before-save', 'reconcile:after-save-before-finish'] as const)('killed at %s they are given once', async (step) => {
    const world = coloured();
    put(world, 'Bezoek');
    await world.quiesce();
    world.kill(step);
    setCategory(world, 'Vakantie');
    await world.quiesce();
    expect([event(world).colour, world.google.writes]).toEqual([GREEN, 2]);
  });
});

describe('[R1.6] [R1.7] reminders', () => {
  const of = (...minutes: number[]): GoogleReminders => ({ useDefault: false, overrides: minutes.map((each) => ({ method: 'popup', minutes: each })) });
  const withEmail = ({ overrides }: GoogleReminders): GoogleReminders => ({ useDefault: false, overrides: [{ method: 'email', minutes: 1440 }, ...overrides] });
  const reminders = (world: World): GoogleFields['reminders'] => event(world).fields.reminders;

  it('cross in both directions', async () => {
    const world = aWorld();
    world.inventive.edit(rowId(1), fullRow({ reminder: 15 }));
    await world.quiesce();
    expect(reminders(world)).toEqual(of(15));
    world.google.edit(event(world).id, { reminders: of(30), location: 'Zaal 2' });
    await world.quiesce();
    expect(world.inventive.rows.get(rowId(1))?.fields.reminder).toBe(30);
    world.inventive.edit(rowId(1), { reminder: 'default' });
    await world.quiesce();
    expect(reminders(world)).toEqual({ useDefault: true, overrides: [] });
  });
  it('an e-mail that somebody set, of which Google tells nobody, is seen before ours is written', async () => {
    const world = aWorld();
    world.inventive.edit(rowId(1), fullRow({ reminder: 15 }));
    await world.quiesce();
    world.google.edit(event(world).id, { reminders: withEmail(of(15)) });
    world.inventive.edit(rowId(1), { reminder: 45 });
    await world.quiesce();
    expect(reminders(world)).toEqual(withEmail(of(45)));
  });
  it('an event that comes back from the bin keeps those of others', async () => {
    const world = aWorld();
    world.google.edit(eventId(1), fullEvent({ reminders: withEmail(of(15)) }));
    await world.quiesce();
    const [row] = [...world.inventive.rows.values()];
    world.google.remove(eventId(1));
    world.inventive.edit(row!.id, { reminder: 60 });
    await world.quiesce();
    expect(reminders(world)).toEqual(withEmail(of(60)));
  });
});

describe('[R7.7] what is made anew because an edit beat its deletion', () => {
  const own: GoogleReminders = { useDefault: false, overrides: [{ method: 'email', minutes: 1440 }, { method: 'popup', minutes: 15 }, { method: 'popup', minutes: 120 }] };
  const theirs: EventColour = { kind: 'colour', id: '3' };
  /** The event of somebody who set more than Inventive knows, deleted for good while the row was edited. */
  async function burnt(world: World, changes: Parameters<World['inventive']['edit']>[1] = { subject: 'Toch door' }): Promise<string> {
    const { id } = event(world);
    world.google.revivable = false;
    world.google.remove(id);
    world.inventive.edit(rowId(1), changes);
    await world.quiesce();
    return id;
  }

  it('has the reminders, the colour and the zone that only its former event had, and asks for nothing more', async () => {
    const world = coloured();
    put(world, 'Bezoek');
    await world.quiesce();
    chooseColour(world, theirs);
    world.google.edit(event(world).id, { reminders: own, when: { kind: 'timed', start: '2026-11-24T04:00:00', end: '2026-11-24T05:00:00', zone: 'America/New_York' } });
    await world.quiesce();
    expect(await burnt(world)).not.toBe(event(world).id);
    expect(event(world)).toMatchObject({ colour: theirs, fields: { subject: 'Toch door', reminders: { useDefault: false }, when: { start: '2026-11-24T04:00:00', zone: 'America/New_York' } } });
    expect(event(world).fields.reminders?.overrides).toHaveLength(3);
    expect(event(world).fields.reminders?.overrides).toEqual(expect.arrayContaining([...own.overrides]));
    const writes = world.google.writes + world.inventive.writes;
    setCategory(world, 'Vakantie');
    await world.quiesce();
    expect([event(world).colour, world.google.writes + world.inventive.writes, world.pairs.all()[0]?.formerEvent]).toEqual([theirs, writes, undefined]);
  });

  it('has the reminder that the edit was about, beside those of others', async () => {
    const world = aWorld();
    world.inventive.edit(rowId(1), fullRow({ reminder: 15 }));
    await world.quiesce();
    world.google.edit(event(world).id, { reminders: own, location: 'Zaal 2' });
    await world.quiesce();
    await burnt(world, { reminder: 45 });
    expect(event(world).fields.reminders?.overrides.map(({ method, minutes }) => `${method} ${minutes}`).toSorted()).toEqual(['email 1440', 'popup 120', 'popup 45']);
  });

  it('has our colour as the Soort gives it by now, where that is what stood there', async () => {
    const world = coloured();
    put(world, 'Bezoek');
    await world.quiesce();
    const { id } = event(world);
    world.google.revivable = false;
    world.google.remove(id);
    setCategory(world, 'Vakantie');
    world.inventive.edit(rowId(1), { subject: 'Toch door' });
    await world.quiesce();
    expect([event(world).id === id, event(world).colour]).toEqual([false, GREEN]);
  });

  it.each(['reconcile:after-intent-before-call', 'reconcile:after-call-before-save'] as const)('has them where the process dies at %s', async (step) => {
    const world = coloured();
    put(world, 'Bezoek');
    await world.quiesce();
    chooseColour(world, theirs);
    await world.quiesce();
    // The first call is refused: the id is burnt. Whatever was kept of it has to outlive the process.
    world.kill(step);
    await burnt(world);
    expect([world.google.living().length, event(world).colour]).toEqual([1, theirs]);
  });

  it('a clock that shows one of the moments twice is not taken over: the moment stays', async () => {
    const world = aWorld();
    world.inventive.edit(rowId(1), fullRow());
    await world.quiesce();
    world.google.edit(event(world).id, { when: { kind: 'timed', start: '2026-11-24T04:00:00', end: '2026-11-24T05:00:00', zone: 'America/New_York' } });
    await world.quiesce();
    // New York repeats the hour from one to two on 7 November 2027: this is its second pass.
    const repeated = { kind: 'timed', start: '2027-11-07T07:30:00', end: '2027-11-07T08:30:00', zone: 'Europe/Amsterdam' } as const;
    await burnt(world, { when: repeated });
    expect(event(world).fields.when).toEqual(repeated);
  });

  it('a row has the Soort of the one that was deleted', async () => {
    const world = coloured();
    put(world, 'Bezoek');
    await world.quiesce();
    world.inventive.remove(rowId(1));
    world.google.edit(event(world).id, { subject: 'Toch door' });
    await world.quiesce();
    const [row, ...others] = [...world.inventive.rows.values()];
    expect([row?.category, row?.fields.subject, row?.id === rowId(1), others, event(world).colour]).toEqual(['Bezoek', 'Toch door', false, [], RED]);
  });
});

describe('[R8.1] [R8.4] [R8.5] both sides at the same time', () => {
  it('for minutes: they come together, every typed text is on a side or in the history, and then it is quiet', async () => {
    const world = aWorld();
    world.inventive.edit(rowId(1), fullRow());
    await world.quiesce();
    const { id } = event(world);
    const typed: string[] = [];
    for (let turn = 0; turn < 120; turn += 1) {
      const text = `versie ${turn}.`;
      typed.push(text);
      if (turn % 3 === 0) world.inventive.edit(rowId(1), { subject: text });
      else if (turn % 3 === 1) world.google.edit(id, { subject: text });
      else world.google.edit(id, { location: text });
      world.pass(1_500);
      if (turn % 4 === 0) await world.deliverAll();
      if (turn % 5 === 0) await world.workOnce();
    }
    await world.quiesce();
    const row = world.inventive.rows.get(rowId(1))!;
    expect([event(world).fields.subject, event(world).fields.location]).toEqual([row.fields.subject, row.fields.location]);
    expect(world.pairs.all().map(({ status }) => status)).toEqual(['active']);
    const before = [world.google.writes, world.inventive.writes];
    await world.pairs.markForReading(world.pairs.all().map((pair) => pair.id));
    await world.quiesce();
    expect([world.google.writes, world.inventive.writes]).toEqual(before);
    // Whoever typed over what they saw lost nothing: of each side the last one counts.
    const kept = JSON.stringify([row.fields, world.pairs.all().map(({ lostValues }) => lostValues)]);
    for (const last of [typed[117]!, typed[118]!, typed[119]!]) expect(kept).toContain(last);
  });
});
