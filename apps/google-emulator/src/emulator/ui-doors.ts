import { EmulatorRequestError, fieldsOf, textField } from '@calsync/emulator-kit';
import type { FastifyInstance } from 'fastify';
import { readEventFields } from '../calendar/event-fields.js';
import { newEventId } from '../calendar/event-id.js';
import { renderEvent } from '../calendar/event-resource.js';
import { importBody } from '../calendar/events-import.js';
import { newEvent } from '../calendar/events-insert.js';
import { GoogleError } from '../calendar/google-error.js';
import { isGuestCopy } from '../calendar/guest-copies.js';
import { isTimeZone } from '../calendar/moment.js';
import { saveEvent } from '../calendar/save-event.js';
import { readBody } from '../discovery/body.js';
import { findEvent, isMaster } from '../recurrence/series.js';
import { changeAll, changeFollowing } from '../recurrence/ui-series.js';
import type { CalendarRecord, EventRecord } from '../state/records.js';
import type { World } from '../state/world.js';

/** Statistics name the person at Google's own page so. */
const uiClient = 'google-ui';

interface UiParts {
  readonly world: World;
  publicUrl(): string;
}

/** What people do on Google's own pages and no API call does. */
export function registerUiDoors(scope: FastifyInstance, parts: UiParts): void {
  const { world } = parts;

  scope.post('/ui/copy', async (request) => {
    const raw = fieldsOf(request.body, 'a copy', ['email', 'calendarId', 'eventId']);
    const calendar = openCalendar(world, raw);
    const event = openEvent(world, calendar, raw['eventId']);
    if (event.status === 'cancelled') throw new EmulatorRequestError('the event is deleted', 409);
    return world.change(() => {
      const id = newEventId();
      // Google's page copies everything, private properties included; guests stay behind.
      const { attendees: _guests, ...rest } = event.fields.rest;
      const draft = newEvent({ world, caller: callerOf(calendar) }, calendar, { id, iCalUID: `${id}@google.com`, eventType: event.eventType, fields: { ...event.fields, rest }, status: event.status, sequence: 0 });
      const copy = saveEvent(world, draft);
      logWrite(world, 'ui.copy', calendar, id);
      return renderEvent(copy, calendar, parts.publicUrl());
    });
  });

  scope.post('/ui/empty-bin', async (request) => {
    const raw = fieldsOf(request.body, 'an emptied bin', ['email', 'calendarId']);
    const calendar = openCalendar(world, raw);
    return world.change(() => {
      const events = world.events(calendar.id);
      // A cancelled occurrence is a hole in a living series, nothing in the bin; it goes with its series.
      const inBin = (event: EventRecord): boolean => event.status === 'cancelled' && (event.seriesId === undefined || events.get(event.seriesId)?.status === 'cancelled');
      const gone = [...events.values()].filter((event) => event.remains === undefined && inBin(event));
      // No new version and no notification: for others the events were deleted before.
      for (const event of gone) world.events(calendar.id).replace(event.id, { ...event, remains: 'bin-emptied' });
      logWrite(world, 'ui.empty-bin', calendar, undefined);
      return { removed: gone.length };
    });
  });

  scope.post('/ui/from-gmail', async (request) => {
    const raw = fieldsOf(request.body, 'an event from Gmail', ['email', 'calendarId', 'event']);
    const calendar = openCalendar(world, { ...raw, calendarId: raw['calendarId'] ?? 'primary' });
    return asEmulatorError(() =>
      world.change(() => {
        const body = readBody(JSON.stringify(raw['event'] ?? {}), 'Event');
        const fields = readEventFields(body, calendar, { eventLabelVersion: 0, conferenceDataVersion: 0, supportsAttachments: false });
        const id = newEventId();
        const event = saveEvent(world, newEvent({ world, caller: callerOf(calendar) }, calendar, { id, iCalUID: `${id}@google.com`, eventType: 'fromGmail', fields, status: 'confirmed', sequence: 0 }));
        logWrite(world, 'ui.from-gmail', calendar, id);
        return renderEvent(event, calendar, parts.publicUrl());
      }),
    );
  });

  scope.post('/ui/import', async (request) => {
    const raw = fieldsOf(request.body, 'an imported event', ['email', 'calendarId', 'event', 'zoneRules']);
    const calendar = openCalendar(world, { ...raw, calendarId: raw['calendarId'] ?? 'primary' });
    const zoneRules = raw['zoneRules'] === undefined ? calendar.fields.timeZone : textField(raw['zoneRules'], 'zoneRules');
    if (!isTimeZone(zoneRules)) throw new EmulatorRequestError('zoneRules must be the name of an IANA zone');
    return asEmulatorError(() =>
      world.change(() => {
        const body = readBody(JSON.stringify(raw['event'] ?? {}), 'Event');
        const event = importBody({ world, caller: callerOf(calendar) }, calendar, body, { eventLabelVersion: 0, conferenceDataVersion: 0, supportsAttachments: false, zoneRules });
        logWrite(world, 'ui.import', calendar, event.id);
        return renderEvent(event, calendar, parts.publicUrl());
      }),
    );
  });

  for (const [act, apply] of [['this-and-following', changeFollowing], ['all-events', changeAll]] as const) {
    scope.post(`/ui/${act}`, async (request) => {
      const raw = fieldsOf(request.body, act, ['email', 'calendarId', 'eventId', 'patch']);
      const calendar = openCalendar(world, raw);
      const event = openEvent(world, calendar, raw['eventId']);
      const master = event.seriesId === undefined ? event : world.events(calendar.id).get(event.seriesId);
      if (master === undefined || !isMaster(master) || event.orphaned === true) throw new EmulatorRequestError('the event is not part of a series', 409);
      if (isGuestCopy(master)) throw new EmulatorRequestError('the series is organised by somebody else', 403);
      if (master.status === 'cancelled') throw new EmulatorRequestError('the series is deleted', 409);
      return asEmulatorError(() =>
        world.change(() => {
          const patch = readBody(JSON.stringify(raw['patch'] ?? {}), 'Event');
          const changed = apply({ world, calendar, master, at: event.originalStart ?? master.fields.start, patch });
          logWrite(world, `ui.${act}`, calendar, changed.id);
          return renderEvent(changed, calendar, parts.publicUrl());
        }),
      );
    });
  }
}

function callerOf(calendar: CalendarRecord): { email: string; client: string; scopes: ReadonlySet<string> } {
  return { email: calendar.owner, client: uiClient, scopes: new Set() };
}

function logWrite(world: World, method: string, calendar: CalendarRecord, eventId: string | undefined): void {
  world.log.write({ at: world.clock.now().toISOString(), method, email: calendar.owner, client: uiClient, calendarId: calendar.id, eventId });
}

function openCalendar(world: World, raw: Record<string, unknown>): CalendarRecord {
  const email = textField(raw['email'], 'email').toLowerCase();
  const calendarId = textField(raw['calendarId'], 'calendarId');
  const calendar = world.calendars.get(calendarId === 'primary' ? email : calendarId);
  if (calendar === undefined || calendar.deleted === true || calendar.owner !== email) throw new EmulatorRequestError(`no calendar ${calendarId} of ${email}`, 404);
  return calendar;
}

function openEvent(world: World, calendar: CalendarRecord, eventId: unknown): EventRecord {
  const event = findEvent(world, calendar.id, textField(eventId, 'eventId'));
  if (event === undefined) throw new EmulatorRequestError('no such event', 404);
  return event;
}

function asEmulatorError<R>(work: () => R): R {
  try {
    return work();
  } catch (error) {
    if (error instanceof GoogleError) throw new EmulatorRequestError(error.message, error.status);
    throw error;
  }
}
