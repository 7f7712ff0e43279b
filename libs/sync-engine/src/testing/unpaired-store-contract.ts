import { describe, expect, it } from 'vitest';
import { asAccountId } from '@calsync/calendar-model';
import type { JoiningStore, UnpairedItem, UnpairedStore } from '../reconcile/ports.js';
import { anAppointment, anEvent } from './records.js';

/** What every store of unpaired items and of joinings promises: run for those over MongoDB and for the models of simulations. */
export function describeJoiningStores(name: string, open: () => Promise<{ readonly unpaired: UnpairedStore; readonly joining: JoiningStore }>): void {
  let next = 0;
  const anAccount = () => asAccountId(`${name}-${(next += 1)}-${Date.now()}`);
  const item = (accountId: ReturnType<typeof asAccountId>, stamp: number, reason: UnpairedItem['reason'] = 'account-joining'): UnpairedItem => {
    const record = anAppointment({ stamp });
    return { side: 'inventive', accountId, itemId: record.id, reason, record };
  };

  describe(`${name}: unpaired items`, () => {
    it('wait with their record while their account joins, and not for another reason', async () => {
      const { unpaired } = await open();
      const [joining, ambiguous] = [anAccount(), anAccount()];
      await unpaired.put(item(joining, 1));
      await unpaired.put(item(ambiguous, 1, 'ambiguous-match'));
      expect(await unpaired.waiting(joining)).toMatchObject([item(joining, 1)]);
      expect(await unpaired.waiting(ambiguous)).toEqual([]);
      expect(await unpaired.find(ambiguous, 'inventive', anAppointment().id)).toMatchObject(item(ambiguous, 1, 'ambiguous-match'));
      const accounts = await unpaired.accountsWaiting();
      expect([accounts.includes(joining), accounts.includes(ambiguous)]).toEqual([true, false]);
    });

    it('are found by their appointment where a person has to say', async () => {
      const { unpaired } = await open();
      const [asked, other] = [anAccount(), anAccount()];
      await unpaired.put(item(asked, 1, 'ambiguous-match'));
      await unpaired.put(item(other, 1, 'outside-window'));
      const found = await unpaired.questionsAbout(anAppointment().id);
      expect(found.filter(({ accountId }) => accountId === asked || accountId === other)).toMatchObject([item(asked, 1, 'ambiguous-match')]);
    });

    it('are found by their account where a person has to say', async () => {
      const { unpaired } = await open();
      const [asked, other] = [anAccount(), anAccount()];
      await unpaired.put(item(asked, 1, 'ambiguous-match'));
      await unpaired.put(item(other, 1, 'ambiguous-match'));
      await unpaired.put({ side: 'google', accountId: asked, calendarId: anEvent().calendarId, itemId: anEvent().id, reason: 'account-joining', record: anEvent() });
      expect(await unpaired.questionsOf(asked)).toMatchObject([item(asked, 1, 'ambiguous-match')]);
    });

    it('are forgotten once they have a pair, unless news of them waits', async () => {
      const { unpaired } = await open();
      const account = anAccount();
      await unpaired.put({ side: 'inventive', accountId: account, itemId: anAppointment().id, reason: 'outside-window' });
      await unpaired.removeUnlessWaiting(account, 'inventive', anAppointment().id);
      expect(await unpaired.find(account, 'inventive', anAppointment().id)).toBeUndefined();
      await unpaired.put(item(account, 1));
      await unpaired.removeUnlessWaiting(account, 'inventive', anAppointment().id);
      expect(await unpaired.waiting(account)).toHaveLength(1);
    });

    it('end their waiting only as they were read', async () => {
      const { unpaired } = await open();
      const account = anAccount();
      await unpaired.put(item(account, 1));
      const [read] = await unpaired.waiting(account);
      await unpaired.put(item(account, 2));
      await unpaired.settle(read!);
      const [newer] = await unpaired.waiting(account);
      expect(newer?.record).toEqual(anAppointment({ stamp: 2 }));
      await unpaired.settle(newer!, { side: 'inventive', accountId: account, itemId: newer!.itemId as ReturnType<typeof anAppointment>['id'], reason: 'outside-window' });
      expect(await unpaired.waiting(account)).toEqual([]);
      expect(await unpaired.find(account, 'inventive', anAppointment().id)).toMatchObject({ reason: 'outside-window' });
    });

    it('are forgotten when settled without another reason', async () => {
      const { unpaired } = await open();
      const account = anAccount();
      await unpaired.put(item(account, 1));
      const [read] = await unpaired.waiting(account);
      await unpaired.settle(read!);
      expect(await unpaired.find(account, 'inventive', anAppointment().id)).toBeUndefined();
    });

    it('that wait are not overwritten by a reason', async () => {
      const { unpaired } = await open();
      const account = anAccount();
      const { record: _left, ...reason } = item(account, 1, 'outside-window');
      await unpaired.putUnlessWaiting(reason as UnpairedItem);
      expect(await unpaired.find(account, 'inventive', anAppointment().id)).toMatchObject({ reason: 'outside-window' });
      await unpaired.put(item(account, 2));
      await unpaired.putUnlessWaiting(reason as UnpairedItem);
      expect(await unpaired.waiting(account)).toHaveLength(1);
    });
  });

  describe(`${name}: joinings`, () => {
    it('remember when they began and that the list is complete, until they end', async () => {
      const { joining } = await open();
      const account = anAccount();
      expect(await joining.begin(account, 100, 0)).toEqual({ accountId: account, startedAt: 100, googleListed: false });
      await joining.markGoogleListed(account, 150);
      expect(await joining.begin(account, 200, 0)).toEqual({ accountId: account, startedAt: 100, googleListed: true });
      expect(await joining.open()).toContain(account);
      await joining.end(account);
      expect(await joining.open()).not.toContain(account);
      expect(await joining.begin(account, 300, 0)).toEqual({ accountId: account, startedAt: 300, googleListed: false });
    });

    it('begin anew under changed settings, and no older list counts', async () => {
      const { joining } = await open();
      const account = anAccount();
      await joining.begin(account, 100, 0);
      await joining.markGoogleListed(account, 150);
      expect(await joining.begin(account, 200, 1)).toEqual({ accountId: account, startedAt: 200, googleListed: false });
      await joining.markGoogleListed(account, 250);
      expect(await joining.begin(account, 300, 1)).toEqual({ accountId: account, startedAt: 200, googleListed: true });
    });

    it('count a list that is complete before they were noticed', async () => {
      const { joining } = await open();
      const account = anAccount();
      await joining.markGoogleListed(account, 50);
      expect(await joining.open()).toContain(account);
      expect(await joining.begin(account, 100, 0)).toMatchObject({ startedAt: 100, googleListed: true });
    });
  });
}
