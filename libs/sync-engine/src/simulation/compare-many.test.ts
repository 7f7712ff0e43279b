import { describe, expect, it } from 'vitest';
import { asAccountId } from '@calsync/calendar-model';
import { CompareAccounts, type ComparisonMode } from '../reconcile/index.js';
import { createMemoryComparisons } from './memory-comparisons.js';
import { comparing } from './comparing-world.js';
import { aWorld, eventId, fullEvent } from './reconcile-world.js';
import type { World } from './rolling-world.js';

/** Many accounts over one world; `reading` is told whose calendar is read, and may hold it up. */
function many(reading: (accountId: string) => Promise<void>) {
  const world = aWorld();
  const { pairs, unpaired, inventive, google, windowDays, leases, clock, takeIn, todayIn } = world;
  const comparisons = createMemoryComparisons();
  const accountOf = async (id: string) => ({ ...world.account(), id: asAccountId(id) });
  const compares = new CompareAccounts({
    pairs, unpaired, inventive, windowDays, leases, clock, takeIn, todayIn, comparisons, graceMs: 0,
    accounts: { ...world.accounts, byId: accountOf, current: accountOf },
    google: { get: (...args) => google.get(...args), listDays: async (calendar, days) => (await reading(calendar.accountId), google.listDays(calendar, days)) },
    random: () => 0, publisher: { publish: async () => undefined }, report: () => undefined,
  });
  const ask = (id: string, mode: ComparisonMode, n: number) =>
    comparisons.request({ commandId: id, accountId: asAccountId(id), mode, requestedAt: new Date(clock.now() + n).toISOString() });
  return { compares, comparisons, ask };
}

describe('comparisons of many accounts', () => {
  it('one that takes long keeps no other waiting', async () => {
    let release = () => undefined as void;
    const released = new Promise<void>((resolve) => (release = resolve));
    const { compares, comparisons, ask } = many(async (id) => (id === 'slow' ? released : undefined));
    await ask('slow', 'repair', 1);
    await ask('quick', 'repair', 2);
    const turn = compares.turn();
    await expect.poll(async () => (await comparisons.find('quick'))?.state).toBe('done');
    expect((await comparisons.find('slow'))?.state).toBe('running');
    release();
    expect(await turn).toBe(2);
  });

  it('what a person sits and waits for goes before what services asked', async () => {
    const read: string[] = [];
    const { compares, ask } = many(async (id) => void read.push(id));
    for (let n = 1; n <= 8; n += 1) await ask(`repair ${n}`, 'repair', n);
    await ask('preview', 'preview', 9);
    expect([await compares.turn(), read[0], read.length]).toEqual([9, 'preview', 9]);
  });
});

describe('a comparison that has to ask for much one by one', () => {
  it('keeps its account up all the while, and comes to an end', async () => {
    const world = aWorld();
    for (let n = 1; n <= 90; n += 1) world.google.edit(eventId(n), fullEvent({ subject: `event ${n}` }));
    await world.quiesce();
    let until = 0;
    const lease = (name: string) => ({ name, holder: 'test', fencingToken: 1, remainingMs: () => Math.max(0, until - world.clock.now()) });
    const leases = {
      acquire: async (name: string, ttlMs: number) => ((until = world.clock.now() + ttlMs), lease(name)),
      // Where it has run out, another replica has begun the same comparison.
      renew: async ({ name }: { name: string }, ttlMs: number) => (world.clock.now() > until ? undefined : ((until = world.clock.now() + ttlMs), lease(name))),
      release: async () => undefined,
    };
    const google = {
      listDays: async () => ({ records: [], unreadable: [] }),
      get: async (...args: Parameters<typeof world.google.get>) => (world.pass(1_000), world.google.get(...args)),
    };
    expect(await comparing({ ...world, leases, google } as unknown as World).compare()).toMatchObject({ paired: 90, repaired: 0 });
  });
});
