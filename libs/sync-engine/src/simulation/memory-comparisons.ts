import type { Comparison, ComparisonStore } from '../reconcile/comparisons.js';

/** Comparisons as a model in memory, held to the same contract suite as those over MongoDB. */
export function createMemoryComparisons(kept = 20): ComparisonStore {
  const rows = new Map<string, Comparison & { readonly told: boolean }>();
  const change = (commandId: string, changes: Partial<Comparison & { readonly told: boolean }>) => {
    const row = rows.get(commandId);
    if (row !== undefined) rows.set(commandId, { ...row, ...structuredClone(changes) });
  };
  const seen = ({ told: _told, ...comparison }: Comparison & { readonly told: boolean }): Comparison => structuredClone(comparison);
  const isOpen = ({ state }: Comparison) => state === 'waiting' || state === 'running';
  const newest = (all: readonly (Comparison & { told: boolean })[]) => all.toSorted((a, b) => (a.requestedAt < b.requestedAt ? 1 : -1));
  return {
    async request(command) {
      if (!rows.has(command.commandId)) rows.set(command.commandId, { ...command, state: 'waiting', done: 0, total: 0, mended: [], told: false });
    },
    open: async () => newest([...rows.values()].filter(isOpen)).toReversed().map(seen),
    find: async (commandId) => [...rows.values()].filter((row) => row.commandId === commandId).map(seen)[0],
    last: async (accountId, limit) => newest([...rows.values()].filter((row) => row.accountId === accountId)).slice(0, limit).map(seen),
    async start(commandId, at) {
      if (rows.get(commandId)?.state === 'waiting') change(commandId, { state: 'running', startedAt: at });
    },
    progress: async (commandId, done, total) => change(commandId, { done, total }),
    noteMended: async (commandId, keys) => change(commandId, { mended: [...new Set([...(rows.get(commandId)?.mended ?? []), ...keys])] }),
    async end(commandId, at, end) {
      const row = rows.get(commandId);
      if (row === undefined || !isOpen(row)) return;
      change(commandId, { ...end, endedAt: at });
      const old = newest([...rows.values()].filter((one) => one.accountId === row.accountId && !isOpen(one))).slice(kept);
      for (const one of old) rows.delete(one.commandId);
    },
    untold: async () => [...rows.values()].filter(({ state, told }) => state === 'done' && !told).map(seen),
    markTold: async (commandId) => change(commandId, { told: true }),
  };
}
