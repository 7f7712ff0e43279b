import { asInventiveId, type Attendee, type Participant, type Reply } from '@calsync/calendar-model';
import { GOOGLE_REPLIES, planPeople, type PeopleContext, type PeopleInput, type PeoplePlan } from '../participants.js';
import type { AgreedPeople } from '../plan-types.js';

export const OWNER = { id: asInventiveId('a'.repeat(32)), email: 'jansen@example.com' };

export const aPeopleContext = (change: Partial<PeopleContext> = {}): PeopleContext => ({
  guests: 'silent', direction: 'both', conflictPolicy: 'latest-wins', user: OWNER, invitation: false, isAhead: true, isNew: true, ...change,
});

export function aParticipant(email: string, reply: Reply = 'none', change: Partial<Participant> = {}): Participant {
  return { id: keyOf(email), name: email.split('@')[0] ?? '', email, reply, entityStamp: 1, ...change };
}

export function anAttendee(email: string, reply: Reply = 'none', change: Partial<Attendee> = {}): Attendee {
  const { raw, ...rest } = change;
  return {
    email, name: email.split('@')[0] ?? '', reply, self: false, organizer: false, kind: 'person', ...rest,
    raw: { email, displayName: email.split('@')[0] ?? '', responseStatus: GOOGLE_REPLIES[reply], comment: `of ${email}`, ...raw },
  };
}

export const myself = (reply: Reply = 'accepted', change: Partial<Attendee> = {}): Attendee => anAttendee(OWNER.email, reply, { self: true, ...change });

/** `agreed` in short: `{ 'a@x.nl': 'none' }`. */
export const agreedOn = (agreed: Record<string, Reply>, left: readonly string[] = []): AgreedPeople => ({ agreed, left });

export function peopleOf(situation: { base?: AgreedPeople; rows?: readonly Participant[]; guests?: readonly Attendee[]; omitted?: true; context?: Partial<PeopleContext> }): PeoplePlan {
  const input: PeopleInput = {
    base: situation.base, participants: situation.rows ?? [], attendees: situation.guests ?? [], attendeesOmitted: situation.omitted === true, context: aPeopleContext(situation.context),
  };
  return planPeople(input);
}

/** The act in words: `create b@x.nl none`, `list a@x.nl none, b@x.nl accepted (all)`. */
export function peopleInWords({ inventive, google }: PeoplePlan): string {
  const changes = inventive?.changes.map((change) => `${change.kind} ${change.kind === 'create' ? `${change.email} ${change.reply}` : change.kind === 'update' ? change.reply : ''}`.trim()) ?? [];
  const list = google?.attendees.map((raw) => `${String(raw['email'] ?? raw['displayName'])} ${String(raw['responseStatus'])}`).join(', ');
  return [...changes, ...(google === undefined ? [] : [`list ${list} (${google.tell})`])].join('; ') || 'nothing';
}

const keyOf = (email: string) => asInventiveId(Buffer.from(email).toString('hex').padEnd(32, '0').slice(0, 32));
