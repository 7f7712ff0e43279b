import { isObject, type JsonObject } from '../discovery/body.js';
import { asRfc3339 } from '../discovery/formats.js';
import { isMaster, standsAlone, touches } from '../recurrence/series.js';
import type { EventRecord } from '../state/records.js';
import { attendeesOf } from './attendees.js';
import type { Call } from './call.js';
import { invalid } from './google-error.js';
import { instantOf } from './moment.js';

/** What a sync token remembers of the query that it continues. */
export interface Bounds {
  readonly singleEvents: boolean;
  readonly eventTypes: readonly string[];
  readonly timeMinMs?: number;
  readonly timeMaxMs?: number;
}

export interface EventFilter {
  readonly bounds: Bounds;
  /** Whether deleted events and series are in the list. */
  readonly cancelledToo: boolean;
  /** The reader sees when somebody is busy, and always single events. */
  readonly busyOnly: boolean;
  accepts(event: EventRecord): boolean;
}

/**
 * Which events a list holds.
 * @param remembered the bounds of the first request, when this one continues it
 */
export function readEventFilter(call: Call, zone: string, remembered: Bounds | undefined, busyOnly = false): EventFilter {
  const { parameters } = call;
  const timeMinMs = asRfc3339(parameters.text('timeMin') ?? '');
  const timeMaxMs = asRfc3339(parameters.text('timeMax') ?? '');
  const bounds: Bounds = remembered ?? {
    singleEvents: busyOnly || (parameters.flag('singleEvents') ?? false),
    eventTypes: parameters.list('eventTypes'),
    ...(timeMinMs === undefined ? {} : { timeMinMs }),
    ...(timeMaxMs === undefined ? {} : { timeMaxMs }),
  };
  const updatedMinMs = asRfc3339(parameters.text('updatedMin') ?? '');
  const cancelledToo = remembered !== undefined || updatedMinMs !== undefined || parameters.flag('showDeleted') === true;
  const types = parameters.list('eventTypes').length > 0 ? parameters.list('eventTypes') : bounds.eventTypes;
  const privates = readConstraints(parameters.list('privateExtendedProperty'), 'privateExtendedProperty');
  const shareds = readConstraints(parameters.list('sharedExtendedProperty'), 'sharedExtendedProperty');
  const iCalUID = parameters.text('iCalUID');
  const terms = (parameters.text('q') ?? '').toLowerCase().split(/\s+/).filter((term) => term !== '');

  return {
    bounds,
    cancelledToo,
    busyOnly,
    accepts(event) {
      const cancelled = event.status === 'cancelled';
      // An unexpanded list tells cancelled occurrences of a living series even if deleted events aren't asked for.
      const hole = !standsAlone(event) && !bounds.singleEvents && event.orphaned !== true;
      if (cancelled && !cancelledToo && !hole) return false;
      if (event.orphaned === true && remembered === undefined && updatedMinMs === undefined) return false;
      if (updatedMinMs !== undefined && event.updatedMicros < updatedMinMs * 1000) return false;
      // A tombstone always reaches who follows by token: the event may have been among those that he got.
      if (cancelled && remembered !== undefined) return true;
      if (types.length > 0 && !types.includes(event.eventType)) return false;
      if (iCalUID !== undefined && event.iCalUID !== iCalUID) return false;
      if (!inBounds(event, bounds, zone)) return false;
      if (!holds(event, 'private', privates) || !holds(event, 'shared', shareds)) return false;
      return terms.length === 0 || (!busyOnly && matchesText(event, terms));
    },
  };
}

/** A series is there if one of its occurrences is. */
function inBounds(event: EventRecord, { timeMinMs, timeMaxMs }: Bounds, zone: string): boolean {
  if (timeMinMs === undefined && timeMaxMs === undefined) return true;
  if (isMaster(event)) return touches(event, { fromMs: timeMinMs, toMs: timeMaxMs }, zone);
  if (timeMinMs !== undefined && instantOf(event.fields.end, zone) <= timeMinMs) return false;
  return timeMaxMs === undefined || instantOf(event.fields.start, zone) < timeMaxMs;
}

/** All given constraints must hold (the reference page; the guide says "or"). */
function holds(event: EventRecord, kind: 'private' | 'shared', constraints: ReadonlyArray<readonly [string, string]>): boolean {
  if (constraints.length === 0) return true;
  const properties = event.fields.rest['extendedProperties'];
  const values = isObject(properties) ? properties[kind] : undefined;
  return isObject(values) && constraints.every(([name, value]) => values[name] === value);
}

function readConstraints(given: readonly string[], parameter: string): ReadonlyArray<readonly [string, string]> {
  return given.map((text) => {
    const at = text.indexOf('=');
    if (at < 1) throw invalid('Invalid Value. The constraint must be propertyName=value.', parameter);
    return [text.slice(0, at), text.slice(at + 1)] as const;
  });
}

function matchesText(event: EventRecord, terms: readonly string[]): boolean {
  const { rest } = event.fields;
  const place = isObject(rest['workingLocationProperties']) ? rest['workingLocationProperties'] : {};
  const office = isObject(place['officeLocation']) ? place['officeLocation'] : {};
  const custom = isObject(place['customLocation']) ? place['customLocation'] : {};
  const words = [
    rest['summary'], rest['description'], rest['location'],
    event.organizer.email, event.organizer.displayName,
    office['buildingId'], office['deskId'], office['label'], custom['label'],
    ...attendeesOf(rest).flatMap((attendee: JsonObject) => [attendee['email'], attendee['displayName']]),
  ];
  const text = words.filter((word) => typeof word === 'string').join('\n').toLowerCase();
  return terms.every((term) => text.includes(term));
}
