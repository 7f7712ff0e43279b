import { beforeEach, describe, expect, it } from 'vitest';
import { asAccountId, asCalendarId } from '@calsync/calendar-model';
import type { MessageOf } from '@calsync/event-contracts';
import { Failure } from '../failures/failure.js';
import type { Account } from '../ports/account.js';
import { aReceiver } from '../simulation/receiver-on-models.js';
import { ACCOUNT } from '../testing/records.js';

const HOUR = 3_600_000;
const calendar = { accountId: ACCOUNT.id, calendarId: ACCOUNT.calendarId };

let at: ReturnType<typeof aReceiver>;
beforeEach(() => {
  at = aReceiver([ACCOUNT]);
});

describe('a linked account', () => {
  it('is listed in full and watched at the first turn', async () => {
    at.feed.change('a');
    at.feed.change('b', true);
    await at.turn();
    expect(at.feed.channels.size).toBe(2);
    await at.turn();
    expect(at.types().slice(0, 3)).toEqual(['event.changed a', 'event.deleted b', 'full-list.completed']);
    expect(at.told[0]).toMatchObject({ key: `${ACCOUNT.id}/${ACCOUNT.calendarId}`, source: `/google-receiver/${ACCOUNT.installation}`, data: { pull: '1', calendarZone: 'Europe/Amsterdam' } });
    // The channels' own hints bring nothing new; nothing is told twice.
    expect(at.told).toHaveLength(3);
  });

  it('tells what is there before what is deleted, over all pages of a pull', async () => {
    await at.turn();
    at.told.length = 0;
    for (const [id, gone] of [['a', true], ['b', true], ['c', true], ['d', false]] as const) at.feed.change(id, gone);
    await at.turn();
    await at.notify();
    expect(at.types()).toEqual(['event.changed d', 'event.deleted a', 'event.deleted b', 'event.deleted c']);
  });

  it('is pulled at a notification, at once', async () => {
    await at.turn();
    await at.turn();
    at.feed.change('a');
    expect(await at.notify()).toMatchObject({ kind: 'accepted' });
    expect(at.types().at(-1)).toBe('event.changed a');
  });

  it('is read a few times for a hundred notifications at once', async () => {
    await at.turn();
    await at.turn();
    const before = at.feed.calls.changes;
    at.feed.change('a');
    await Promise.all(Array.from({ length: 100 }, () => at.notify()));
    await at.idle();
    expect(at.types().filter((type) => type === 'event.changed a')).toHaveLength(1);
    expect(at.feed.calls.changes - before).toBeLessThanOrEqual(20);
    expect(await at.states.find(calendar)).toMatchObject({ dirty: false });
  });

  it('has the same message id for the same state, and another for another', async () => {
    at.feed.change('a');
    await at.turn();
    await at.receiver.obey(resync('r1'));
    await at.turn();
    at.feed.change('a');
    await at.turn();
    await at.notify();
    const ids = at.told.filter(({ subject }) => subject === 'a').map(({ id }) => id);
    expect(ids).toHaveLength(3);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[0]);
  });
});

const resync = (commandId: string): MessageOf<'nl.inventive.sync.resync.requested.v1'> => ({
  type: 'nl.inventive.sync.resync.requested.v1', id: commandId, key: ACCOUNT.id, source: '/console', time: '', data: { commandId, accountId: ACCOUNT.id, at: '' },
});

describe('a command', () => {
  it('is obeyed once, however often it is read', async () => {
    await at.turn();
    await at.turn();
    const before = at.feed.calls.full;
    for (let time = 0; time < 3; time += 1) {
      await at.receiver.obey(resync('r1'));
      await at.turn();
    }
    expect(at.feed.calls.full).toBe(before + 1);
  });
  it('about an account that nobody knows, or that is at rest, does nothing', async () => {
    await at.receiver.obey({ ...resync('r1'), data: { commandId: 'r1', accountId: 'somebody', at: '' } });
    at.accounts.put({ ...ACCOUNT, state: 'off' });
    await at.receiver.obey(resync('r2'));
    expect(at.feed.calls.full).toBe(0);
  });
  it('to unlink stops the channels at once', async () => {
    await at.turn();
    expect(at.feed.channels.size).toBe(2);
    at.accounts.drop(ACCOUNT.id);
    await at.receiver.obey({ type: 'nl.inventive.sync.account-unlinked.v1', id: 'u', key: ACCOUNT.id, source: '/console', time: '', data: { commandId: 'u', accountId: ACCOUNT.id, at: '' } });
    await at.idle();
    expect(at.feed.channels.size).toBe(0);
    expect(await at.channels.all()).toEqual([]);
  });
});

describe('a state of the account', () => {
  it('off: no channel is left and nothing is read; joining again: everything is told again', async () => {
    at.feed.change('a');
    await at.turn();
    expect(at.feed.channels.size).toBe(2);
    at.accounts.put({ ...ACCOUNT, state: 'off' });
    await at.turn();
    await at.idle();
    expect(at.feed.channels.size).toBe(0);
    const calls = { ...at.feed.calls };
    at.pass(2 * HOUR);
    await at.turn();
    expect(at.feed.calls).toMatchObject({ full: calls.full, changes: calls.changes });
    at.told.length = 0;
    at.accounts.put({ ...ACCOUNT, state: 'joining' });
    await at.turn();
    expect(at.types()).toEqual(['event.changed a', 'full-list.completed']);
  });

  it.each([
    ['authorization', 'needs-consent'],
    ['calendar', 'needs-calendar'],
  ] as const)('a failure of %s leads to %s; the hint stands and is served when a person has acted', async (kind, state) => {
    await at.turn();
    await at.turn();
    at.feed.change('a');
    at.feed.failures.push(new Failure(kind, 'no'));
    await at.notify();
    expect((await at.accounts.byId(ACCOUNT.id))?.state).toBe(state);
    await at.turn();
    expect(at.types()).not.toContain('event.changed a');
    at.accounts.put({ ...ACCOUNT, state: 'live' });
    await at.turn();
    expect(at.types()).toContain('event.changed a');
  });

  it('needs-calendar ends by itself when the calendar answers again; until then it is asked for ever more rarely', async () => {
    await at.turn();
    await at.turn();
    at.feed.failures.push(new Failure('calendar', 'gone'));
    at.feed.change('a');
    await at.notify();
    at.feed.failures.push(...Array.from({ length: 6 }, () => new Failure('calendar', 'gone')));
    const asked: number[] = [];
    const began = at.now();
    for (let left = 6; left > 0; at.pass(2_000)) {
      await at.turn();
      if (at.feed.failures.length < left) asked.push((at.now() - began) / 1_000);
      left = at.feed.failures.length;
    }
    expect((await at.accounts.byId(ACCOUNT.id))?.state).toBe('needs-calendar');
    expect(asked).toEqual([10, 30, 70, 150, 310, 630]);
    at.pass(15 * 60_000);
    await at.turn();
    expect((await at.accounts.byId(ACCOUNT.id))?.state).toBe('joining');
    const full = at.feed.calls.full;
    await at.turn();
    expect(at.feed.calls.full).toBe(full + 1);
    expect(at.types()).toContain('event.changed a');
  });

  it('needs-calendar stays where the calendar may be read only, and becomes needs-consent where the consent is gone', async () => {
    at.feed.access = 'reader';
    await at.turn();
    for (let turns = 0; turns < 3; turns += 1) {
      at.pass(30_000);
      await at.turn();
      expect((await at.accounts.byId(ACCOUNT.id))?.state).toBe('needs-calendar');
    }
    at.feed.failures.push(new Failure('authorization', 'no'));
    at.pass(15 * 60_000);
    await at.turn();
    expect((await at.accounts.byId(ACCOUNT.id))?.state).toBe('needs-consent');
  });

  it('a calendar that may only be read needs a person, unless nothing is to be written there', async () => {
    at.feed.access = 'reader';
    await at.turn();
    expect((await at.accounts.byId(ACCOUNT.id))?.state).toBe('needs-calendar');
    const readOnly = aReceiver([{ ...ACCOUNT, direction: 'to-inventive' }]);
    readOnly.feed.access = 'reader';
    await readOnly.turn();
    expect((await readOnly.accounts.byId(ACCOUNT.id))?.state).toBe('live');
  });
});

describe('trouble', () => {
  it('with the broker keeps token and hint; the same is told when it is back', async () => {
    await at.turn();
    await at.turn();
    const token = (await at.states.find(calendar))!.syncToken;
    at.feed.change('a');
    // The first repetition comes within moments, the second one waits longer.
    at.publisher.fails = 2;
    await at.notify();
    expect(await at.states.find(calendar)).toMatchObject({ syncToken: token, dirty: true, trouble: { kind: 'transient', attempts: 2 } });
    at.pass(10_000);
    await at.turn();
    expect(at.types()).toContain('event.changed a');
    expect(await at.states.find(calendar)).not.toHaveProperty('trouble');
  });

  it('of one account leaves the others alone', async () => {
    const other: Account = { ...ACCOUNT, id: asAccountId('acc-2'), sub: '200', email: 'devries@example.com', calendarId: asCalendarId('devries@example.com') };
    const two = aReceiver([ACCOUNT, other]);
    two.feed.change('a');
    two.feed.failures.push(new Failure('quota', 'wait', { retryAfterMs: 30_000 }));
    await two.turn();
    const done = new Set(two.told.map(({ key }) => key));
    expect(done.size).toBe(1);
    expect(two.receiver.status().waiting).toMatchObject([{ failure: 'quota', during: 'pull' }]);
    two.pass(29_000);
    await two.turn();
    expect(new Set(two.told.map(({ key }) => key)).size).toBe(1);
    two.pass(1_001);
    await two.turn();
    expect(new Set(two.told.map(({ key }) => key)).size).toBe(2);
    expect(two.receiver.status().waiting).toEqual([]);
  });
});
