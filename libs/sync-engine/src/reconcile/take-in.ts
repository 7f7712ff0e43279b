import {
  asGoogleEventId, asInventiveId, deriveAppointmentId, deriveGoogleEventId, derivePairId,
  type AppointmentRecord, type GoogleEventRecord, type InventiveId, type InventiveVersion, type PairId, type SourceName,
} from '@calsync/calendar-model';
import type { Account, AccountDirectory } from '../ports/account.js';
import type { Clock } from '../ports/clock.js';
import type { CalendarRef } from '../ports/google-events.js';
import { whyNoPairForAppointment, whyNoPairForEvent } from './eligibility.js';
import { learnAppointment, learnAppointmentDeleted, learnEvent, type Learnt } from './learn.js';
import { startPair, UNSEEN, type Pair } from './pair.js';
import type { JoiningStore, PairStore, UnpairedStore } from './ports.js';

export interface TakeInParts {
  readonly pairs: PairStore;
  readonly unpaired: UnpairedStore;
  readonly joining: JoiningStore;
  readonly accounts: AccountDirectory;
  readonly clock: Clock;
  /** The day that it is for people in this zone, `YYYY-MM-DD`. */
  readonly todayIn: (zone: string) => string;
}

/** Pairs that became due; whoever took the message in may work on them at once. */
export type TakenIn = readonly PairId[];

/**
 * Intake: an event says "this is how that side looks now". It stores the side's snapshot on the pairs it belongs to,
 * creates the pair where there is none, and marks them due. It never plans, writes or calls a vendor, so that no slow
 * account holds up a partition. Taking in anything twice, or late, changes nothing.
 */
export class TakeIn {
  constructor(private readonly parts: TakeInParts) {}

  async appointment(record: AppointmentRecord): Promise<TakenIn> {
    const pairs = await this.parts.pairs.byAppointment(record.source, record.id);
    const due = await this.learnInventive(pairs, (pair) => learnAppointment(pair.inventive, record, pair.base, this.parts.clock.now()));
    const account = await this.parts.accounts.byUser(record.source, record.ownerId);
    // The owner decides only whether a new pair is made.
    if (account === undefined || pairs.some((pair) => pair.accountId === account.id)) return due;
    return [...due, ...(await this.newFromAppointment(record, account))];
  }

  async appointmentDeleted(source: SourceName, id: InventiveId, version: InventiveVersion): Promise<TakenIn> {
    const pairs = await this.parts.pairs.byAppointment(source, id);
    return this.learnInventive(pairs, (pair) => learnAppointmentDeleted(pair.inventive, version, this.parts.clock.now()));
  }

  async event(calendar: CalendarRef, record: GoogleEventRecord, calendarZone: string): Promise<TakenIn> {
    const pair = await this.parts.pairs.byEvent(calendar.accountId, calendar.calendarId, record.id);
    if (pair !== undefined) return this.learnGoogle(pair, record);
    const account = await this.parts.accounts.byId(calendar.accountId);
    if (account === undefined || account.calendarId !== calendar.calendarId) return [];
    if (record.status === 'cancelled') {
      await this.parts.unpaired.remove(account.id, 'google', record.id);
      return [];
    }
    return this.newFromEvent(record, account, calendarZone);
  }

  /** Everything that the full list held was taken in before this message: they share key and partition. */
  async calendarListed(calendar: CalendarRef): Promise<void> {
    await this.parts.joining.markGoogleListed(calendar.accountId, this.parts.clock.now());
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

  private async newFromAppointment(record: AppointmentRecord, account: Account): Promise<TakenIn> {
    const { pairs, unpaired, todayIn } = this.parts;
    const reason = whyNoPairForAppointment(record, account, todayIn(record.zone));
    if (reason !== undefined) {
      await unpaired.put({ side: 'inventive', accountId: account.id, itemId: record.id, reason, ...(reason === 'account-joining' ? { record } : {}) });
      return [];
    }
    const pair = pairBornInInventive(record, account, this.parts.clock.now());
    if ((await pairs.insert(pair, 'live')) === 'exists') {
      // The message about the other side was faster, and created the pair with this appointment's derived key on it.
      const known = (await pairs.byAppointment(record.source, record.id)).filter((other) => other.accountId === account.id);
      if (known.length === 0) await unpaired.put({ side: 'inventive', accountId: account.id, itemId: record.id, reason: 'ambiguous-match' });
      return this.learnInventive(known, (other) => learnAppointment(other.inventive, record, other.base, this.parts.clock.now()));
    }
    await unpaired.remove(account.id, 'inventive', record.id);
    return [pair.id];
  }

  private async newFromEvent(record: GoogleEventRecord, account: Account, calendarZone: string): Promise<TakenIn> {
    const { pairs, unpaired, todayIn } = this.parts;
    const reason = whyNoPairForEvent(record, account, todayIn(calendarZone), calendarZone);
    if (reason !== undefined) {
      const keep = reason === 'account-joining' ? { record } : {};
      await unpaired.put({ side: 'google', accountId: account.id, calendarId: account.calendarId, itemId: record.id, reason, ...keep });
      return [];
    }
    const pair = pairBornInGoogle(record, account, this.parts.clock.now());
    if ((await pairs.insert(pair, 'live')) === 'exists') {
      const known = await pairs.byEvent(account.id, account.calendarId, record.id);
      // An appointment that is paired with another event already: the marks were copied, so this is a new event.
      if (known === undefined) return this.insertWithoutMarks(record, account);
      return this.learnGoogle(known, record);
    }
    await unpaired.remove(account.id, 'google', record.id);
    return [pair.id];
  }

  private async insertWithoutMarks(record: GoogleEventRecord, account: Account): Promise<TakenIn> {
    const { marks: _copied, ...unmarked } = record;
    const pair = pairBornInGoogle(unmarked, account, this.parts.clock.now());
    return (await this.parts.pairs.insert(pair, 'live')) === 'inserted' ? [pair.id] : [];
  }
}

/** News opens a pair again that was closed or given up; a pair that looped stays shut until a person opens it. */
const reopens = (pair: Pair): boolean => pair.status === 'closed' || pair.status === 'failed';

/** The derived id of the other side stands on the pair from the first moment, so whichever message comes next finds it. */
export function pairBornInInventive(record: AppointmentRecord, account: Account, now: number): Pair {
  const id = derivePairId(account.id, { side: 'inventive', appointmentId: record.id });
  const learnt = learnAppointment(UNSEEN, record, undefined, now);
  return startPair({
    id,
    accountId: account.id,
    source: account.source,
    appointmentId: record.id,
    calendarId: account.calendarId,
    eventId: deriveGoogleEventId(id, 0),
    ...(learnt.kind === 'changed' ? { inventive: learnt.side } : {}),
  });
}

/**
 * Born in Google, unless its marks count: then it is the event of that appointment, of a database that was lost.
 * A mark counts only if it is of this installation and names its own event.
 */
export function pairBornInGoogle(record: GoogleEventRecord, account: Account, now: number): Pair {
  const id = derivePairId(account.id, { side: 'google', calendarId: record.calendarId, eventId: record.id });
  const marked = markedAppointment(record, account);
  const learnt = learnEvent(UNSEEN, record, undefined, now);
  return startPair({
    id,
    accountId: account.id,
    source: account.source,
    appointmentId: marked?.appointmentId ?? deriveAppointmentId(id, 0),
    calendarId: record.calendarId,
    eventId: record.id,
    ...(marked === undefined ? {} : { googleGeneration: marked.generation, inventive: { ...UNSEEN, needsRead: true } }),
    ...(learnt.kind === 'changed' ? { google: learnt.side } : {}),
  });
}

/** The appointment that an event's own marks name, if they count. */
export function markedAppointment(record: GoogleEventRecord, account: Account): { appointmentId: InventiveId; generation: number } | undefined {
  const { inventiveInstallation, inventiveAppointment, inventiveEvent } = record.marks ?? {};
  if (inventiveInstallation !== account.installation || inventiveAppointment === undefined) return undefined;
  const [eventId, generation] = inventiveEvent?.split('.') ?? [];
  if (eventId === undefined || asGoogleEventId(eventId) !== record.id) return undefined;
  if (!/^[0-9A-Fa-f-]{32,36}$/.test(inventiveAppointment)) return undefined;
  return { appointmentId: asInventiveId(inventiveAppointment), generation: Number(generation ?? 0) };
}
