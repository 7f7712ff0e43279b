import { v5 as uuidV5 } from 'uuid';
import type { AccountId, AppointmentRecord, GoogleEventRecord, Reason } from '@calsync/calendar-model';
import type { Message } from '@calsync/event-contracts';
import { matchSides, type GoogleItem, type InventiveItem } from '@calsync/sync-core';
import type { Account, AccountDirectory } from '../ports/account.js';
import type { Clock } from '../ports/clock.js';
import type { MessagePublisher } from '../ports/event-log.js';
import type { InventiveAgenda } from '../ports/inventive-agenda.js';
import type { Lease, Leases } from '../ports/lease.js';
import { whyEventIsLeftAlone, whyNoPairForAppointment, whyNoPairForEvent } from './eligibility.js';
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

type Row = InventiveItem & { readonly record: AppointmentRecord };
type Event = GoogleItem & { readonly record: GoogleEventRecord };

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
    const { pairs, accounts, joining, report } = this.parts;
    const known = await pairs.idsOfAccount(account.id);
    // A resumed account: what happened meanwhile on either side is read, pair by pair.
    if (known.length > 0) await pairs.markForReading(known);

    const matching = matchSides(await this.unpairedRows(account), await this.unpairedEvents(account), account.installation);
    for (const { inventive, google } of matching.pairs) {
      await this.pairUp(inventive.record, google.record, account);
      if (lease.remainingMs() < LEASE_MS / 2 && (await this.parts.leases.renew(lease, LEASE_MS)) === undefined) return false;
    }
    for (const item of matching.ambiguous) await this.keepAmbiguous(account, item);
    const fromInventive = await this.startSingles(account, matching.inventiveSingles);
    // An event whose marks name an appointment outside the days that were read: its pair begins with reading that row.
    const marked = matching.leftAlone.filter(({ why }) => why === 'appointment-not-listed').map(({ google }) => google);
    const fromGoogle = await this.startSinglesOfGoogle(account, [...matching.googleSingles, ...marked]);
    for (const { google, why } of matching.leftAlone) {
      if (why === 'other-installation') await this.leave(account, google.record, 'marked-by-other-installation');
    }

    if (!(await accounts.changeState(account.id, ['joining'], 'live'))) return false;
    await joining.end(account.id);
    report({ kind: 'joined', accountId: account.id, matched: matching.pairs.length, fromInventive, fromGoogle, ambiguous: matching.ambiguous.length });
    return true;
  }

  /** The agenda in the window, without what has a pair. */
  private async unpairedRows(account: Account): Promise<readonly Row[]> {
    const today = Temporal.PlainDate.from(this.parts.todayIn(account.zone));
    const from = today.subtract({ days: account.daysBefore }).toString();
    const until = today.add({ days: account.daysAfter }).toString();
    const rows = await this.parts.inventive.readAgenda(account.source, account.userId, from, until);
    const found: Row[] = [];
    for (const record of rows) {
      const { when, subject } = record.fields;
      const pairs = await this.parts.pairs.byAppointment(record.source, record.id);
      if (when === undefined || pairs.some((pair) => pair.accountId === account.id)) continue;
      found.push({ id: record.id, when, ...(subject === undefined ? {} : { subject }), record });
    }
    return found;
  }

  /** What of the Google calendar may get a pair; the rest is noted with its reason. */
  private async unpairedEvents(account: Account): Promise<readonly Event[]> {
    const found: Event[] = [];
    for (const item of await this.parts.unpaired.waiting(account.id)) {
      if (item.side !== 'google' || item.record === undefined) continue;
      const { record } = item;
      const { when, subject } = record.fields;
      const reason = whyEventIsLeftAlone(record);
      if (reason !== undefined || when === undefined) await this.leave(account, record, reason ?? 'event-type-not-synchronised');
      else found.push({ id: record.id, when, ...(subject === undefined ? {} : { subject }), ...(record.marks ? { marks: record.marks } : {}), record });
    }
    return found;
  }

  private async leave(account: Account, record: GoogleEventRecord, reason: Reason): Promise<void> {
    await this.parts.unpaired.put({ side: 'google', accountId: account.id, calendarId: record.calendarId, itemId: record.id, reason });
  }

  private async pairUp(row: AppointmentRecord, event: GoogleEventRecord, account: Account): Promise<void> {
    const { pairs, clock, unpaired } = this.parts;
    const start = pairBornInInventive(row, account, clock.now());
    const google = learnEvent(UNSEEN, event, undefined, clock.now());
    const marked = markedAppointment(event, account);
    const pair: Pair = { ...start, eventId: event.id, googleGeneration: marked?.generation ?? 0, ...(google.kind === 'changed' ? { google: google.side } : {}) };
    await pairs.insert(imported(pair), 'import');
    await unpaired.remove(account.id, 'google', event.id);
    await unpaired.remove(account.id, 'inventive', row.id);
  }

  private async startSingles(account: Account, rows: readonly Row[]): Promise<number> {
    const { pairs, unpaired, todayIn, clock } = this.parts;
    const live: Account = { ...account, state: 'live' };
    let started = 0;
    for (const { record: row } of rows) {
      const reason = whyNoPairForAppointment(row, live, todayIn(row.zone));
      if (reason !== undefined) {
        await unpaired.put({ side: 'inventive', accountId: account.id, itemId: row.id, reason });
        continue;
      }
      if ((await pairs.insert(imported(pairBornInInventive(row, account, clock.now())), 'import')) === 'inserted') started += 1;
      await unpaired.remove(account.id, 'inventive', row.id);
    }
    return started;
  }

  private async startSinglesOfGoogle(account: Account, events: readonly Event[]): Promise<number> {
    const { pairs, unpaired, todayIn, clock } = this.parts;
    const live: Account = { ...account, state: 'live' };
    let started = 0;
    for (const { record: event } of events) {
      const reason = whyNoPairForEvent(event, live, todayIn(account.zone), account.zone);
      if (reason !== undefined) {
        await this.leave(account, event, reason);
        continue;
      }
      if ((await pairs.insert(imported(pairBornInGoogle(event, account, clock.now())), 'import')) === 'inserted') started += 1;
      await unpaired.remove(account.id, 'google', event.id);
    }
    return started;
  }

  private async keepAmbiguous(account: Account, found: { readonly inventive: readonly Row[]; readonly google: readonly Event[] }): Promise<void> {
    const { unpaired } = this.parts;
    for (const { id } of found.inventive) await unpaired.put({ side: 'inventive', accountId: account.id, itemId: id, reason: 'ambiguous-match' });
    for (const { record } of found.google) await this.leave(account, record, 'ambiguous-match');
  }

  private async askForFullList(accountId: AccountId): Promise<void> {
    const { clock, publisher, report } = this.parts;
    const now = clock.now();
    if (now - (this.askedAt.get(accountId) ?? now - ASK_AGAIN_MS + LINK_LOOKUP_TTL_MS) < ASK_AGAIN_MS) return;
    this.askedAt.set(accountId, now);
    report({ kind: 'waiting-for-google', accountId });
    const at = new Date(now).toISOString();
    const commandId = uuidV5(`${accountId}/${at}`, uuidV5.URL);
    const command: Message = { type: 'nl.inventive.sync.resync.requested.v1', id: commandId, key: accountId, source: '/reconciler', time: at, data: { commandId, accountId, at } };
    await publisher.publish([command]);
  }
}


/** A person asked for these by linking: the brake on creations doesn't count them. */
const imported = (pair: Pair): Pair => ({ ...pair, imported: true });
