import { asGoogleEventId, type Attendee, type GoogleEventId, type GoogleEventRecord, type GoogleFields, type When } from '@calsync/calendar-model';
import type { GoogleEvents, GoogleWriteOutcome, SeriesReading } from '../ports/google-events.js';
import { anEvent } from '../testing/records.js';
import { bare, decorated } from './model-event.js';
import { baseOf, compact, dayOf, expandRule, moveAll, moveStart, startInId, startOf, type ModelRule } from './model-rule.js';
import { computed, exceptionRecord, occurrenceId, recordOf, type Exception, type Master, type SeriesChange, type SeriesHost } from './model-series-records.js';

/**
 * The recurring events of a `ModelGoogle` (there under `google.series`), as google/calendar-facts tells of them.
 *
 * What people do:
 *   create(id, fields, rule)             fields.when is the first occurrence
 *   editOccurrence(id, fields)           an exception; `cancelOccurrence(id)`, `restoreOccurrence(id)`
 *   editAll(masterId, fields, shift?)    "all events": halves and exceptions too; by a shift original starts and ids change
 *   following(id, change)                "this and following": content only → master `<base>_R…`, with a shift → a wholly
 *                                        new id, 'delete' → the old one is trimmed. Answers the id of the new master
 *   setRule(masterId, rule, excluded?)   longer, shorter, another rhythm; `exclude(id)`: an EXDATE
 *   invite(id, attendees)                of one time, or of the whole series
 *   removeAll(masterId)                  all halves; `toSingle(masterId)`, `google.toSeries(singleId, rule)`
 * What the oracle asks:
 *   occurrences(from?, until?)           all that live and start on these days, computed and excepted; `masters()`
 * The engine sees it through `google.get/patch/delete/listDays/readSeries`. Ids of occurrences are
 * `<base>_YYYYMMDDTHHMMSSZ`, or `<base>_YYYYMMDD`.
 *
 * News after each change: the occurrence that was touched, then every living master of the family, then every exception;
 * all of one family (`<base>`, `<base>_R…`) under one etag and `updated`. A cancelled exception is told bare (no `updated`,
 * no fields; id and occurrence), one whose start its series lost likewise and once. A deleted series: its master, bare.
 */
export class ModelSeries {
  private readonly known = new Map<GoogleEventId, Master>();
  private readonly exceptions = new Map<GoogleEventId, Exception>();

  constructor(private readonly host: SeriesHost) {}

  masters(): readonly GoogleEventId[] {
    return [...this.known.values()].filter(({ living }) => living).map(({ id }) => id);
  }

  has(id: GoogleEventId): boolean {
    return this.known.has(id) || this.find(id) !== undefined;
  }

  occurrences(fromOn = '0000', untilOn = '9999'): readonly GoogleEventRecord[] {
    return [...this.known.values()].filter(({ living }) => living).flatMap((master) => this.ofMaster(master)).filter(({ status, fields: { when } }) =>
      status !== 'cancelled' && when !== undefined && dayOf(when) >= fromOn && dayOf(when) <= untilOn);
  }

  /** Masters and exceptions of what lives, cancelled occurrences bare. */
  fullList(): readonly GoogleEventRecord[] {
    const masters = [...this.known.values()].filter(({ living }) => living);
    const exceptions = [...this.exceptions.values()].flatMap((exception) => {
      const master = this.known.get(exception.masterId);
      return master?.living !== true || exception.orphan ? [] : [exceptionRecord(exception, master)];
    });
    return [...masters.map(recordOf), ...exceptions.map((record) => (record.status === 'cancelled' ? bare(record) : record))];
  }

  create(id: GoogleEventId, fields: GoogleFields, rule: ModelRule, like?: GoogleEventRecord): void {
    if (this.host.isTaken(id) || fields.when === undefined) return;
    this.born(id, fields.when, rule, [], { ...(like ?? anEvent({ fields })), fields, iCalUID: `${id}@google.com` }, like?.created);
    this.renew(baseOf(id));
  }

  editOccurrence(id: GoogleEventId, fields: GoogleFields): void {
    if (this.find(id)?.status !== 'cancelled') this.except(id, fields, false);
  }

  cancelOccurrence(id: GoogleEventId): void {
    if (this.find(id)?.status !== 'cancelled') this.except(id, {}, true);
  }

  restoreOccurrence(id: GoogleEventId): void {
    const exception = this.exceptions.get(id);
    if (exception !== undefined && exception.cancelled && !exception.orphan && this.known.get(exception.masterId)?.living === true) this.except(id, {}, false);
  }

  editAll(masterId: GoogleEventId, fields: GoogleFields, shiftMinutes = 0): void {
    const base = baseOf(masterId);
    for (const master of this.family(base)) {
      master.record = { ...master.record, fields: { ...master.record.fields, ...fields } };
      for (const [id, exception] of this.exceptionsOf(master.id)) {
        exception.fields = { ...exception.fields, ...fields };
        if (shiftMinutes !== 0) this.moveException(id, exception, master, shiftMinutes);
      }
      if (shiftMinutes === 0) continue;
      master.excluded = master.excluded.map((start) => moveStart(start, master.first, shiftMinutes));
      master.first = moveAll(master.first, shiftMinutes);
      if (master.rule.untilOn !== undefined && master.first.kind === 'all-day') master.rule = { ...master.rule, untilOn: moveStart(master.rule.untilOn, master.first, shiftMinutes) };
    }
    this.renew(base);
  }

  /** The organiser decides who is in it: one time, or all of it. */
  invite(id: GoogleEventId, attendees: readonly Attendee[]): void {
    const base = baseOf(id);
    if (!this.known.has(id)) return this.except(id, {}, false, attendees);
    for (const master of this.family(base)) {
      master.record = { ...master.record, attendees };
      for (const [, exception] of this.exceptionsOf(master.id)) delete exception.attendees;
    }
    this.renew(base);
  }

  /** Too many guests, or a list that is hidden: Google shows the user only themselves. */
  showOnlySelf(masterId: GoogleEventId): void {
    for (const master of this.family(baseOf(masterId))) master.record = { ...master.record, attendeesOmitted: true };
  }

  following(id: GoogleEventId, change: SeriesChange): GoogleEventId | undefined {
    const at = this.find(id);
    const master = at?.occurrence === undefined ? undefined : this.known.get(at.occurrence.masterId);
    if (at?.occurrence === undefined || at.status === 'cancelled' || master === undefined) return undefined;
    const base = baseOf(master.id);
    const start = at.occurrence.originalStart;
    const starts = expandRule(master.first, master.rule);
    const split = starts.findIndex((when) => startOf(when) === start);
    const firstAfter = starts[split];
    const lastBefore = starts[split - 1];
    if (firstAfter === undefined || lastBefore === undefined) {
      // From the first one on: all of this master.
      if (change === 'delete') master.living = false;
      else this.editAll(master.id, change.fields ?? {}, change.shiftMinutes);
      this.renew(base, master.living ? [] : [master.id]);
      return master.id;
    }
    const { count, ...kept } = master.rule;
    const laterRule = count === undefined ? kept : { ...kept, count: count - split };
    const isAfter = (one: string) => one >= start;
    let laterId: GoogleEventId | undefined;
    if (change !== 'delete') {
      const minutes = change.shiftMinutes ?? 0;
      laterId = asGoogleEventId(minutes === 0 ? `${base}_R${compact(start).replace('Z', '')}` : `${base}following${split}n${this.known.size}`);
      this.born(laterId, moveAll(firstAfter, minutes), laterRule, master.excluded.filter(isAfter).map((one) => moveStart(one, firstAfter, minutes)),
        { ...master.record, fields: { ...master.record.fields, ...change.fields }, iCalUID: `${laterId}@google.com` }, master.created);
      if (minutes === 0) for (const [ofId, exception] of this.exceptionsOf(master.id)) {
        if (!isAfter(exception.start)) continue;
        exception.masterId = laterId;
        // The one at which it was done is the first of its series again.
        if (exception.start === start) this.exceptions.delete(ofId);
      }
    }
    master.rule = { ...kept, untilOn: dayOf(lastBefore) };
    master.excluded = master.excluded.filter((one) => !isAfter(one));
    if (laterId !== undefined && baseOf(laterId) !== base) this.renew(laterId);
    this.renew(base);
    return laterId;
  }

  setRule(masterId: GoogleEventId, rule: ModelRule, excluded: readonly string[] = []): void {
    const master = this.known.get(masterId);
    if (master?.living !== true) return;
    // Halves of one series keep out of one another's times: no facts say what Google does where two events would have one id.
    const theirs = new Set(this.family(baseOf(masterId)).filter((half) => half !== master).flatMap((half) => expandRule(half.first, half.rule).map(startOf)));
    if (expandRule(master.first, rule).some((when) => theirs.has(startOf(when)))) return;
    Object.assign(master, { rule, excluded });
    this.renew(baseOf(masterId));
  }

  /** As an EXDATE: the series never had it. */
  exclude(id: GoogleEventId): void {
    const occurrence = this.find(id)?.occurrence;
    const master = occurrence === undefined ? undefined : this.known.get(occurrence.masterId);
    if (occurrence !== undefined && master !== undefined) this.setRule(master.id, master.rule, [...master.excluded, occurrence.originalStart]);
  }

  removeAll(masterId: GoogleEventId): void {
    const gone = this.family(baseOf(masterId));
    for (const master of gone) master.living = false;
    this.renew(baseOf(masterId), gone.map(({ id }) => id));
  }

  /** The series stops to recur: its master is a single event under the same id, all else of it is gone. */
  toSingle(masterId: GoogleEventId): void {
    const master = this.known.get(masterId);
    if (master?.living !== true) return;
    const { recurrence: _lines, ...single } = recordOf(master);
    this.known.delete(masterId);
    this.renew(baseOf(masterId));
    this.host.becomesSingle({ ...single, shape: 'single', fields: { ...master.record.fields, when: master.first } });
  }

  // What the port asks; the caller counts writes and decides the fate of the call.

  find(id: GoogleEventId): GoogleEventRecord | undefined {
    const master = this.known.get(id);
    if (master !== undefined) return recordOf(master);
    const exception = this.exceptions.get(id);
    const owner = exception === undefined ? undefined : this.known.get(exception.masterId);
    if (exception !== undefined && owner?.living === true && !exception.orphan) return exceptionRecord(exception, owner);
    const start = startInId(id);
    if (start === undefined) return undefined;
    const halves = [...this.known.values()].filter((half) => baseOf(half.id) === baseOf(id)).toSorted((a, b) => Number(b.living) - Number(a.living));
    for (const half of halves) {
      const when = this.startsOf(half).find((one) => startOf(one) === start);
      if (when !== undefined) return computed(half, when);
    }
    return exception === undefined ? undefined : exceptionRecord(exception, owner);
  }

  readSeries(masterId: GoogleEventId, inDays: (when: When) => boolean): SeriesReading | undefined {
    const master = this.known.get(masterId);
    if (master === undefined) return undefined;
    if (!master.living) return { kind: 'cancelled' };
    return { kind: 'found', master: recordOf(master), records: this.ofMaster(master).filter(({ status, fields: { when } }) => status !== 'cancelled' && when !== undefined && inDays(when)), unreadable: [] };
  }

  patch(current: GoogleEventRecord, change: Parameters<GoogleEvents['patch']>[2]): GoogleWriteOutcome {
    const event = this.find(current.id);
    if (event === undefined) return { kind: 'gone' };
    if (event.etag !== current.etag) return { kind: 'stale' };
    const master = this.known.get(current.id);
    if (event.status === 'cancelled' && change.revive !== true) return { kind: 'gone' };
    if (master !== undefined) {
      master.living = true;
      master.record = { ...decorated(master.record, change), fields: { ...master.record.fields, ...change.fields }, ...(change.marks ? { marks: { ...master.record.marks, ...change.marks } } : {}) };
      if (change.fields.when !== undefined) master.first = change.fields.when;
      this.renew(baseOf(master.id));
    } else {
      // Nothing of a deleted series, and nothing that its series lost, can be brought back.
      if (event.occurrence === undefined || this.known.get(event.occurrence.masterId)?.living !== true || this.exceptions.get(current.id)?.orphan === true) return { kind: 'refused', cause: 'its series is gone' };
      this.except(current.id, change.fields, false);
    }
    const record = this.find(current.id);
    return record === undefined ? { kind: 'gone' } : { kind: 'written', record };
  }

  delete(id: GoogleEventId, etag: string): { readonly kind: 'gone' | 'stale' } {
    const event = this.find(id);
    if (event === undefined || event.status === 'cancelled') return { kind: 'gone' };
    if (event.etag !== etag) return { kind: 'stale' };
    const master = this.known.get(id);
    if (master === undefined) this.except(id, {}, true);
    else {
      master.living = false;
      this.renew(baseOf(id), [id]);
    }
    return { kind: 'gone' };
  }

  private born(id: GoogleEventId, first: When, rule: ModelRule, excluded: readonly string[], record: GoogleEventRecord | Master['record'], created?: string): void {
    const version = this.host.nextVersion();
    this.known.set(id, { id, first, rule, excluded, living: true, created: created ?? version.updated, version, record });
  }

  /** Tightened in one, tightened in all; loosened in one, ignored (Google since July 2026). */
  private except(id: GoogleEventId, fields: GoogleFields, cancelled: boolean, attendees?: readonly Attendee[]): void {
    const event = this.find(id);
    const master = event?.occurrence === undefined ? undefined : this.known.get(event.occurrence.masterId);
    if (event?.occurrence === undefined || master?.living !== true) return;
    if (fields.privacy === 'private') master.record = { ...master.record, fields: { ...master.record.fields, privacy: 'private' } };
    const people = attendees ?? this.exceptions.get(id)?.attendees;
    this.exceptions.set(id, {
      base: baseOf(id), masterId: master.id, start: event.occurrence.originalStart, cancelled, orphan: false, version: master.version, fields: { ...event.fields, ...fields }, ...(people === undefined ? {} : { attendees: people }),
    });
    this.renew(baseOf(id), [], id);
  }

  private moveException(id: GoogleEventId, exception: Exception, master: Master, minutes: number): void {
    this.exceptions.delete(id);
    const start = moveStart(exception.start, master.first, minutes);
    const when = exception.fields.when;
    this.exceptions.set(asGoogleEventId(`${exception.base}_${compact(start)}`), { ...exception, start, fields: { ...exception.fields, ...(when === undefined ? {} : { when: moveAll(when, minutes) }) } });
  }

  /** One version for all of a family, and all of it is news. `gone`: masters that were deleted just now. */
  private renew(base: string, gone: readonly GoogleEventId[] = [], touched?: GoogleEventId): void {
    const version = this.host.nextVersion();
    const all = [...this.known.values()].filter((one) => baseOf(one.id) === base);
    for (const master of all) master.version = version;
    const first = touched === undefined ? undefined : this.exceptions.get(touched);
    if (first !== undefined && !first.cancelled) this.tell(touched!);
    for (const master of all) if (master.living) this.host.tell(recordOf(master));
    for (const [id, exception] of this.exceptions) {
      if (exception.base !== base) continue;
      const master = this.known.get(exception.masterId);
      if (master !== undefined && !master.living) continue;
      const orphan = master === undefined || !this.startsOf(master).some((when) => startOf(when) === exception.start);
      const told = orphan && exception.orphan;
      exception.orphan = orphan;
      if (!told) exception.version = version;
      if (!told && (id !== touched || exception.cancelled)) this.tell(id);
    }
    for (const id of gone) this.host.tell(bare(anEvent({ id, ...version, status: 'cancelled' })));
  }

  private tell(id: GoogleEventId): void {
    const exception = this.exceptions.get(id);
    if (exception === undefined) return;
    const record = exceptionRecord(exception, this.known.get(exception.masterId));
    this.host.tell(record.status === 'cancelled' ? bare(record) : record);
  }

  private family = (base: string): readonly Master[] => [...this.known.values()].filter((master) => master.living && baseOf(master.id) === base);
  private exceptionsOf = (masterId: GoogleEventId) => [...this.exceptions].filter(([, exception]) => exception.masterId === masterId && !exception.orphan);
  private startsOf = (master: Master): readonly When[] => expandRule(master.first, master.rule).filter((when) => !master.excluded.includes(startOf(when)));

  private ofMaster(master: Master): readonly GoogleEventRecord[] {
    return this.startsOf(master).map((when) => {
      const exception = this.exceptions.get(occurrenceId(master, startOf(when)));
      return exception === undefined || exception.masterId !== master.id ? computed(master, when) : exceptionRecord(exception, master);
    });
  }
}
