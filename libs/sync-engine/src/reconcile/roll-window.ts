import type { AccountId } from '@calsync/calendar-model';
import { Failure, type FailureKind } from '../failures/failure.js';
import type { Account, AccountDirectory } from '../ports/account.js';
import type { Clock } from '../ports/clock.js';
import type { GoogleEvents } from '../ports/google-events.js';
import type { InventiveAgenda } from '../ports/inventive-agenda.js';
import type { Lease, Leases } from '../ports/lease.js';
import { whyEventIsLeftAlone } from './eligibility.js';
import { whyRowIsElsewhere } from './place.js';
import type { PairStore, UnpairedStore } from './ports.js';
import { imported } from './born-pair.js';
import { isOpenQuestion } from './open-questions.js';
import type { Item, TakeIn } from './take-in.js';
import { itemOf, leaveToAPerson, matchStrips, pairFoundOnBothSides, readTwoStrips, type Event, type Row } from './two-strips.js';
import { planRolling, rollingDay, type Days, type WindowDayStore } from './window-days.js';

export interface RollWindowParts {
  readonly pairs: Pick<PairStore, 'byAppointment' | 'byEvent' | 'byOccurrence' | 'insert'>;
  readonly unpaired: Pick<UnpairedStore, 'find' | 'put' | 'putUnlessWaiting' | 'remove'>;
  readonly accounts: Pick<AccountDirectory, 'all' | 'byId' | 'current' | 'changeState'>;
  readonly inventive: Pick<InventiveAgenda, 'readAgenda'>;
  readonly google: Pick<GoogleEvents, 'listDays'>;
  readonly windowDays: WindowDayStore;
  readonly leases: Leases;
  readonly clock: Clock;
  readonly random: () => number;
  readonly takeIn: Pick<TakeIn, 'entered'>;
  readonly report: (event: RollEvent) => void;
}
export type RollEvent =
  /** `inventive` and `google` count the items of that side that got a pair; those that were matched count on both. */
  | ({ readonly kind: 'rolled'; readonly accountId: AccountId } & Days & Entered)
  | { readonly kind: 'failed'; readonly accountId: AccountId; readonly failure: FailureKind | 'defect'; readonly cause: string };

interface Entered {
  inventive: number;
  google: number;
}

/** Accounts that are read at once, per process: the vendors have other work. */
const WIDTH = 4;
const LEASE_MS = 60_000;
const FIRST_BACKOFF_MS = 30_000;
const LONGEST_BACKOFF_MS = 900_000;

/**
 * The window moves with the days: an item that nobody touches is told by no message when its day enters. So once a day
 * the strip that entered is read on both sides and taken in, after what stands on both sides already was joined. What
 * leaves the window is not looked at: its pair lives on.
 */
export class RollWindows {
  private readonly failing = new Map<AccountId, { readonly times: number; readonly notBefore: number }>();

  constructor(private readonly parts: RollWindowParts) {}

  /** One look at all accounts; answers how many were rolled. `beat` tells that it goes on; after an abort it soon ends. */
  async turn(signal?: AbortSignal, beat: () => void = () => undefined): Promise<number> {
    const { accounts, windowDays, clock } = this.parts;
    const known = await windowDays.all();
    const now = clock.now();
    const due = (await accounts.all()).filter((account) =>
      account.state === 'live' && planRolling(account, rollingDay(account, now), known.get(account.id)) !== undefined && now >= (this.failing.get(account.id)?.notBefore ?? 0));
    let rolled = 0;
    const lane = async () => {
      for (let account = due.shift(); account !== undefined && signal?.aborted !== true; account = due.shift()) {
        if (await this.guarded(account.id, signal)) rolled += 1;
        beat();
      }
    };
    await Promise.all(Array.from({ length: WIDTH }, lane));
    return rolled;
  }

  /** One account that can't be read stops no other. */
  private async guarded(accountId: AccountId, signal: AbortSignal | undefined): Promise<boolean> {
    const { report } = this.parts;
    try {
      const rolled = await this.underLease(accountId, signal);
      this.failing.delete(accountId);
      return rolled;
    } catch (error) {
      const failure = error instanceof Failure ? error : undefined;
      this.wait(accountId, failure?.retryAfterMs);
      const cause = failure?.message ?? `a defect of ours (${error instanceof Error ? error.name : 'not an error'})`;
      report({ kind: 'failed', accountId, failure: failure?.kind ?? 'defect', cause });
      await this.tellAccount(accountId, failure?.kind);
      return false;
    }
  }

  private wait(accountId: AccountId, retryAfterMs = 0): void {
    const { clock, random } = this.parts;
    const times = (this.failing.get(accountId)?.times ?? 0) + 1;
    const backoffMs = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(times - 1, 10)) * (0.5 + random() / 2);
    this.failing.set(accountId, { times, notBefore: clock.now() + Math.max(retryAfterMs, backoffMs) });
  }

  private async tellAccount(accountId: AccountId, failure: FailureKind | undefined): Promise<void> {
    const state = failure === 'authorization' ? 'needs-consent' : failure === 'calendar' ? 'needs-calendar' : undefined;
    // Where the store is away too, the next call of Google says the same again.
    if (state !== undefined) await this.parts.accounts.changeState(accountId, ['live'], state, state).catch(() => false);
  }

  private async underLease(accountId: AccountId, signal: AbortSignal | undefined): Promise<boolean> {
    const lease = await this.parts.leases.acquire(`roll:${accountId}`, LEASE_MS);
    if (lease === undefined) return false;
    const held = { lease };
    try {
      return await this.roll(accountId, held, signal);
    } finally {
      await this.parts.leases.release(held.lease);
    }
  }

  private async roll(accountId: AccountId, held: { lease: Lease }, signal: AbortSignal | undefined): Promise<boolean> {
    const { accounts, windowDays, clock, report } = this.parts;
    const account = await accounts.current(accountId);
    if (account?.state !== 'live') return false;
    // Read under the lease: another replica may have done it since.
    const known = await windowDays.find(accountId);
    const rolling = planRolling(account, rollingDay(account, clock.now()), known);
    if (rolling === undefined) return false;
    const entered: Entered = { inventive: 0, google: 0 };
    for (const step of await this.stepsFor(account, rolling.entered, entered)) {
      if (signal?.aborted === true || !(await this.mayGoOn(account, held))) return false;
      await step();
    }
    // Last: after a crash before this the same strip is read again, and what was made of it is known then. A joining in
    // between has read more than we did, and its row stays.
    if (!(await windowDays.advance(accountId, known, rolling.after))) return false;
    report({ kind: 'rolled', accountId, ...rolling.entered, ...entered });
    return true;
  }

  /** A joining that begins meanwhile matches by itself, and would double what we make beside it. */
  private async mayGoOn(account: Account, held: { lease: Lease }): Promise<boolean> {
    const { accounts, leases } = this.parts;
    const current = await accounts.byId(account.id);
    if (current?.state !== 'live' || current.revision !== account.revision) return false;
    if (held.lease.remainingMs() > LEASE_MS / 2) return true;
    const renewed = await leases.renew(held.lease, LEASE_MS);
    if (renewed === undefined) return false;
    held.lease = renewed;
    return true;
  }

  /** Everything that is to be done with what entered, one item at a time. */
  private async stepsFor(account: Account, days: Days, entered: Entered): Promise<readonly (() => Promise<void>)[]> {
    const { takeIn, unpaired } = this.parts;
    const strips = await readTwoStrips(this.parts, account, days);
    const rows: Row[] = [];
    const events: Event[] = [];
    const known: Item[] = [];
    const elsewhere: Item[] = [];
    for (const row of strips.rows) {
      if (await this.isPaired(account, itemOf(row))) known.push(itemOf(row));
      // Never matched: it is noted with its reason, like what stands alone.
      else if (whyRowIsElsewhere(row.record, account) !== undefined) elsewhere.push(itemOf(row));
      else rows.push(row);
    }
    for (const event of strips.events) {
      if (whyEventIsLeftAlone(event.record, account) !== undefined) continue;
      if (await this.isPaired(account, itemOf(event))) known.push(itemOf(event));
      else events.push(event);
    }
    const matching = await matchStrips(rows, events, account, (item) => isOpenQuestion(unpaired, item, account));
    return [
      ...matching.pairs.map(({ inventive: row, google: event }) => () => this.pairUp(row, event, account, entered)),
      ...matching.ambiguous.map((found) => () => leaveToAPerson(unpaired, account, found)),
      ...[...matching.alone.map(itemOf), ...elsewhere].map((item) => () => this.takeInNew(item, account, entered)),
      ...known.map((item) => async () => void (await takeIn.entered(item, account))),
      ...strips.odd.map((odd) => () => unpaired.putUnlessWaiting(odd)),
    ];
  }

  private async isPaired(account: Account, item: Item): Promise<boolean> {
    const { pairs } = this.parts;
    if (item.side === 'google') {
      const { occurrence, id } = item.record;
      const pair = occurrence === undefined ? await pairs.byEvent(account.id, account.calendarId, id) : await pairs.byOccurrence(account.id, account.calendarId, occurrence);
      return pair !== undefined;
    }
    return (await pairs.byAppointment(item.record.source, item.record.id)).some((pair) => pair.accountId === account.id);
  }

  private async takeInNew(item: Item, account: Account, entered: Entered): Promise<void> {
    const made = await this.parts.takeIn.entered(item, account);
    if (made.length > 0) entered[item.side] += 1;
  }

  private async pairUp(row: Row, event: Event, account: Account, entered: Entered): Promise<void> {
    const { pairs, unpaired, clock } = this.parts;
    const pair = pairFoundOnBothSides(row, event, account, clock.now());
    if ((await pairs.insert(imported(pair), 'import')) === 'exists') {
      // A message about one of the two was faster.
      await this.takeInNew({ side: 'inventive', record: row.record }, account, entered);
      await this.takeInNew({ side: 'google', record: event.record }, account, entered);
      return;
    }
    await unpaired.remove(account.id, 'inventive', row.id);
    await unpaired.remove(account.id, 'google', event.id);
    entered.inventive += 1;
    entered.google += 1;
  }
}
