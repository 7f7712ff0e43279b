import { inZone, toInstant, type GoogleEventId, type GoogleEventRecord, type GoogleFields, type Marks, type When } from '@calsync/calendar-model';
import { asCopied, listAfter, mailsFor, mayWrite, trespassIn } from './model-guests.js';
import type { AttendeesOutcome, GoogleEvents, GoogleWriteOutcome, ListedDays } from '../ports/google-events.js';
import { ACCOUNT, anEvent } from '../testing/records.js';
import { underFate, type CallFate } from './call-fate.js';
import { bare, decorated, statusOf } from './model-event.js';
import type { ModelRule } from './model-rule.js';
import { ModelSeries } from './model-series.js';

/**
 * A Google calendar as a model behind the engine's port: etags, burnt ids, revival. A deletion reaches the news in its
 * bare form, without a time of change. Single events stand here, recurring ones in `series`.
 */
export class ModelGoogle implements GoogleEvents {
  readonly events = new Map<GoogleEventId, GoogleEventRecord>();
  readonly news: GoogleEventRecord[] = [];
  writes = 0;
  /** When which event was written to; deletions never wait, and are not among them. */
  readonly written: { readonly id: GoogleEventId; readonly at: number }[] = [];
  /** Answered with a 404, though they are there. */
  readonly hidden = new Set<GoogleEventId>();
  /** An emptied bin refuses revival. */
  revivable = true;
  readonly series: ModelSeries = new ModelSeries({
    nextVersion: () => this.nextVersion(),
    tell: (record) => void this.news.push(record),
    isTaken: (id) => this.events.has(id) || this.series.has(id),
    becomesSingle: ({ id, fields, marks, ...record }) => void this.put(id, fields, marks, record),
  });
  /** As often the account may write no guests. */
  guestsRefused = 0;
  /** What guests would have found in their mail, by address. */
  readonly mails: string[] = [];
  /** Events of which guests were told. */
  readonly told: GoogleEventId[] = [];
  /** What was written and is not the user's to write: an event of somebody else, a guest of theirs, a room. */
  readonly trespasses: string[] = [];
  /** Heard by the calendars of others, who have a copy of a meeting. */
  changed: (event: GoogleEventRecord) => void = () => undefined;
  /** Born of a row. */
  readonly made = new Set<GoogleEventId>();
  private version = 0;

  constructor(
    private readonly now: () => number,
    private readonly fate: () => CallFate,
    private readonly calendarId = ACCOUNT.calendarId,
  ) {}

  living(): readonly GoogleEventRecord[] {
    return [...this.events.values()].filter((event) => event.status !== 'cancelled');
  }

  /** As a full list gives it: single events, masters and exceptions, of living series also what was cancelled. */
  fullList(): readonly GoogleEventRecord[] {
    return [...this.living(), ...this.series.fullList()];
  }

  /** A person with a phone. */
  edit(id: GoogleEventId, fields: GoogleFields, marks?: Partial<Marks>): void {
    const before = this.events.get(id);
    if (before?.status === 'cancelled') return;
    this.put(id, { ...before?.fields, ...fields }, marks ?? before?.marks, before);
  }

  /** Comes from somebody else, or is of another type: `what` says whose and which it is, and who is in it. */
  receive(id: GoogleEventId, fields: GoogleFields, what: Partial<Pick<GoogleEventRecord, 'ownedByUser' | 'organizerEmail' | 'eventType' | 'attendees' | 'attendeesOmitted'>>): void {
    const before = this.events.get(id);
    this.put(id, fields, before?.marks, { ...before, ...what });
  }

  /** A single event begins to recur, under its own id. */
  toSeries(id: GoogleEventId, rule: ModelRule): void {
    const before = this.events.get(id);
    if (before === undefined || before.status === 'cancelled') return;
    this.events.delete(id);
    this.series.create(id, before.fields, rule, before);
  }

  /** Taken out of the bin by its owner. */
  restore(id: GoogleEventId): void {
    const before = this.events.get(id);
    if (before?.status === 'cancelled' && this.revivable) this.put(id, before.fields, before.marks, before);
  }

  /** A copy carries everything, the marks of another event included. */
  copy(id: GoogleEventId, as: GoogleEventId): void {
    const before = this.events.get(id);
    if (before === undefined || this.events.has(as)) return;
    const { created: _itsOwn, ...like } = before;
    this.put(as, before.fields, before.marks, asCopied(like));
  }

  remove(id: GoogleEventId): void {
    const before = this.events.get(id);
    if (before === undefined || before.status === 'cancelled') return;
    this.cancel(before);
  }

  readSeries: GoogleEvents['readSeries'] = async (_calendar, masterId, days) => {
    this.call(() => undefined);
    const series = this.hidden.has(masterId) ? undefined : this.series.readSeries(masterId, (when) => overlaps(when, days));
    if (series !== undefined) return series;
    const record = this.events.get(masterId);
    if (record === undefined || this.hidden.has(masterId)) return { kind: 'absent' };
    return record.status === 'cancelled' ? { kind: 'cancelled' } : { kind: 'not-a-series', record };
  };

  get: GoogleEvents['get'] = async (_calendar, id) => {
    this.call(() => undefined);
    const record = this.events.get(id) ?? this.series.find(id);
    if (record === undefined || this.hidden.has(id)) return { kind: 'absent' };
    return { kind: record.status === 'cancelled' ? 'cancelled' : 'found', record };
  };

  listDays: GoogleEvents['listDays'] = async (_calendar, days) => {
    this.call(() => undefined);
    const records = [...this.living(), ...this.series.occurrences()];
    return { records: records.filter(({ id, fields: { when } }) => when !== undefined && overlaps(when, days) && !this.hidden.has(id)), unreadable: [] };
  };

  insert: GoogleEvents['insert'] = async (_calendar, id, fields, marks, decor) =>
    this.call((): GoogleWriteOutcome => {
      if (this.events.has(id) || this.series.has(id)) return { kind: 'exists' };
      this.writes += 1;
      this.written.push({ id, at: this.now() });
      this.made.add(id);
      return { kind: 'written', record: this.put(id, fields, marks, { ...decor }) };
    });

  patch: GoogleEvents['patch'] = async (_calendar, current, change) =>
    this.call((): GoogleWriteOutcome => {
      const event = this.events.get(current.id);
      if (event === undefined) return this.counted(() => this.series.patch(current, change), this.series.find(current.id));
      if (event.etag !== current.etag) return { kind: 'stale' };
      if (event.status === 'cancelled' && change.revive !== true) return { kind: 'gone' };
      if (event.status === 'cancelled' && !this.revivable) return { kind: 'refused', cause: 'the bin was emptied' };
      this.noteWrite(event, 'patched');
      return { kind: 'written', record: this.put(event.id, { ...event.fields, ...keepingZone(event, change.fields) }, change.marks ? { ...event.marks, ...change.marks } : event.marks, decorated(event, change)) };
    });

  delete: GoogleEvents['delete'] = async (_calendar, id, etag) =>
    this.call(() => {
      const event = this.events.get(id);
      if (event === undefined) return this.series.has(id) ? this.counted(() => this.series.delete(id, etag), this.series.find(id)) : ({ kind: 'gone' } as const);
      if (event.status === 'cancelled') return { kind: 'gone' } as const;
      if (event.etag !== etag) return { kind: 'stale' } as const;
      this.noteWrite(event, 'deleted');
      this.cancel(event);
      return { kind: 'gone' } as const;
    });

  writeAttendees: GoogleEvents['writeAttendees'] = async (_calendar, current, change) =>
    this.call((): AttendeesOutcome => {
      const event = this.events.get(current.id) ?? this.series.find(current.id);
      if (event === undefined) return { kind: 'gone' };
      if (event.status === 'cancelled') return { kind: 'gone' };
      if (event.etag !== current.etag) return { kind: 'stale' };
      if (this.guestsRefused > 0) {
        this.guestsRefused -= 1;
        return { kind: 'guest-quota' };
      }
      this.writes += 1;
      this.written.push({ id: event.id, at: this.now() });
      this.trespasses.push(...trespassIn(event, change));
      const attendees = listAfter(event, change);
      if (change.tell === 'all') {
        this.told.push(event.id);
        this.mails.push(...mailsFor(event, attendees));
      }
      if (!this.series.has(event.id)) return { kind: 'written', record: this.put(event.id, event.fields, event.marks, { ...event, attendees }) };
      this.series.invite(event.id, attendees);
      return { kind: 'written', record: this.series.find(event.id) ?? event };
    });

  private call<Answer>(act: () => Answer): Answer {
    return underFate(this.fate(), act);
  }

  /** A write to a series that was accepted shows in the version. */
  private counted<Outcome>(act: () => Outcome, event: GoogleEventRecord | undefined): Outcome {
    const before = this.version;
    const outcome = act();
    if (this.version !== before) this.noteWrite(event, 'changed');
    return outcome;
  }

  private noteWrite(event: GoogleEventRecord | undefined, what: string): void {
    this.writes += 1;
    if (event !== undefined && what !== 'deleted') this.written.push({ id: event.id, at: this.now() });
    if (event !== undefined && !mayWrite(event)) this.trespasses.push(`${event.id} of ${event.organizerEmail ?? event.eventType} was ${what}`);
  }

  /** A change of reminders alone renews no version and is told to nobody (google/calendar-facts §2). */
  private put(id: GoogleEventId, fields: GoogleFields, marks: Partial<Marks> | undefined, like: Partial<GoogleEventRecord> = {}): GoogleEventRecord {
    const before = this.events.get(id);
    const { fields: _fields, marks: _marks, ...rest } = like;
    const zone = fields.when?.kind === 'timed' ? { zone: fields.when.zone } : {};
    const record = anEvent({ ...rest, ...zone, calendarId: this.calendarId, id, fields, status: statusOf(fields), shape: 'single', ...(marks === undefined ? {} : { marks }) });
    const asBefore = before === undefined ? undefined : { ...record, etag: before.etag, ...(before.updated === undefined ? {} : { updated: before.updated }) };
    const silent = before !== undefined && asBefore !== undefined && inOrder(withoutReminders(before)) === inOrder(withoutReminders(asBefore));
    const version = silent ? undefined : this.nextVersion();
    const stored = version === undefined ? asBefore ?? record : { created: version.updated, ...record, ...version };
    this.events.set(id, stored);
    if (silent) return stored;
    this.news.push(stored);
    this.changed(stored);
    // A copy may have answered.
    return this.events.get(id) ?? stored;
  }

  private cancel(event: GoogleEventRecord): void {
    const record: GoogleEventRecord = { ...event, ...this.nextVersion(), status: 'cancelled' };
    this.events.set(event.id, record);
    this.news.push(bare(record));
    this.changed(record);
  }

  private nextVersion(): { readonly etag: string; readonly updated: string } {
    this.version += 1;
    return { etag: `"${this.version}"`, updated: new Date(this.now() + this.version).toISOString() };
  }
}

/** As the adapter writes times: in the zone that the event has. */
const keepingZone = ({ zone }: GoogleEventRecord, fields: GoogleFields): GoogleFields =>
  fields.when === undefined || zone === undefined ? fields : { ...fields, when: inZone(fields.when, zone) };

function withoutReminders({ fields: { reminders: _silent, ...fields }, ...record }: GoogleEventRecord) {
  return { ...record, fields };
}

const midnight = (on: string, days: number, zone: string): number => Temporal.PlainDate.from(on).add({ days }).toZonedDateTime(zone).epochMilliseconds;

/** As Google: a lower bound that ends must be after, an upper one that starts must be before; a day's margin on either side. */
function overlaps(when: When, { fromOn, untilOn, zone }: ListedDays): boolean {
  const [start, end] = when.kind === 'all-day'
    ? [midnight(when.firstOn, 0, zone), midnight(when.lastOn, 1, zone)]
    : [Date.parse(toInstant(when.start, when.zone)), Date.parse(toInstant(when.end, when.zone))];
  return start < midnight(untilOn, 2, zone) && end > midnight(fromOn, -1, zone);
}

/** As text that is the same whatever order the keys were set in. */
const inOrder = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner) ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1))) : inner);
