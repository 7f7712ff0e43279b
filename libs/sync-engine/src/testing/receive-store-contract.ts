import { describe, expect, it } from 'vitest';
import { asAccountId, asCalendarId } from '@calsync/calendar-model';
import type { CalendarRef } from '../ports/google-events.js';
import type { CalendarStates, Channel, Channels } from '../receive/ports.js';

let next = 0;
const aCalendar = (): CalendarRef => ({ accountId: asAccountId(`00000000-0000-4000-8000-${String((next += 1)).padStart(12, '0')}`), calendarId: asCalendarId(`person${next}/x@example.com`) });

/** What every store of calendars promises: run for the one over MongoDB and for the model that simulations use. */
export function describeCalendarStates(name: string, open: () => CalendarStates): void {
  const T = 1_800_000_000_000;
  const end = { syncToken: '$token', zone: 'Europe/Amsterdam', nextSweepAt: T + 300_000, now: T };

  describe(name, () => {
    const followed = async (state: 'joining' | 'live' = 'live') => {
      const states = open();
      const calendar = aCalendar();
      await states.follow(calendar, { state, active: true, now: T });
      return { states, calendar };
    };
    const pulled = async () => {
      const { states, calendar } = await followed();
      const begun = await states.beginPull(calendar, 5, T);
      expect(await states.endPull(calendar, { ...end, fencingToken: 5, mark: begun!.mark, fullServed: begun!.fullRequests })).toBe('clean');
      return { states, calendar };
    };

    it('begins dirty, without a token', async () => {
      const { states, calendar } = await followed();
      expect(await states.find(calendar)).toMatchObject({ ...calendar, dirty: true, hintedAt: T, pull: 0, active: true, seenState: 'live' });
      expect(await states.find(calendar)).not.toHaveProperty('syncToken');
    });

    it('knows nothing of a calendar that nobody follows', async () => {
      expect(await open().find(aCalendar())).toBeUndefined();
      expect(await open().hint(aCalendar(), T)).toBeUndefined();
      expect(await open().beginPull(aCalendar(), 1, T)).toBeUndefined();
    });

    it('saves the token and clears the mark of a pull that nothing disturbed', async () => {
      const { states, calendar } = await pulled();
      const state = await states.find(calendar);
      expect(state).toMatchObject({ dirty: false, syncToken: '$token', zone: 'Europe/Amsterdam', nextSweepAt: end.nextSweepAt, pull: 1 });
      expect(state).not.toHaveProperty('hintedAt');
      expect(await states.beginPull(calendar, 6, T)).toBeUndefined();
    });

    it('leaves the mark where a hint came during the pull', async () => {
      const { states, calendar } = await followed();
      const begun = await states.beginPull(calendar, 5, T);
      await states.hint(calendar, T + 7);
      expect(await states.endPull(calendar, { ...end, fencingToken: 5, mark: begun!.mark, fullServed: 0 })).toBe('moved');
      expect(await states.find(calendar)).toMatchObject({ dirty: true, syncToken: '$token', hintedAt: T + 7 });
    });

    it('counts the hints of many at once, and remembers when the first came', async () => {
      const { states, calendar } = await pulled();
      const before = (await states.find(calendar))!.mark;
      await states.hint(calendar, T + 1);
      await Promise.all(Array.from({ length: 20 }, (_, at) => states.hint(calendar, T + 2 + at)));
      expect(await states.find(calendar)).toMatchObject({ mark: before + 21, dirty: true, hintedAt: T + 1 });
    });

    it('refuses the start and the end of whoever holds an older lease', async () => {
      const { states, calendar } = await followed();
      const old = await states.beginPull(calendar, 5, T);
      const young = await states.beginPull(calendar, 6, T);
      expect(young!.pull).toBe(old!.pull + 1);
      expect(await states.beginPull(calendar, 5, T)).toBeUndefined();
      expect(await states.endPull(calendar, { ...end, fencingToken: 5, mark: old!.mark, fullServed: 0 })).toBe('fenced');
      await states.dropSyncToken(calendar, 5);
      expect(await states.endPull(calendar, { ...end, fencingToken: 6, mark: young!.mark, fullServed: 0 })).toBe('clean');
      await states.dropSyncToken(calendar, 5);
      expect(await states.find(calendar)).toMatchObject({ syncToken: '$token' });
    });

    it('goes without a token once it was dropped', async () => {
      const { states, calendar } = await pulled();
      await states.dropSyncToken(calendar, 6);
      const begun = await states.beginPull(calendar, 6, T);
      expect(begun).toMatchObject({ dirty: false });
      expect(begun).not.toHaveProperty('syncToken');
    });

    it('owes a full list once for a request that is made twice', async () => {
      const { states, calendar } = await pulled();
      await states.requestFullList(calendar, '$command', T);
      await states.requestFullList(calendar, '$command', T);
      const begun = await states.beginPull(calendar, 6, T);
      expect(begun!.fullRequests - begun!.fullServed).toBe(1);
      await states.requestFullList(calendar, 'another', T);
      expect(await states.endPull(calendar, { ...end, fencingToken: 6, mark: begun!.mark, fullServed: begun!.fullRequests })).toBe('moved');
      const after = await states.find(calendar);
      expect(after!.fullRequests - after!.fullServed).toBe(1);
    });

    it('hints when the state of the account changes, and owes a full list when it joins', async () => {
      const { states, calendar } = await pulled();
      await states.follow(calendar, { state: 'live', active: true, now: T });
      expect(await states.find(calendar)).toMatchObject({ dirty: false });
      await states.follow(calendar, { state: 'needs-consent', active: false, now: T });
      expect(await states.find(calendar)).toMatchObject({ dirty: true, active: false, seenState: 'needs-consent' });
      const joining = await states.follow(calendar, { state: 'joining', active: true, now: T });
      expect(joining.fullRequests - joining.fullServed).toBe(1);
      await states.follow(calendar, { state: 'joining', active: true, now: T });
      expect((await states.find(calendar))!.fullRequests).toBe(joining.fullRequests);
    });

    it('makes one row where two see a new account at once', async () => {
      const states = open();
      const calendar = aCalendar();
      await Promise.all(Array.from({ length: 6 }, () => states.follow(calendar, { state: 'joining', active: true, now: T })));
      expect(await states.find(calendar)).toMatchObject({ mark: 1, fullRequests: 0 });
    });

    it('waits out a trouble, and forgets it after a pull that ends well', async () => {
      const { states, calendar } = await followed();
      await states.noteTrouble(calendar, { kind: 'quota', message: 'wait', attempts: 3, notBefore: T + 1_000 });
      expect(await states.beginPull(calendar, 5, T + 999)).toBeUndefined();
      expect(await states.due(T + 999, 10_000)).not.toContainEqual(expect.objectContaining(calendar));
      const begun = await states.beginPull(calendar, 5, T + 1_000);
      expect(begun).toMatchObject({ trouble: { kind: 'quota', attempts: 3, notBefore: T + 1_000 } });
      await states.endPull(calendar, { ...end, fencingToken: 5, mark: begun!.mark, fullServed: 0 });
      expect(await states.find(calendar)).not.toHaveProperty('trouble');
    });

    it('finds what is due: a hint, a sweep, a full list that is owed; never an account at rest', async () => {
      const { states, calendar } = await pulled();
      const isDue = async (now: number) => (await states.due(now, 10_000)).some((state) => state.accountId === calendar.accountId);
      expect(await isDue(T)).toBe(false);
      expect(await isDue(end.nextSweepAt)).toBe(true);
      await states.hint(calendar, T);
      expect(await isDue(T)).toBe(true);
      await states.follow(calendar, { state: 'off', active: false, now: T });
      expect(await isDue(end.nextSweepAt)).toBe(false);
    });
  });
}

/** Likewise for channels. */
export function describeChannels(name: string, open: () => Channels): void {
  const aChannel = (): Channel => {
    const calendar = aCalendar();
    return { id: `channel-${next}`, ...calendar, subject: 'events', tokenHash: 'f'.repeat(64), state: 'opening', createdAt: 1_800_000_000_000 };
  };
  describe(name, () => {
    it('gives back what was put in', async () => {
      const channels = open();
      const channel = { ...aChannel(), resourceId: 'r', expiresAt: 1_800_000_900_000, retireAt: 1_800_000_100_000, state: 'retiring' } as const;
      await channels.add(channel);
      expect(await channels.find(channel.id)).toEqual(channel);
      expect(await channels.ofAccount(channel.accountId)).toEqual([channel]);
      expect(await channels.all()).toContainEqual(channel);
      expect(await channels.find('another')).toBeUndefined();
    });
    it('opens, whichever half of the answer comes first', async () => {
      const channels = open();
      const channel = aChannel();
      await channels.add(channel);
      await channels.opened(channel.id, { resourceId: '$r' });
      await channels.opened(channel.id, { expiresAt: 1_800_000_900_000, heard: true });
      await channels.opened(channel.id, {});
      expect(await channels.find(channel.id)).toEqual({ ...channel, state: 'open', resourceId: '$r', expiresAt: 1_800_000_900_000, heard: true });
    });
    it('never takes a retiring one back', async () => {
      const channels = open();
      const channel = aChannel();
      await channels.add(channel);
      await channels.retire(channel.id, 7);
      await channels.opened(channel.id, { resourceId: 'r', expiresAt: 8 });
      expect(await channels.find(channel.id)).toMatchObject({ state: 'retiring', retireAt: 7, resourceId: 'r' });
      await channels.remove(channel.id);
      expect(await channels.find(channel.id)).toBeUndefined();
    });
  });
}
