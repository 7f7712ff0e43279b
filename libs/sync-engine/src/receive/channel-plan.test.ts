import { describe, expect, it } from 'vitest';
import { asAccountId, asCalendarId } from '@calsync/calendar-model';
import { planChannels, renewAt, type ChannelAct } from './channel-plan.js';
import type { Channel } from './ports.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const calendarId = asCalendarId('jansen@example.com');
const NOW = 1_800_000_000_000;

let count = 0;
function aChannel(over: Partial<Channel> = {}): Channel {
  return {
    id: `c${(count += 1)}`, accountId: asAccountId('a'), calendarId, subject: 'events', tokenHash: '', state: 'open', createdAt: NOW - HOUR, resourceId: 'r', expiresAt: NOW + 6 * DAY, ...over,
  };
}
const list = (over: Partial<Channel> = {}) => aChannel({ subject: 'calendar-list', ...over });
const names = (acts: readonly ChannelAct[]) => acts.map((act) => (act.kind === 'open' ? `open ${act.subject}` : `${act.kind} ${act.channel.id}`));

describe('when a channel is renewed', () => {
  it.each([
    ['30 days: after 21', 30 * DAY, 21 * DAY],
    ['7 days: after 4.9', 7 * DAY, 4.9 * DAY],
    ['60 hours: a day before the end', 60 * HOUR, 36 * HOUR],
    ['1 hour: after 42 minutes', HOUR, 0.7 * HOUR],
  ])('%s', (_name, life, after) => expect(renewAt({ createdAt: NOW, expiresAt: NOW + life })).toBeCloseTo(NOW + after, -1));
});

describe('what is done about the channels of an account', () => {
  it('opens both where there is none', () => expect(names(planChannels('listen', calendarId, [], NOW))).toEqual(['open events', 'open calendar-list']));
  it('leaves both alone while they live', () => expect(planChannels('listen', calendarId, [aChannel(), list()], NOW)).toEqual([]));
  it('waits for one that is being opened', () => {
    expect(planChannels('listen', calendarId, [aChannel({ state: 'opening', createdAt: NOW - 5_000, expiresAt: undefined as never }), list()], NOW)).toEqual([]);
  });
  it('opens another where the answer never came, and retires that one only when the other listens', () => {
    const { resourceId: _r, expiresAt: _e, ...lost } = aChannel({ state: 'opening', createdAt: NOW - 5 * 60_000 });
    expect(names(planChannels('listen', calendarId, [lost, list()], NOW))).toEqual(['open events']);
    const other = aChannel();
    expect(names(planChannels('listen', calendarId, [lost, other, list()], NOW))).toEqual([`retire ${lost.id}`]);
  });
  it('opens a successor early, keeps the old one until it listens, then lets both listen for a while', () => {
    const old = aChannel({ createdAt: NOW - 6 * DAY, expiresAt: NOW + DAY });
    expect(names(planChannels('listen', calendarId, [old, list()], NOW))).toEqual(['open events']);
    const young = aChannel({ createdAt: NOW - 1_000 });
    expect(names(planChannels('listen', calendarId, [old, young, list()], NOW))).toEqual([`retire ${old.id}`]);
    const retiring = { ...old, state: 'retiring', retireAt: NOW + 60_000 } as const;
    expect(planChannels('listen', calendarId, [retiring, young, list()], NOW)).toEqual([]);
    expect(names(planChannels('listen', calendarId, [retiring, young, list()], NOW + 60_000))).toEqual([`stop ${old.id}`]);
  });
  it('forgets one whose life is over and opens another', () => {
    const dead = aChannel({ expiresAt: NOW });
    expect(names(planChannels('listen', calendarId, [dead, list()], NOW))).toEqual([`remove ${dead.id}`, 'open events']);
  });
  it('moves to another calendar when that is chosen', () => {
    const other = asCalendarId('team@example.com');
    const [events, lists] = [aChannel(), list()];
    expect(names(planChannels('listen', other, [events, lists], NOW))).toEqual(['open events', 'open calendar-list', `retire ${events.id}`, `retire ${lists.id}`]);
  });
  it('stops all when the account is off, also those that retire; one without a resource can only be forgotten', () => {
    const { resourceId: _r, ...nameless } = aChannel({ state: 'opening' });
    const retiring = aChannel({ state: 'retiring', retireAt: NOW + 60_000 });
    expect(names(planChannels('silence', calendarId, [nameless, retiring], NOW))).toEqual([`remove ${nameless.id}`, `stop ${retiring.id}`]);
  });
  it('touches nothing while consent is missing', () => expect(planChannels('leave', calendarId, [aChannel()], NOW)).toEqual([]));
});
