import { Failure } from '../failures/failure.js';
import type { Account, AccountDirectory, AccountState } from '../ports/account.js';
import type { Clock } from '../ports/clock.js';
import type { MessagePublisher } from '../ports/event-log.js';
import type { CalendarRef } from '../ports/google-events.js';
import type { Leases } from '../ports/lease.js';
import { batchesOf, fullListCompletedMessage, itemMessage } from './calendar-messages.js';
import { withLease, type HeldLease } from './held-lease.js';
import type { CalendarFeed, CalendarState, CalendarStates, FeedItem, ReceiveMetrics, ReceiveStep } from './ports.js';

export interface PullPorts {
  readonly accounts: Pick<AccountDirectory, 'byId'>;
  readonly feed: Pick<CalendarFeed, 'page'>;
  readonly states: CalendarStates;
  readonly publisher: MessagePublisher;
  readonly leases: Leases;
  readonly clock: Clock;
  /** Google's clock, as far as its answers tell: what Google dates is compared with it. */
  readonly googleNow: () => number;
  readonly metrics: ReceiveMetrics;
  readonly reached: (step: ReceiveStep) => Promise<void> | void;
  /** `missed`: this pull was a sweep and found what push had kept silent about. */
  readonly nextSweepAt: (account: Account, now: number, found: 'missed' | 'nothing-missed') => number;
}

/**
 * `more`: a hint came meanwhile, pull again. `busy`: another process is at it and looks once more before it ends.
 * `nothing-due`: no hint, or a trouble's wait isn't over. `at-rest`: the account isn't to be read now.
 */
export type PullOutcome = 'clean' | 'more' | 'busy' | 'nothing-due' | 'at-rest';

export const ACTIVE_STATES: readonly AccountState[] = ['joining', 'live', 'held'];
export const isActive = (account: Account): boolean => ACTIVE_STATES.includes(account.state);

/**
 * Reads what changed in one calendar and publishes it. Throws `Failure`; then the hint still stands and nothing that
 * wasn't published is passed over.
 */
export async function pullCalendar(ports: PullPorts, calendar: CalendarRef): Promise<PullOutcome> {
  const account = await ports.accounts.byId(calendar.accountId);
  if (account === undefined || !isActive(account) || account.calendarId !== calendar.calendarId) return 'at-rest';

  const turn = await withLease(ports, `google-pull/${calendar.accountId}/${calendar.calendarId}`, (held) => pullUnderLease(ports, account, calendar, held));
  if (turn.kind === 'busy') return 'busy';
  if (turn.value === 'more') return 'more';
  // A hint that came between our last look and the release found the lease taken and left it to us: look once more,
  // also where there was nothing to do for us.
  const after = await ports.states.find(calendar);
  const waits = after?.trouble !== undefined && after.trouble.notBefore > ports.clock.now();
  return after?.dirty && !waits ? 'more' : turn.value;
}

async function pullUnderLease(ports: PullPorts, account: Account, calendar: CalendarRef, held: HeldLease): Promise<'clean' | 'more' | 'nothing-due'> {
  for (;;) {
    held.assertHeld();
    const begun = await ports.states.beginPull(calendar, held.fencingToken, ports.clock.now());
    if (begun === undefined) return 'nothing-due';
    const ended = await pullOnce(ports, account, calendar, held, begun);
    switch (ended) {
      case 'start-anew':
        continue;
      case 'fenced':
        return 'nothing-due';
      case 'moved':
        return 'more';
      case 'clean':
        return 'clean';
      default:
        return ended satisfies never;
    }
  }
}

async function pullOnce(ports: PullPorts, account: Account, calendar: CalendarRef, held: HeldLease, begun: CalendarState): Promise<'clean' | 'moved' | 'fenced' | 'start-anew'> {
  const { states, clock, metrics, reached } = ports;
  const asked = begun.fullRequests !== begun.fullServed ? undefined : begun.syncToken;
  const first = await ports.feed.page(calendar, asked === undefined ? {} : { syncToken: asked });
  if (first.kind === 'sync-token-lost') return startAnew(ports, calendar, held);

  let answer = first;
  let published = 0;
  let repairs = 0;
  // A split of a series cancels occurrences under the old ids and brings them under new ones: whatever is there is told
  // before anything is called deleted, over all pages of the pull.
  const cancelled = new Map<string, FeedItem>();
  await reached('receive:before-publish');
  for (;;) {
    const { page } = answer;
    requireAccess(account, page.access);
    for (const item of page.items) {
      // A later page may know better: what was deleted can have been restored while we read.
      if (item.cancelled) cancelled.set(item.id, item);
      else cancelled.delete(item.id);
    }
    await publish(page.items.filter((item) => !item.cancelled), page.calendarZone);
    if (page.next.kind === 'end') break;
    const next = await ports.feed.page(calendar, { ...(asked === undefined ? {} : { syncToken: asked }), pageToken: page.next.pageToken });
    if (next.kind === 'sync-token-lost') return startAnew(ports, calendar, held);
    answer = next;
  }
  const { calendarZone, next: { syncToken } } = answer.page as typeof answer.page & { next: { kind: 'end' } };
  await publish([...cancelled.values()], calendarZone);
  if (asked === undefined) {
    held.assertHeld();
    await ports.publisher.publish([fullListCompletedMessage({ account, pull: begun.pull, calendarZone, now: clock.now() })]);
  }
  const hintToPublishedMs = begun.hintedAt === undefined ? undefined : clock.now() - begun.hintedAt;
  metrics.pulled({ kind: asked === undefined ? 'full' : 'changes', items: published, ...(hintToPublishedMs === undefined ? {} : { hintToPublishedMs }) });

  // Only now, after the broker's word for all of it: a crash before this line repeats the pull, a crash after it loses nothing.
  await reached('receive:after-publish-before-token');
  const now = clock.now();
  const found = !begun.dirty && asked !== undefined && repairs > 0 ? 'missed' : 'nothing-missed';
  const ended = await states.endPull(calendar, {
    fencingToken: held.fencingToken, mark: begun.mark, ...(asked === undefined ? { fullServed: begun.fullRequests } : {}), syncToken, zone: calendarZone, nextSweepAt: ports.nextSweepAt(account, now, found), now,
  });
  // A hint that is under way at this moment would have told it too: only a sweep that nobody interrupted proves a loss.
  if (found === 'missed' && ended === 'clean') metrics.sweepRepairs(repairs);
  return ended;

  async function publish(items: readonly FeedItem[], zone: string): Promise<void> {
    const now = clock.now();
    for (const batch of batchesOf(items.map((item) => itemMessage(item, { account, pull: begun.pull, calendarZone: zone, now })))) {
      // Who lost the lease would publish an older state after a newer one.
      held.assertHeld();
      await ports.publisher.publish(batch);
    }
    published += items.length;
    repairs += items.filter((item) => item.updated === undefined || Date.parse(item.updated) < ports.googleNow() - PUSH_GRACE_MS).length;
  }
}

/** A change younger than this may still have its notification under way. */
const PUSH_GRACE_MS = 5_000;

/** Nothing is wiped: the full list adds and renews, and who misses something asks Google for that one event. */
async function startAnew(ports: PullPorts, calendar: CalendarRef, held: HeldLease): Promise<'start-anew'> {
  await ports.states.dropSyncToken(calendar, held.fencingToken);
  return 'start-anew';
}

/** Throws `Failure('calendar')` where the account may do less than its direction needs. */
export function requireAccess(account: Account, access: 'writer' | 'reader' | 'none'): void {
  if (access === 'writer' || (access === 'reader' && account.direction === 'to-inventive')) return;
  throw new Failure('calendar', `${account.email} may not ${access === 'reader' ? 'write to' : 'read'} the calendar ${account.calendarId}: share it with that right, or choose another`);
}
