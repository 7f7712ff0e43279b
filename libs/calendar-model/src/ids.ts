import { v5 as uuidV5 } from 'uuid';

declare const brand: unique symbol;
type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };

/** This installation: a UUID made at the first start, written into every mark. */
export type InstallationId = Branded<string, 'InstallationId'>;
/** The name of one Inventive server in the settings, for example `demo`. */
export type SourceName = Branded<string, 'SourceName'>;
/** A key of Inventive as 4D writes it: 32 upper-case hex digits without dashes. */
export type InventiveId = Branded<string, 'InventiveId'>;
/** One linked user: UUIDv5(installation, source/Inventive user, Google `sub`), and the calendar where it isn't the primary one. */
export type AccountId = Branded<string, 'AccountId'>;
/** One appointment in one user's agenda together with its Google event. */
export type PairId = Branded<string, 'PairId'>;
/** A Google calendar's real id (for a primary calendar its e-mail address), never the alias `primary`. */
export type CalendarId = Branded<string, 'CalendarId'>;
export type GoogleEventId = Branded<string, 'GoogleEventId'>;

export const asInstallationId = (text: string): InstallationId => text as InstallationId;
export const asSourceName = (text: string): SourceName => text as SourceName;
export const asAccountId = (text: string): AccountId => text as AccountId;
export const asPairId = (text: string): PairId => text as PairId;
export const asCalendarId = (text: string): CalendarId => text as CalendarId;
export const asGoogleEventId = (text: string): GoogleEventId => text as GoogleEventId;

/** Normalises any way of writing a UUID to the form of 4D; throws on anything else. */
export function asInventiveId(text: string): InventiveId {
  const hex = text.replaceAll('-', '').toUpperCase();
  if (!/^[0-9A-F]{32}$/.test(hex)) throw new Error(`not a key of Inventive (32 hex digits): ${text}`);
  return hex as InventiveId;
}

/** The root of every id we derive; changing it would double every appointment of every customer. */
const NAMESPACE = '6c1f8a52-95b4-5d0e-9b0a-0d7d1f1c2a11';

const derive = (...parts: readonly string[]): string => uuidV5(JSON.stringify(parts), NAMESPACE);

/**
 * Deterministic, so that replicas and a rebuilt database agree on who an account is. Each calendar of a person makes an account
 * of its own; `otherCalendar` is left out for the primary one, whose id changes with the person's address.
 */
export function deriveAccountId(installation: InstallationId, source: SourceName, userId: InventiveId, sub: string, otherCalendar?: CalendarId): AccountId {
  return derive('account', installation, source, userId, sub, ...(otherCalendar === undefined ? [] : [otherCalendar])) as AccountId;
}

export type Birth =
  /** `again` (1, 2, …) where the pair that began with this appointment goes on with another one. */
  | { readonly side: 'inventive'; readonly appointmentId: InventiveId; readonly again?: number }
  | { readonly side: 'google'; readonly calendarId: CalendarId; readonly eventId: GoogleEventId; readonly originalStart?: string };

/** A pair is named after the item that it began with; both messages about that item find the same pair. */
export function derivePairId(accountId: AccountId, birth: Birth): PairId {
  return birth.side === 'inventive'
    ? (derive('pair', accountId, 'inventive', birth.appointmentId, ...(birth.again === undefined ? [] : [String(birth.again)])) as PairId)
    : (derive('pair', accountId, 'google', birth.calendarId, birth.eventId, birth.originalStart ?? '') as PairId);
}

/** The id under which a pair's Google event is created: 26 digits of base32hex, as Google demands of client ids. */
export function deriveGoogleEventId(pairId: PairId, generation: number): GoogleEventId {
  return base32Hex(hexToBytes(derive('google-event', pairId, String(generation)))) as GoogleEventId;
}

/** The key under which a pair's appointment is created in Inventive. */
export function deriveAppointmentId(pairId: PairId, generation: number): InventiveId {
  return asInventiveId(derive('appointment', pairId, String(generation)));
}

/** The key of the row that says that this person is in the pair's appointment: whoever makes it, makes the same one. */
export function deriveParticipantId(pairId: PairId, email: string): InventiveId {
  return asInventiveId(derive('participant', pairId, email));
}

function hexToBytes(uuid: string): number[] {
  const hex = uuid.replaceAll('-', '');
  return Array.from({ length: hex.length / 2 }, (_, at) => Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16));
}

/** RFC 4648 §7, lower case and without padding. */
function base32Hex(bytes: readonly number[]): string {
  const digits = '0123456789abcdefghijklmnopqrstuv';
  let text = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      text += digits[(held >> (bits - 5)) & 31];
      bits -= 5;
    }
    held &= (1 << bits) - 1;
  }
  return bits > 0 ? text + digits[(held << (5 - bits)) & 31] : text;
}
