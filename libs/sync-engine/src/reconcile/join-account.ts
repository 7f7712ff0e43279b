import { v5 as uuidV5 } from 'uuid';
import type { AccountId, AppointmentRecord, GoogleEventRecord, Reason } from '@calsync/calendar-model';
import type { Message } from '@calsync/event-contracts';
import { matchSides, windowDays, type GoogleItem, type InventiveItem } from '@calsync/sync-core';
import type { Account, AccountDirectory } from '../ports/account.js';
import type { Clock } from '../ports/clock.js';
import type { MessagePublisher } from '../ports/event-log.js';
import type { GoogleEvents } from '../ports/google-events.js';
import type { InventiveAgenda } from '../ports/inventive-agenda.js';
import type { Lease, Leases } from '../ports/lease.js';
import { whyEventIsLeftAlone, whyNoPairForAppointment, whyNoPairForEvent } from './eligibility.js';
import { whyRowIsElsewhere } from './place.js';
import type { JoiningStore, PairStore, UnpairedItem, UnpairedStore, WaitingItem } from './ports.js';
import { imported, madeAs, pairBornInGoogle, pairBornInInventive, pairBornOnBothSides } from './born-pair.js';
import { occurrencesToJoin } from './join-series.js';
import { readOpenQuestions, withoutAsked, type OpenQuestions } from './open-questions.js';
import type { SeriesStore } from './series.js';
import { seenSubject } from './two-strips.js';
import { orderInventive } from './versions.js';
import type { Days, WindowDayStore } from './window-days.js';

export interface JoinAccountParts {
  readonly pairs: PairStore;
  readonly unpaired: UnpairedStore;
  readonly joining: JoiningStore;
  readonly windowDays: WindowDayStore;
  readonly accounts: AccountDirectory;
  readonly inventive: Pick<InventiveAgenda, 'readAgenda' | 'read'>;
  readonly google: Pick<GoogleEvents, 'listDays' | 'get'>;
  readonly series: SeriesStore;
  readonly publisher: MessagePublisher;
  readonly leases: Leases;
  readonly clock: Clock;
  readonly todayIn: (zone: string) => string;
  readonly report: (event: JoinEvent) => void;
}
export type JoinEvent =
  | { readonly kind: 'waiting-for-google'; readonly accountId: AccountId }
  | { readonly kind: 'failed'; readonly accountId: AccountId; readonly cause: string }
  | { readonly kind: 'joined'; readonly accountId: AccountId; readonly matched: number; readonly fromInventive: number; readonly fromGoogle: number; readonly ambiguous: number };

type WaitingRow = Extract<WaitingItem, { side: 'inventive' }>;
type WaitingEvent = Extract<WaitingItem, { side: 'google' }>;
type Row = InventiveItem & { readonly record: AppointmentRecord; readonly waiting: WaitingRow | undefined };
/** An occurrence doesn't wait: its master was told, and it was listed. */
type Event = GoogleItem & { readonly record: GoogleEventRecord; readonly waiting: WaitingEvent | undefined };

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
export class JoinAccount {
  private readonly askedAt = new Map<AccountId, number>();

  constructor(private readonly parts: JoinAccountParts) {}

  /** One step of it, as far as both sides are; true where it is done. */
  async tryJoin(account: Account): Promise<boolean> {
    const { joining, clock } = this.parts;
    const state = await joining.begin(account.id, clock.now(), account.revision ?? 0);
    if (clock.now() - state.startedAt < LINK_LOOKUP_TTL_MS) return false;
    if (!state.googleListed) {
      await this.askForFullList(account.id, state.startedAt);
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
    // Before anything is read: should midnight pass meanwhile, the day that enters then is read by the next roll.
    const todayOn = this.parts.todayIn(account.zone);
    const days = windowDays({ ...account, todayOn });
    const occurrences = await occurrencesToJoin(this.parts, account, days);
    const questions = await readOpenQuestions(this.parts, account);
    const events = unlike([...(await this.unpairedEvents(account)), ...[...occurrences.records, ...questions.events].flatMap((record) => eventOf(record, undefined, account) ?? [])]);
    const matching = await withoutAsked(matchSides(await this.unpairedRows(account, days), events, account.installation), ({ record }) => questions.isAsked(record));
    for (const { inventive, google } of matching.pairs) {
      await this.pairUp(inventive, google, account);
      if (lease.remainingMs() < LEASE_MS / 2 && (await this.parts.leases.renew(lease, LEASE_MS)) === undefined) return false;
    }
    for (const item of matching.ambiguous) await this.keepAmbiguous(account, item, questions);
    const fromInventive = await this.startSingles(account, matching.inventiveSingles);
    // An event whose marks name an appointment outside the days that were read: its pair begins with reading that row.
    const marked = matching.leftAlone.filter(({ why }) => why === 'appointment-not-listed').map(({ google }) => google);
    const fromGoogle = await this.startSinglesOfGoogle(account, [...matching.googleSingles, ...marked]);
    for (const { google, why } of matching.leftAlone) {
      if (why === 'other-installation' && google.waiting !== undefined) await this.leave(google.waiting, 'marked-by-other-installation');
    }

    await occurrences.settle();

    // A resumed account: what happened meanwhile on either side is read, pair by pair. Last, so that a joining that fails
    // above and is tried again doesn't read them all each time.
    if (known.length > 0) await pairs.markForReading(known);
    // Not where a person has changed the settings meanwhile: then it is joined anew, by those. From the start: what the old
    // settings left out of the list is known no more, and what grew into the window would be doubled.
    await this.parts.windowDays.set(account.id, { rolledOn: todayOn, coveredUntilOn: days.untilOn });
    const live = await accounts.changeState(account.id, ['joining'], 'live', undefined, account.revision ?? 0);
    await joining.end(account.id);
    this.askedAt.delete(account.id);
    if (!live) return false;
    report({ kind: 'joined', accountId: account.id, matched: matching.pairs.length, fromInventive, fromGoogle, ambiguous: matching.ambiguous.length });
    return true;
  }

  /** The agenda in the window, without what has a pair. */
  private async unpairedRows(account: Account, { fromOn, untilOn }: Days): Promise<readonly Row[]> {
    // What waits was told by messages; it is read first, so that the agenda is at least as new, or the drain finds the rest.
    const waiting = new Map((await this.parts.unpaired.waiting(account.id)).flatMap((item) => (item.side === 'inventive' ? [[item.itemId, item] as const] : [])));
    const { records, unreadable } = await this.parts.inventive.readAgenda(account.source, account.userId, fromOn, untilOn);
    // One odd row never keeps an account from joining; whoever mends it makes it news.
    for (const { id } of unreadable) await this.parts.unpaired.put({ side: 'inventive', accountId: account.id, itemId: id, reason: 'not-understood' });
    const found: Row[] = [];
    for (const record of records) {
      const { when } = record.fields;
      const pairs = await this.parts.pairs.byAppointment(record.source, record.id);
      if (when === undefined || pairs.some((pair) => pair.accountId === account.id)) continue;
      const row = { id: record.id, when, ...seenSubject(record), record, waiting: waiting.get(record.id) };
      const elsewhere = whyRowIsElsewhere(record, account);
      if (elsewhere === undefined) found.push(row);
      else await this.settleRow(row, { side: 'inventive', accountId: account.id, itemId: record.id, reason: elsewhere });
    }
    return found;
  }

  /** What of the Google calendar may get a pair; the rest is noted with its reason. */
  private async unpairedEvents(account: Account): Promise<readonly Event[]> {
    const found: Event[] = [];
    for (const item of await this.parts.unpaired.waiting(account.id)) {
      if (item.side !== 'google') continue;
      const { record } = item;
      const reason = whyEventIsLeftAlone(record, account);
      // Paired by a joining that ended half-way: what waits is told to its pair once the account is live.
      if (await isPaired(this.parts.pairs, item)) continue;
      const event = eventOf(record, item, account);
      if (reason !== undefined || event === undefined) await this.leave(item, reason ?? 'event-type-not-synchronised');
      else found.push(event);
    }
    return found;
  }

  private async leave(item: WaitingEvent, reason: Reason): Promise<void> {
    const { side, accountId, calendarId, itemId, record } = item;
    // Where a person has to say, the record stays: told again unchanged, it is still for them to say.
    await this.parts.unpaired.settle(item, { side, accountId, calendarId, itemId, reason, ...(reason === 'ambiguous-match' ? { record } : {}) });
  }

  private async pairUp(row: Row, event: Event, account: Account): Promise<void> {
    const { pairs, clock } = this.parts;
    const pair = pairBornOnBothSides(row.record, event.record, account, clock.now());
    if ((await pairs.insert(imported(pair), 'import')) === 'exists') {
      // One of the two was paired a moment ago by a message. What waits is taken in by itself once the account is live.
      await this.settleRow(row, { side: 'inventive', accountId: account.id, itemId: row.id, reason: 'account-joining', record: row.record });
      return;
    }
    await this.pairedEvent(event, account);
    await this.paired(row, account);
  }

  /** A newer state that waits stays: it is told to the pair once the account is live, or decided then. */
  private async settleRow({ record, waiting }: Row, instead: UnpairedItem | undefined): Promise<void> {
    const { unpaired } = this.parts;
    if (waiting !== undefined && orderInventive(waiting.record.version, record.version) !== 'newer') await unpaired.settle(waiting, instead);
    else if (instead !== undefined) await unpaired.putUnlessWaiting(instead);
  }

  /** It has a pair now: what was noted before (outside the window of then, of another administration) is true no more. */
  private async paired(row: Row, { id }: Account): Promise<void> {
    await this.settleRow(row, undefined);
    await this.parts.unpaired.removeUnlessWaiting(id, 'inventive', row.id);
  }

  private async pairedEvent({ id, waiting }: Event, account: Account): Promise<void> {
    const { unpaired } = this.parts;
    if (waiting !== undefined) await unpaired.settle(waiting);
    else await unpaired.removeUnlessWaiting(account.id, 'google', id);
  }

  private async startSingles(account: Account, rows: readonly Row[]): Promise<number> {
    const { pairs, unpaired, todayIn, clock } = this.parts;
    const live: Account = { ...account, state: 'live' };
    let started = 0;
    for (const row of rows) {
      const reason = whyNoPairForAppointment(row.record, live, todayIn(row.record.zone));
      if (reason !== undefined) {
        await this.settleRow(row, { side: 'inventive', accountId: account.id, itemId: row.id, reason });
        continue;
      }
      if ((await pairs.insert(imported(pairBornInInventive(row.record, account, clock.now())), 'import')) === 'inserted') started += 1;
      else if (!(await pairs.byAppointment(account.source, row.id)).some(({ accountId }) => accountId === account.id)) {
        // Its event goes on with another row: the drain gives it a pair of its own.
        if (row.waiting === undefined) await unpaired.put({ side: 'inventive', accountId: account.id, itemId: row.id, reason: 'account-joining', record: row.record });
        continue;
      }
      await this.paired(row, account);
    }
    return started;
  }

  private async startSinglesOfGoogle(account: Account, events: readonly Event[]): Promise<number> {
    const { pairs, todayIn, clock } = this.parts;
    const live: Account = { ...account, state: 'live' };
    let started = 0;
    for (const one of events) {
      const { record: event, waiting } = one;
      const reason = whyNoPairForEvent(event, live, todayIn(account.zone), account.zone);
      if (reason !== undefined) {
        if (waiting !== undefined) await this.leave(waiting, reason);
        continue;
      }
      // Where the appointment that its marks name has a pair, it is a copy: the drain takes it in as an event of its own.
      if ((await pairs.insert(imported(pairBornInGoogle(event, account, clock.now())), 'import')) === 'exists') continue;
      started += 1;
      await this.pairedEvent(one, account);
    }
    return started;
  }

  private async keepAmbiguous(account: Account, found: { readonly inventive: readonly Row[]; readonly google: readonly Event[] }, { isAsked }: OpenQuestions): Promise<void> {
    // What was asked before stays as it was asked.
    for (const row of found.inventive) if (!isAsked(row.record)) await this.settleRow(row, { side: 'inventive', accountId: account.id, itemId: row.id, reason: 'ambiguous-match', record: row.record });
    for (const { waiting, record } of found.google) {
      if (waiting !== undefined) await this.leave(waiting, 'ambiguous-match');
      else if (!isAsked(record)) await this.parts.unpaired.put({ side: 'google', accountId: account.id, calendarId: record.calendarId, itemId: record.id, reason: 'ambiguous-match', record });
    }
  }

  /** Linking and settings ask for the list themselves; this is for one that never came, or began too early to count. */
  private async askForFullList(accountId: AccountId, startedAt: number): Promise<void> {
    const { clock, publisher, report } = this.parts;
    const now = clock.now();
    if (now - Math.max(startedAt, this.askedAt.get(accountId) ?? 0) < ASK_AGAIN_MS) return;
    this.askedAt.set(accountId, now);
    report({ kind: 'waiting-for-google', accountId });
    const at = new Date(now).toISOString();
    const commandId = uuidV5(`${accountId}/${at}`, uuidV5.URL);
    const command: Message = { type: 'nl.inventive.sync.resync.requested.v1', id: commandId, key: accountId, source: '/reconciler', time: at, data: { commandId, accountId, at } };
    await publisher.publish([command]);
  }
}

/** A question about an occurrence is listed with its series, too. What waits comes first, and stays. */
const unlike = (events: readonly Event[]): readonly Event[] => [...new Map(events.toReversed().map((event) => [event.id, event])).values()].toReversed();

function eventOf(record: GoogleEventRecord, waiting: WaitingEvent | undefined, account: Account): Event | undefined {
  const { when, subject } = record.fields;
  if (when === undefined) return undefined;
  return { id: record.id, when, ...(subject === undefined ? {} : { subject }), ...(record.marks ? { marks: record.marks } : {}), madeAs: madeAs(record, account), record, waiting };
}

export async function isPaired(pairs: Pick<PairStore, 'byEvent' | 'byAppointment'>, item: WaitingItem): Promise<boolean> {
  if (item.side === 'google') return (await pairs.byEvent(item.accountId, item.calendarId, item.itemId)) !== undefined;
  return (await pairs.byAppointment(item.record.source, item.itemId)).some((pair) => pair.accountId === item.accountId);
}
