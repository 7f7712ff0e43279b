import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_RULES, type AccountRules } from '../ports/account.js';
import { guestsHoldTogether, lived, oneIn, OPTIONS, RUNS, SEED, staysQuiet } from '../testing/history-end.js';
import { crashes, days, deliveries, guests, historyOf, machinery, people, ruleChanges, series, settings } from '../testing/history-steps.js';
import { differences } from './history-oracle.js';

const rules: fc.Arbitrary<AccountRules> = fc.record({
  guests: fc.constantFrom('off' as const, 'silent' as const, 'silent' as const, 'mail' as const),
  deletedInvitation: fc.constantFrom('decline' as const, 'nothing' as const),
}).map((some) => ({ ...DEFAULT_RULES, ...some }));
const historiesOfGuests = historyOf([...people, ...guests, ...guests, ...deliveries, ...days, ...crashes], 50);
const historiesOfAll = historyOf([...people, ...guests, ...guests, ...series, ...settings, ...ruleChanges, ...machinery], 70);

describe(`random histories in which others take part (${RUNS}, of everything one in five, SIMULATION_SEED=${SEED})`, () => {
  it('[R5.1] [R5.3] [R5.5] [R5.6] guests, invitations and replies on both sides, with crashes and hanging calls', async () => {
    await fc.assert(
      fc.asyncProperty(rules, historiesOfGuests, async (chosen, history) => {
        const { world, typed } = await lived(history, { rules: chosen });
        expect(differences(world)).toEqual([]);
        expect(typed.lost(world)).toEqual([]);
        guestsHoldTogether(world, typed);
        await staysQuiet(world);
      }),
      OPTIONS,
    );
  }, 3_600_000);

  it('[I1] [I2] [I3] [I4] [I5] [I6] [R5.8] everything at once: people, series, rules, settings, lost news, crashes', async () => {
    await fc.assert(
      fc.asyncProperty(rules, historiesOfAll, async (chosen, history) => {
        const { world, typed } = await lived(history, { rules: chosen });
        expect(differences(world)).toEqual([]);
        expect(typed.lost(world)).toEqual([]);
        guestsHoldTogether(world, typed);
        await staysQuiet(world);
      }),
      oneIn(5),
    );
  }, 3_600_000);
});
