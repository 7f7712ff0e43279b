import { describe, expect, it } from 'vitest';
import type { AccountId } from '@calsync/calendar-model';
import type { LedgerEntry } from '@calsync/sync-core';
import { aWorld, fullRow, rowId } from './reconcile-world.js';
import { AccountBrake, type BrakeLedger } from '../reconcile/brake.js';
import { planPair } from '../reconcile/plan-pair.js';

/** A ledger that holds so many losses already, and tells how often the account was counted. */
function aLedger(losses: number, appointments: number) {
  const before = Array.from({ length: losses }, (_none, n): LedgerEntry => ({ unit: `before ${n}`, kind: 'delete', atMs: 0 }));
  const asked: AccountId[] = [];
  const ledger: BrakeLedger = {
    note: async (_id, entries) => [...before, ...entries],
    size: async (id) => (asked.push(id), appointments),
  };
  return { ledger, asked };
}

async function judged(losses: number, appointments: number) {
  const world = aWorld();
  world.inventive.edit(rowId(1), fullRow());
  await world.quiesce();
  world.inventive.remove(rowId(1));
  await world.deliverAll();
  const [pair] = world.pairs.all();
  const { ledger, asked } = aLedger(losses, appointments);
  const reason = await new AccountBrake(ledger).judge(world.account(), { pair: pair!, ...planPair(pair!, world.account()) }, async () => [], 1);
  return [reason, asked.length];
}

describe('the brake', () => {
  it.each([
    ['a few: the account is not counted, however large', 9, 10_000, undefined, 0],
    ['more than a few of a large account', 10, 10_000, undefined, 1],
    ['more than a few of a small one', 10, 20, 'held-by-brake', 1],
    ['too many of any: it needn’t be counted', 200, 1_000_000, 'held-by-brake', 0],
  ])('%s', async (_what, losses, appointments, reason, counted) => expect(await judged(losses, appointments)).toEqual([reason, counted]));
});
