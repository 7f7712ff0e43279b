import { createHash } from 'node:crypto';
import type { JsonObject } from '../discovery/body.js';
import { asRfc3339 } from '../discovery/formats.js';
import type { CalendarRecord, EventRecord } from '../state/records.js';
import { exceptionsBySeries, isMaster, occurrencesOf, seenException, standsAlone, type TimeRange } from '../recurrence/series.js';
import { defaultRemindersOf, entryOf } from './calendar-entry.js';
import { callersRole, openCalendar, type Call, type Outcome } from './call.js';
import { readEventFilter, type EventFilter } from './event-filter.js';
import { renderEvent, renderTombstone, timeOfMicros } from './event-resource.js';
import { instantOf, isTimeZone } from './moment.js';
import { googleError, invalid } from './google-error.js';
import { compareCursors, readPageToken, sealPageToken, type Cursor } from './paging.js';
import { openSyncToken, sealSyncToken } from './sync-token.js';
import { viewOf } from './save-event.js';

/** Parameters that must not stand beside a sync token. */
const forbiddenWithToken = ['iCalUID', 'orderBy', 'privateExtendedProperty', 'q', 'sharedExtendedProperty', 'timeMin', 'timeMax', 'updatedMin'] as const;
/** Parameters after which a list can't be continued by a token. */
const withoutToken = ['iCalUID', 'orderBy', 'privateExtendedProperty', 'q', 'sharedExtendedProperty', 'updatedMin'] as const;
const oldestUpdatedMinMs = 30 * 86_400_000;

export function listEvents(call: Call): Outcome {
  const calendar = openCalendar(call);
  const { parameters, world } = call;
  checkQuery(call);
  const busyOnly = callersRole(call, calendar) === 'freeBusyReader';
  const zone = parameters.text('timeZone') ?? calendar.fields.timeZone;
  const sync = parameters.has('syncToken') ? openSyncToken(call, calendar, busyOnly) : undefined;
  const filter = readEventFilter(call, zone, sync?.bounds, busyOnly);
  const page = readPageToken(call, calendar);
  const found = select(call, calendar, filter, sync?.seq, page?.after);
  const size = pageSize(call, calendar, filter, sync?.seq);
  const items = found.slice(0, size);
  const seq = page?.seq ?? world.seq;
  const showDeleted = parameters.flag('showDeleted') ?? false;
  const incremental = sync !== undefined || parameters.has('updatedMin');
  const view = viewOf(call, calendar);
  // A cancelled occurrence stands in an unexpanded list with its place in the series and nothing else.
  const isBare = (event: EventRecord): boolean => event.status === 'cancelled' && !showDeleted && (incremental || event.seriesId !== undefined);
  const newest = items.reduce((most, event) => Math.max(most, event.updatedMicros), 0);
  const last = items.at(-1);
  return {
    status: 200,
    body: {
      ...headOfList(call, calendar, zone),
      etag: etagOfList(calendar),
      updated: timeOfMicros(newest === 0 ? calendar.etagMicros : newest),
      ...nextToken(call, calendar, filter, {
        more: found.length > size && last !== undefined ? cursorOf(call, calendar)(last) : undefined,
        seq,
        page: (page?.page ?? 1) + 1,
      }),
      items: items.map((event): JsonObject => (isBare(event) ? renderTombstone(event, calendar, view) : renderEvent(event, calendar, call.publicUrl, view))),
    },
  };
}

/** What every list of events tells of its calendar. */
export function headOfList(call: Call, calendar: CalendarRecord, zone: string): JsonObject {
  return {
    kind: 'calendar#events',
    summary: calendar.fields.summary,
    ...(calendar.fields.description === undefined ? {} : { description: calendar.fields.description }),
    timeZone: zone,
    accessRole: callersRole(call, calendar),
    defaultReminders: defaultRemindersOf(entryOf(call.world, call.caller.email, calendar), calendar, call.caller.email),
  };
}

function checkQuery(call: Call): void {
  const { parameters, world } = call;
  const zone = parameters.text('timeZone');
  if (zone !== undefined && !isTimeZone(zone)) throw invalid('Invalid Value. The time zone is unknown.', 'timeZone');
  if (parameters.has('syncToken')) {
    for (const name of forbiddenWithToken) if (parameters.has(name)) throw invalid(`Invalid Value. The parameter ${name} cannot be combined with a sync token.`, name);
    if (parameters.flag('showDeleted') === false) throw invalid('Invalid Value. Deleted events cannot be left out with a sync token.', 'showDeleted');
  }
  if (parameters.text('orderBy') === 'startTime' && parameters.flag('singleEvents') !== true) {
    throw invalid('The requested ordering is not available for the particular query.', 'orderBy');
  }
  const timeMin = asRfc3339(parameters.text('timeMin') ?? '');
  const timeMax = asRfc3339(parameters.text('timeMax') ?? '');
  if (timeMin !== undefined && timeMax !== undefined && timeMax <= timeMin) throw googleError(400, 'calendar', 'timeRangeEmpty', 'The specified time range is empty.', { locationType: 'parameter', location: 'timeMax' });
  const updatedMin = asRfc3339(parameters.text('updatedMin') ?? '');
  if (updatedMin !== undefined && updatedMin < world.clock.nowMs() - oldestUpdatedMinMs) {
    throw googleError(410, 'calendar', 'updatedMinTooLongAgo', 'The requested minimum modification time lies too far in the past.', { locationType: 'parameter', location: 'updatedMin' });
  }
}

function select(call: Call, calendar: CalendarRecord, filter: EventFilter, since: number | undefined, after: Cursor | undefined): EventRecord[] {
  const cursor = cursorOf(call, calendar);
  const all = filter.bounds.singleEvents ? singleOnes(call, calendar, filter, since) : asTheyStand(call, calendar);
  const kept: EventRecord[] = [];
  for (const event of all) {
    if (since !== undefined && event.seq <= since) continue;
    if (after !== undefined && compareCursors(cursor(event), after) <= 0) continue;
    const shown = filter.busyOnly ? asBusy(event) : event;
    if (call.listFaults.omit.has(event.id) || !filter.accepts(shown)) continue;
    kept.push(shown);
  }
  return kept.sort((a, b) => compareCursors(cursor(a), cursor(b)));
}

/** To who sees busy times only, what is free isn't there: who knew it as busy hears that it is gone. */
function asBusy(event: EventRecord): EventRecord {
  return event.fields.rest['transparency'] === 'transparent' ? { ...event, status: 'cancelled', orphaned: true } : event;
}

/** Single events, masters and exceptions; of a deleted series only the master is told. */
function* asTheyStand(call: Call, calendar: CalendarRecord): Generator<EventRecord> {
  const events = call.world.events(calendar.id);
  for (const event of events.values()) {
    if (standsAlone(event)) {
      yield event;
      continue;
    }
    const master = events.get(event.seriesId ?? '');
    if (master?.status !== 'cancelled') yield seenException(master, event);
    else if (event.handedOver === true) yield { ...seenException(master, event), orphaned: true };
  }
}

/** Single events and the occurrences of every series, but no masters. */
function* singleOnes(call: Call, calendar: CalendarRecord, filter: EventFilter, since: number | undefined): Generator<EventRecord> {
  const events = call.world.events(calendar.id);
  const exceptions = exceptionsBySeries(events.values());
  const range = { fromMs: filter.bounds.timeMinMs, toMs: filter.bounds.timeMaxMs };
  const shown = new Set<string>();
  for (const event of events.values()) {
    if (!standsAlone(event)) continue;
    const ones = !isMaster(event) ? [event] : event.remains === undefined && (event.status !== 'cancelled' || filter.cancelledToo) ? occurrencesOf(event, exceptions.get(event.id) ?? [], range, call.world.clock.nowMs()) : [];
    for (const one of ones) {
      if (since !== undefined) shown.add(one.id);
      // An exception keeps its version when its series is deleted, and ends with it all the same.
      yield event.status === 'cancelled' && one.seq < event.seq ? { ...one, seq: event.seq } : one;
    }
  }
  if (since !== undefined) yield* goneOnes(call, calendar, range, since, shown);
}

/** What a reader of single events may have got of series as they were, and is no more: told by id alone. */
function* goneOnes(call: Call, calendar: CalendarRecord, range: TimeRange, since: number, shown: Set<string>): Generator<EventRecord> {
  for (const { calendarId, untilSeq, event } of call.world.pastSeries.values()) {
    if (calendarId !== calendar.id || untilSeq <= since) continue;
    for (const one of isMaster(event) ? occurrencesOf(event, [], range, call.world.clock.nowMs()) : [event]) {
      if (shown.has(one.id)) continue;
      shown.add(one.id);
      yield { ...one, seq: untilSeq, status: 'cancelled', orphaned: true };
    }
  }
}

function cursorOf(call: Call, calendar: CalendarRecord): (event: EventRecord) => Cursor {
  switch (call.parameters.text('orderBy')) {
    case 'startTime':
      return (event) => [instantOf(event.fields.start, calendar.fields.timeZone), event.id];
    case 'updated':
      return (event) => [event.updatedMicros, event.id];
    default:
      return (event) => [event.seq, event.id];
  }
}

/** A fault that cuts after page n first makes pages short enough for there to be a page n + 1. */
function pageSize(call: Call, calendar: CalendarRecord, filter: EventFilter, since: number | undefined): number {
  const asked = Math.min(call.parameters.number('maxResults') ?? 250, 2500);
  if (call.listFaults.pages === undefined) return asked;
  const all = select(call, calendar, filter, since, undefined).length;
  return Math.max(1, Math.min(asked, Math.ceil(all / call.listFaults.pages)));
}

function nextToken(call: Call, calendar: CalendarRecord, filter: EventFilter, next: { more: Cursor | undefined; seq: number; page: number }): JsonObject {
  if (next.more !== undefined) return { nextPageToken: sealPageToken(call, calendar, { after: next.more, seq: next.seq, page: next.page }) };
  if (withoutToken.some((name) => call.parameters.has(name))) return {};
  return { nextSyncToken: sealSyncToken(call, calendar, next.seq, filter.bounds) };
}

/** Opaque, and the same as long as nothing in the calendar changed. */
export function etagOfList(calendar: CalendarRecord): string {
  return `"p${createHash('sha256').update(`${calendar.id} ${calendar.eventsSeq} ${calendar.etagMicros}`).digest('hex').slice(0, 15)}"`;
}

