import type { Json, JsonObject } from '../discovery/body.js';
import type { CalendarRecord, EventRecord, Person } from '../state/records.js';
import { isHidden, type Role } from './access.js';
import { attendeesOf, emailOf } from './attendees.js';
import { meetLinkOf } from './conference.js';
import { renderMoment } from './moment.js';

export interface View {
  /** Zone of the answer's offsets; the calendar's if not asked. */
  readonly timeZone?: string | undefined;
  readonly maxAttendees?: number | undefined;
  /** What the reader may see; everything if it isn't said. */
  readonly role?: Role | undefined;
}

/** `"` + twice the microseconds of the change + `"`, as on real events. */
export const etagOf = (micros: number): string => `"${micros * 2}"`;

export const timeOfMicros = (micros: number): string => new Date(Math.floor(micros / 1000)).toISOString();

/** The event as Google's JSON: defaults are left out. */
export function renderEvent(event: EventRecord, calendar: CalendarRecord, publicUrl: string, view: View = {}): JsonObject {
  if (event.remains !== undefined || event.orphaned === true) return renderTombstone(event, calendar, view);
  if (view.role !== undefined && isHidden(event, view.role)) return renderHidden(event, view.timeZone ?? calendar.fields.timeZone);
  const { attendees: _stored, ...rest } = event.fields.rest;
  const zone = view.timeZone ?? calendar.fields.timeZone;
  const meetLink = meetLinkOf(rest['conferenceData']);
  return {
    kind: 'calendar#event',
    etag: etagOf(event.updatedMicros),
    id: event.id,
    status: event.status,
    htmlLink: `${publicUrl}/calendar/event?eid=${Buffer.from(`${event.id} ${calendar.id}`).toString('base64url')}`,
    created: event.created,
    updated: timeOfMicros(event.updatedMicros),
    ...rest,
    ...(meetLink === undefined ? {} : { hangoutLink: meetLink }),
    creator: person(event.creator, calendar),
    organizer: person(event.organizer, calendar),
    start: renderMoment(event.fields.start, zone),
    end: renderMoment(event.fields.end, zone),
    ...renderSeries(event, zone),
    iCalUID: event.iCalUID,
    sequence: event.sequence,
    ...renderAttendees(event, calendar, view.maxAttendees),
    reminders: event.fields.reminders,
    ...(event.privateCopy === true ? { privateCopy: true } : {}),
    ...(event.locked === true ? { locked: true } : {}),
    eventType: event.eventType,
  };
}

/** To who may not see what it is an event is a time, and nothing else. */
function renderHidden(event: EventRecord, zone: string): JsonObject {
  return {
    kind: 'calendar#event',
    etag: etagOf(event.updatedMicros),
    id: event.id,
    status: event.status,
    created: event.created,
    updated: timeOfMicros(event.updatedMicros),
    ...(event.fields.rest['recurrence'] === undefined ? {} : { recurrence: event.fields.rest['recurrence'] }),
    ...(event.fields.rest['transparency'] === undefined ? {} : { transparency: event.fields.rest['transparency'] }),
    visibility: 'private',
    start: renderMoment(event.fields.start, zone),
    end: renderMoment(event.fields.end, zone),
    ...renderSeries(event, zone),
    iCalUID: event.iCalUID,
    sequence: event.sequence,
    eventType: event.eventType,
  };
}

/** All that a delta tells of a deleted event; of a cancelled occurrence also where in which series it stood, as long as the series has that start. */
export function renderTombstone(event: EventRecord, calendar: CalendarRecord, view: View = {}): JsonObject {
  const series = event.orphaned === true || event.alone === true ? {} : renderSeries(event, view.timeZone ?? calendar.fields.timeZone);
  return { kind: 'calendar#event', etag: etagOf(event.updatedMicros), id: event.id, status: 'cancelled', ...series };
}

function renderSeries(event: EventRecord, zone: string): JsonObject {
  if (event.seriesId === undefined || event.originalStart === undefined) return {};
  return { recurringEventId: event.seriesId, originalStartTime: renderMoment(event.originalStart, zone) };
}

function person(who: Person, calendar: CalendarRecord): JsonObject {
  return { ...who, ...(who.email === calendar.id ? { self: true } : {}) };
}

function renderAttendees(event: EventRecord, calendar: CalendarRecord, most: number | undefined): JsonObject {
  const stored = attendeesOf(event.fields.rest);
  if (stored.length === 0) return {};
  const all = stored.map((attendee): JsonObject => {
    const email = emailOf(attendee);
    return { ...attendee, ...(email === event.organizer.email ? { organizer: true } : {}), ...(email === calendar.id ? { self: true } : {}) };
  });
  // Guests who may not see the others see themselves and the organiser.
  const blind = event.fields.rest['guestsCanSeeOtherGuests'] === false && event.privateCopy !== true && event.organizer.email !== calendar.id;
  if (blind && all.some((attendee) => attendee['self'] !== true && attendee['organizer'] !== true)) {
    return { attendees: all.filter((attendee) => attendee['self'] === true || attendee['organizer'] === true) as readonly Json[], attendeesOmitted: true };
  }
  if (most === undefined || all.length <= most) return { attendees: all as readonly Json[] };
  const self = all.filter((attendee) => attendee['self'] === true);
  return { ...(self.length > 0 ? { attendees: self as readonly Json[] } : {}), attendeesOmitted: true };
}
