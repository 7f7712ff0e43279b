import { describe, expect, it } from 'vitest';
import { asAccountId, asGoogleEventId } from '@calsync/calendar-model';
import { changeSeries, startSeries, touchSeries, withMaster, type SeriesKey, type SeriesStore } from '../reconcile/series.js';
import { ACCOUNT } from './records.js';

/** What every store of series promises: run for the one over MongoDB and for the model of simulations. */
export function describeSeriesStore(name: string, open: () => Promise<SeriesStore>): void {
  let next = 0;
  const aKey = (seriesId = 'weekly'): SeriesKey => ({ accountId: asAccountId(`${name}-${(next += 1)}-${Date.now()}`), calendarId: ACCOUNT.calendarId, seriesId: asGoogleEventId(seriesId) });
  const isDue = async (store: SeriesStore, key: SeriesKey) => (await store.due(10_000)).some(({ accountId, seriesId }) => accountId === key.accountId && seriesId === key.seriesId);
  const MASTER = { id: asGoogleEventId('weekly'), etag: '"1"', updated: '2026-11-24T10:00:00.000Z', digest: 'd', expanded: { etag: '"0"', digest: 'c', first: { kind: 'all-day', firstOn: '2026-11-24', lastOn: '2026-11-24' } } } as const;

  describe(`${name}: series`, () => {
    it('gives back what was put in', async () => {
      const store = await open();
      const key = aKey();
      expect(await store.find(key)).toBeUndefined();
      expect(await store.put(undefined, { ...withMaster(startSeries(key), MASTER), created: '2026-01-01T00:00:00.000Z' }, 'due')).toBe(true);
      const found = await store.find(key);
      expect(found).toMatchObject({ ...key, masters: [MASTER], created: '2026-01-01T00:00:00.000Z', dueSeq: 1, attempts: 0 });
      expect(await store.ofCalendar(key.accountId, key.calendarId)).toEqual([found]);
      expect(await store.createdAt(key.accountId, key.calendarId, '2026-01-01T00:00:00.000Z')).toEqual([found]);
      expect(await store.createdAt(key.accountId, key.calendarId, '2026-01-02T00:00:00.000Z')).toEqual([]);
    });

    it('takes one of two who knew the same state', async () => {
      const store = await open();
      const key = aKey();
      expect((await Promise.all([store.put(undefined, startSeries(key), 'due'), store.put(undefined, startSeries(key), 'due')])).toSorted()).toEqual([false, true]);
      const known = await store.find(key);
      expect(await store.put(known, { ...startSeries(key), attempts: 1 }, 'as-it-is')).toBe(true);
      expect(await store.put(known, { ...startSeries(key), attempts: 2 }, 'as-it-is')).toBe(false);
      expect((await store.find(key))?.attempts).toBe(1);
    });

    it('stays due until what made it due was finished', async () => {
      const store = await open();
      const key = aKey();
      await touchSeries(store, key, MASTER.id);
      const begun = await store.find(key);
      expect(await isDue(store, key)).toBe(true);
      await touchSeries(store, key, MASTER.id);
      expect(await store.finish(key, begun?.dueSeq ?? 0)).toBe(true);
      expect(await isDue(store, key)).toBe(true);
      expect(await store.finish(key, (await store.find(key))?.dueSeq ?? 0)).toBe(false);
      expect(await isDue(store, key)).toBe(false);
    });

    it('what is only noted makes nothing due, and leaves due what was', async () => {
      const store = await open();
      const key = aKey();
      await changeSeries(store, key, (series) => ({ next: withMaster(series, MASTER), due: 'as-it-is' }));
      expect(await isDue(store, key)).toBe(false);
      await touchSeries(store, key, MASTER.id);
      await changeSeries(store, key, (series) => ({ next: { ...series, attempts: 3 }, due: 'as-it-is' }));
      expect(await isDue(store, key)).toBe(true);
    });

    it('waits where it was put off, unless something new comes', async () => {
      const store = await open();
      const key = aKey();
      await touchSeries(store, key, MASTER.id);
      await store.postpone(key, Date.now() + 60_000_000);
      expect(await isDue(store, key)).toBe(false);
      await touchSeries(store, key, MASTER.id);
      expect(await isDue(store, key)).toBe(true);
    });
  });
}
