import type { AppointmentRecord, InventiveFields, InventiveId, PlainDate, SourceName } from '@calsync/calendar-model';
import type { ParticipantChange } from '@calsync/sync-core';

/** `deleted` only where the server's own list of deletions says so; `absent` proves nothing. */
export type AppointmentReading =
  | { readonly kind: 'found'; readonly record: AppointmentRecord }
  | { readonly kind: 'deleted'; readonly stamp: string }
  | { readonly kind: 'absent' };

/** `written` carries the row as it stands after the write. `locked`: open on somebody's desk. `stale`: somebody was faster. */
export type InventiveWriteOutcome =
  | { readonly kind: 'written'; readonly record: AppointmentRecord }
  | { readonly kind: 'exists' }
  | { readonly kind: 'stale' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'locked' }
  | { readonly kind: 'refused'; readonly cause: string };

/** One odd row never hides the others: it is named, with what is odd about it. */
export interface AgendaReading {
  readonly records: readonly AppointmentRecord[];
  readonly unreadable: readonly { readonly id: InventiveId; readonly cause: string }[];
}

/** A change of one row of participants; a new one under a key of ours, so that making it twice makes one. */
export type ParticipantWrite = Exclude<ParticipantChange, { kind: 'create' }> | (Extract<ParticipantChange, { kind: 'create' }> & { readonly id: InventiveId });

/** Reads and conditional writes of appointments, in full (private content included). Throws `Failure`. */
export interface InventiveAgenda {
  read(source: SourceName, id: InventiveId): Promise<AppointmentReading>;
  /** All appointments of one user's agenda that overlap the days `fromOn` up to and including `untilOn`; complete or it throws. */
  readAgenda(source: SourceName, userId: InventiveId, fromOn: PlainDate, untilOn: PlainDate): Promise<AgendaReading>;
  create(
    source: SourceName,
    appointment: { readonly id: InventiveId; readonly ownerId: InventiveId; readonly administrationId: InventiveId; readonly fields: InventiveFields; readonly category?: string },
  ): Promise<InventiveWriteOutcome>;
  /** Conditional on the entity stamp; writes only the fields that are named. */
  update(source: SourceName, id: InventiveId, entityStamp: number, fields: InventiveFields, status?: 'void' | 'planned'): Promise<InventiveWriteOutcome>;
  /**
   * Row by row, each only where it stands as `expected`; one that is gone needs no deletion. `stale`: somebody was faster at one
   * of them (a new one: has seated that person already), and the rest is not done. `written` carries the appointment with its participants as they stand now.
   */
  writeParticipants(source: SourceName, id: InventiveId, writes: readonly ParticipantWrite[]): Promise<InventiveWriteOutcome>;
  /** Conditional on the row's global stamp; `written` is impossible here, success is `gone`. */
  delete(source: SourceName, id: InventiveId, rowStamp: string): Promise<{ kind: 'gone' } | { kind: 'stale' } | { kind: 'locked' } | { kind: 'refused'; cause: string }>;
}
