import { createHash, randomBytes } from 'node:crypto';
import { CallLog, EmulatorClock, type DocumentStore, type DocumentTable } from '@calsync/emulator-kit';
import type { Account, AclRecord, CalendarRecord, CallCount, Channel, EventRecord, Invited, ListEntry, Mail, PastSeries, TokenExpiry, Write } from './records.js';
import { Shelf, type UndoLog } from './shelf.js';

/** Something that watchers are told, after its transaction. */
export type Change =
  | { readonly kind: 'event'; readonly calendarId: string; readonly eventType: string }
  | { readonly kind: 'calendar-list'; readonly email: string }
  | { readonly kind: 'acl'; readonly calendarId: string }
  | { readonly kind: 'channel-opened'; readonly key: string };

interface Meta {
  readonly value: string | number;
}

/** All that the emulator knows, durable. One change at a time: `change` is synchronous, and all or nothing. */
export class World {
  readonly clock: EmulatorClock;
  readonly accounts: Shelf<Account>;
  readonly calendars: Shelf<CalendarRecord>;
  /** By calendar and rule. */
  readonly acl: Shelf<AclRecord>;
  /** By person and calendar. */
  readonly listEntries: Shelf<ListEntry>;
  readonly channels: Shelf<Channel>;
  readonly tokenExpiries: Shelf<TokenExpiry>;
  readonly pastSeries: Shelf<PastSeries>;
  /** By calendar and root of the series. */
  readonly invited: Shelf<Invited>;
  readonly log: CallLog<CallCount, Write>;
  readonly #events: Map<string, Shelf<EventRecord>> = new Map();
  readonly #mails: DocumentTable<Mail>;
  readonly #meta: DocumentTable<Meta>;
  readonly #undo: UndoLog = [];
  readonly #shelves: Array<{ clear(): void }> = [];
  #mailCount: number;
  #seq: number;
  #micros: number;
  #changes: Change[] = [];
  #depth = 0;
  #watcher: (changes: readonly Change[]) => void = () => undefined;

  constructor(readonly store: DocumentStore) {
    this.#meta = store.table<Meta>('meta');
    this.clock = new EmulatorClock({ offsetMs: this.#number('clock-offset'), onChange: (offsetMs) => this.#meta.put('clock-offset', { value: offsetMs }) });
    this.accounts = this.shelf<Account>('accounts');
    this.calendars = this.shelf<CalendarRecord>('calendars', { order: (a, b) => a.listSeq - b.listSeq });
    this.acl = this.shelf<AclRecord>('acl');
    this.listEntries = this.shelf<ListEntry>('list-entries');
    this.channels = this.shelf<Channel>('channels', { lasting: true });
    this.tokenExpiries = this.shelf<TokenExpiry>('token-expiries');
    this.pastSeries = this.shelf<PastSeries>('past-series');
    this.invited = this.shelf<Invited>('invited');
    this.log = new CallLog(store);
    this.#mails = store.table<Mail>('mails');
    this.#mailCount = this.#mails.count();
    this.#seq = this.#number('seq');
    this.#micros = this.#number('micros');
    if (this.#meta.get('epoch') === undefined) this.#meta.put('epoch', { value: randomBytes(6).toString('hex') });
    if (this.#meta.get('secret') === undefined) this.#meta.put('secret', { value: randomBytes(16).toString('hex') });
  }

  /** Differs after each reset, so that tokens from before it are known. */
  get epoch(): string {
    return String(this.#meta.get('epoch')?.value);
  }

  /** What opaque tokens are signed with. */
  get secret(): string {
    return String(this.#meta.get('secret')?.value);
  }

  get seq(): number {
    return this.#seq;
  }

  get tokenGeneration(): number {
    return this.#number('token-generation');
  }

  onChanges(watcher: (changes: readonly Change[]) => void): void {
    this.#watcher = watcher;
  }

  /** A durable collection. `lasting`: a reset leaves it alone. */
  shelf<T>(name: string, options: { order?: (a: T, b: T) => number; lasting?: true } = {}): Shelf<T> {
    const shelf = new Shelf(this.store.table<T>(name), this.#undo, options.order);
    if (options.lasting !== true) this.#shelves.push(shelf);
    return shelf;
  }

  /** Runs `work` as one durable step; watchers hear of it only after it stands. */
  change<R>(work: () => R): R {
    if (this.#depth > 0) return work();
    this.#depth = 1;
    const seq = this.#seq;
    const micros = this.#micros;
    this.#undo.length = 0;
    this.#changes = [];
    let changes: readonly Change[] = [];
    try {
      const result = this.store.transaction(work);
      changes = this.#changes;
      return result;
    } catch (error) {
      for (const step of this.#undo.reverse()) step();
      this.#seq = seq;
      this.#micros = micros;
      throw error;
    } finally {
      this.#undo.length = 0;
      this.#depth = 0;
      if (changes.length > 0) this.#watcher(changes);
    }
  }

  announce(change: Change): void {
    this.#changes.push(change);
  }

  /** Leaves the running change unannounced: statistics begin at zero after a reset, notifications included. */
  forgetChanges(): void {
    this.#changes.length = 0;
  }

  events(calendarId: string): Shelf<EventRecord> {
    let shelf = this.#events.get(calendarId);
    if (shelf === undefined) {
      // One table a calendar: iterating it gives the events in order of their last change.
      const name = `events.${createHash('sha256').update(calendarId).digest('hex').slice(0, 24)}`;
      shelf = this.shelf<EventRecord>(name, { order: (a, b) => a.seq - b.seq });
      this.#events.set(calendarId, shelf);
    }
    return shelf;
  }

  nextSeq(): number {
    this.#seq += 1;
    this.#meta.put('seq', { value: this.#seq });
    return this.#seq;
  }

  /** A version: microseconds of the emulator's clock, never the same twice and never going back, even when the clock does. */
  nextMicros(): number {
    this.#micros = Math.max(this.clock.nowMs() * 1000 + (Number(process.hrtime.bigint() / 1000n) % 1000), this.#micros + 1);
    this.#meta.put('micros', { value: this.#micros });
    return this.#micros;
  }

  /** Ends the sync tokens handed out so far, for whom the rule names. */
  expireTokens(rule: Omit<TokenExpiry, 'generation'>): void {
    this.change(() => {
      const generation = this.tokenGeneration + 1;
      this.#meta.put('token-generation', { value: generation });
      this.tokenExpiries.put(String(generation), { ...rule, generation });
    });
  }

  mail(mail: Mail): void {
    this.#mailCount += 1;
    this.#mails.put(String(this.#mailCount).padStart(12, '0'), mail);
  }

  mails(): Mail[] {
    return Array.from(this.#mails.all(), ([, mail]) => mail);
  }

  /** Calendars, events, accounts and statistics go; consents and channels stay unless the caller ends them, so that linked programs stay linked. The caller fills in the demo. */
  clear(): void {
    // Tables of events are opened when first asked for; those of all known calendars must be there to be emptied.
    for (const calendar of this.calendars.values()) this.events(calendar.id);
    for (const shelf of this.#shelves) shelf.clear();
    this.log.clear();
    this.#mails.clear();
    this.#mailCount = 0;
    this.#micros = 0;
    this.#meta.put('epoch', { value: randomBytes(6).toString('hex') });
  }

  #number(name: string): number {
    return Number(this.#meta.get(name)?.value ?? 0);
  }
}
