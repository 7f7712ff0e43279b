import type { AppointmentRecord, GoogleEventRecord } from '@calsync/calendar-model';
import { ACCOUNT } from '../testing/records.js';
import type { GuestMemory } from './guest-memory.js';
import { isUser } from './history-guests.js';
import { isLeftAlone, isOfAgenda } from './history-oracle.js';
import { mayWrite } from './model-guests.js';
import type { World } from './typed.js';

/** What both sides must say of people once changes stopped, under the rules of the end; by a comparison of its own. */
export function peopleApart(world: World, memory: GuestMemory): readonly string[] {
  return world.pairs.all().flatMap((pair) => {
    const row = world.inventive.rows.get(pair.appointmentId);
    const event = world.google.events.get(pair.eventId) ?? world.google.series.find(pair.eventId);
    if (row === undefined || row.status === 'void' || !isOfAgenda(world, row) || event === undefined || event.status === 'cancelled' || isLeftAlone(world, event)) return [];
    // Who is in it is content.
    if (world.account().privateContent === 'busy-only' && (row.fields.privacy === 'private' || event.fields.privacy === 'private')) return [];
    return apart(row, event, world, memory).map((what) => `${row.id}/${event.id} ${what}: ${inShort(row.participants)} | ${inShort(event.attendees ?? [])}`);
  });
}

function apart({ participants }: AppointmentRecord, event: GoogleEventRecord, world: World, memory: GuestMemory): readonly string[] {
  const isOff = world.account().rules.guests === 'off';
  const { attendees = [], attendeesOmitted } = event;
  const rows = new Map(participants.filter((one) => !isUser(one) && one.email !== ACCOUNT.email).map(({ email, reply }) => [email, reply] as const));
  const there = new Map(attendees.filter(({ kind, self }) => kind === 'person' && !self).map(({ email = '', reply }) => [email, reply] as const));
  const [mine, own] = [participants.find(isUser), attendees.find(({ self }) => self)];
  const isInvitation = !mayWrite(event);
  const found = isInvitation && mine !== undefined && own !== undefined && mine.reply !== own.reply ? ['the own reply'] : [];
  if (attendeesOmitted === true) return found;
  // What may not go out stays at the desk, with its reason; and of whom the desk changed there it stays as it is.
  const isDesks = (email: string): boolean => (isInvitation || isOff) && memory.wasDesk(email);
  return [
    ...found,
    ...[...there].filter(([email, reply]) => rows.get(email) !== reply && !(isDesks(email) && !(isInvitation && rows.has(email)))).map(([email]) => `${email} in Google`),
    // What is made anew of a row invites nobody by itself.
    ...[...rows.keys()].filter((email) => !there.has(email) && !isDesks(email) && !(isOff && world.google.made.has(event.id))).map((email) => `${email} at the desk`),
  ];
}

const inShort = (people: readonly { readonly email?: string; readonly reply: string }[]): string => people.map(({ email, reply }) => `${email} ${reply}`).join(', ');
