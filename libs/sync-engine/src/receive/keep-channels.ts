import type { AccountId, CalendarId } from '@calsync/calendar-model';
import { Failure } from '../failures/failure.js';
import type { Account } from '../ports/account.js';
import type { Clock } from '../ports/clock.js';
import type { CalendarRef } from '../ports/google-events.js';
import type { Leases } from '../ports/lease.js';
import { OVERLAP_MS, planChannels, type ChannelAct, type ChannelWish } from './channel-plan.js';
import { withLease } from './held-lease.js';
import type { CalendarFeed, CalendarStates, Channels, ChannelSecrets } from './ports.js';
import { isActive } from './pull-calendar.js';

export interface ChannelPorts {
  readonly feed: Pick<CalendarFeed, 'watch' | 'stop'>;
  readonly channels: Channels;
  readonly states: Pick<CalendarStates, 'hint'>;
  readonly secrets: ChannelSecrets;
  readonly leases: Leases;
  readonly clock: Clock;
  /** Google's clock: a channel's life is counted in it, from its making to its end. */
  readonly googleNow: () => number;
  /** Where Google sends notifications; undefined switches push off, the sweep does all. */
  readonly address: string | undefined;
  readonly ttlSeconds: number;
}

/** Off is silence at once; where consent or the calendar is missing nothing can be asked, a channel dies by itself. */
export function wishFor(account: Account | undefined, address: string | undefined): ChannelWish {
  if (account === undefined || account.state === 'off' || address === undefined) return 'silence';
  return isActive(account) ? 'listen' : 'leave';
}

export interface ChannelTask {
  readonly accountId: AccountId;
  readonly calendarId: CalendarId;
  readonly wish: ChannelWish;
}

/** Brings the channels of one account to what they should be. Throws `Failure`; what is done so far stays done. */
export async function keepChannels(ports: ChannelPorts, task: ChannelTask): Promise<'kept' | 'busy'> {
  const turn = await withLease(ports, `google-channels/${task.accountId}`, async (held) => {
    const rows = await ports.channels.ofAccount(task.accountId);
    const acts = planChannels(task.wish, task.calendarId, rows, ports.googleNow());
    for (const act of acts) {
      held.assertHeld();
      await perform(ports, task, act);
    }
  });
  return turn.kind === 'busy' ? 'busy' : 'kept';
}

async function perform(ports: ChannelPorts, task: ChannelTask, act: ChannelAct): Promise<void> {
  const { channels, feed, googleNow } = ports;
  switch (act.kind) {
    case 'open':
      return open(ports, task, act.subject);
    case 'retire':
      return channels.retire(act.channel.id, googleNow() + OVERLAP_MS);
    case 'remove':
      return channels.remove(act.channel.id);
    case 'stop':
      try {
        await feed.stop(task.accountId, { id: act.channel.id, resourceId: act.channel.resourceId ?? '' });
      } catch (error) {
        // Without consent nobody can stop it. The row goes all the same: its notifications are then refused, and
        // Google's answer to that is to stop sending when the channel's life is over.
        const hopeless = error instanceof Failure && (error.kind === 'authorization' || error.kind === 'calendar' || error.kind === 'permanent');
        if (!hopeless) throw error;
      }
      return channels.remove(act.channel.id);
    default:
      return act satisfies never;
  }
}

async function open(ports: ChannelPorts, calendar: CalendarRef, subject: 'events' | 'calendar-list'): Promise<void> {
  const { channels, clock, feed, googleNow, secrets, address } = ports;
  if (address === undefined) return;
  const id = secrets.newId();
  const token = secrets.mint();
  // The row first: Google's `sync` message can be here before the answer to `watch`, and a crash in between leaves a
  // channel whose notifications we still know as ours.
  await channels.add({
    id, accountId: calendar.accountId, calendarId: calendar.calendarId, subject, tokenHash: secrets.hash(token), state: 'opening', createdAt: googleNow(),
  });
  try {
    const opened = await feed.watch(calendar, subject, { id, token, address, ttlSeconds: ports.ttlSeconds });
    await channels.opened(id, opened);
  } catch (error) {
    // A clear no leaves no channel behind; after anything else it may have been made, and the row stays until it is too old.
    const clear = error instanceof Failure && error.kind !== 'transient';
    if (clear) await channels.remove(id);
    throw error;
  }
  // What changed before Google began to listen was told to nobody.
  await ports.states.hint(calendar, clock.now());
}
