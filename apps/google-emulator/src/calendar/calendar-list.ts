import { createHash } from 'node:crypto';
import type { CalendarRecord, ListEntry } from '../state/records.js';
import { openToken, sealToken } from '../state/opaque-token.js';
import { atLeast, domainOf, isRole, roleOf } from './access.js';
import { entryOf, putEntry } from './calendar-entry.js';
import { renderListEntry } from './calendar-resource.js';
import { checkIfMatch, openCalendar, type Call, type Outcome } from './call.js';
import { etagOf } from './event-resource.js';
import { invalid, notFound, required } from './google-error.js';
import { readEntryFields } from './list-entry-fields.js';
import { mergePatch } from './merge-patch.js';
import { openSyncToken, sealSyncToken } from './sync-token.js';

/** Sync tokens of the list are of this pseudo-calendar. */
const listId = { id: '@calendarList' };

interface PageToken {
  readonly epoch: string;
  readonly email: string;
  readonly afterSeq: number;
  readonly seq: number;
}

interface Listed {
  readonly entry: ListEntry;
  readonly calendar: CalendarRecord;
}

export function getCalendarListEntry(call: Call): Outcome {
  return { status: 200, body: render(call, openListed(call)) };
}

export function listCalendars(call: Call): Outcome {
  const { parameters, world, caller } = call;
  const since = parameters.has('syncToken') ? checkedSince(call) : undefined;
  const page = readPage(call);
  const showDeleted = since !== undefined || parameters.flag('showDeleted') === true;
  const showHidden = since !== undefined || parameters.flag('showHidden') === true;
  const size = Math.min(parameters.number('maxResults') ?? 100, 250);
  const found = listedOf(call)
    .filter(({ entry }) => (showDeleted || entry.deleted !== true) && (showHidden || entry.fields.hidden !== true))
    .filter((listed) => isAskedFor(call, listed))
    .filter(({ entry }) => entry.listSeq > (since ?? 0) && entry.listSeq > (page?.afterSeq ?? 0))
    .sort((a, b) => a.entry.listSeq - b.entry.listSeq);
  const items = found.slice(0, size);
  const seq = page?.seq ?? world.seq;
  const last = items.at(-1);
  const token = found.length > size && last !== undefined
    ? { nextPageToken: sealToken(world, { epoch: world.epoch, email: caller.email, afterSeq: last.entry.listSeq, seq } satisfies PageToken) }
    : { nextSyncToken: sealSyncToken(call, listId, seq, { singleEvents: false, eventTypes: [] }) };
  return { status: 200, body: { kind: 'calendar#calendarList', etag: etagOfAll(found), ...token, items: items.map((listed) => render(call, listed)) } };
}

/** Puts a calendar that the caller may see into his list: sharing alone doesn't do that. */
export function insertListEntry(call: Call): Outcome {
  const { id } = call.body;
  if (typeof id !== 'string' || id === '') throw required('Required', 'id');
  const calendar = openCalendar(call, 'freeBusyReader', id);
  const standing = entryOf(call.world, call.caller.email, calendar);
  const fields = readEntryFields(call.body, rgb(call));
  const { deleted: _back, ...kept } = standing ?? { email: call.caller.email, calendarId: calendar.id };
  const same = standing !== undefined && standing.deleted !== true && JSON.stringify(standing.fields) === JSON.stringify(fields);
  const entry = same ? standing : putEntry(call.world, { ...kept, fields });
  return { status: 200, body: render(call, { entry, calendar }), write: { calendarId: calendar.id } };
}

export function patchListEntry(call: Call): Outcome {
  const listed = openListed(call);
  return change(call, listed, mergePatch(render(call, listed), call.body));
}

export function updateListEntry(call: Call): Outcome {
  return change(call, openListed(call), call.body);
}

/** The calendar itself stays, and who may see it can put it back. */
export function deleteListEntry(call: Call): Outcome {
  const { entry, calendar } = openListed(call);
  if (calendar.primary && calendar.owner === call.caller.email) throw invalid('Invalid Value. The primary calendar cannot be removed from the list.', 'calendarId');
  checkIfMatch(call, etagOf(entry.etagMicros));
  putEntry(call.world, { email: entry.email, calendarId: calendar.id, deleted: true, fields: {} });
  return { status: 204, write: { calendarId: calendar.id } };
}

function change(call: Call, { entry, calendar }: Listed, body: Call['body']): Outcome {
  checkIfMatch(call, etagOf(entry.etagMicros));
  if (body['id'] != null && body['id'] !== calendar.id) throw invalid('Invalid resource id value.');
  const fields = readEntryFields(body, rgb(call), entry.fields);
  const same = JSON.stringify(fields) === JSON.stringify(entry.fields);
  const after = same ? entry : putEntry(call.world, { email: entry.email, calendarId: calendar.id, fields });
  return { status: 200, body: render(call, { entry: after, calendar }), write: { calendarId: calendar.id } };
}

const rgb = (call: Call): boolean => call.parameters.flag('colorRgbFormat') === true;

function render(call: Call, { entry, calendar }: Listed): NonNullable<Outcome['body']> {
  return renderListEntry(entry, calendar, roleOf(call.world, call.caller.email, calendar));
}

function listedOf(call: Call): Listed[] {
  return [...call.world.calendars.values()].flatMap((calendar) => {
    const entry = entryOf(call.world, call.caller.email, calendar);
    return entry === undefined ? [] : [{ entry, calendar }];
  });
}

function openListed(call: Call): Listed {
  const calendar = openCalendar(call);
  const entry = entryOf(call.world, call.caller.email, calendar);
  if (entry === undefined || entry.deleted === true) throw notFound();
  return { entry, calendar };
}

function isAskedFor(call: Call, { entry, calendar }: Listed): boolean {
  const least = call.parameters.text('minAccessRole');
  if (isRole(least) && entry.deleted !== true && !atLeast(roleOf(call.world, call.caller.email, calendar), least)) return false;
  return call.parameters.flag('showOwnOrganizationOnly') !== true || domainOf(calendar.owner) === domainOf(call.caller.email);
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

function etagOfAll(listed: readonly Listed[]): string {
  const state = listed.map(({ entry }) => `${entry.calendarId} ${entry.etagMicros}`).join('\n');
  return `"p${createHash('sha256').update(state).digest('hex').slice(0, 15)}"`;
}
