import { createHash } from 'node:crypto';
import type { CalendarRecord } from '../state/records.js';
import { openToken, sealToken } from '../state/opaque-token.js';
import { openCalendar, type Call, type Outcome } from './call.js';
import { renderListEntry } from './calendar-resource.js';
import { invalid } from './google-error.js';
import { openSyncToken, sealSyncToken } from './sync-token.js';

/** Sync tokens of the list are of this pseudo-calendar. */
const listId = { id: '@calendarList' };

interface PageToken {
  readonly epoch: string;
  readonly email: string;
  readonly afterSeq: number;
  readonly seq: number;
}

export function getCalendarListEntry(call: Call): Outcome {
  return { status: 200, body: renderListEntry(openCalendar(call)) };
}

export function listCalendars(call: Call): Outcome {
  const { parameters, world, caller } = call;
  const since = parameters.has('syncToken') ? checkedSince(call) : undefined;
  const page = readPage(call);
  const showDeleted = since !== undefined || parameters.flag('showDeleted') === true;
  const size = Math.min(parameters.number('maxResults') ?? 100, 250);
  // Every calendar that a caller sees here is his own, so minAccessRole and showOwnOrganizationOnly leave none out.
  const found = [...world.calendars.values()]
    .filter((calendar) => calendar.owner === caller.email && (showDeleted || calendar.deleted !== true))
    .filter((calendar) => calendar.listSeq > (since ?? 0) && calendar.listSeq > (page?.afterSeq ?? 0))
    .sort((a, b) => a.listSeq - b.listSeq);
  const items = found.slice(0, size);
  const seq = page?.seq ?? world.seq;
  const last = items.at(-1);
  const token = found.length > size && last !== undefined
    ? { nextPageToken: sealToken(world, { epoch: world.epoch, email: caller.email, afterSeq: last.listSeq, seq } satisfies PageToken) }
    : { nextSyncToken: sealSyncToken(call, listId, seq, { singleEvents: false, eventTypes: [] }) };
  return { status: 200, body: { kind: 'calendar#calendarList', etag: etagOfAll(found), ...token, items: items.map(renderListEntry) } };
}

function checkedSince(call: Call): number {
  for (const name of ['minAccessRole', 'showOwnOrganizationOnly']) {
    if (call.parameters.has(name)) throw invalid(`Invalid Value. The parameter ${name} cannot be combined with a sync token.`, name);
  }
  for (const name of ['showDeleted', 'showHidden']) {
    if (call.parameters.flag(name) === false) throw invalid(`Invalid Value. The parameter ${name} cannot be false with a sync token.`, name);
  }
  return openSyncToken(call, listId).seq;
}

function readPage(call: Call): PageToken | undefined {
  const text = call.parameters.text('pageToken');
  if (text === undefined) return undefined;
  const token = openToken<PageToken>(call.world, text);
  if (token === undefined || token.epoch !== call.world.epoch || token.email !== call.caller.email) throw invalid('Invalid page token value.', 'pageToken');
  return token;
}

function etagOfAll(calendars: readonly CalendarRecord[]): string {
  const state = calendars.map((calendar) => `${calendar.id} ${calendar.listEtagMicros}`).join('\n');
  return `"p${createHash('sha256').update(state).digest('hex').slice(0, 15)}"`;
}
