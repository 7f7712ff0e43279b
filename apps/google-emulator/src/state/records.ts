import type { Role } from '../calendar/access.js';
import type { JsonObject } from '../discovery/body.js';

export interface Account {
  readonly email: string;
  /** Google's stable id of the person: 21 digits. */
  readonly sub: string;
  readonly name: string;
}

export interface CalendarRecord {
  /** The e-mail for a primary calendar. */
  readonly id: string;
  readonly owner: string;
  readonly primary: boolean;
  /** OAuth client that made it: what the scope `calendar.app.created` may touch. */
  readonly madeBy?: string;
  readonly deleted?: true;
  readonly etagMicros: number;
  /** Order of changes for the delta of calendarList; a change of title or zone doesn't move it. */
  readonly listSeq: number;
  readonly listEtagMicros: number;
  /** Order of the newest change of one of its events. */
  readonly eventsSeq: number;
  readonly fields: CalendarFields;
}

export interface CalendarFields {
  readonly summary: string;
  readonly timeZone: string;
  readonly description?: string;
  readonly location?: string;
  readonly labelProperties?: JsonObject;
  readonly workingHours?: JsonObject;
}

/** Who may do what with a calendar, besides its data owner. `none`: the rule was deleted. */
export interface AclRecord {
  readonly calendarId: string;
  /** `user:` and an e-mail, `domain:` and its name, `default`: everybody. */
  readonly id: string;
  readonly scope: { readonly type: 'default' | 'user' | 'group' | 'domain'; readonly value?: string };
  readonly role: Role;
  readonly etagMicros: number;
  readonly seq: number;
}

/** A calendar in somebody's list, with what he set for himself. */
export interface ListEntry {
  readonly email: string;
  readonly calendarId: string;
  readonly deleted?: true;
  readonly listSeq: number;
  readonly etagMicros: number;
  readonly fields: {
    readonly summaryOverride?: string;
    readonly colorId?: string;
    readonly backgroundColor?: string;
    readonly foregroundColor?: string;
    readonly hidden?: true;
    readonly selected?: false;
    readonly defaultReminders?: readonly JsonObject[];
    readonly notificationSettings?: JsonObject;
  };
}

/**
 * A day, or an instant with the zone whose rules the event keeps.
 * `named`: what the event came with in place of that zone, as the pages of other makers write it ("W. Europe Standard Time"); empty: nothing.
 */
export type Moment = { readonly date: string } | { readonly atMs: number; readonly timeZone: string; readonly named?: string };

/** What a person may set, in one canonical form: defaults and empty texts are left out. */
export interface EventFields {
  readonly start: Moment;
  readonly end: Moment;
  readonly reminders: JsonObject;
  /** Everything else by its name in Google's schema. */
  readonly rest: JsonObject;
}

export interface Person {
  readonly email: string;
  readonly displayName?: string;
}

export interface EventRecord {
  readonly calendarId: string;
  readonly id: string;
  readonly iCalUID: string;
  readonly eventType: string;
  readonly status: 'confirmed' | 'tentative' | 'cancelled';
  readonly sequence: number;
  /** Order of changes over the whole store: what sync tokens count in. */
  readonly seq: number;
  readonly updatedMicros: number;
  /** RFC 3339 in whole seconds. */
  readonly created: string;
  readonly creator: Person;
  readonly organizer: Person;
  readonly privateCopy?: true;
  /** Its main fields can't be changed in this calendar. */
  readonly locked?: true;
  /** Nothing but the id is left: its bin was emptied, or it moved to another calendar. The id stays burnt. */
  readonly remains?: 'bin-emptied' | 'moved';
  /** What every part of a series begins its id with: one version for all of them. Stays when a series becomes a single event. */
  readonly family?: string;
  /** An occurrence that differs from its series, or was cancelled: id of the master, and the start that the series gave it. */
  readonly seriesId?: string;
  readonly originalStart?: Moment;
  /** Its series no longer has that start: nothing but the id is told of it, until the start comes back. */
  readonly orphaned?: true;
  /** A split gave it to the later half: who knows it from before hears nothing from that half's deletion alone. */
  readonly handedOver?: true;
  /** An invitation that the guest took out of his calendar himself: no change of the organiser brings it back. */
  readonly removed?: true;
  /** An occurrence to which alone the guest was invited: its series isn't in his calendar. */
  readonly alone?: true;
  readonly fields: EventFields;
}

/** A series, or an event before it became one, as it stood until a write: readers of single events learn from it which times are gone. */
export interface PastSeries {
  readonly calendarId: string;
  /** Order of the write that replaced it. */
  readonly untilSeq: number;
  readonly event: EventRecord;
}

/** Who was ever invited to an event or series of a calendar: who may hold a copy of it. */
export interface Invited {
  readonly calendarId: string;
  /** The family of a series, else the id. */
  readonly root: string;
  readonly emails: readonly string[];
}

export interface Channel {
  readonly id: string;
  readonly resourceId: string;
  readonly resourceUri: string;
  readonly token?: string;
  readonly email: string;
  readonly client: string;
  /** Undefined: a list of the person's own. */
  readonly calendarId?: string;
  /** Undefined: events of that calendar, or the calendar list. */
  readonly of?: 'acl' | 'settings';
  /** Empty: all types. */
  readonly eventTypes: readonly string[];
  readonly address: string;
  readonly expirationMs: number;
  readonly lastNumber: number;
}

/** A rule that ends sync tokens before their time; tokens of a later generation live. */
export interface TokenExpiry {
  readonly email?: string;
  readonly client?: string;
  readonly calendarId?: string;
  readonly generation: number;
}

export interface Mail {
  readonly at: string;
  readonly kind: 'invitation' | 'update' | 'cancellation' | 'reply' | 'sharing';
  readonly to: string;
  /** Null: a mail about a calendar. */
  readonly eventId: string | null;
  readonly client: string;
}

export interface CallCount {
  method: string;
  email: string | undefined;
  client: string | undefined;
  status: number;
  [field: string]: string | number | undefined;
}

export interface Write {
  readonly at: string;
  readonly method: string;
  readonly email: string;
  readonly client: string;
  readonly calendarId: string | undefined;
  readonly eventId: string | undefined;
}
