import { toInstant, type GoogleEventId, type GoogleEventRecord, type GoogleFields, type Marks } from '@calsync/calendar-model';
import type { GoogleEvents, GoogleWriteOutcome } from '../ports/google-events.js';
import { anEvent } from '../testing/records.js';
import { underFate, type CallFate } from './call-fate.js';

/**
 * A Google calendar as a model behind the engine's port: etags, burnt ids, revival. A deletion reaches the news in its
 * bare form, without a time of change.
 */
export class ModelGoogle implements GoogleEvents {
  readonly events = new Map<GoogleEventId, GoogleEventRecord>();
  readonly news: GoogleEventRecord[] = [];
  writes = 0;
  /** Answered with a 404, though they are there. */
  readonly hidden = new Set<GoogleEventId>();
  /** An emptied bin refuses revival. */
  revivable = true;
  private version = 0;

  constructor(
    private readonly now: () => number,
    private readonly fate: () => CallFate,
  ) {}

  living(): readonly GoogleEventRecord[] {
    return [...this.events.values()].filter((event) => event.status !== 'cancelled');
  }

  /** A person with a phone. */
  edit(id: GoogleEventId, fields: GoogleFields, marks?: Partial<Marks>): void {
    const before = this.events.get(id);
    if (before?.status === 'cancelled') return;
    this.put(id, { ...before?.fields, ...fields }, marks ?? before?.marks, 'confirmed');
  }

  /** Taken out of the bin by its owner. */
  restore(id: GoogleEventId): void {
    const before = this.events.get(id);
    if (before?.status === 'cancelled' && this.revivable) this.put(id, before.fields, before.marks, 'confirmed');
  }

  /** A copy carries everything, the marks of another event included. */
  copy(id: GoogleEventId, as: GoogleEventId): void {
    const before = this.events.get(id);
    if (before !== undefined && !this.events.has(as)) this.put(as, before.fields, before.marks, 'confirmed');
  }

  remove(id: GoogleEventId): void {
    const before = this.events.get(id);
    if (before === undefined || before.status === 'cancelled') return;
    this.cancel(before);
  }

  readSeries: GoogleEvents['readSeries'] = async (_calendar, masterId) => {
    this.call(() => undefined);
    const record = this.events.get(masterId);
    if (record === undefined || this.hidden.has(masterId)) return { kind: 'absent' };
    return record.status === 'cancelled' ? { kind: 'cancelled' } : { kind: 'not-a-series', record };
  };

  get: GoogleEvents['get'] = async (_calendar, id) => {
    this.call(() => undefined);
    const record = this.events.get(id);
    if (record === undefined || this.hidden.has(id)) return { kind: 'absent' };
    return { kind: record.status === 'cancelled' ? 'cancelled' : 'found', record };
  };

  /** As Google: a lower bound that ends must be after, an upper one that starts must be before; a day's margin on either side. */
  listDays: GoogleEvents['listDays'] = async (_calendar, { fromOn, untilOn, zone }) => {
    this.call(() => undefined);
    const midnight = (on: string, days: number, inZone: string) => Temporal.PlainDate.from(on).add({ days }).toZonedDateTime(inZone).epochMilliseconds;
    const [min, max] = [midnight(fromOn, -1, zone), midnight(untilOn, 2, zone)];
    const overlaps = ({ fields: { when } }: GoogleEventRecord): boolean => {
      if (when === undefined) return false;
      const [start, end] = when.kind === 'all-day'
        ? [midnight(when.firstOn, 0, zone), midnight(when.lastOn, 1, zone)]
        : [Date.parse(toInstant(when.start, when.zone)), Date.parse(toInstant(when.end, when.zone))];
      return start < max && end > min;
    };
    return { records: this.living().filter((event) => overlaps(event) && !this.hidden.has(event.id)), unreadable: [] };
  };

  insert: GoogleEvents['insert'] = async (_calendar, id, fields, marks) =>
    this.call((): GoogleWriteOutcome => {
      if (this.events.has(id)) return { kind: 'exists' };
      this.writes += 1;
      return { kind: 'written', record: this.put(id, fields, marks, 'confirmed') };
    });

  patch: GoogleEvents['patch'] = async (_calendar, current, change) =>
    this.call((): GoogleWriteOutcome => {
      const event = this.events.get(current.id);
      if (event === undefined) return { kind: 'gone' };
      if (event.etag !== current.etag) return { kind: 'stale' };
      if (event.status === 'cancelled' && change.revive !== true) return { kind: 'gone' };
      if (event.status === 'cancelled' && !this.revivable) return { kind: 'refused', cause: 'the bin was emptied' };
      this.writes += 1;
      return { kind: 'written', record: this.put(event.id, { ...event.fields, ...change.fields }, { ...event.marks, ...change.marks }, 'confirmed') };
    });

  delete: GoogleEvents['delete'] = async (_calendar, id, etag) =>
    this.call(() => {
      const event = this.events.get(id);
      if (event === undefined || event.status === 'cancelled') return { kind: 'gone' } as const;
      if (event.etag !== etag) return { kind: 'stale' } as const;
      this.writes += 1;
      this.cancel(event);
      return { kind: 'gone' } as const;
    });

  private call<Answer>(act: () => Answer): Answer {
    return underFate(this.fate(), act);
  }

  private put(id: GoogleEventId, fields: GoogleFields, marks: Partial<Marks> | undefined, status: 'confirmed'): GoogleEventRecord {
    const record = this.versioned({ id, fields, status, ...(marks === undefined ? {} : { marks }) });
    this.events.set(id, record);
    this.news.push(record);
    return record;
  }

  private cancel(event: GoogleEventRecord): void {
    const record = this.versioned({ ...event, status: 'cancelled' });
    this.events.set(event.id, record);
    const { updated: _unsaid, marks: _gone, ...bare } = record;
    this.news.push({ ...bare, fields: {} });
  }

  private versioned(parts: Parameters<typeof anEvent>[0]): GoogleEventRecord {
    this.version += 1;
    return anEvent({ ...parts, etag: `"${this.version}"`, updated: new Date(this.now() + this.version).toISOString() });
  }
}
