import { asInventiveId, type AppointmentRecord, type Participant, type InventiveFields, type InventiveId, type InventiveVersion } from '@calsync/calendar-model';
import type { InventiveAgenda, InventiveWriteOutcome, ParticipantWrite } from '../ports/inventive-agenda.js';
import { anAppointment } from '../testing/records.js';
import { underFate, type CallFate } from './call-fate.js';

export type InventiveNews =
  | { readonly kind: 'changed'; readonly record: AppointmentRecord }
  | { readonly kind: 'deleted'; readonly id: InventiveId; readonly version: InventiveVersion };

/**
 * Inventive as a model behind the engine's port: rows, one global stamp, deletions that are remembered.
 * Every change, whoever made it, becomes news that the simulation delivers late, twice or out of order.
 */
export class ModelInventive implements InventiveAgenda {
  readonly rows = new Map<InventiveId, AppointmentRecord>();
  readonly deleted = new Map<InventiveId, string>();
  readonly news: InventiveNews[] = [];
  /** Rows with something that nobody understands. */
  /** Not found for a while, though they are there. */
  readonly hidden = new Set<InventiveId>();
  readonly unreadable = new Set<InventiveId>();
  writes = 0;
  /** When which row was written to; deletions never wait, and are not among them. */
  readonly written: { readonly id: InventiveId; readonly at: number }[] = [];
  /**
   * Made under a key that was deleted: by a process that hung for longer than its claim, after another had made that row and a
   * person deleted it. Inventive knows no fencing, so such a row stands beside the one that was made since.
   */
  readonly revenants: InventiveFields[] = [];
  private stamp = 0;
  private readonly personStamps = new Map<string, string>();

  constructor(
    private readonly now: () => number,
    private readonly fate: () => CallFate,
  ) {}

  /** A person at the desk. */
  edit(id: InventiveId, fields: InventiveFields): void {
    const row = this.rows.get(id);
    this.put(id, { ...row?.fields, ...fields }, row ?? {}, 'jansen');
  }

  /** The desk chooses a relation, a project: what the description is to tell of them. */
  relate(id: InventiveId, blockLines: AppointmentRecord['blockLines']): void {
    const row = this.rows.get(id);
    if (row !== undefined) this.put(id, row.fields, { ...row, blockLines }, 'jansen');
  }

  /** *Vervallen*, or planned again, or *Afgerond*. */
  setStatus(id: InventiveId, status: AppointmentRecord['status']): void {
    const row = this.rows.get(id);
    if (row !== undefined && row.status !== status) this.put(id, row.fields, { ...row, status }, 'jansen');
  }

  /** Into another administration. */
  moveTo(id: InventiveId, administrationId: InventiveId): void {
    const row = this.rows.get(id);
    if (row !== undefined && row.administrationId !== administrationId) this.put(id, row.fields, { ...row, administrationId }, 'jansen');
  }

  /** Another appointment that says the same. */
  copy(id: InventiveId, as: InventiveId): void {
    const row = this.rows.get(id);
    if (row === undefined || this.rows.has(as)) return;
    const participants = row.participants.map((one, at) => ({ ...one, id: asInventiveId(`${as.slice(-12)}${at}`.padStart(32, 'C')) }));
    this.put(as, row.fields, { ...row, participants, entityStamp: 0 }, 'jansen');
  }

  /** The desk gives the appointment to somebody else. */
  handTo(id: InventiveId, ownerId: InventiveId): void {
    const row = this.rows.get(id);
    if (row !== undefined) this.put(id, row.fields, { ...row, ownerId }, 'jansen');
  }

  remove(id: InventiveId): void {
    if (!this.rows.delete(id)) return;
    const stamp = this.nextStamp();
    this.deleted.set(id, stamp);
    this.news.push({ kind: 'deleted', id, version: { epoch: 1, stamp } });
  }

  /** The desk decides who is in it; rows that are named again as they were don't change. */
  seat(id: InventiveId, participants: readonly Participant[]): void {
    const row = this.rows.get(id);
    if (row !== undefined) this.putPeople(row, participants);
  }

  read: InventiveAgenda['read'] = async (_source, id) => {
    this.call(() => undefined);
    if (this.hidden.has(id)) return { kind: 'absent' };
    const record = this.rows.get(id);
    if (record !== undefined) return { kind: 'found', record };
    const stamp = this.deleted.get(id);
    return stamp === undefined ? { kind: 'absent' } : { kind: 'deleted', stamp };
  };

  /** Days are compared as days, as 4D does: an appointment that ends at the first midnight is still listed. */
  readAgenda: InventiveAgenda['readAgenda'] = async (_source, userId, fromOn, untilOn) => {
    this.call(() => undefined);
    const listed = ({ fields: { when }, ownerId, id }: AppointmentRecord): boolean => {
      if (when === undefined || ownerId !== userId || this.unreadable.has(id)) return false;
      const [first, last] = when.kind === 'all-day' ? [when.firstOn, when.lastOn] : [when.start.slice(0, 10), when.end.slice(0, 10)];
      return first <= untilOn && (last >= fromOn || first >= fromOn);
    };
    return { records: [...this.rows.values()].filter(listed), unreadable: [...this.unreadable].map((id) => ({ id, cause: 'an odd row' })) };
  };

  create: InventiveAgenda['create'] = async (_source, { id, ownerId, administrationId, fields, category }) =>
    this.call((): InventiveWriteOutcome => {
      if (this.rows.has(id)) return { kind: 'exists' };
      if (this.deleted.has(id)) this.revenants.push(fields);
      this.writes += 1;
      this.written.push({ id, at: this.now() });
      return { kind: 'written', record: this.put(id, fields, { ownerId, administrationId, ...(category === undefined ? {} : { category }) }, 'sync') };
    });

  update: InventiveAgenda['update'] = async (_source, id, entityStamp, fields, status) =>
    this.call((): InventiveWriteOutcome => {
      const row = this.rows.get(id);
      if (row === undefined) return { kind: 'gone' };
      if (row.entityStamp !== entityStamp) return { kind: 'stale' };
      this.writes += 1;
      this.written.push({ id, at: this.now() });
      return { kind: 'written', record: this.put(id, { ...row.fields, ...fields }, { ...row, ...(status === undefined ? {} : { status }) }, 'sync') };
    });

  delete: InventiveAgenda['delete'] = async (_source, id, rowStamp) =>
    this.call(() => {
      const row = this.rows.get(id);
      if (row === undefined) return { kind: 'gone' } as const;
      if (row.rowStamp !== rowStamp) return { kind: 'stale' } as const;
      this.writes += 1;
      this.remove(id);
      return { kind: 'gone' } as const;
    });

  writeParticipants: InventiveAgenda['writeParticipants'] = async (_source, id, writes) =>
    this.call((): InventiveWriteOutcome => {
      let row = this.rows.get(id);
      if (row === undefined) return { kind: 'gone' };
      for (const write of writes) {
        const there: Participant | undefined = row.participants.find((one) => one.id === write.id);
        if (write.kind === 'create' ? there !== undefined || row.participants.some(({ email }) => email.toLowerCase() === write.email) : write.kind === 'update' ? there?.reply !== write.expected : there !== undefined && there.reply !== write.expected) return { kind: 'stale' };
        if (write.kind === 'delete' && there === undefined) continue;
        this.writes += 1;
        const others: readonly Participant[] = row.participants.filter((one) => one.id !== write.id);
        row = this.putPeople(row, write.kind === 'delete' ? others : write.kind === 'create' ? [...others, newParticipant(write)] : [...others, ...(there === undefined ? [] : [{ ...there, reply: write.reply }])]);
      }
      return { kind: 'written', record: row };
    });

  private call<Answer>(act: () => Answer): Answer {
    return underFate(this.fate(), act);
  }

  private put(id: InventiveId, fields: InventiveFields, like: Partial<AppointmentRecord>, modifiedBy: string): AppointmentRecord {
    const stamp = this.nextStamp();
    const record = anAppointment({
      ...like, id, fields, version: { epoch: 1, stamp }, rowStamp: stamp, entityStamp: (like.entityStamp ?? 0) + 1,
      modifiedAt: new Date(this.now()).toISOString(), modifiedBy,
    });
    this.rows.set(id, record);
    this.news.push({ kind: 'changed', record });
    return record;
  }

  /** A row of participants that is gone has no stamp any more: only the message of its deletion knows that one. */
  private putPeople(row: AppointmentRecord, participants: readonly Participant[]): AppointmentRecord {
    const before = new Map(row.participants.map((one) => [one.id, JSON.stringify(one)] as const));
    if (participants.length === before.size && participants.every((one) => before.get(one.id) === JSON.stringify(one))) return row;
    for (const one of participants) if (before.get(one.id) !== JSON.stringify(one)) this.personStamps.set(one.id ?? '', this.nextStamp());
    if (participants.length < before.size) this.nextStamp();
    const stamps = [row.rowStamp, ...participants.map(({ id }) => this.personStamps.get(id ?? '') ?? '0')].map(BigInt);
    const seen = { ...row, participants, version: { epoch: 1, stamp: String(stamps.reduce((most, one) => (one > most ? one : most))) } };
    this.rows.set(row.id, seen);
    this.news.push({ kind: 'changed', record: { ...seen, version: { epoch: 1, stamp: String(this.stamp) } } });
    return seen;
  }

  private nextStamp(): string {
    this.stamp += 1;
    return String(this.stamp);
  }
}

function newParticipant({ id, name, email, reply, userId }: Extract<ParticipantWrite, { kind: 'create' }>): Participant {
  return { id, name, email, reply, entityStamp: 1, ...(userId === undefined ? {} : { userId }) };
}
