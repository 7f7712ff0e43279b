import type { AccountId } from '@calsync/calendar-model';
import type { Message } from '@calsync/event-contracts';
import { windowDays } from '@calsync/sync-core';
import { Failure, type FailureKind } from '../failures/failure.js';
import type { Account, AccountDirectory } from '../ports/account.js';
import type { Clock } from '../ports/clock.js';
import type { MessagePublisher } from '../ports/event-log.js';
import type { Lease, Leases } from '../ports/lease.js';
import type { Comparison, ComparisonCounts, ComparisonStore } from './comparisons.js';
import { eventsOfColleagues } from './colleagues.js';
import { whyAccountWaits } from './eligibility.js';
import { comingFromGoogle, findDrift, type FindDriftParts } from './find-drift.js';
import { MendDrift, type MendDriftParts } from './mend-drift.js';
import type { Days, WindowDayStore } from './window-days.js';

export interface CompareAccountsParts extends FindDriftParts, Omit<MendDriftParts, 'pairs' | 'unpaired'> {
  readonly pairs: FindDriftParts['pairs'] & MendDriftParts['pairs'];
  readonly unpaired: FindDriftParts['unpaired'] & MendDriftParts['unpaired'];
  readonly comparisons: ComparisonStore;
  readonly accounts: Pick<AccountDirectory, 'current' | 'byId' | 'all' | 'changeState'>;
  readonly windowDays: Pick<WindowDayStore, 'find'>;
  readonly publisher: MessagePublisher;
  readonly leases: Leases;
  readonly clock: Clock;
  readonly random: () => number;
  readonly report: (event: CompareEvent) => void;
}
export type CompareEvent =
  | ({ readonly kind: 'compared'; readonly commandId: string; readonly accountId: AccountId; readonly mode: Comparison['mode'] } & ComparisonCounts)
  | { readonly kind: 'refused'; readonly commandId: string; readonly accountId: AccountId; readonly mode: Comparison['mode']; readonly reason: string }
  | { readonly kind: 'failed'; readonly commandId: string; readonly accountId: AccountId; readonly mode: Comparison['mode']; readonly failure: FailureKind | 'defect'; readonly cause: string; readonly givenUp: boolean };

/** Accounts that are compared at once, per process: one that waits for what may still be on its way keeps no other waiting. */
const WIDTH = 4;
/** After a lost token thousands may be open; what a person asks for meanwhile is seen within about this long. */
const LOOK_AGAIN_MS = 30_000;
const LEASE_MS = 60_000;
const FIRST_BACKOFF_MS = 5_000;
const LONGEST_BACKOFF_MS = 300_000;
const MOST_TRIES = 8;

/** Somebody else has the account, or a person changed it: this comparison goes on, or begins again, at another turn. */
class LaterOn extends Error {}

/**
 * Batch reconciliation and its dry run: the window of an account is read whole on both sides and held against the pairs.
 * `repair` takes in whatever no message told of; in a healthy system that is nothing. It stands behind live changes: what
 * it makes due waits until those are done. A comparison that is interrupted begins anew and goes on counting.
 */
export class CompareAccounts {
  private readonly failing = new Map<string, { readonly times: number; readonly notBefore: number }>();
  private readonly mending: MendDrift;

  constructor(private readonly parts: CompareAccountsParts) {
    this.mending = new MendDrift(parts);
  }

  /** One look at what was asked for, a few accounts at once; answers how many came to an end. `beat` tells that it goes on. */
  async turn(signal?: AbortSignal, beat: () => void = () => undefined): Promise<number> {
    const { clock, comparisons } = this.parts;
    await this.tell();
    const accounts = byAccount(await comparisons.open());
    const lookAgainAt = clock.now() + LOOK_AGAIN_MS;
    let ended = 0;
    const lane = async () => {
      for (let asked = accounts.shift(); asked !== undefined && clock.now() < lookAgainAt; asked = accounts.shift()) {
        for (const comparison of asked) {
          if (signal?.aborted === true) return;
          if (clock.now() < (this.failing.get(comparison.commandId)?.notBefore ?? 0)) continue;
          if (await this.guarded(comparison, signal, beat)) ended += 1;
          beat();
        }
      }
    };
    await Promise.all(Array.from({ length: WIDTH }, lane));
    await this.tell();
    return ended;
  }

  /** Told after it was saved, under the command's own id: a crash in between tells the same again. */
  private async tell(): Promise<void> {
    const { comparisons, publisher } = this.parts;
    for (const comparison of await comparisons.untold()) {
      const message = comparedMessage(comparison);
      if (message !== undefined) await publisher.publish([message]);
      await comparisons.markTold(comparison.commandId);
    }
  }

  /** One account that can't be compared stops no other. */
  private async guarded(comparison: Comparison, signal: AbortSignal | undefined, beat: () => void): Promise<boolean> {
    try {
      const ended = await this.underLease(comparison, signal, beat);
      this.failing.delete(comparison.commandId);
      return ended;
    } catch (error) {
      if (error instanceof LaterOn || signal?.aborted === true) return false;
      return await this.afterFailure(comparison, error);
    }
  }

  private async afterFailure({ commandId, accountId, mode }: Comparison, error: unknown): Promise<boolean> {
    const { clock, random, report, comparisons, accounts } = this.parts;
    const failure = error instanceof Failure ? error : undefined;
    const cause = failure?.message ?? `a defect of ours (${error instanceof Error ? error.name : 'not an error'})`;
    const state = failure?.kind === 'authorization' ? 'needs-consent' : failure?.kind === 'calendar' ? 'needs-calendar' : undefined;
    const times = (this.failing.get(commandId)?.times ?? 0) + 1;
    const givenUp = state !== undefined || times >= MOST_TRIES;
    const backoffMs = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (times - 1)) * (0.5 + random() / 2);
    this.failing.set(commandId, { times, notBefore: clock.now() + Math.max(failure?.retryAfterMs ?? 0, backoffMs) });
    report({ kind: 'failed', commandId, accountId, mode, failure: failure?.kind ?? 'defect', cause, givenUp });
    try {
      if (state !== undefined) await accounts.changeState(accountId, ['live'], state, state);
      if (givenUp) await comparisons.end(commandId, this.instant(), { state: 'failed', cause });
      if (givenUp) this.failing.delete(commandId);
      return givenUp;
    } catch {
      // The store is away too: the next turn tries it all again.
      return false;
    }
  }

  private async underLease(comparison: Comparison, signal: AbortSignal | undefined, beat: () => void): Promise<boolean> {
    const { leases, comparisons } = this.parts;
    const lease = await leases.acquire(`compare:${comparison.accountId}`, LEASE_MS);
    if (lease === undefined) return false;
    const held = { lease };
    try {
      // Read under the lease: another replica may have ended it since.
      const current = await comparisons.find(comparison.commandId);
      if (current === undefined || (current.state !== 'waiting' && current.state !== 'running')) return false;
      return await this.compare(current, held, signal, beat);
    } finally {
      await leases.release(held.lease);
    }
  }

  private async compare(comparison: Comparison, held: { lease: Lease }, signal: AbortSignal | undefined, beat: () => void): Promise<boolean> {
    const { accounts, comparisons, report } = this.parts;
    const { commandId, accountId, mode } = comparison;
    const account = await accounts.current(accountId);
    const refused = account === undefined ? 'user-not-linked' : whyRefused(account, mode);
    if (account === undefined || refused !== undefined) {
      // Joining compares everything by itself, and what it leaves is looked at afterwards; a server is met at any moment.
      if (refused === 'account-joining' || refused === 'source-write-locked') return false;
      await comparisons.end(commandId, this.instant(), { state: 'refused', reason: refused ?? 'user-not-linked' });
      report({ kind: 'refused', commandId, accountId, mode, reason: refused ?? 'user-not-linked' });
      return true;
    }
    await comparisons.start(commandId, this.instant());
    const goOn = async () => {
      beat();
      if (!(await this.mayGoOn(account, mode, held)) || signal?.aborted === true) throw new LaterOn();
    };
    const found = await findDrift(this.parts, account, await this.daysOf(account), async (done, total) => {
      await goOn();
      await comparisons.progress(commandId, done, total);
    });
    const counts = mode === 'preview' ? this.mending.count(found, await eventsOfColleagues(comingFromGoogle(found), account, this.parts)) : await this.mending.mend(comparison, account, found, goOn, signal);
    await comparisons.end(commandId, this.instant(), { state: 'done', counts });
    report({ kind: 'compared', commandId, accountId, mode, ...counts });
    return true;
  }

  /** The window as far as it was read already: the strip of a new day is the daily roll's, and no drift. */
  private async daysOf(account: Account): Promise<Days> {
    const window = windowDays({ ...account, todayOn: this.parts.todayIn(account.zone) });
    const covered = account.state === 'live' ? (await this.parts.windowDays.find(account.id))?.coveredUntilOn : undefined;
    return covered === undefined || covered > window.untilOn || covered < window.fromOn ? window : { ...window, untilOn: covered };
  }

  /** A joining that begins meanwhile matches by itself, and would double what we make beside it. */
  private async mayGoOn(account: Account, mode: Comparison['mode'], held: { lease: Lease }): Promise<boolean> {
    const current = await this.parts.accounts.byId(account.id);
    if (current === undefined || (mode === 'repair' && (current.state !== 'live' || current.revision !== account.revision))) return false;
    if (held.lease.remainingMs() > LEASE_MS / 2) return true;
    const renewed = await this.parts.leases.renew(held.lease, LEASE_MS);
    if (renewed === undefined) return false;
    held.lease = renewed;
    return true;
  }

  private instant(): string {
    return new Date(this.parts.clock.now()).toISOString();
  }
}

/** What was asked of each account, in that order; those first for which a person sits and waits. */
function byAccount(open: readonly Comparison[]): (readonly Comparison[])[] {
  const accounts = new Map<AccountId, Comparison[]>();
  for (const comparison of open) accounts.set(comparison.accountId, [...(accounts.get(comparison.accountId) ?? []), comparison]);
  const isWaitedFor = (asked: readonly Comparison[]) => asked.some(({ mode }) => mode === 'preview');
  return [...accounts.values()].sort((a, b) => Number(isWaitedFor(b)) - Number(isWaitedFor(a)));
}

/** A dry run only reads: it needs Google's consent and the calendar, and nobody's leave. */
function whyRefused(account: Account, mode: Comparison['mode']) {
  const waits = whyAccountWaits(account);
  return mode === 'preview' && (waits === 'account-off' || waits === 'account-joining' || waits === 'held-by-brake') ? undefined : waits;
}

function comparedMessage({ commandId, accountId, mode, endedAt, counts }: Comparison): Message | undefined {
  if (counts === undefined || endedAt === undefined) return undefined;
  const { leftAlone, ...figures } = counts;
  return {
    type: 'nl.inventive.sync.compared.v1', id: commandId, key: accountId, source: '/reconciler', time: endedAt,
    data: { commandId, accountId, at: endedAt, mode, ...figures, leftAlone: { ...leftAlone } },
  };
}
