import type { AppointmentRecord, GoogleEventRecord, Instant, InventiveId, InventiveVersion, PairId, SourceName } from '@calsync/calendar-model';
import type { Account, AccountDirectory } from '../ports/account.js';
import type { Clock } from '../ports/clock.js';
import type { CalendarRef } from '../ports/google-events.js';
import { imported, pairBornInGoogle, pairBornInInventive } from './born-pair.js';
import { whyNoPairForAppointment, whyNoPairForEvent } from './eligibility.js';
import { stoodInFormerCalendar } from './kept-elsewhere.js';
import { isNotBegun } from './left-window.js';
import { learnAppointment, learnAppointmentDeleted, learnEvent, type Learnt } from './learn.js';
import { Occurrences } from './occurrences.js';
import { isOpenQuestion, leavesQuestion } from './open-questions.js';
import type { Pair } from './pair.js';
import type { JoiningStore, PairStore, UnpairedStore, WaitingItem } from './ports.js';
import type { SeriesIntakeParts } from './take-in-series.js';
import { TakeInSeries } from './take-in-series.js';
import { orderInventive } from './versions.js';

export interface TakeInParts {
  readonly pairs: PairStore;
  readonly unpaired: UnpairedStore;
  readonly joining: JoiningStore;
  readonly accounts: Pick<AccountDirectory, 'byUser' | 'byId' | 'current'>;
  readonly clock: Clock;
  /** The day that it is for people in this zone, `YYYY-MM-DD`. */
  readonly todayIn: (zone: string) => string;
  readonly series: SeriesIntakeParts['series'];
  readonly wakeSeries: SeriesIntakeParts['wakeSeries'];
}

/** Pairs that became due; whoever took the message in may work on them at once. */
export type TakenIn = readonly PairId[];

/** Where a message about a Google event comes from: the pull that read it. */
export interface Told {
  readonly pull: string;
}

/** An item of one side as it was read. */
export type Item = { readonly side: 'inventive'; readonly record: AppointmentRecord } | { readonly side: 'google'; readonly record: GoogleEventRecord };

/**
 * `kept`: it waited here while its account joined. `entered`: read by us, because its day entered the window. `missed`: read
 * by us, and no message had told of it.
 */
type News = 'fresh' | 'kept' | 'entered' | 'missed';

/** What was last changed longer ago is told late, or told again: it may be gone by now. */
const FRESH_MS = 60_000;

/**
 * Intake: an event says "this is how that side looks now". It stores the side's snapshot on the pairs it belongs to,
 * creates the pair where there is none, and marks them due. It never plans, writes or calls a vendor, so that no slow
 * account holds up a partition. Taking in anything twice, or late, changes nothing.
 */
export class TakeIn {
  /** The pull, per calendar, of which something was taken in while its account wasn't joining: as a list it has gaps. */
  private readonly pullsWithGaps = new Map<string, string>();

  private readonly series: TakeInSeries;

  constructor(private readonly parts: TakeInParts) {
    this.series = new TakeInSeries({ ...parts, occurrences: new Occurrences(parts) });
  }

  async appointment(record: AppointmentRecord): Promise<TakenIn> {
    const pairs = await this.parts.pairs.byAppointment(record.source, record.id);
    const due = await this.learnInventive(pairs, (pair) => learnAppointment(pair.inventive, record, pair.base, this.parts.clock.now()));
    const account = await this.parts.accounts.byUser(record.source, record.ownerId);
    // The owner decides only whether a new pair is made.
    if (account === undefined || pairs.some((pair) => pair.accountId === account.id)) return due;
    return [...due, ...(await this.newFromAppointment(record, account, 'fresh'))];
  }

  async appointmentDeleted(source: SourceName, id: InventiveId, version: InventiveVersion): Promise<TakenIn> {
    const { pairs: store, unpaired } = this.parts;
    const pairs = await store.byAppointment(source, id);
    // Nobody has to say any more where it belongs.
    for (const asked of await unpaired.questionsAbout(id)) {
      const isOlder = asked.side === 'inventive' && asked.record !== undefined && orderInventive(version, asked.record.version) === 'newer';
      if (isOlder) await unpaired.remove(asked.accountId, 'inventive', id);
    }
    return this.learnInventive(pairs, (pair) => learnAppointmentDeleted(pair.inventive, id, version, this.parts.clock.now()));
  }

  async event(calendar: CalendarRef, record: GoogleEventRecord, { pull }: Told): Promise<TakenIn> {
    const pair = record.shape === 'single' ? await this.parts.pairs.byEvent(calendar.accountId, calendar.calendarId, record.id) : undefined;
    if (pair !== undefined) return this.learnGoogle(pair, record);
    // Not from the cache: what is dropped here because an account was off, or its window smaller, is told by no one again.
    const account = await this.parts.accounts.current(calendar.accountId);
    if (account?.state !== 'joining') this.pullsWithGaps.set(keyOf(calendar), pull);
    if (record.shape === 'occurrence') return this.series.occurrence(calendar, record, account);
    if (account === undefined || account.calendarId !== calendar.calendarId) return [];
    if (record.shape === 'master') {
      await this.series.master(calendar, record);
      // What waits under its id is the single event that it was.
      await this.parts.unpaired.remove(account.id, 'google', record.id);
      return [];
    }
    if (await this.series.wasMaster(calendar, record)) return [];
    if (record.status === 'cancelled') {
      await this.parts.unpaired.remove(account.id, 'google', record.id);
      return [];
    }
    return this.newFromEvent(record, account, 'fresh');
  }

  /**
   * Everything that the full list held was taken in before this message: they share key and partition. It counts for a
   * joining only if all of it was kept; a list that began before would leave out what both sides hold, and double it.
   */
  async calendarListed(calendar: CalendarRef, pull: string): Promise<void> {
    const account = await this.parts.accounts.current(calendar.accountId);
    if (account?.state !== 'joining' || this.pullsWithGaps.get(keyOf(calendar)) === pull) return;
    await this.parts.joining.markGoogleListed(calendar.accountId, this.parts.clock.now());
  }

  /** What was kept while its account joined, now that it is live. It may be gone by now: a pair that it makes begins with reading. */
  kept(item: WaitingItem, account: Account): Promise<TakenIn> {
    return this.item(item, account, 'kept');
  }

  /** What was read because its day entered the window; likewise, and it waits behind live changes. */
  entered(item: Item, account: Account): Promise<TakenIn> {
    return this.item(item, account, 'entered');
  }

  /** What a full comparison found without a pair; likewise. Nobody asked for it, so the brake counts what it creates. */
  missed(item: Item, account: Account): Promise<TakenIn> {
    return this.item(item, account, 'missed');
  }

  private async item(item: Item, account: Account, news: News): Promise<TakenIn> {
    if (item.side === 'inventive') {
      const pairs = (await this.parts.pairs.byAppointment(item.record.source, item.record.id)).filter((pair) => pair.accountId === account.id);
      if (pairs.length === 0) return this.newFromAppointment(item.record, account, news);
      if (news === 'entered') await this.goOn(pairs);
      return this.learnInventive(pairs, (pair) => {
        const learnt = learnAppointment(pair.inventive, item.record, pair.base, this.parts.clock.now());
        // It waited, and may have been deleted since: that was told when it had no pair yet.
        return news === 'kept' && learnt.kind === 'changed' ? { ...learnt, side: { ...learnt.side, needsRead: true } } : learnt;
      });
    }
    // What was missed of a series may be a split or a move of it: the series is looked at as a whole before any pair is begun.
    if (item.record.shape !== 'single' && news === 'missed') return this.series.occurrence({ accountId: account.id, calendarId: item.record.calendarId }, item.record, account);
    if (item.record.shape !== 'single') return this.series.entered(item.record, account, news === 'entered' ? 'import' : 'live');
    const pair = await this.parts.pairs.byEvent(account.id, item.record.calendarId, item.record.id);
    if (pair === undefined) return this.newFromEvent(item.record, account, news);
    if (news === 'entered') await this.goOn([pair]);
    return this.learnGoogle(pair, item.record);
  }

  /** What left the window before anything was made of it rests until its day comes. */
  private async goOn(pairs: readonly Pair[]): Promise<void> {
    const resting = pairs.filter(isNotBegun).map(({ id }) => id);
    if (resting.length > 0) await this.parts.pairs.markForReading(resting);
  }

  private async learnInventive(pairs: readonly Pair[], learn: (pair: Pair) => Learnt<Pair['inventive']>): Promise<TakenIn> {
    const due: PairId[] = [];
    for (const first of pairs) {
      const stored = await this.putUntilSettled(first, async (pair) => {
        const learnt = learn(pair);
        if (learnt.kind === 'same') return 'same';
        return (await this.parts.pairs.putInventive(pair, learnt.side, reopens(pair))) ? 'stored' : 'raced';
      });
      if (stored) due.push(first.id);
    }
    return due;
  }

  private async learnGoogle(first: Pair, record: GoogleEventRecord): Promise<TakenIn> {
    const stored = await this.putUntilSettled(first, async (pair) => {
      const learnt = learnEvent(pair.google, record, pair.base, this.parts.clock.now(), pair.inventive.record?.zone);
      if (learnt.kind === 'same') return 'same';
      return (await this.parts.pairs.putGoogle(pair, learnt.side, reopens(pair))) ? 'stored' : 'raced';
    });
    return stored ? [first.id] : [];
  }

  /** Another replica or the worker may write the same side in between; each round somebody gets further. */
  private async putUntilSettled(first: Pair, put: (pair: Pair) => Promise<'same' | 'stored' | 'raced'>): Promise<boolean> {
    for (let pair: Pair | undefined = first; pair !== undefined; pair = await this.parts.pairs.byId(first.id)) {
      const result = await put(pair);
      if (result !== 'raced') return result === 'stored';
    }
    return false;
  }

  private async newFromAppointment(record: AppointmentRecord, account: Account, news: News): Promise<TakenIn> {
    const { pairs, unpaired, todayIn } = this.parts;
    const reason = whyNoPairForAppointment(record, account, todayIn(record.zone));
    // Found among several that could belong together, and told again as it was: a person has to say, or change it.
    if (leavesQuestion(reason) && (await isOpenQuestion(unpaired, { side: 'inventive', record }, account))) return [];
    if (reason !== undefined) {
      await unpaired.put({ side: 'inventive', accountId: account.id, itemId: record.id, reason, ...(reason === 'account-joining' ? { record } : {}) });
      return [];
    }
    const born = pairBornInInventive(record, account, this.parts.clock.now());
    const pair = this.mayBeGone(record.modifiedAt, news) ? { ...born, inventive: { ...born.inventive, needsRead: true } } : born;
    if ((await this.insert(pair, news)) === 'exists') {
      // The message about the other side was faster, and created the pair with this appointment's derived key on it.
      const known = (await pairs.byAppointment(record.source, record.id)).filter((other) => other.accountId === account.id);
      if (known.length === 0) return this.insertAgain(record, account);
      return this.learnInventive(known, (other) => learnAppointment(other.inventive, record, other.base, this.parts.clock.now()));
    }
    await unpaired.remove(account.id, 'inventive', record.id);
    return [pair.id];
  }

  private async newFromEvent(record: GoogleEventRecord, account: Account, news: News): Promise<TakenIn> {
    const { pairs, unpaired, todayIn } = this.parts;
    // The edges are those of joining and of the daily roll, whatever the zone of the calendar: else a day falls between them.
    const reason = whyNoPairForEvent(record, account, todayIn(account.zone), account.zone);
    if (leavesQuestion(reason) && (await isOpenQuestion(unpaired, { side: 'google', record }, account))) return [];
    if (reason !== undefined) {
      const keep = reason === 'account-joining' ? { record } : {};
      await unpaired.put({ side: 'google', accountId: account.id, calendarId: account.calendarId, itemId: record.id, reason, ...keep });
      return [];
    }
    const born = pairBornInGoogle(record, account, this.parts.clock.now());
    // Marked and yet unknown: of a database that was lost, or an id that this pair has left behind.
    const pair = this.mayBeGone(record.updated, news) || record.marks !== undefined ? { ...born, google: { ...born.google, needsRead: true } } : born;
    if ((await this.insert(pair, news)) === 'exists') {
      const known = await pairs.byEvent(account.id, account.calendarId, record.id);
      if (known === undefined && (await stoodInFormerCalendar(record, account, pairs))) {
        await unpaired.put({ side: 'google', accountId: account.id, calendarId: account.calendarId, itemId: record.id, reason: 'appointment-stands-already' });
        return [];
      }
      // An appointment that is paired with another event already: the marks were copied, so this is a new event.
      if (known === undefined) return this.insertWithoutMarks(record, account);
      return this.learnGoogle(known, record);
    }
    await unpaired.remove(account.id, 'google', record.id);
    return [pair.id];
  }

  private insert(pair: Pair, news: News): Promise<'inserted' | 'exists'> {
    if (news === 'missed') return this.parts.pairs.insert(pair, 'import');
    return news === 'entered' ? this.parts.pairs.insert(imported(pair), 'import') : this.parts.pairs.insert(pair, 'live');
  }

  private mayBeGone(changedAt: Instant | undefined, news: News): boolean {
    return news !== 'fresh' || changedAt === undefined || this.parts.clock.now() - Date.parse(changedAt) > FRESH_MS;
  }

  /**
   * The pair that began with this appointment goes on with another: the appointment was a colleague's for a while, or
   * deleted and put back, and meanwhile an edit in Google had it made anew. Now that it is here again it begins another pair.
   */
  private async insertAgain(record: AppointmentRecord, account: Account): Promise<TakenIn> {
    const { pairs, clock } = this.parts;
    for (let again = 1; ; again += 1) {
      const born = pairBornInInventive(record, account, clock.now(), again);
      if ((await pairs.insert({ ...born, inventive: { ...born.inventive, needsRead: true } }, 'live')) === 'inserted') return [born.id];
      const taken = await pairs.byId(born.id);
      if (taken === undefined || taken.appointmentId === record.id) return taken === undefined ? [] : [taken.id];
    }
  }

  /**
   * As a new event, whatever its marks say. The pair that began with it may go on with another event, or with one that a
   * database that was lost left behind, and meanwhile its owner took this one out of the bin: then it begins another pair.
   */
  private async insertWithoutMarks(record: GoogleEventRecord, account: Account): Promise<TakenIn> {
    const { pairs, clock } = this.parts;
    const { marks: _copied, ...unmarked } = record;
    for (let again = 0; ; again += 1) {
      const born = pairBornInGoogle(unmarked, account, clock.now(), again);
      if ((await pairs.insert({ ...born, google: { ...born.google, needsRead: true } }, 'live')) === 'inserted') return [born.id];
      const known = await pairs.byEvent(account.id, account.calendarId, record.id);
      if (known !== undefined) return this.learnGoogle(known, record);
    }
  }
}

const keyOf = (calendar: CalendarRef): string => `${calendar.accountId}/${calendar.calendarId}`;

/** News opens a pair again that was closed or given up; a pair that looped stays shut until a person opens it. */
const reopens = (pair: Pair): boolean => pair.status === 'closed' || pair.status === 'failed';
