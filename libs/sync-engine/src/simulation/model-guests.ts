import type { Attendee, GoogleEventRecord, Reply } from '@calsync/calendar-model';
import type { AttendeesChange } from '@calsync/sync-core';

const REPLIES: Readonly<Record<string, Reply>> = { accepted: 'accepted', declined: 'declined', tentative: 'maybe' };

/** As Google's form of an attendee is read. */
export function aGuest(email: string, reply: Reply = 'none', change: Partial<Attendee> = {}): Attendee {
  const status = Object.entries(REPLIES).find(([, ours]) => ours === reply)?.[0] ?? 'needsAction';
  return { email, name: '', reply, self: false, organizer: false, kind: 'person', raw: { email, responseStatus: status }, ...change };
}

/** What Google makes of a list that is written: on somebody else's event only the own reply counts. */
export function listAfter({ attendees = [], ownedByUser }: GoogleEventRecord, change: AttendeesChange): readonly Attendee[] {
  const given = new Map(change.attendees.map((raw) => [String(raw['email'] ?? '').toLowerCase(), raw] as const));
  if (!ownedByUser || change.onlyOwn) return attendees.map((one) => (one.self ? asWritten(given.get(one.email ?? '') ?? one.raw, one) : one));
  const known = new Map(attendees.map((one) => [one.email ?? '', one] as const));
  return change.attendees.map((raw) => asWritten(raw, known.get(String(raw['email'] ?? '').toLowerCase())));
}

function asWritten(raw: Readonly<Record<string, unknown>>, before: Attendee | undefined): Attendee {
  const reply = REPLIES[String(raw['responseStatus'])] ?? 'none';
  if (before !== undefined) return { ...before, reply, raw };
  return { email: String(raw['email']).toLowerCase(), name: String(raw['displayName'] ?? ''), reply, self: false, organizer: false, kind: 'person', raw };
}

/** Who is told: all who were in it or are, but who writes. */
export const mailsFor = ({ attendees = [] }: GoogleEventRecord, after: readonly Attendee[]): readonly string[] =>
  [...new Set([...attendees, ...after].filter(({ self, email }) => !self && email !== undefined).map(({ email }) => email ?? ''))];

type Whose = Pick<GoogleEventRecord, 'ownedByUser' | 'eventType'>;
/** The user's own meetings; all else is of its organiser, or of a kind whose rules are Google's own. */
export const mayWrite = ({ ownedByUser, eventType }: Whose): boolean => ownedByUser && eventType === 'default';

/** What this write would change that is not the user's: guests of somebody else, and rooms and groups anywhere. */
export function trespassIn({ id, attendees = [], ...whose }: GoogleEventRecord, { attendees: written, onlyOwn }: AttendeesChange): readonly string[] {
  if (onlyOwn) return [];
  const given = new Map(written.map((raw) => [String(raw['email'] ?? '').toLowerCase(), JSON.stringify(raw)] as const));
  const foreign = attendees.filter(({ self, kind }) => kind !== 'person' || (!mayWrite(whose) && !self));
  const changed = foreign.filter(({ email, raw }) => given.get(email ?? '') !== JSON.stringify(raw)).map(({ email }) => `${email} in ${id}`);
  return !mayWrite(whose) && written.length > attendees.length ? [...changed, `somebody was added to ${id}`] : changed;
}

/** A copy is the user's own, an ordinary one, whoever organised the original. */
export function asCopied(original: Partial<GoogleEventRecord>): Partial<GoogleEventRecord> {
  if (original.ownedByUser !== false && original.eventType === 'default') return original;
  const { organizerEmail: _theirs, attendeesOmitted: _hidden, ...like } = original;
  return { ...like, ownedByUser: true, eventType: 'default' };
}
