import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_RULES } from '../ports/account.js';
import { holdsTogether, lived, OPTIONS, RUNS, SEED, staysQuiet } from '../testing/history-end.js';
import { crashes, days, deliveries, historyOf, machinery, one, people, rebuild, series, settings } from '../testing/history-steps.js';
import { differences } from './history-oracle.js';

const histories = historyOf([...people, ...settings, ...machinery], 70);
const historiesOfOne = historyOf([...one, ...deliveries, ...crashes], 40);
const historiesOfDeletions = historyOf([...people, ...deliveries, ...days, ...crashes], 60);
const historiesWithRebuilds = historyOf([...people, ...deliveries, ...days, ...crashes, rebuild], 60);
const historiesOfSeries = historyOf([...people, ...series, ...settings, ...machinery], 70);

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
