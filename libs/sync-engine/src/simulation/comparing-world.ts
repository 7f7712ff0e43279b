import type { Message } from '@calsync/event-contracts';
import { CompareAccounts, type CompareEvent, type ComparisonCounts, type ComparisonMode } from '../reconcile/index.js';
import { createMemoryComparisons } from './memory-comparisons.js';
import type { World } from './rolling-world.js';

/** A world whose account can be compared. Its clock stands still while a comparison runs, so nothing is too young to be judged. */
export function comparing(world: World, graceMs = 0) {
  const comparisons = createMemoryComparisons();
  const told: Message[] = [];
  const events: CompareEvent[] = [];
  const { pairs, unpaired, accounts, inventive, google, windowDays, leases, clock, takeIn, todayIn } = world;
  const compares = new CompareAccounts({
    pairs, unpaired, accounts, inventive, google, windowDays, leases, clock, takeIn, todayIn, comparisons, graceMs,
    random: () => 0,
    publisher: { publish: async (messages) => void told.push(...messages) },
    report: (event) => void events.push(event),
  });
  let asked = 0;
  const ask = async (mode: ComparisonMode, commandId = `command-${(asked += 1)}`): Promise<string> => {
    await comparisons.request({ commandId, accountId: world.account().id, mode, requestedAt: new Date(clock.now() + asked).toISOString() });
    return commandId;
  };
  return {
    comparisons, compares, told, events, ask,
    /** Asks and compares; answers what was found. */
    async compare(mode: ComparisonMode = 'repair'): Promise<ComparisonCounts> {
      const commandId = await ask(mode);
      await compares.turn();
      const counts = (await comparisons.find(commandId))?.counts;
      if (counts === undefined) throw new Error(`nothing came of the comparison: ${JSON.stringify(events)}`);
      return counts;
    },
  };
}
