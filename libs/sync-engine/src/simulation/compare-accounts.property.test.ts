import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparing } from './comparing-world.js';
import { liveThrough, type HistoryStep } from './reconcile-history.js';
import { aWorld } from './reconcile-world.js';
import { writes, type World } from './rolling-world.js';
import { Typed } from './typed.js';

const item = fc.nat(4);
/** What people do; nothing that keeps the two sides from agreeing in the end. */
const act: fc.Arbitrary<HistoryStep> = fc.oneof(
  fc.record({ do: fc.constant('edit-inventive' as const), item, field: fc.constantFrom('subject' as const, 'location' as const, 'notes' as const) }),
  fc.record({ do: fc.constant('edit-google' as const), item, field: fc.constantFrom('subject' as const, 'location' as const, 'description' as const) }),
  fc.record({ do: fc.constantFrom('birth-in-google' as const, 'remove-inventive' as const, 'remove-google' as const, 'restore-google' as const, 'copy-google' as const), item }),
  fc.record({ do: fc.constant('hand-over' as const), item, to: fc.constantFrom('colleague' as const, 'back' as const) }),
);
const told: fc.Arbitrary<HistoryStep> = fc.oneof(
  fc.record({ do: fc.constant('deliver' as const), side: fc.constantFrom('inventive' as const, 'google' as const) }),
  fc.record({ do: fc.constantFrom('deliver-all' as const, 'work' as const) }),
);
/** `lost`: whatever was not delivered by then never will be. */
const history = fc.array(fc.oneof({ weight: 3, arbitrary: act }, { weight: 3, arbitrary: told }, { weight: 1, arbitrary: fc.constant('lost' as const) }), { maxLength: 50, size: 'max' });

const ofAgenda = (world: World) => [...world.inventive.rows.values()].filter(({ ownerId }) => ownerId === world.account().userId).map(({ fields }) => `${fields.subject}@${fields.location}`).toSorted();
const ofCalendar = (world: World) => world.google.living().map(({ fields }) => `${fields.subject}@${fields.location}`).toSorted();

async function live(steps: readonly (HistoryStep | 'lost')[]): Promise<World> {
  const world = aWorld();
  const typed = new Typed();
  for (const step of steps) {
    if (step === 'lost') world.dropNews();
    else await liveThrough(world, [step], typed);
  }
  return world;
}

describe('[R12.1] [R12.2] random histories', () => {
  it('in which no news are lost leave a full comparison nothing to mend, and it writes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        const world = await live(steps.filter((step) => step !== 'lost'));
        await world.quiesce();
        const before = writes(world);
        expect(await comparing(world).compare()).toMatchObject({ repaired: 0, matched: 0, toInventive: 0, toGoogle: 0, different: 0, ambiguous: 0 });
        await world.quiesce();
        expect(writes(world)).toBe(before);
      }),
      { numRuns: 400, verbose: 1 },
    );
  }, 120_000);

  it('in which news are lost are mended by one comparison: both sides are alike then, and the next one finds nothing', async () => {
    let mended = 0;
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        const world = await live([...steps, 'lost']);
        await world.quiesce();
        const apart = ofAgenda(world).join('\n') !== ofCalendar(world).join('\n');
        const { repaired, ambiguous } = await comparing(world).compare();
        // Two alike of which nobody told, and one on the other side: a person has to say.
        fc.pre(ambiguous === 0);
        expect({ apart, mendedSomething: repaired > 0 }).not.toEqual({ apart: true, mendedSomething: false });
        mended += repaired;
        await world.quiesce();
        expect(ofAgenda(world)).toEqual(ofCalendar(world));
        expect(await comparing(world).compare()).toMatchObject({ repaired: 0 });
      }),
      { numRuns: 400, verbose: 1 },
    );
    // Else this test would show nothing.
    expect(mended).toBeGreaterThan(400);
  }, 120_000);
});
