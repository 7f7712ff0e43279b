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
