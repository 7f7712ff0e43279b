import { asInventiveId, asSourceName, type InventiveId } from '@calsync/calendar-model';
import type { AssembledAppointment, CaptureSource, DeletedRow, PartKey, StampedRow, TrackedKind } from '../capture/capture-source.js';
import type { Clock } from '../ports/clock.js';

export interface ModelRow {
  readonly kind: TrackedKind;
  readonly id: InventiveId;
  readonly stamp: bigint;
  readonly saves: number;
  readonly text: string;
  readonly private: boolean;
  /** Of a participant. */
  readonly appointmentId?: InventiveId;
  /** Of an appointment. */
  readonly relationId?: InventiveId;
}

export type ModelChange =
  | { readonly act: 'save'; readonly kind: TrackedKind; readonly id: InventiveId; readonly text: string; readonly private?: boolean; readonly appointmentId?: InventiveId; readonly relationId?: InventiveId }
  | { readonly act: 'delete'; readonly kind: TrackedKind; readonly id: InventiveId };

const PAGE = 3;
const ADMINISTRATION = asInventiveId('A'.repeat(32));
const OWNER = asInventiveId('B'.repeat(32));
const SOURCE = asSourceName('demo');

export const modelId = (n: number): InventiveId => asInventiveId(n.toString(16).padStart(32, '0'));

/**
 * Inventive's datastore as the facts describe it: one counter, stamps taken at the save and visible at the commit, rows
 * of an open transaction locked, one list of deletions that keeps its rows. Pages are small, so that reading takes turns
 * with commits.
 */
export class ModelDatastore implements CaptureSource {
  readonly name = SOURCE;
  readonly rows = new Map<PartKey, ModelRow>();
  readonly deletions: DeletedRow[] = [];
  counter = 1n;
  reads = 0;
  /** Raise it where the server is started again. */
  starts = 1;
  readonly #locked = new Set<PartKey>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes a stamp now and shows the change `commitAfterMs` later. Undefined where the row is locked or can't be changed so. */
  change(change: ModelChange, commitAfterMs: number): bigint | undefined {
    const key: PartKey = `${change.kind}/${change.id}`;
    const before = this.rows.get(key);
    if (this.#locked.has(key) || (change.act === 'delete' && before === undefined)) return undefined;
    const stamp = this.counter;
    this.counter += 1n;
    const commit = () => {
      this.#locked.delete(key);
      if (change.act === 'delete') {
        this.rows.delete(key);
        this.deletions.push({ kind: change.kind, id: change.id, stamp });
        return;
      }
      const { kind, id, text, appointmentId, relationId } = change;
      this.rows.set(key, {
        kind, id, text, stamp, saves: (before?.saves ?? 0) + 1, private: change.private ?? false,
        ...(appointmentId === undefined ? {} : { appointmentId }),
        ...(relationId === undefined ? {} : { relationId }),
      });
    };
    if (commitAfterMs === 0) commit();
    else {
      this.#locked.add(key);
      void this.#clock.sleep(commitAfterMs).then(commit);
    }
    return stamp;
  }

  sessions(): number {
    return this.starts;
  }

  async stampNow(): Promise<bigint> {
    await this.#travel();
    return this.counter;
  }

  async *changedSince(kind: TrackedKind, from: bigint): AsyncGenerator<readonly StampedRow[]> {
    let after = from - 1n;
    for (;;) {
      await this.#travel();
      const page = [...this.rows.values()].filter((row) => row.kind === kind && row.stamp > after).sort((a, b) => (a.stamp < b.stamp ? -1 : 1)).slice(0, PAGE);
      const last = page.at(-1);
      if (last === undefined) return;
      yield page.map(stamped);
      after = last.stamp;
    }
  }

  async *deletionsSince(from: bigint): AsyncGenerator<readonly DeletedRow[]> {
    let after = from - 1n;
    for (;;) {
      await this.#travel();
      const page = this.deletions.filter(({ stamp }) => stamp > after).sort((a, b) => (a.stamp < b.stamp ? -1 : 1)).slice(0, PAGE);
      const last = page.at(-1);
      if (last === undefined) return;
      yield page;
      after = last.stamp;
    }
  }

  async *allRows(kind: TrackedKind): AsyncGenerator<readonly StampedRow[]> {
    let after = '';
    for (;;) {
      await this.#travel();
      const page = [...this.rows.values()].filter((row) => row.kind === kind && row.id > after).sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, PAGE);
      const last = page.at(-1);
      if (last === undefined) return;
      yield page.map(stamped);
      after = last.id;
    }
  }

  async assemble(ids: readonly InventiveId[]) {
    await this.#travel();
    const rows = ids.map((id) => this.rows.get(`appointment/${id}`)).filter((row) => row !== undefined);
    const participants = ids.flatMap((id) => this.participantsOf(id));
    // Relations are known only after the rows: a change may slip in between, as with the real server.
    await this.#travel();
    const relations = new Map(rows.flatMap(({ relationId }) => (relationId === undefined ? [] : [[relationId, this.rows.get(`relation/${relationId}`)] as const])));
    return { found: rows.map((row) => assembled(row, participants.filter(({ appointmentId }) => appointmentId === row.id), relations.get(row.relationId ?? row.id))), unreadable: [] };
  }

  async deletionOf(kind: TrackedKind, id: InventiveId): Promise<bigint | undefined> {
    await this.#travel();
    return this.deletions.filter((deleted) => deleted.kind === kind && deleted.id === id).reduce<bigint | undefined>((last, { stamp }) => (last === undefined || stamp > last ? stamp : last), undefined);
  }

  /** As it stands this very moment. */
  appointmentNow(id: InventiveId): AssembledAppointment | undefined {
    const row = this.rows.get(`appointment/${id}`);
    return row === undefined ? undefined : assembled(row, this.participantsOf(id), row.relationId === undefined ? undefined : this.rows.get(`relation/${row.relationId}`));
  }

  participantsOf(id: InventiveId): ModelRow[] {
    return [...this.rows.values()].filter((row) => row.kind === 'participant' && row.appointmentId === id);
  }

  async #travel(): Promise<void> {
    this.reads += 1;
    await this.#clock.sleep(1);
  }
}

function stamped({ kind, id, stamp, appointmentId }: ModelRow): StampedRow {
  return { kind, id, stamp, ...(appointmentId === undefined ? {} : { appointmentId }) };
}

function assembled(row: ModelRow, participants: readonly ModelRow[], relation: ModelRow | undefined): AssembledAppointment {
  const parts = participants.map(({ id, stamp }) => ({ key: `participant/${id}` as PartKey, stamp }));
  if (row.relationId !== undefined) parts.push({ key: `relation/${row.relationId}`, stamp: relation?.stamp ?? 0n });
  const byId = participants.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return {
    rowStamp: row.stamp,
    parts: parts.sort((a, b) => (a.key < b.key ? -1 : 1)),
    record: {
      source: SOURCE, id: row.id, administrationId: ADMINISTRATION, ownerId: OWNER,
      rowStamp: String(row.stamp), entityStamp: row.saves, zone: 'Europe/Amsterdam',
      fields: { subject: row.text, when: { kind: 'all-day', firstOn: '2027-01-15', lastOn: '2027-01-15' }, showAs: 'busy', privacy: row.private ? 'private' : 'public' },
      reduced: false,
      blockLines: relation === undefined ? [] : [{ field: 'relation.name', label: 'Relatie', value: relation.text }],
      participants: byId.map(({ text }) => ({ name: text, email: '', reply: 'none' as const })),
      status: 'planned', category: 'Afspraak', modifiedBy: 'jansen',
    },
  };
}
