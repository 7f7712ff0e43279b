import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asInventiveId } from '@calsync/calendar-model';
import type { ReconcileStep } from '../reconcile/index.js';
import { WHEN } from '../testing/records.js';
import type { CallFate } from './model-inventive.js';
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

const COLLEAGUE = asInventiveId('B2'.padStart(32, '0'));

/** One step of a history. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('edit-inventive' as const), item: fc.nat(2), subject: fc.constantFrom('a', 'b', 'c'), notes: fc.constantFrom('', 'n1', 'n2') }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('edit-google' as const), item: fc.nat(2), location: fc.constantFrom('', 'x', 'y'), subject: fc.constantFrom('a', 'g') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove-inventive' as const), item: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove-google' as const), item: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restore-google' as const), item: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('copy-google' as const), item: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('hand-over' as const), item: fc.nat(2), to: fc.constantFrom('colleague' as const, 'back' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('empty-bin' as const) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('deliver' as const), side: fc.constantFrom('inventive' as const, 'google' as const), at: fc.nat(40) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('work' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('kill' as const), step: fc.constantFrom<ReconcileStep>('reconcile:after-intent-before-call', 'reconcile:after-call-before-save', 'reconcile:after-save-before-finish') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fate' as const), fate: fc.constantFrom<CallFate>('fails', 'applies-then-fails') }) },
);

describe('random histories', () => {
  it('[I1] [I2] [I3] [I5] [I6] whatever happens in between, both sides end alike, without doubles, and are quiet then', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (history) => {
        const world = aWorld();
        for (const one of history) {
          switch (one.do) {
            case 'edit-inventive': {
              const known = world.inventive.rows.get(rowId(one.item));
              world.inventive.edit(rowId(one.item), known === undefined ? fullRow({ subject: `${one.item}${one.subject}` }) : { subject: `${one.item}${one.subject}`, notes: one.notes });
              break;
            }
            case 'edit-google': {
              const known = world.google.events.get(eventId(one.item));
              world.google.edit(eventId(one.item), known === undefined ? fullEvent({ subject: `G${one.item}${one.subject}` }) : { subject: `G${one.item}${one.subject}`, location: one.location });
              const mirrored = world.google.living()[one.item];
              if (mirrored !== undefined) world.google.edit(mirrored.id, { location: one.location });
              break;
            }
            case 'remove-inventive':
              world.inventive.remove([...world.inventive.rows.keys()][one.item] ?? rowId(one.item));
              break;
            case 'remove-google':
              world.google.remove(world.google.living()[one.item]?.id ?? eventId(one.item));
              break;
            case 'restore-google':
              world.google.restore([...world.google.events.keys()][one.item] ?? eventId(one.item));
              break;
            case 'copy-google': {
              const original = world.google.living()[one.item];
              if (original !== undefined) world.google.copy(original.id, eventId(10 + one.item));
              break;
            }
            case 'hand-over':
              world.inventive.handTo(rowId(one.item), one.to === 'back' ? world.account().userId : COLLEAGUE);
              break;
            case 'empty-bin':
              world.google.revivable = false;
              break;
            case 'deliver':
              // Any message, also an old one again: order and number must not matter.
              await (one.side === 'inventive' ? world.deliverInventive(one.at) : world.deliverGoogle(one.at));
              break;
            case 'work':
              await world.workOnce();
              break;
            case 'kill':
              world.kill(one.step);
              break;
            case 'fate':
              world.fates.push(one.fate);
              break;
          }
        }
        await world.quiesce();
        const subjects = (items: Iterable<{ fields: { subject?: string; location?: string } }>) => [...items].map(({ fields }) => `${fields.subject}@${fields.location}`).sort();
        expect(subjects(world.google.living())).toEqual(subjects([...world.inventive.rows.values()].filter(({ ownerId }) => ownerId === world.account().userId)));

        const before = [world.google.writes, world.inventive.writes];
        // Work goes on between two old messages: none of them may pass for news.
        for (let at = 0; at < world.inventive.news.length; at += 1) {
          await world.deliverInventive(at);
          while (await world.workOnce());
        }
        for (let at = 0; at < world.google.news.length; at += 1) {
          await world.deliverGoogle(at);
          while (await world.workOnce());
        }
        await world.quiesce();
        expect([world.google.writes, world.inventive.writes]).toEqual(before);
      }),
      { numRuns: 500 },
    );
  }, 120_000);
});
