import { createHash } from 'node:crypto';
import type { JsonObject } from '../discovery/body.js';
import { asRfc3339 } from '../discovery/formats.js';
import type { CalendarRecord, EventRecord } from '../state/records.js';
import { openToken, sealToken } from '../state/opaque-token.js';
import { openCalendar, type Call, type Outcome } from './call.js';
import { readEventFilter, type EventFilter } from './event-filter.js';
import { renderEvent, renderTombstone, timeOfMicros } from './event-resource.js';
import { instantOf, isTimeZone } from './moment.js';
import { googleError, invalid } from './google-error.js';
import { openSyncToken, sealSyncToken } from './sync-token.js';
import { viewOf } from './save-event.js';

/** Parameters that must not stand beside a sync token. */
const forbiddenWithToken = ['iCalUID', 'orderBy', 'privateExtendedProperty', 'q', 'sharedExtendedProperty', 'timeMin', 'timeMax', 'updatedMin'] as const;
/** Parameters after which a list can't be continued by a token. */
const withoutToken = ['iCalUID', 'orderBy', 'privateExtendedProperty', 'q', 'sharedExtendedProperty', 'updatedMin'] as const;
/** Parameters in which two pages of one list may differ. */
const notOfTheQuery = ['pageToken', 'maxResults', 'fields', 'alt', 'prettyPrint', 'key', 'quotaUser', 'userIp', 'oauth_token', 'access_token', 'maxAttendees', 'alwaysIncludeEmail'];
const oldestUpdatedMinMs = 30 * 86_400_000;

type Cursor = readonly [key: number, id: string];

interface PageToken {
  readonly epoch: string;
  readonly query: string;
  readonly after: Cursor;
  /** Where the delta begins that follows the last page: what changed while paging comes again, never too late. */
  readonly seq: number;
  readonly page: number;
}

export function listEvents(call: Call): Outcome {
  const calendar = openCalendar(call);
  const { parameters, world } = call;
  checkQuery(call);
  const zone = parameters.text('timeZone') ?? calendar.fields.timeZone;
  const sync = parameters.has('syncToken') ? openSyncToken(call, calendar) : undefined;
  const filter = readEventFilter(call, zone, sync?.bounds);
  const page = readPageToken(call, calendar);
  const found = select(call, calendar, filter, sync?.seq, page?.after);
  const size = pageSize(call, calendar, filter, sync?.seq);
  const items = found.slice(0, size);
  const seq = page?.seq ?? world.seq;
  const showDeleted = parameters.flag('showDeleted') ?? false;
  const incremental = sync !== undefined || parameters.has('updatedMin');
  const view = viewOf(call);
  const newest = items.reduce((most, event) => Math.max(most, event.updatedMicros), 0);
  const last = items.at(-1);
  return {
    status: 200,
    body: {
      kind: 'calendar#events',
      etag: etagOfList(calendar),
      summary: calendar.fields.summary,
      ...(calendar.fields.description === undefined ? {} : { description: calendar.fields.description }),
      updated: timeOfMicros(newest === 0 ? calendar.etagMicros : newest),
      timeZone: zone,
      accessRole: 'owner',
      defaultReminders: calendar.primary ? [{ method: 'popup', minutes: 10 }] : [],
      ...nextToken(call, calendar, filter, {
        more: found.length > size && last !== undefined ? cursorOf(call, calendar)(last) : undefined,
        seq,
        page: (page?.page ?? 1) + 1,
      }),
      items: items.map((event): JsonObject => (event.status === 'cancelled' && incremental && !showDeleted ? renderTombstone(event) : renderEvent(event, calendar, call.publicUrl, view))),
    },
  };
}

/** Which page of its list a call asks for: 1 without a page token. */
export function pageNumber(call: Pick<Call, 'world' | 'parameters'>): number {
  const token = call.parameters.text('pageToken');
  return token === undefined ? 1 : (openToken<PageToken>(call.world, token)?.page ?? 1);
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
  const kept: EventRecord[] = [];
  for (const event of call.world.events(calendar.id).values()) {
    if (since !== undefined && event.seq <= since) continue;
    if (after !== undefined && compare(cursor(event), after) <= 0) continue;
    if (call.listFaults.omit.has(event.id) || !filter.accepts(event)) continue;
    kept.push(event);
  }
  return kept.sort((a, b) => compare(cursor(a), cursor(b)));
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

function compare(a: Cursor, b: Cursor): number {
  if (a[0] !== b[0]) return a[0] - b[0];
  return a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0;
}

/** A fault that cuts after page n first makes pages short enough for there to be a page n + 1. */
function pageSize(call: Call, calendar: CalendarRecord, filter: EventFilter, since: number | undefined): number {
  const asked = Math.min(call.parameters.number('maxResults') ?? 250, 2500);
  if (call.listFaults.pages === undefined) return asked;
  const all = select(call, calendar, filter, since, undefined).length;
  return Math.max(1, Math.min(asked, Math.ceil(all / call.listFaults.pages)));
}

function readPageToken(call: Call, calendar: CalendarRecord): PageToken | undefined {
  const text = call.parameters.text('pageToken');
  if (text === undefined) return undefined;
  const token = openToken<PageToken>(call.world, text);
  if (token === undefined || token.epoch !== call.world.epoch || token.query !== queryOf(call, calendar)) throw invalid('Invalid page token value.', 'pageToken');
  return token;
}

function queryOf(call: Call, calendar: CalendarRecord): string {
  return createHash('sha256').update(calendar.id + call.parameters.fingerprint([...notOfTheQuery, 'calendarId'])).digest('base64url').slice(0, 16);
}

function nextToken(call: Call, calendar: CalendarRecord, filter: EventFilter, next: { more: Cursor | undefined; seq: number; page: number }): JsonObject {
  if (next.more !== undefined) {
    const token: PageToken = { epoch: call.world.epoch, query: queryOf(call, calendar), after: next.more, seq: next.seq, page: next.page };
    return { nextPageToken: sealToken(call.world, token) };
  }
  if (withoutToken.some((name) => call.parameters.has(name))) return {};
  return { nextSyncToken: sealSyncToken(call, calendar, next.seq, filter.bounds) };
}

/** Opaque, and the same as long as nothing in the calendar changed. */
function etagOfList(calendar: CalendarRecord): string {
  return `"p${createHash('sha256').update(`${calendar.id} ${calendar.eventsSeq} ${calendar.etagMicros}`).digest('hex').slice(0, 15)}"`;
}

