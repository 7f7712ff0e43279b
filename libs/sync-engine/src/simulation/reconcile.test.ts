import { describe, expect, it } from 'vitest';
import type { ReconcileStep } from '../reconcile/index.js';
import { WHEN } from '../testing/records.js';
import { aWorld, eventId, fullEvent, fullRow, rowId } from './reconcile-world.js';

describe('one change crosses', () => {
  it('an appointment made in Inventive is written to Google once, and its echo writes nothing', async () => {
    const world = aWorld();
    world.inventive.edit(rowId(1), fullRow({ subject: 'Bespreking' }));
    await world.quiesce();
    expect(world.google.living().map(({ fields }) => fields.subject)).toEqual(['Bespreking']);
    expect([world.google.writes, world.inventive.writes]).toEqual([1, 0]);
  });

  it('an event made in Google is written to Inventive once, and gets its marks in one more write', async () => {
    const world = aWorld();
    world.google.edit(eventId(1), fullEvent());
    await world.quiesce();
    expect([...world.inventive.rows.values()].map(({ fields }) => fields.subject)).toEqual(['Tandarts']);
    expect([world.google.writes, world.inventive.writes]).toEqual([1, 1]);
  });

  it('changes and deletions cross both ways, one write each', async () => {
    const world = aWorld();
    world.inventive.edit(rowId(1), fullRow());
    await world.quiesce();
    const id = world.google.living()[0]!.id;
    world.google.edit(id, { subject: 'Verzet' });
    await world.quiesce();
    expect(world.inventive.rows.get(rowId(1))?.fields.subject).toBe('Verzet');
    world.inventive.edit(rowId(1), { location: 'Zaal 2' });
    await world.quiesce();
    expect(world.google.events.get(id)?.fields).toMatchObject({ subject: 'Verzet', location: 'Zaal 2' });
    world.google.remove(id);
    await world.quiesce();
    expect(world.inventive.rows.size).toBe(0);
    expect([world.google.writes, world.inventive.writes]).toEqual([2, 2]);
  });

  it('ten quick edits make at most three writes, the last with the final value', async () => {
    const world = aWorld();
    for (let n = 1; n <= 10; n += 1) {
      world.inventive.edit(rowId(1), fullRow({ subject: `Versie ${n}` }));
      if (n === 1 || n === 5) await world.workOnce();
    }
    await world.quiesce();
    expect(world.google.living().map(({ fields }) => fields.subject)).toEqual(['Versie 10']);
    expect(world.google.writes).toBeLessThanOrEqual(3);
  });

  it('an edit beats a delete, under a new id where the old one is burnt for good', async () => {
    const world = aWorld();
    world.inventive.edit(rowId(1), fullRow());
    await world.quiesce();
    const id = world.google.living()[0]!.id;
    world.google.revivable = false;
    world.google.remove(id);
    world.inventive.edit(rowId(1), { subject: 'Toch door' });
    await world.quiesce();
    expect(world.google.living().map(({ fields }) => fields.subject)).toEqual(['Toch door']);
    expect(world.google.living()[0]!.id).not.toBe(id);
  });
});

describe('crashes', () => {
  const steps: ReconcileStep[] = ['reconcile:after-intent-before-call', 'reconcile:after-call-before-save', 'reconcile:after-save-before-finish'];
  for (const step of steps) {
    it(`a kill at ${step} loses and doubles nothing, in either direction`, async () => {
      const world = aWorld();
      world.inventive.edit(rowId(1), fullRow());
      world.google.edit(eventId(1), fullEvent());
      world.kill(step);
      await world.quiesce();
      world.kill(step);
      world.inventive.edit(rowId(1), { subject: 'Nieuw' });
      await world.quiesce();
      world.kill(step);
      world.google.remove(eventId(1));
      await world.quiesce();
      expect(world.google.living().map(({ fields }) => fields.subject)).toEqual(['Nieuw']);
      expect([...world.inventive.rows.values()].map(({ fields }) => fields.subject)).toEqual(['Nieuw']);
    });
  }
});

describe('joining', () => {
  it('joins fifty items that stand on both sides and doubles none', async () => {
    const world = aWorld({ account: { state: 'joining' } });
    for (let n = 1; n <= 50; n += 1) {
      const when = { ...WHEN, start: `2026-11-24T${String(8 + (n % 10)).padStart(2, '0')}:${String(n).padStart(2, '0')}:00`, end: '2026-11-24T19:00:00' };
      world.inventive.edit(rowId(n), fullRow({ subject: `Afspraak ${n}`, when }));
      world.google.edit(eventId(n), fullEvent({ subject: `afspraak  ${n}`, when }));
    }
    await world.quiesce();
    await world.listCalendar();
    await world.joins.turn();
    world.pass(6_000);
    await world.joins.turn();
    expect(world.account().state).toBe('live');
    await world.quiesce();
    expect(world.google.living()).toHaveLength(50);
    expect(world.inventive.rows.size).toBe(50);
  });
});
