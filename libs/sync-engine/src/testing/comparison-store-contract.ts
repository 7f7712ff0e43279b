import { describe, expect, it } from 'vitest';
import { asAccountId } from '@calsync/calendar-model';
import type { ComparisonCounts, ComparisonStore } from '../reconcile/comparisons.js';

const COUNTS: ComparisonCounts = { inventive: 3, google: 2, paired: 1, matched: 1, toInventive: 0, toGoogle: 1, different: 0, ambiguous: 0, leftAlone: { 'outside-window': 1 }, repaired: 2 };

/** What every store of comparisons promises: run for the one over MongoDB and for the model of simulations. It keeps the last three. */
export function describeComparisonStore(name: string, open: (kept: number) => Promise<ComparisonStore>): void {
  let next = 0;
  const aCommand = (accountId = asAccountId(`${name}-${(next += 1)}-${Date.now()}`)) => {
    next += 1;
    return { commandId: `command-${next}-${Date.now()}`, accountId, mode: 'repair' as const, requestedAt: new Date(Date.UTC(2026, 10, 24) + next * 1000).toISOString() };
  };
  const AT = '2026-11-24T10:00:00.000Z';

  describe(name, () => {
    it('does what was asked once, however often it is asked', async () => {
      const store = await open(3);
      const command = aCommand();
      await store.request(command);
      await store.start(command.commandId, AT);
      await store.request({ ...command, mode: 'preview' });
      expect(await store.find(command.commandId)).toEqual({ ...command, state: 'running', startedAt: AT, done: 0, total: 0, mended: [] });
    });

    it('shows how far it is, and keeps what was mended when it begins again', async () => {
      const store = await open(3);
      const command = aCommand();
      await store.request(command);
      await store.start(command.commandId, AT);
      await store.noteMended(command.commandId, ['a', 'b']);
      await store.noteMended(command.commandId, ['b', 'c']);
      await store.noteMended(command.commandId, []);
      await store.progress(command.commandId, 5, 9);
      await store.start(command.commandId, '2026-11-24T11:00:00.000Z');
      expect(await store.find(command.commandId)).toMatchObject({ state: 'running', startedAt: AT, done: 5, total: 9, mended: ['a', 'b', 'c'] });
      expect((await store.open()).map(({ commandId }) => commandId)).toContain(command.commandId);
    });

    it('ends once, and is told until the telling was noted', async () => {
      const store = await open(3);
      const command = aCommand();
      await store.request(command);
      await store.end(command.commandId, AT, { state: 'done', counts: COUNTS });
      await store.end(command.commandId, AT, { state: 'failed', cause: 'too late' });
      expect(await store.find(command.commandId)).toMatchObject({ state: 'done', endedAt: AT, counts: COUNTS });
      const untold = async () => (await store.untold()).map(({ commandId }) => commandId).includes(command.commandId);
      expect([await untold(), (await store.open()).some(({ commandId }) => commandId === command.commandId)]).toEqual([true, false]);
      await store.markTold(command.commandId);
      expect(await untold()).toBe(false);
    });

    it.each([
      [{ state: 'refused', reason: 'account-off' }],
      [{ state: 'failed', cause: 'Google did not answer' }],
    ] as const)('that ended as %o says why, and there is nothing to tell', async (end) => {
      const store = await open(3);
      const command = aCommand();
      await store.request(command);
      await store.end(command.commandId, AT, end);
      expect(await store.find(command.commandId)).toMatchObject(end);
      expect((await store.untold()).some(({ commandId }) => commandId === command.commandId)).toBe(false);
    });

    it('keeps the last few of an account, newest first, and those that are open', async () => {
      const store = await open(3);
      const accountId = asAccountId(`${name}-kept-${Date.now()}`);
      const commands = Array.from({ length: 6 }, () => aCommand(accountId));
      for (const command of commands) await store.request(command);
      for (const { commandId } of commands.slice(1)) await store.end(commandId, AT, { state: 'done', counts: COUNTS });
      expect((await store.last(accountId, 10)).map(({ commandId }) => commandId)).toEqual([5, 4, 3, 0].map((at) => commands[at]?.commandId));
      expect(await store.last(accountId, 2)).toHaveLength(2);
    });
  });
}
