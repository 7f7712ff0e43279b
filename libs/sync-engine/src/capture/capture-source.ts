import type { AppointmentRecord, InventiveId, PlainDate, SourceName } from '@calsync/calendar-model';

/** The tables that an appointment is made of, its own first. */
export const TRACKED_KINDS = ['appointment', 'participant', 'relation', 'contact', 'project'] as const;
export type TrackedKind = (typeof TRACKED_KINDS)[number];
/** Rows that many appointments show: a change of one fans out. */
export type SharedKind = 'relation' | 'contact' | 'project';

/** A row by its key and the global stamp of its last save. */
export interface StampedRow {
  readonly kind: TrackedKind;
  readonly id: InventiveId;
  readonly stamp: bigint;
  /** Of a participant: where it belongs. */
  readonly appointmentId?: InventiveId;
}

/** A row of the server's list of deletions. A re-created key keeps its old one. */
export interface DeletedRow {
  readonly kind: TrackedKind;
  readonly id: InventiveId;
  readonly stamp: bigint;
}

/** `participant/<id>`, `relation/<id>` …: names a row that an appointment is made of. */
export type PartKey = `${TrackedKind}/${InventiveId}`;
export const partKey = (kind: TrackedKind, id: InventiveId): PartKey => `${kind}/${id}`;

/** A row that the appointment shows or refers to; stamp 0 where the row doesn't exist (yet). */
export interface Part {
  readonly key: PartKey;
  readonly stamp: bigint;
}

/** An appointment read by key with everything it is made of, private content included. */
export interface AssembledAppointment {
  readonly record: Omit<AppointmentRecord, 'version'>;
  readonly rowStamp: bigint;
  /** Without the row itself, sorted by key. */
  readonly parts: readonly Part[];
  readonly endsOn?: PlainDate;
}

export interface Assembly {
  readonly found: readonly AssembledAppointment[];
  /** Rows that exist and can't be understood: one odd row must not stop the others, nor look deleted. */
  readonly unreadable: readonly { readonly id: InventiveId; readonly cause: string }[];
}

/** What capture reads of one Inventive server. Everything throws `Failure`; nothing answers with a part of what was asked. */
export interface CaptureSource {
  readonly name: SourceName;
  /** How many sessions with the server were begun. It grows where the server forgot ours: it was started again, perhaps with another database. */
  sessions(): number;
  /** The number that the next change will get. One cheap read. */
  stampNow(): Promise<bigint>;
  /** Rows with this stamp or a higher one, in order of stamp. */
  changedSince(kind: TrackedKind, from: bigint): AsyncIterable<readonly StampedRow[]>;
  /** Deletions of tracked kinds with this stamp or a higher one, in order of stamp. */
  deletionsSince(from: bigint): AsyncIterable<readonly DeletedRow[]>;
  /** The whole table, keys and stamps only, in order of key. */
  allRows(kind: TrackedKind): AsyncIterable<readonly StampedRow[]>;
  /** Those of these appointments that exist, read after this call began. */
  assemble(ids: readonly InventiveId[]): Promise<Assembly>;
  /** The stamp of the last deletion of this key, if the server lists one. */
  deletionOf(kind: TrackedKind, id: InventiveId): Promise<bigint | undefined>;
}
