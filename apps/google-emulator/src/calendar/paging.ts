import { createHash } from 'node:crypto';
import type { CalendarRecord } from '../state/records.js';
import { openToken, sealToken } from '../state/opaque-token.js';
import type { Call } from './call.js';
import { invalid } from './google-error.js';

export type Cursor = readonly [key: number, id: string];

/** Parameters in which two pages of one list may differ. */
const notOfTheQuery = ['pageToken', 'maxResults', 'fields', 'alt', 'prettyPrint', 'key', 'quotaUser', 'userIp', 'oauth_token', 'access_token', 'maxAttendees', 'alwaysIncludeEmail'];

export interface PageToken {
  readonly epoch: string;
  readonly query: string;
  readonly after: Cursor;
  /** Where the delta begins that follows the last page: what changed while paging comes again, never too late. */
  readonly seq: number;
  readonly page: number;
}

export function compareCursors(a: Cursor, b: Cursor): number {
  if (a[0] !== b[0]) return a[0] - b[0];
  return a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0;
}

/** Which page of its list a call asks for: 1 without a page token. */
export function pageNumber(call: Pick<Call, 'world' | 'parameters'>): number {
  const token = call.parameters.text('pageToken');
  return token === undefined ? 1 : (openToken<PageToken>(call.world, token)?.page ?? 1);
}

/** The place where the last page ended; a token of another query or from before a reset → 400. */
export function readPageToken(call: Call, calendar: CalendarRecord): PageToken | undefined {
  const text = call.parameters.text('pageToken');
  if (text === undefined) return undefined;
  const token = openToken<PageToken>(call.world, text);
  if (token === undefined || token.epoch !== call.world.epoch || token.query !== queryOf(call, calendar)) throw invalid('Invalid page token value.', 'pageToken');
  return token;
}

export function sealPageToken(call: Call, calendar: CalendarRecord, next: Pick<PageToken, 'after' | 'seq' | 'page'>): string {
  const token: PageToken = { epoch: call.world.epoch, query: queryOf(call, calendar), ...next };
  return sealToken(call.world, token);
}

function queryOf(call: Call, calendar: CalendarRecord): string {
  return createHash('sha256').update(calendar.id + call.caller.email + call.method.id + call.parameters.fingerprint([...notOfTheQuery, 'calendarId'])).digest('base64url').slice(0, 16);
}
