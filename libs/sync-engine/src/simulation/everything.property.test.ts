import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_RULES, type Account } from '../ports/account.js';
import { histories, historiesOfDeletions, historiesOfOne, historiesOfSeries, historiesWithRebuilds, liveThrough, type EverythingStep } from './everything-history.js';
import { differences, isOfAgenda, isPaired } from './history-oracle.js';
import { comeToRest, drift, findLost, needsComparison } from './history-trouble.js';
import { aWorld } from './reconcile-world.js';
import { Typed, type World } from './typed.js';

/** So many that they fit beside all other tests; a hunt sets more, and a seed. */
const RUNS = Number(process.env['SIMULATION_RUNS'] ?? 150);
const SEED = process.env['SIMULATION_SEED'] === undefined ? Date.now() & 0x7fffffff : Number(process.env['SIMULATION_SEED']);
const OPTIONS = { numRuns: RUNS, seed: SEED, endOnFailure: process.env['SIMULATION_SHRINK'] === 'off' };
const HEALTHY = { matched: 0, toInventive: 0, toGoogle: 0, different: 0 };

async function lived(history: readonly EverythingStep[], account: Partial<Account> = {}): Promise<{ world: World; typed: Typed }> {
  const world = aWorld({ account });
  const typed = new Typed();
  await liveThrough(world, history, typed);
  await comeToRest(world);
  // Without another look at the vendors. A change of reminders is told by nobody.
  if (!history.some(needsComparison)) expect(differences(world, 'as told')).toEqual([]);
  await findLost(world);
  expect(await drift(world)).toEqual(HEALTHY);
  return { world, typed };
}

const writes = (world: World) => [world.google.writes, world.inventive.writes];

function holdsTogether(world: World, typed: Typed): void {
  expect(differences(world)).toEqual([]);
  expect(typed.lost(world)).toEqual([]);
  expect(typed.doubled(world.google.living().map(({ fields }) => fields.subject))).toEqual([]);
  expect(typed.doubled([...world.inventive.rows.values()].filter((row) => isOfAgenda(world, row)).map(({ fields }) => fields.subject))).toEqual([]);
}

/** Everything that was ever told is told again, and work goes on between two old messages: none of them may pass for news. */
async function staysQuiet(world: World): Promise<void> {
  const before = writes(world);
  for (let at = 0; at < Math.max(world.inventive.news.length, world.google.news.length); at += 1) {
    if (isPaired(world, world.inventive.news[at])) await world.deliverInventive(at);
    if (isPaired(world, world.google.news[at])) await world.deliverGoogle(at);
    while (await world.workOnce());
  }
  await world.quiesce();
  expect(writes(world)).toEqual(before);
}

describe(`random histories of people, vendors and a product that dies (${RUNS} each, SIMULATION_SEED=${SEED})`, () => {
  it('[I1] [I2] [I3] [I4] [I5] [I6] [lesson 3] both sides end alike, without doubles or losses, and are quiet then', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (history) => {
        const { world, typed } = await lived(history);
        holdsTogether(world, typed);
        await staysQuiet(world);
      }),
      OPTIONS,
    );
  }, 3_600_000);

  it('[I1] [I4] [I6] one appointment, between two people and a product that hangs: an edit beats a delete', async () => {
    await fc.assert(
      fc.asyncProperty(historiesOfOne, async (history) => {
        const { world, typed } = await lived(history);
        holdsTogether(world, typed);
        // Nothing here is private and all of it crosses, so no value that nobody let go went with its item.
        expect(world.pairs.all().flatMap(({ lostValues }) => lostValues.filter(({ kept }) => kept === undefined))).toEqual([]);
      }),
      OPTIONS,
    );
  }, 3_600_000);

  it('[I1] [I3] [lesson 16] a lost database is built again from the marks of Google, and a copy is an event of its own', async () => {
    await fc.assert(
      fc.asyncProperty(historiesWithRebuilds, async (history) => {
        const { world, typed } = await lived(history);
        holdsTogether(world, typed);
      }),
      OPTIONS,
    );
  }, 3_600_000);

  it('[I1] [I4] [I5] [I6] under every policy for deletions', async () => {
    const policy = fc.constantFrom('delete' as const, 'mark' as const, 'keep' as const);
    await fc.assert(
      fc.asyncProperty(fc.record({ toInventive: policy, toGoogle: policy }), historiesOfDeletions, async (deletion, history) => {
        const { world, typed } = await lived(history, { rules: { ...DEFAULT_RULES, deletion } });
        expect(differences(world)).toEqual([]);
        expect(typed.lost(world)).toEqual([]);
        await staysQuiet(world);
      }),
      OPTIONS,
    );
  }, 3_600_000);

  it('[I1] [I2] [I3] [I4] [I5] [I6] recurring events, too: edited, cancelled and split on either side', async () => {
    await fc.assert(
      fc.asyncProperty(historiesOfSeries, async (history) => {
        const { world, typed } = await lived(history);
        expect(differences(world)).toEqual([]);
        expect(typed.lost(world)).toEqual([]);
        await staysQuiet(world);
      }),
      OPTIONS,
    );
  }, 3_600_000);
});
