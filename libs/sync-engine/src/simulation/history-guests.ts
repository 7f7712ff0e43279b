import { asGoogleEventId, asInventiveId, type Attendee, type GoogleEventId, type GoogleEventRecord, type InventiveId, type Participant, type Reply } from '@calsync/calendar-model';
import type { SpecialEventType } from '../ports/account.js';
import { ACCOUNT, anEvent } from '../testing/records.js';
import { rowAt } from './history-people.js';
import { GOOGLE_WHENS, WHENS } from './history-whens.js';
import { aGuest, mayWrite } from './model-guests.js';
import { fullEvent } from './reconcile-world.js';
import type { Typed, World } from './typed.js';

type Change = { readonly what: 'add' | 'remove' | 'answer'; readonly who: number; readonly reply: Reply };

/**
 * What people do with the people of an item: at the desk, and in Google, where the guests of somebody else's event are
 * their organiser's. Items are counted among what lives, occurrences included; guests among those of one item.
 */
export type GuestStep =
  | ({ readonly do: 'seat'; readonly item: number } & Change)
  | ({ readonly do: 'invite'; readonly item: number; readonly scope: 'one' | 'all' } & Change)
  | { readonly do: 'answer-at-desk' | 'answer-in-google'; readonly item: number; readonly reply: Reply }
  /** Somebody else invites the user. */
  | { readonly do: 'invited'; readonly when: number; readonly shows: 'everybody' | 'only-self'; readonly recurs: 'once' | 'weekly' }
  | { readonly do: 'special'; readonly when: number; readonly type: SpecialEventType }
  | { readonly do: 'edit-invitation' | 'cancel-invitation' | 'remove-invited-row' | 'edit-invited-row'; readonly item: number; readonly to: number }
  /** Google counts guests by itself. */
  | { readonly do: 'refuse-guests' };

const ROOM = aGuest('zaal@resource.calendar.google.com', 'accepted', { kind: 'resource' });
const ORGANISER = 'klant@elders.example';
const me = (reply: Reply): Attendee => aGuest(ACCOUNT.email, reply, { self: true });

export function actOnGuests(world: World, step: GuestStep, typed: Typed): void {
  const { inventive, google } = world;
  switch (step.do) {
    case 'seat': {
      const row = inventive.rows.get(rowAt(world, step.item) ?? asInventiveId('0'.repeat(32)));
      return row === undefined ? undefined : inventive.seat(row.id, seated(row.participants, step, emailOf(world, row.id, step.who), asInventiveId(String(inventive.news.length).padStart(32, 'E'))));
    }
    case 'invite': {
      const event = cyclic([...google.living(), ...google.series.occurrences()], step.item);
      if (event === undefined) return;
      const id = step.scope === 'all' && event.occurrence !== undefined ? event.occurrence.masterId : event.id;
      return setGuests(world, id, (guests) => invited(guests.length === 0 && event.ownedByUser ? [me('accepted'), ROOM] : guests, step, emailOf(world, event.id, step.who)));
    }
    case 'answer-at-desk': {
      const row = cyclic([...inventive.rows.values()].filter(({ participants }) => participants.some(isUser)), step.item);
      return row === undefined ? undefined : inventive.seat(row.id, row.participants.map((one) => (isUser(one) ? { ...one, reply: step.reply } : one)));
    }
    case 'answer-in-google': {
      const event = cyclic(invitations(world), step.item);
      return event === undefined ? undefined : setGuests(world, event.id, (guests) => guests.map((one) => (one.self ? me(step.reply) : one)));
    }
    case 'invited': {
      const id = asGoogleEventId(`invited${google.news.length}`);
      const fields = fullEvent({ subject: typed.type(), description: typed.type(), when: GOOGLE_WHENS[step.when] ?? WHENS[0]! });
      const everybody = [aGuest(ORGANISER, 'accepted', { organizer: true }), me('none'), aGuest(`gast${google.news.length}@elders.nl`), ROOM];
      const what = { ownedByUser: false, organizerEmail: ORGANISER, ...(step.shows === 'everybody' ? { attendees: everybody } : { attendees: [me('none')], attendeesOmitted: true as const }) };
      return step.recurs === 'once' ? google.receive(id, fields, what) : google.series.create(id, fields, { every: 'week', interval: 1, count: 3 }, { ...anEvent({ id, fields }), ...what });
    }
    case 'special':
      return google.receive(asGoogleEventId(`special${google.news.length}`), fullEvent({ subject: typed.type(), when: GOOGLE_WHENS[step.when] ?? WHENS[0]! }), { eventType: step.type, ownedByUser: step.type !== 'fromGmail' });
    case 'edit-invitation': {
      const event = cyclic(invitations(world).filter(({ occurrence }) => occurrence === undefined), step.item);
      if (event === undefined) return;
      typed.giveUp(event.fields.subject);
      return google.edit(event.id, { subject: typed.type(), ...(step.to % 2 === 0 ? {} : { when: GOOGLE_WHENS[step.to] ?? WHENS[0]! }) });
    }
    case 'cancel-invitation': {
      const event = cyclic(invitations(world).filter(({ occurrence }) => occurrence === undefined), step.item);
      if (event === undefined) return;
      typed.giveUp(event.fields);
      return google.remove(event.id);
    }
    case 'remove-invited-row': {
      const row = cyclic(invitedRows(world), step.item);
      if (row === undefined) return;
      typed.giveUp(inventive.rows.get(row)?.fields);
      return inventive.remove(row);
    }
    case 'edit-invited-row': {
      const row = cyclic(invitedRows(world), step.item);
      if (row === undefined) return;
      typed.giveUp(inventive.rows.get(row)?.fields.subject);
      return inventive.edit(row, { subject: typed.type(), ...(step.to % 2 === 0 ? {} : { when: WHENS[step.to] ?? WHENS[0]! }) });
    }
    case 'refuse-guests':
      google.guestsRefused += 1;
      return;
    default:
      step satisfies never;
  }
}

export const isUser = ({ userId }: Participant): boolean => userId === ACCOUNT.userId;
const cyclic = <T>(all: readonly T[], at: number): T | undefined => all[at % Math.max(1, all.length)];
const invitations = ({ google }: World): readonly GoogleEventRecord[] => [...google.living(), ...google.series.occurrences()].filter((event) => !mayWrite(event));

function invitedRows(world: World): readonly InventiveId[] {
  const theirs = new Set(invitations(world).map(({ id }) => id));
  return world.pairs.all().filter(({ eventId, appointmentId }) => theirs.has(eventId) && world.inventive.rows.has(appointmentId)).map(({ appointmentId }) => appointmentId);
}

/** The same few on both sides of one pair, so that two add or take out one person; and nobody else's. */
function emailOf(world: World, item: InventiveId | GoogleEventId, who: number): string {
  const pair = world.pairs.all().find(({ appointmentId, eventId }) => appointmentId === item || eventId === item);
  return `g${who % 3}-${(pair?.id ?? item).toLowerCase().replaceAll(/[^a-z0-9]/g, '')}@elders.nl`;
}

function seated(now: readonly Participant[], { what, who, reply }: Change, newcomer: string, key: InventiveId): readonly Participant[] {
  if (what === 'add') return now.some(({ email }) => email === newcomer) ? now : [...now, { id: key, name: '', email: newcomer, reply, entityStamp: 1 }];
  const chosen = cyclic(now.filter((one) => !isUser(one)), who);
  return what === 'remove' ? now.filter((one) => one !== chosen) : now.map((one) => (one === chosen ? { ...one, reply } : one));
}

function invited(now: readonly Attendee[], { what, who, reply }: Change, newcomer: string): readonly Attendee[] {
  if (what === 'add') return now.some(({ email }) => email === newcomer) ? now : [...now, aGuest(newcomer, reply)];
  const chosen = cyclic(now.filter(({ kind, self, organizer }) => kind === 'person' && !self && !organizer), who);
  return what === 'remove' ? now.filter((one) => one !== chosen) : now.map((one) => (one === chosen ? aGuest(one.email ?? '', reply) : one));
}

function setGuests({ google }: World, id: GoogleEventId, change: (guests: readonly Attendee[]) => readonly Attendee[]): void {
  const single = google.events.get(id);
  const event = single ?? google.series.find(id);
  if (event === undefined || event.status === 'cancelled') return;
  // Whom Google doesn't show is theirs alone: the user sees and changes only themselves.
  const now = event.attendees ?? [];
  const attendees = event.attendeesOmitted === true ? change(now).filter(({ self }) => self) : change(now);
  if (JSON.stringify(attendees) === JSON.stringify(now)) return;
  if (single === undefined) google.series.invite(id, attendees);
  else google.receive(id, single.fields, { attendees });
}
