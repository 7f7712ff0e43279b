import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReconcileStep } from '../reconcile/index.js';
import type { CallFate } from './call-fate.js';
import { liveThrough, type HistoryStep } from './reconcile-history.js';
import { aWorld } from './reconcile-world.js';
import { Typed } from './typed.js';

/** One step of a history; its kind is drawn by weight. */
const step: fc.Arbitrary<HistoryStep> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('edit-inventive' as const), item: fc.nat(2), field: fc.constantFrom('subject' as const, 'location' as const, 'notes' as const) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('edit-google' as const), item: fc.nat(3), field: fc.constantFrom('subject' as const, 'location' as const, 'description' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('birth-in-google' as const), item: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove-inventive' as const), item: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove-google' as const), item: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restore-google' as const), item: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('copy-google' as const), item: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('hand-over' as const), item: fc.nat(2), to: fc.constantFrom('colleague' as const, 'back' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('empty-bin' as const) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('deliver' as const), side: fc.constantFrom('inventive' as const, 'google' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rewind' as const), side: fc.constantFrom('inventive' as const, 'google' as const), to: fc.nat(20) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('deliver-all' as const) }) },
  { weight: 7, arbitrary: fc.record({ do: fc.constant('work' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('work-and-stall' as const), when: fc.constantFrom('before' as const, 'after' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('go-on' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('kill' as const), step: fc.constantFrom<ReconcileStep>('reconcile:after-intent-before-call', 'reconcile:after-call-before-save', 'reconcile:after-save-before-finish') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('kill-in' as const), calls: fc.nat(6), when: fc.constantFrom('before' as const, 'after' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fate' as const), fate: fc.constantFrom<CallFate>('fails', 'applies-then-fails') }) },
);
/** Of their full length: by default fast-check draws five steps on average, in which nothing meets. */
const histories = fc.array(step, { maxLength: 60, size: 'max' });

type Shown = { readonly fields: { readonly subject?: string; readonly location?: string } };
const subjects = (items: Iterable<Shown>) => [...items].map(({ fields }) => `${fields.subject}@${fields.location}`).toSorted();

describe('random histories', () => {
  it('[I1] [I2] [I3] [I4] [I5] [I6] whatever happens in between, both sides end alike, without doubles or losses, and are quiet then', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (history) => {
        const world = aWorld();
        const typed = new Typed();
        await liveThrough(world, history, typed);
        await world.quiesce();
        const agenda = [...world.inventive.rows.values()].filter(({ ownerId }) => ownerId === world.account().userId);
        expect(subjects(world.google.living())).toEqual(subjects(agenda));
        expect(typed.lost(world)).toEqual([]);

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
