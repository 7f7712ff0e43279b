import type { Attendee, GoogleEventRecord } from '@calsync/calendar-model';
import type { CalendarRef, GoogleEvents } from '../ports/google-events.js';
import type { ModelGoogle } from './model-google.js';

interface Calendar {
  readonly google: ModelGoogle;
  readonly email: string;
}

/**
 * As Google keeps a meeting of two: under one id, the organiser's event and the guest's copy of it. What the organiser changes
 * stands in the copy at once; of the copy only the guest's own reply travels, and a copy that is thrown away says no.
 */
export function linkCalendars(one: Calendar, other: Calendar): void {
  one.google.changed = (event) => (event.ownedByUser ? copyTo(other, event, one.email) : answer(one, other, event));
  other.google.changed = (event) => (event.ownedByUser ? copyTo(one, event, other.email) : answer(other, one, event));
}

function copyTo({ google, email }: Calendar, { id, status, fields, attendees = [] }: GoogleEventRecord, organizerEmail: string): void {
  const copy = google.events.get(id);
  if (status === 'cancelled' || !attendees.some((one) => one.email === email)) {
    if (copy !== undefined && !copy.ownedByUser) google.remove(id);
    return;
  }
  // A copy of their own under that id, or one that they threw away: whoever did that is asked no more.
  if (copy?.ownedByUser === true || copy?.status === 'cancelled') return;
  google.receive(id, fields, { ownedByUser: false, organizerEmail, attendees: attendees.map((one) => seenBy(email, one)) });
}

function answer(guest: Calendar, organiser: Calendar, copy: GoogleEventRecord): void {
  const event = organiser.google.events.get(copy.id);
  const there = event?.attendees?.find(({ email }) => email === guest.email);
  const reply = copy.status === 'cancelled' ? 'declined' : (copy.attendees?.find(({ self }) => self)?.reply ?? 'none');
  if (event === undefined || event.status === 'cancelled' || there === undefined || there.reply === reply) return;
  organiser.google.receive(event.id, event.fields, { attendees: (event.attendees ?? []).map((one) => (one === there ? answered(one, reply) : one)) });
}

const seenBy = (email: string, one: Attendee): Attendee => ({ ...one, self: one.email === email });
const STATUS = { none: 'needsAction', accepted: 'accepted', declined: 'declined', maybe: 'tentative' } as const;
const answered = (one: Attendee, reply: Attendee['reply']): Attendee => ({ ...one, reply, raw: { ...one.raw, responseStatus: STATUS[reply] } });

/** One port for the calendars of several accounts. */
export function ofCalendar(modelOf: (calendar: CalendarRef) => ModelGoogle): GoogleEvents {
  return {
    get: (calendar, ...rest) => modelOf(calendar).get(calendar, ...rest),
    readSeries: (calendar, ...rest) => modelOf(calendar).readSeries(calendar, ...rest),
    listDays: (calendar, ...rest) => modelOf(calendar).listDays(calendar, ...rest),
    insert: (calendar, ...rest) => modelOf(calendar).insert(calendar, ...rest),
    patch: (calendar, ...rest) => modelOf(calendar).patch(calendar, ...rest),
    delete: (calendar, ...rest) => modelOf(calendar).delete(calendar, ...rest),
    writeAttendees: (calendar, ...rest) => modelOf(calendar).writeAttendees(calendar, ...rest),
  };
}
