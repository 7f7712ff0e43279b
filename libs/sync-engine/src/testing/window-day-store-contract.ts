import { describe, expect, it } from 'vitest';
import { asAccountId } from '@calsync/calendar-model';
import type { WindowDayStore } from '../reconcile/window-days.js';

/** What every store of window days promises: run for the one over MongoDB and for the model of simulations. */
export function describeWindowDayStore(name: string, open: () => Promise<WindowDayStore>): void {
  let next = 0;
  const anAccount = () => asAccountId(`${name}-${(next += 1)}-${Date.now()}`);
  const on = (rolledOn: string) => ({ rolledOn, coveredUntilOn: '2027-02-22' });
  const [monday, tuesday, wednesday] = [on('2026-11-23'), on('2026-11-24'), on('2026-11-25')];

  describe(`${name}: window days`, () => {
    it('are unknown until they are set, and then replaced', async () => {
      const store = await open();
      const account = anAccount();
      expect(await store.find(account)).toBeUndefined();
      await store.set(account, tuesday);
      expect(await store.find(account)).toEqual(tuesday);
      await store.set(account, monday);
      expect([await store.find(account), (await store.all()).get(account)]).toEqual([monday, monday]);
    });

    it('advance from what was read, and from nothing else', async () => {
      const store = await open();
      const account = anAccount();
      await store.set(account, monday);
      expect(await store.advance(account, tuesday, wednesday)).toBe(false);
      expect(await store.advance(account, undefined, wednesday)).toBe(false);
      expect(await store.find(account)).toEqual(monday);
      expect(await store.advance(account, monday, tuesday)).toBe(true);
      expect(await store.advance(account, monday, wednesday)).toBe(false);
      expect(await store.find(account)).toEqual(tuesday);
    });

    it('begin with the first who says them', async () => {
      const store = await open();
      const account = anAccount();
      expect(await store.advance(account, monday, tuesday)).toBe(false);
      expect(await Promise.all([store.advance(account, undefined, monday), store.advance(account, undefined, tuesday)])).toEqual(expect.arrayContaining([true, false]));
    });

    it('are of one account each', async () => {
      const store = await open();
      const [one, other] = [anAccount(), anAccount()];
      await store.set(one, monday);
      await store.set(other, tuesday);
      const all = await store.all();
      expect([all.get(one), all.get(other)]).toEqual([monday, tuesday]);
    });
  });
}
