import type { JsonObject } from '../discovery/body.js';
import type { Method } from '../discovery/document.js';
import type { Parameters } from '../discovery/parameters.js';
import type { Settings } from '../settings.js';
import type { CalendarRecord, EventRecord } from '../state/records.js';
import type { World } from '../state/world.js';
import { findEvent } from '../recurrence/series.js';
import { atLeast, isHidden, publicRole, roleOf, type Role } from './access.js';
import { conditionNotMet, googleError, notFound } from './google-error.js';

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

const scopePrefix = 'https://www.googleapis.com/auth/';

/**
 * The calendar of that name (`primary` = the own one), or 404 as Google says it to strangers, or 403 to who has too small a role.
 * @param least the role that the method needs
 */
export function openCalendar(call: Call, least: Role = 'freeBusyReader', name = call.parameters.text('calendarId') ?? ''): CalendarRecord {
  const { world, caller } = call;
  const calendar = world.calendars.get(name === 'primary' ? caller.email : name) ?? world.calendars.get(name.toLowerCase());
  if (calendar === undefined) throw notFound();
  const role = callersRole(call, calendar);
  if (role === 'none') throw notFound();
  if (onlyBy(call, ['calendar.app.created']) && calendar.madeBy !== caller.client) throw notFound();
  if (!atLeast(role, least)) throw googleError(403, 'calendar', 'requiredAccessLevel', `You need to have ${least === 'writerWithoutPrivateAccess' ? 'writer' : least} access to this calendar.`);
  return calendar;
}

/** The caller's role, as far as the scopes that let him in reach. */
export function callersRole(call: Pick<Call, 'world' | 'caller' | 'method'>, calendar: CalendarRecord): Role {
  const role = roleOf(call.world, call.caller.email, calendar);
  if (onlyBy(call, ['calendar.events.owned', 'calendar.events.owned.readonly']) && role !== 'owner') return 'none';
  if (onlyBy(call, ['calendar.events.public.readonly'])) return publicRole(call.world, calendar);
  return onlyBy(call, ['calendar.events.freebusy', 'calendar.freebusy', 'calendar.events.public.readonly']) && role !== 'none' ? 'freeBusyReader' : role;
}

/** An event, a series, or one occurrence of a series by its id. */
export function openEvent(call: Call, calendar: CalendarRecord): EventRecord {
  const event = findEvent(call.world, calendar.id, call.parameters.text('eventId') ?? '');
  if (event === undefined) throw notFound();
  // What its role hides from somebody he doesn't change either.
  if (call.method.httpMethod !== 'GET' && isHidden(event, callersRole(call, calendar))) throw googleError(403, 'calendar', 'requiredAccessLevel', 'You need to have writer access to this calendar.');
  return event;
}

export function checkIfMatch(call: Call, etag: string): void {
  if (call.ifMatch === undefined || call.ifMatch === '*') return;
  const wanted = call.ifMatch.split(',').map((text) => text.trim().replace(/^W\//, ''));
  if (!wanted.includes(etag)) throw conditionNotMet();
}

/** True if no scopes but these let this caller use the method. */
function onlyBy(call: Pick<Call, 'method' | 'caller'>, names: readonly string[]): boolean {
  const usable = (call.method.scopes ?? []).filter((scope) => call.caller.scopes.has(scope));
  return usable.length > 0 && usable.every((scope) => names.some((name) => scope === scopePrefix + name));
}
