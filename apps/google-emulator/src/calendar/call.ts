import type { JsonObject } from '../discovery/body.js';
import type { Method } from '../discovery/document.js';
import type { Parameters } from '../discovery/parameters.js';
import type { Settings } from '../settings.js';
import type { CalendarRecord, EventRecord } from '../state/records.js';
import type { World } from '../state/world.js';
import { findEvent } from '../recurrence/series.js';
import { conditionNotMet, notFound } from './google-error.js';

export interface Caller {
  readonly email: string;
  /** OAuth client id: also the "project" of quotas. */
  readonly client: string;
  readonly scopes: ReadonlySet<string>;
}

/** One checked call of a method of the Calendar API. */
export interface Call {
  readonly world: World;
  readonly settings: Settings;
  readonly publicUrl: string;
  readonly method: Method;
  readonly parameters: Parameters;
  readonly body: JsonObject;
  readonly caller: Caller;
  readonly ifMatch: string | undefined;
  /** What a fault makes a list do. */
  readonly listFaults: { readonly omit: ReadonlySet<string>; readonly pages: number | undefined };
}

export interface Outcome {
  readonly status: 200 | 204;
  readonly body?: JsonObject;
  /** Present if the call wrote. */
  readonly write?: { readonly calendarId?: string; readonly eventId?: string };
}

const ownedOnly = 'https://www.googleapis.com/auth/';

/** The caller's calendar of that name (`primary` = the own one), or 404 as Google says it to strangers. */
export function openCalendar(call: Call, name = call.parameters.text('calendarId') ?? ''): CalendarRecord {
  const { world, caller } = call;
  const calendar = world.calendars.get(name === 'primary' ? caller.email : name) ?? world.calendars.get(name.toLowerCase());
  if (calendar === undefined || calendar.deleted === true || calendar.owner !== caller.email) throw notFound();
  if (onlyAppCreated(call) && calendar.madeBy !== caller.client) throw notFound();
  return calendar;
}

/** An event, a series, or one occurrence of a series by its id. */
export function openEvent(call: Call, calendar: CalendarRecord): EventRecord {
  const event = findEvent(call.world, calendar.id, call.parameters.text('eventId') ?? '');
  if (event === undefined) throw notFound();
  return event;
}

export function checkIfMatch(call: Call, etag: string): void {
  if (call.ifMatch === undefined || call.ifMatch === '*') return;
  const wanted = call.ifMatch.split(',').map((text) => text.trim().replace(/^W\//, ''));
  if (!wanted.includes(etag)) throw conditionNotMet();
}

/** True if nothing but `calendar.app.created` lets this caller use the method: then only that app's own secondary calendars exist. */
function onlyAppCreated(call: Call): boolean {
  const usable = (call.method.scopes ?? []).filter((scope) => call.caller.scopes.has(scope));
  return usable.length === 1 && usable[0] === `${ownedOnly}calendar.app.created`;
}
