import { asCalendarId, asGoogleEventId, type AccountId, type CalendarId, type ZoneName } from '@calsync/calendar-model';
import { Failure, type CalendarFeed, type FeedItem, type FeedPage } from '@calsync/sync-engine';
import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js';
import { googleEventSchema, isPrivate, type GoogleEvent } from './event-schema.js';
import { createGoogleCalls, GoogleSaidNo, type GoogleClientOptions } from './google-calls.js';
import { reduceEvent } from './reduce-event.js';
import { ianaZone } from './zones.js';

/**
 * The same in every request, or the sync token means something undefined. Unbounded: a time bound would go into the
 * token, and what leaves the bounds would never be told. Series come as masters and exceptions, deleted ones too.
 */
const LIST = { singleEvents: false, showDeleted: true, maxResults: 250 } as const;

export interface GoogleCalendarFeed extends CalendarFeed {
  /** The calendar behind the alias `primary`: its real id and its zone. */
  primaryCalendar(accountId: AccountId): Promise<{ readonly id: CalendarId; readonly zone: ZoneName }>;
}

export function createCalendarFeed(options: GoogleClientOptions & { readonly onOddItem?: (problem: string) => void }): GoogleCalendarFeed {
  const perform = createGoogleCalls(options);

  return {
    async page({ accountId, calendarId }, from) {
      try {
        const list = await perform({
          accountId, method: 'calendar.events.list', units: 1,
          run: (api, headers) =>
            api.events.list({ calendarId, ...LIST, ...(from.syncToken ? { syncToken: from.syncToken } : {}), ...(from.pageToken ? { pageToken: from.pageToken } : {}) }, { headers }),
        });
        return { kind: 'page', page: pageOf(list, options.onOddItem) };
      } catch (error) {
        if (error instanceof GoogleSaidNo && error.trouble.kind === 'sync-token-lost') return { kind: 'sync-token-lost' };
        throw aboutTheCalendar(error);
      }
    },

    async watch({ accountId, calendarId }, subject, request) {
      const requestBody = { id: request.id, type: 'web_hook', address: request.address, token: request.token, params: { ttl: String(request.ttlSeconds) } };
      try {
        const channel = await perform({
          accountId, method: subject === 'events' ? 'calendar.events.watch' : 'calendar.calendarList.watch', units: 1,
          run: (api, headers) => (subject === 'events' ? api.events.watch({ calendarId, requestBody }, { headers }) : api.calendarList.watch({ requestBody }, { headers })),
        });
        // An answer without an end is taken at what was asked for: renewing too early costs one call.
        return { resourceId: channel.resourceId ?? '', expiresAt: Number(channel.expiration ?? options.clock.now() + request.ttlSeconds * 1_000) };
      } catch (error) {
        // Some calendars can't be watched, and an address may not please Google: the calendar itself is fine.
        if (error instanceof GoogleSaidNo && error.trouble.kind === 'refused') {
          throw new Failure('permanent', `${error.message}; check RECEIVER_PUBLIC_URL (https, reachable for Google). The sweep goes on`);
        }
        throw aboutTheCalendar(error);
      }
    },

    async stop(accountId, channel) {
      try {
        await perform({
          accountId, method: 'calendar.channels.stop', units: 1,
          run: (api, headers) => api.channels.stop({ requestBody: { id: channel.id, resourceId: channel.resourceId } }, { headers }),
        });
      } catch (error) {
        if (error instanceof GoogleSaidNo && error.trouble.kind === 'absent') return;
        if (error instanceof GoogleSaidNo) throw new Failure('permanent', `${error.message}; the channel ends by itself`);
        throw error;
      }
    },

    async primaryCalendar(accountId) {
      try {
        const entry = await perform({
          accountId, method: 'calendar.calendarList.get', units: 1,
          run: (api, headers) => api.calendarList.get({ calendarId: 'primary' }, { headers }),
        });
        if (!entry.id) throw new Failure('calendar', 'calendar.calendarList.get: the account has no primary calendar');
        return { id: asCalendarId(entry.id), zone: ianaZone(entry.timeZone) ?? 'UTC' };
      } catch (error) {
        throw aboutTheCalendar(error);
      }
    },
  };
}

/** Asked for a whole calendar, a clear no means that the calendar isn't there for this account. */
export function aboutTheCalendar(error: unknown): unknown {
  return error instanceof GoogleSaidNo ? new Failure('calendar', `${error.message}; the calendar is gone or no longer shared: choose another or restore it`) : error;
}

function pageOf(list: calendar_v3.Schema$Events, onOddItem: ((problem: string) => void) | undefined): FeedPage {
  const next = list.nextPageToken
    ? ({ kind: 'page', pageToken: list.nextPageToken } as const)
    : list.nextSyncToken
      ? ({ kind: 'end', syncToken: list.nextSyncToken } as const)
      : undefined;
  // Taking this for the end would save no token and lose what comes after it.
  if (next === undefined) throw new Failure('transient', 'calendar.events.list: an answer with neither page token nor sync token');
  return {
    items: (list.items ?? []).flatMap((item) => itemOf(item, onOddItem)),
    calendarZone: ianaZone(list.timeZone) ?? 'UTC',
    access: accessOf(list.accessRole),
    next,
  };
}

function itemOf(raw: unknown, onOddItem: ((problem: string) => void) | undefined): FeedItem[] {
  const parsed = googleEventSchema.safeParse(raw);
  if (!parsed.success) {
    // Told by its id alone, as an event whose content we may not see: one odd event never stops a page.
    const { id, etag, status, updated } = raw as Record<string, unknown>;
    onOddItem?.(parsed.error.issues.map((issue) => issue.path.join('.')).join(', '));
    if (typeof id !== 'string' || id === '') return [];
    const bare = googleEventSchema.parse(Object.fromEntries(Object.entries({ id, etag, status, updated }).filter(([, value]) => typeof value === 'string')));
    return [{ id: asGoogleEventId(id), etag: bare.etag ?? '', cancelled: bare.status === 'cancelled', reduced: true, event: bare }];
  }
  // Google leaves out what is empty; a null would break the schema of our message, and with it the whole page.
  const event = Object.fromEntries(Object.entries(parsed.data).filter(([, value]) => value !== null)) as GoogleEvent;
  const reduced = isPrivate(event);
  return [{
    id: asGoogleEventId(event.id),
    etag: event.etag ?? '',
    ...(event.updated ? { updated: event.updated } : {}),
    cancelled: event.status === 'cancelled',
    reduced,
    event: reduced ? reduceEvent(event) : event,
  }];
}

function accessOf(role: string | null | undefined): FeedPage['access'] {
  if (role === 'owner' || role === 'writer' || role === 'writerWithoutPrivateAccess') return 'writer';
  return role === 'reader' ? 'reader' : 'none';
}
