import type { AccountId } from '@calsync/calendar-model';
import type { AccountDirectory } from '../ports/account.js';
import { planChannels } from './channel-plan.js';
import { wishFor } from './keep-channels.js';
import type { CalendarStates, Channel, Channels, ReceiveMetrics } from './ports.js';
import { isActive } from './pull-calendar.js';
import { provesPush } from './sweep.js';

export interface FollowPorts {
  readonly accounts: Pick<AccountDirectory, 'all' | 'byId'>;
  readonly states: Pick<CalendarStates, 'follow'>;
  readonly channels: Pick<Channels, 'all'>;
  readonly metrics: Pick<ReceiveMetrics, 'channels'>;
  readonly address: string | undefined;
  /** What this process has noted of each account, so that an unchanged one costs nothing. */
  readonly followed: Map<string, string>;
  readonly now: number;
  /** By Google's clock, in which channels live. */
  readonly googleNow: () => number;
}

export interface FollowedAccounts {
  readonly active: number;
  readonly atRest: number;
  /** Linked and not switched off: whoever is among them and isn't active waits for something. */
  readonly wanted: ReadonlySet<string>;
  readonly channelsWanted: readonly AccountId[];
  readonly pushProven: ReadonlySet<string>;
  /** Their calendar is gone or no longer shared. */
  readonly withoutCalendar: readonly AccountId[];
}

/** Notes new accounts and changed states, and finds whose channels aren't as they should be. */
export async function followAccounts(ports: FollowPorts): Promise<FollowedAccounts> {
  const { followed, now, address } = ports;
  const googleNow = ports.googleNow();
  const all = await ports.accounts.all();
  for (const account of all) {
    const noted = `${account.state} ${account.calendarId}`;
    if (followed.get(account.id) === noted) continue;
    await ports.states.follow({ accountId: account.id, calendarId: account.calendarId }, { state: account.state, active: isActive(account), now });
    followed.set(account.id, noted);
  }

  const rows = await ports.channels.all();
  const byAccount = Map.groupBy(rows, (channel) => channel.accountId);
  const channelsWanted: AccountId[] = all
    .filter((account) => planChannels(wishFor(account, address), account.calendarId, byAccount.get(account.id) ?? [], googleNow).length > 0)
    .map((account) => account.id);
  const known = new Set(all.map(({ id }) => id));
  // An account that isn't in the list is asked for by name before its channels are closed: a short list proves nothing.
  for (const accountId of byAccount.keys()) if (!known.has(accountId) && (await ports.accounts.byId(accountId)) === undefined) channelsWanted.push(accountId);

  ports.metrics.channels(rows.filter(({ state }) => state === 'open').length, soonestEnd(rows, googleNow));
  const active = all.filter(isActive).length;
  return {
    active, atRest: all.length - active, channelsWanted,
    wanted: new Set(all.filter(({ state }) => state !== 'off').map(({ id }) => id)),
    pushProven: new Set(rows.filter((channel) => provesPush(channel, googleNow)).map(({ accountId }) => accountId)),
    withoutCalendar: all.filter(({ state }) => state === 'needs-calendar').map(({ id }) => id),
  };
}

function soonestEnd(rows: readonly Channel[], now: number): number | undefined {
  const ends = rows.flatMap(({ state, expiresAt }) => (state === 'open' && expiresAt !== undefined ? [expiresAt - now] : []));
  return ends.length > 0 ? Math.min(...ends) : undefined;
}
