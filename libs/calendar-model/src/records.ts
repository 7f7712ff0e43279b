import type { CalendarId, GoogleEventId, InventiveId, SourceName } from './ids.js';
import type { EventColour, EventLink, GoogleFields, InventiveFields, Marks } from './fields.js';
import type { Instant, ZoneName } from './when.js';

/** Orders what was read of one appointment: a new epoch beats any stamp of an older one; stamps are decimal text (64 bits). */
export interface InventiveVersion {
  readonly epoch: number;
  readonly stamp: string;
}

export type Reply = 'none' | 'accepted' | 'declined' | 'maybe';

export interface Participant {
  /** Key of the row; absent in messages of older versions. */
  readonly id?: InventiveId;
  readonly name: string;
  readonly email: string;
  /** Where the participant is a colleague. */
  readonly userId?: InventiveId;
  readonly reply: Reply;
  /** 4D's `__STAMP` of the participant's row: names exactly this state in a conditional update. Absent in messages. */
  readonly entityStamp?: number;
}

/** An attendee as Google has it; `raw` is written back as it is where the attendee isn't the one that changes. */
export interface Attendee {
  /** Lower case; absent for who has none. */
  readonly email?: string;
  readonly name: string;
  readonly reply: Reply;
  readonly self: boolean;
  readonly organizer: boolean;
  /** A room, or a group: never a participant of Inventive. */
  readonly kind: 'person' | 'resource' | 'group';
  readonly raw: Readonly<Record<string, unknown>>;
}

/** Which occurrence of which series, for as long as it lives. */
export interface OccurrenceKey {
  /** The id of the series without `_R…`: the halves of a split that kept its time are one series. */
  readonly seriesId: GoogleEventId;
  /** The start that the rule gives it, whereto it was moved since: an instant `YYYY-MM-DDTHH:MM:SSZ`, or a day `YYYY-MM-DD`. */
  readonly originalStart: string;
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
  /** Where the record opens in Inventive; absent where the source has no such addresses. */
  readonly url?: string;
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
  /** Where it ends in another zone (a flight): that one is left as it is too. */
  readonly endZone?: ZoneName;
  /** Of an occurrence; `masterId` is the master that has it now. Absent on a bare cancelled one that names neither. */
  readonly occurrence?: OccurrenceKey & { readonly masterId: GoogleEventId };
  /** Lines of RFC 5545 of a master. */
  readonly recurrence?: readonly string[];
  /** The halves of a series that was split have it in common. */
  readonly created?: Instant;
  readonly iCalUID?: string;
  /** Absent where the event has none, or they may not be seen (`attendeesOmitted`: perhaps only the user's own). */
  readonly attendees?: readonly Attendee[];
  readonly attendeesOmitted?: true;
  /** Lower case. */
  readonly organizerEmail?: string;
  /** Lower case. An event's link can be seen and written by its creator only: a secretary's event shows none to her chief. */
  readonly creatorEmail?: string;
  readonly link?: EventLink;
  readonly colour?: EventColour;
}
