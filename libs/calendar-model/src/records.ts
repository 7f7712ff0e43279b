import type { CalendarId, GoogleEventId, InventiveId, SourceName } from './ids.js';
import type { GoogleFields, InventiveFields, Marks } from './fields.js';
import type { Instant, ZoneName } from './when.js';

/** Orders what was read of one appointment: a new epoch beats any stamp of an older one; stamps are decimal text (64 bits). */
export interface InventiveVersion {
  readonly epoch: number;
  readonly stamp: string;
}

export interface Participant {
  readonly name: string;
  readonly email: string;
  readonly reply: 'none' | 'accepted' | 'declined' | 'maybe';
}

/** A line of the description block: a chosen field of relation, contact person or project. */
export interface BlockLine {
  /** Key of the field list, for example `relation.name`. */
  readonly field: string;
  readonly label: string;
  readonly value: string;
}

/** An appointment as it stands in Inventive, with what it is made of. */
export interface AppointmentRecord {
  readonly source: SourceName;
  readonly id: InventiveId;
  readonly administrationId: InventiveId;
  readonly ownerId: InventiveId;
  /** The highest stamp among the row, the rows it is made of, and their deletions. */
  readonly version: InventiveVersion;
  /** The row's own global stamp: names exactly this state in a conditional delete. Decimal text. */
  readonly rowStamp: string;
  /** 4D's `__STAMP`: names exactly this state in a conditional update. */
  readonly entityStamp: number;
  readonly zone: ZoneName;
  readonly fields: InventiveFields;
  /** True where content was left out because the appointment is private. */
  readonly reduced: boolean;
  readonly blockLines: readonly BlockLine[];
  readonly participants: readonly Participant[];
  readonly seriesId?: string;
  readonly status: 'planned' | 'done' | 'void';
  readonly category: string;
  readonly modifiedAt?: Instant;
  readonly modifiedBy: string;
}

/** A Google event as it stands, with what decides how it may be treated. */
export interface GoogleEventRecord {
  readonly calendarId: CalendarId;
  readonly id: GoogleEventId;
  readonly etag: string;
  /** Absent on a bare cancelled item of a delta: such an item is a claim, the event itself must be asked. */
  readonly updated?: Instant;
  readonly status: 'confirmed' | 'tentative' | 'cancelled';
  readonly shape: 'single' | 'master' | 'occurrence';
  readonly eventType: string;
  /** False where somebody else organises it: read-only for us. */
  readonly ownedByUser: boolean;
  readonly fields: GoogleFields;
  /** True where a message left out the content because the event is private. */
  readonly reduced: boolean;
  readonly marks?: Partial<Marks>;
  /** The zone that Google keeps for the event, left as it is when times are written. */
  readonly zone?: ZoneName;
}
