import { describe, expect, it } from 'vitest';
import type { LedgerEntry } from '@calsync/sync-core';
import { ACCOUNT } from '../testing/records.js';
import { AccountBrake } from './brake.js';
import type { Planned } from './losses-ahead.js';

const creation = (id: string, imported: boolean) =>
  ({ pair: { id, ...(imported ? { imported } : {}) }, plan: { inventive: { kind: 'none' }, google: { kind: 'create', fields: {}, settled: { fields: {}, block: '' } } }, input: {} }) as unknown as Planned;

describe('[B2] creations that a person asked for with a preview', () => {
  it('are not even noted: an import makes no ledger long', async () => {
    const noted: LedgerEntry[] = [];
    const brake = new AccountBrake({ note: async (_id, entries) => (noted.push(...entries), noted), size: async () => 0 });
    for (let one = 0; one < 10_000; one += 1) expect(await brake.judge(ACCOUNT, creation(`imported-${one}`, true), async () => [], 1_000)).toBeUndefined();
    expect(noted).toEqual([]);
    for (let one = 0; one < 100; one += 1) expect(await brake.judge(ACCOUNT, creation(`new-${one}`, false), async () => [], 1_000)).toBeUndefined();
    expect(await brake.judge(ACCOUNT, creation('one more', false), async () => [], 1_000)).toBe('held-by-brake');
    expect(noted.length).toBe(101);
  });
});
