import { randomUUID } from 'node:crypto';
import type { AccountId, AppointmentRecord, GoogleEventRecord } from '@calsync/calendar-model';
import type { Message } from '@calsync/event-contracts';
import { matchSides } from '@calsync/sync-core';
import type { Account, AccountDirectory } from '../ports/account.js';
import type { Clock } from '../ports/clock.js';
import type { MessagePublisher } from '../ports/event-log.js';
import type { InventiveAgenda } from '../ports/inventive-agenda.js';
import type { Lease, Leases } from '../ports/lease.js';
import { whyNoPairForAppointment, whyNoPairForEvent } from './eligibility.js';
import { learnEvent } from './learn.js';
import { UNSEEN, type Pair } from './pair.js';
import type { JoiningStore, PairStore, UnpairedItem, UnpairedStore } from './ports.js';
import { markedAppointment, pairBornInGoogle, pairBornInInventive, type TakeIn } from './take-in.js';

export interface JoinAccountParts {
  readonly pairs: PairStore;
  readonly unpaired: UnpairedStore;
  readonly joining: JoiningStore;
  readonly accounts: AccountDirectory;
  readonly inventive: Pick<InventiveAgenda, 'readAgenda'>;
  readonly publisher: MessagePublisher;
  readonly leases: Leases;
  readonly clock: Clock;
  readonly takeIn: TakeIn;
  readonly todayIn: (zone: string) => string;
  readonly report: (event: JoinEvent) => void;
}
export type JoinEvent =
  | { readonly kind: 'waiting-for-google'; readonly accountId: AccountId }
  | { readonly kind: 'joined'; readonly accountId: AccountId; readonly matched: number; readonly fromInventive: number; readonly fromGoogle: number; readonly ambiguous: number };

const LEASE_MS = 60_000;
/** Nobody holds an older answer to "is this user linked?" than this, so nothing was dropped after we read the agenda. */
const LINK_LOOKUP_TTL_MS = 5_000;
/** A full list that hasn't come by then is asked for again; asking twice does no harm. */
const ASK_AGAIN_MS = 20_000;

/**
 * Linking, and switching on again: while an account is `joining`, intake makes no pairs. Once both sides are complete
 * (Google's last page; Inventive read by owner and date) one step makes all pairs: by marks, then by equal time and
 * subject, then singles; only then is the account live. So what stands on both sides already is joined, never doubled.
 */
export class JoinAccounts {
  private readonly askedAt = new Map<AccountId, number>();

  constructor(private readonly parts: JoinAccountParts) {}

  /** One look at all accounts; answers how many were joined. */
  async turn(): Promise<number> {
    let joined = 0;
    for (const account of await this.parts.accounts.all()) {
      if (account.state === 'joining' && (await this.tryJoin(account))) joined += 1;
    }
    return joined;
  }

  /** Items that were kept while an account joined, by an intake that hadn't heard yet that it is live. */
  async drain(): Promise<void> {
    for (const accountId of await this.parts.unpaired.accountsWaiting()) {
      const account = await this.parts.accounts.byId(accountId);
      if (account?.state !== 'live') continue;
      for (const item of await this.parts.unpaired.waiting(accountId)) {
        if (item.record === undefined) continue;
        if (item.side === 'inventive') await this.parts.takeIn.appointment(item.record);
        else await this.parts.takeIn.event({ accountId, calendarId: item.calendarId }, item.record, account.zone);
        // Taken in is paired, or kept anew without its record and with the reason why not.
        if (await this.isPaired(item)) await this.parts.unpaired.remove(accountId, item.side, item.itemId);
      }
    }
  }

  private async isPaired(item: UnpairedItem): Promise<boolean> {
    if (item.side === 'google') return (await this.parts.pairs.byEvent(item.accountId, item.calendarId, item.itemId)) !== undefined;
    const pairs = item.record === undefined ? [] : await this.parts.pairs.byAppointment(item.record.source, item.itemId);
    return pairs.some((pair) => pair.accountId === item.accountId);
  }

  private async tryJoin(account: Account): Promise<boolean> {
    const { joining, clock } = this.parts;
    const state = await joining.begin(account.id, clock.now());
    if (clock.now() - state.startedAt < LINK_LOOKUP_TTL_MS) return false;
    if (!state.googleListed) {
      await this.askForFullList(account.id);
      return false;
    }
    const lease = await this.parts.leases.acquire(`join:${account.id}`, LEASE_MS);
    if (lease === undefined) return false;
    try {
      return await this.join(account, lease);
    } finally {
      await this.parts.leases.release(lease);
    }
  }

  private async join(account: Account, lease: Lease): Promise<boolean> {
    const { pairs, unpaired, accounts, joining, report } = this.parts;
    const known = await pairs.idsOfAccount(account.id);
    // A resumed account: what happened meanwhile on either side is read, pair by pair.
    if (known.length > 0) await pairs.markForReading(known);

    const rows = await this.unpairedRows(account);
    const events = (await unpaired.waiting(account.id)).flatMap((item) => (item.side === 'google' && item.record !== undefined ? [item.record] : []));
    const matching = matchSides(
      rows.map((record) => ({ item: record, fields: record.fields, id: record.id, zone: record.zone })),
      events.map((record) => ({ item: record, fields: record.fields, markedId: markedAppointment(record, account)?.appointmentId, zone: record.zone ?? account.zone })),
    );
    for (const [row, event] of matching.matched) {
      await this.pairUp(row.item, event.item, account);
      if (lease.remainingMs() < LEASE_MS / 2 && (await this.parts.leases.renew(lease, LEASE_MS)) === undefined) return false;
    }
    for (const item of matching.ambiguous) await this.keepAmbiguous(account, item);
    const fromInventive = await this.startSingles(account, matching.onlyInventive.map(({ item }) => item));
    const fromGoogle = await this.startSinglesOfGoogle(account, matching.onlyGoogle.map(({ item }) => item));

    if (!(await accounts.changeState(account.id, ['joining'], 'live'))) return false;
    await joining.end(account.id);
    report({ kind: 'joined', accountId: account.id, matched: matching.matched.length, fromInventive, fromGoogle, ambiguous: matching.ambiguous.length });
    return true;
  }

  /** The agenda in the window, without what has a pair. */
  private async unpairedRows(account: Account): Promise<readonly AppointmentRecord[]> {
    const today = Temporal.PlainDate.from(this.parts.todayIn(account.zone));
    const from = today.subtract({ days: account.daysBefore }).toString();
    const until = today.add({ days: account.daysAfter }).toString();
    const rows = await this.parts.inventive.readAgenda(account.source, account.userId, from, until);
    const found: AppointmentRecord[] = [];
    for (const row of rows) {
      const pairs = await this.parts.pairs.byAppointment(row.source, row.id);
      if (!pairs.some((pair) => pair.accountId === account.id)) found.push(row);
    }
    return found;
  }

  private async pairUp(row: AppointmentRecord, event: GoogleEventRecord, account: Account): Promise<void> {
    const { pairs, clock, unpaired } = this.parts;
    const start = pairBornInInventive(row, account, clock.now());
    const google = learnEvent(UNSEEN, event, undefined, clock.now());
    const marked = markedAppointment(event, account);
    const pair: Pair = { ...start, eventId: event.id, googleGeneration: marked?.generation ?? 0, ...(google.kind === 'changed' ? { google: google.side } : {}) };
    await pairs.insert(pair, 'import');
    await unpaired.remove(account.id, 'google', event.id);
    await unpaired.remove(account.id, 'inventive', row.id);
  }

  private async startSingles(account: Account, rows: readonly AppointmentRecord[]): Promise<number> {
    const { pairs, unpaired, todayIn, clock } = this.parts;
    const live: Account = { ...account, state: 'live' };
    let started = 0;
    for (const row of rows) {
      const reason = whyNoPairForAppointment(row, live, todayIn(row.zone));
      if (reason !== undefined) {
        await unpaired.put({ side: 'inventive', accountId: account.id, itemId: row.id, reason });
        continue;
      }
      if ((await pairs.insert(pairBornInInventive(row, account, clock.now()), 'import')) === 'inserted') started += 1;
      await unpaired.remove(account.id, 'inventive', row.id);
    }
    return started;
  }

  private async startSinglesOfGoogle(account: Account, events: readonly GoogleEventRecord[]): Promise<number> {
    const { pairs, unpaired, todayIn, clock } = this.parts;
    const live: Account = { ...account, state: 'live' };
    let started = 0;
    for (const event of events) {
      const reason = whyNoPairForEvent(event, live, todayIn(account.zone), account.zone);
      if (reason !== undefined) {
        await unpaired.put({ side: 'google', accountId: account.id, calendarId: event.calendarId, itemId: event.id, reason });
        continue;
      }
      if ((await pairs.insert(pairBornInGoogle(event, account, clock.now()), 'import')) === 'inserted') started += 1;
      await unpaired.remove(account.id, 'google', event.id);
    }
    return started;
  }

  private async keepAmbiguous(account: Account, found: { rows: readonly { item: AppointmentRecord }[]; events: readonly { item: GoogleEventRecord }[] }): Promise<void> {
    const { unpaired } = this.parts;
    for (const { item } of found.rows) await unpaired.put({ side: 'inventive', accountId: account.id, itemId: item.id, reason: 'ambiguous-match' });
    for (const { item } of found.events) {
      await unpaired.put({ side: 'google', accountId: account.id, calendarId: item.calendarId, itemId: item.id, reason: 'ambiguous-match' });
    }
  }

  private async askForFullList(accountId: AccountId): Promise<void> {
    const { clock, publisher, report } = this.parts;
    const now = clock.now();
    if (now - (this.askedAt.get(accountId) ?? now - ASK_AGAIN_MS + LINK_LOOKUP_TTL_MS) < ASK_AGAIN_MS) return;
    this.askedAt.set(accountId, now);
    report({ kind: 'waiting-for-google', accountId });
    const at = new Date(now).toISOString();
    const commandId = randomUUID();
    const command: Message = { type: 'nl.inventive.sync.resync.requested.v1', id: commandId, key: accountId, source: '/reconciler', time: at, data: { commandId, accountId, at } };
    await publisher.publish([command]);
  }
}

