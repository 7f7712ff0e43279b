import {
  asGoogleEventId, toWallTime,
  type CalendarId, type EventColour, type GoogleEventRecord, type GoogleFields, type GoogleReminders, type Marks, type When, type ZoneName,
} from '@calsync/calendar-model';
import { attendeesOf } from './attendees.js';
import { googleEventSchema, isOccurrenceId, isPrivate, originalStartInId, seriesIdOf, type EventPoint, type GoogleEvent } from './event-schema.js';
import { ianaZone, wallZone } from './zones.js';

export interface EventContext {
  readonly calendarId: CalendarId;
  /** Zone of events that carry none, or none that we know. */
  readonly calendarZone: ZoneName;
  /** True where the content was left out before: then absent means unseen, else it means empty. */
  readonly reduced: boolean;
}

/** Reads an event in Google's own form. Throws a plain `Error` on what isn't an event: that item fails, its page goes on. */
export function toEventRecord(raw: unknown, context: EventContext): GoogleEventRecord {
  const event = googleEventSchema.parse(raw);
  const marks = marksOf(event);
  const zone = ianaZone(event.start?.timeZone);
  const endZone = ianaZone(event.end?.timeZone);
  const occurrence = occurrenceOf(event, context.calendarZone);
  const colour = colourOf(event);
  return {
    calendarId: context.calendarId,
    id: asGoogleEventId(event.id),
    etag: event.etag ?? '',
    ...(event.updated ? { updated: Temporal.Instant.from(event.updated).toString({ fractionalSecondDigits: 3 }) } : {}),
    status: statusOf(event.status),
    shape: shapeOf(event),
    eventType: event.eventType ?? 'default',
    ownedByUser: isOwnedByUser(event),
    fields: fieldsOf(event, context),
    reduced: context.reduced,
    ...(marks ? { marks } : {}),
    ...(zone ? { zone } : {}),
    ...(endZone && endZone !== zone ? { endZone } : {}),
    ...(occurrence ? { occurrence } : {}),
    ...(event.recurrence && event.recurrence.length > 0 ? { recurrence: event.recurrence } : {}),
    ...(event.created ? { created: Temporal.Instant.from(event.created).toString({ fractionalSecondDigits: 3 }) } : {}),
    ...(event.iCalUID ? { iCalUID: event.iCalUID } : {}),
    ...(colour ? { colour } : {}),
    ...(context.reduced ? {} : peopleAndLinkOf(event)),
  };
}

/** Who is in it and where it came from is content: of a reduced event it stays unseen, whatever the message held. */
function peopleAndLinkOf(event: GoogleEvent): Pick<GoogleEventRecord, 'attendees' | 'attendeesOmitted' | 'organizerEmail' | 'creatorEmail' | 'link'> {
  const url = event.source?.url;
  return {
    ...(event.attendees ? { attendees: attendeesOf(event.attendees) } : {}),
    ...(event.attendeesOmitted === true ? { attendeesOmitted: true as const } : {}),
    ...(event.organizer?.email ? { organizerEmail: event.organizer.email.toLowerCase() } : {}),
    ...(event.creator?.email ? { creatorEmail: event.creator.email.toLowerCase() } : {}),
    ...(url ? { link: { title: event.source?.title ?? '', url } } : {}),
  };
}

/** A label supersedes the palette's colour, which may still stand beneath it. */
function colourOf({ eventLabelId, colorId }: GoogleEvent): EventColour | undefined {
  if (eventLabelId) return { kind: 'label', id: eventLabelId };
  return colorId ? { kind: 'colour', id: colorId } : undefined;
}

/**
 * A cancelled one may name neither series nor start: then its id tells both. The start in the id is the original one too,
 * but of all-day series only that form is sure, so what the event says of itself comes first.
 */
function occurrenceOf(event: GoogleEvent, calendarZone: ZoneName): GoogleEventRecord['occurrence'] {
  const named = event.originalStartTime;
  const start = named?.date ?? (named?.dateTime ? toSeconds(instantOf(named.dateTime, wallZone(named.timeZone) ?? calendarZone)) : originalStartInId(event.id));
  if (start === undefined || (!event.recurringEventId && !isOccurrenceId(event.id))) return undefined;
  return { seriesId: asGoogleEventId(seriesIdOf(event.recurringEventId ?? event.id)), originalStart: start, masterId: asGoogleEventId(event.recurringEventId ?? seriesIdOf(event.id)) };
}

const toSeconds = (instant: string): string => Temporal.Instant.from(instant).toString({ smallestUnit: 'second' });

const statusOf = (status: GoogleEvent['status']): GoogleEventRecord['status'] =>
  status === 'cancelled' || status === 'tentative' ? status : 'confirmed';

function shapeOf(event: GoogleEvent): GoogleEventRecord['shape'] {
  if (event.recurringEventId || isOccurrenceId(event.id)) return 'occurrence';
  return event.recurrence && event.recurrence.length > 0 ? 'master' : 'single';
}

/** Without an organiser the event is the calendar's own; the main fields of a locked copy can't be written by us. */
const isOwnedByUser = (event: GoogleEvent): boolean => event.locked !== true && (!event.organizer || event.organizer.self === true);

function fieldsOf(event: GoogleEvent, context: EventContext): GoogleFields {
  // A bare tombstone of a delta has no times: it says that the event went, nothing of what it was.
  if (!event.start) return {};
  const when = whenOf(event.start, event.end ?? event.start, context.calendarZone);
  const reminders = remindersOf(event);
  const known: GoogleFields = {
    ...(when ? { when } : {}),
    showAs: showAsOf(event),
    privacy: isPrivate(event) ? 'private' : 'public',
    ...(reminders ? { reminders } : {}),
  };
  if (context.reduced) return known;
  return { subject: event.summary ?? '', location: event.location ?? '', description: event.description ?? '', ...known };
}

/** Free wins: who keeps an hour free for something that may come about is free in that hour. */
function showAsOf({ transparency, status }: GoogleEvent): NonNullable<GoogleFields['showAs']> {
  if (transparency === 'transparent') return 'free';
  return status === 'tentative' ? 'tentative' : 'busy';
}

/** Google always tells them; an event without that key came from somewhere else, and says nothing of its reminders. */
function remindersOf({ reminders }: GoogleEvent): GoogleReminders | undefined {
  if (!reminders) return undefined;
  return { useDefault: reminders.useDefault === true, overrides: (reminders.overrides ?? []).map(({ method, minutes }) => ({ method, minutes })) };
}

function whenOf(start: EventPoint, end: EventPoint, calendarZone: ZoneName): When | undefined {
  if (start.date) {
    const firstOn = Temporal.PlainDate.from(start.date);
    // Google's end is exclusive; an end that isn't after the start still covers its first day.
    const lastOn = end.date ? Temporal.PlainDate.from(end.date).subtract({ days: 1 }) : firstOn;
    return { kind: 'all-day', firstOn: firstOn.toString(), lastOn: (Temporal.PlainDate.compare(lastOn, firstOn) < 0 ? firstOn : lastOn).toString() };
  }
  if (!start.dateTime) return undefined;
  const zone = ianaZone(start.timeZone) ?? calendarZone;
  const startsIn = wallZone(start.timeZone) ?? calendarZone;
  const startsAt = instantOf(start.dateTime, startsIn);
  const endsAt = end.dateTime ? instantOf(end.dateTime, wallZone(end.timeZone) ?? startsIn) : startsAt;
  return { kind: 'timed', start: toWallTime(startsAt, zone), end: toWallTime(endsAt, zone), zone };
}

/**
 * The offset in `dateTime` is that of the calendar (or of whoever asked), not of the event's zone: only the instant
 * counts, and the wall time is that instant put into the zone.
 */
function instantOf(dateTime: string, zone: string): string {
  return /(Z|T.*[+-]\d{2}(:?\d{2}){0,2})$/i.test(dateTime)
    ? Temporal.Instant.from(dateTime).toString()
    : Temporal.PlainDateTime.from(dateTime).toZonedDateTime(zone, { disambiguation: 'compatible' }).toInstant().toString();
}

export const MARK_KEYS = ['inventiveInstallation', 'inventiveAdministration', 'inventiveAppointment', 'inventiveEvent'] as const satisfies readonly (keyof Marks)[];

function marksOf(event: GoogleEvent): Partial<Marks> | undefined {
  const found = MARK_KEYS.flatMap((key) => {
    const value = event.extendedProperties?.private?.[key];
    return value === undefined ? [] : [[key, value] as const];
  });
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}
