import { asGoogleEventId, type CalendarId, type GoogleEventRecord } from '@calsync/calendar-model';
import { Failure, type DaysListing, type GoogleEvents, type ListedDays } from '@calsync/sync-engine';
import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js';
import { aboutTheCalendar } from './calendar-feed.js';
import { toEventRecord } from './event-record.js';
import { GoogleSaidNo, type GoogleCalls } from './google-calls.js';
import { ianaZone } from './zones.js';

/** Series come as their occurrences; the whole of a day's page at once. */
const LIST = { singleEvents: true, showDeleted: false, maxResults: 2500 } as const;
/** A series that is written while its pages are read is read anew, so often. */
const MOST_READINGS = 5;

export function createListDays(perform: GoogleCalls): GoogleEvents['listDays'] {
  return async ({ accountId, calendarId }, days) => {
    const read = (pageToken: string | undefined) =>
      perform({
        accountId, method: 'calendar.events.list', units: 1,
        run: (api, headers) => api.events.list({ calendarId, ...LIST, ...boundsOf(days), ...(pageToken ? { pageToken } : {}) }, { headers }),
      }).catch((error: unknown) => {
        throw aboutTheCalendar(error);
      });
    const { records, unreadable } = await readPages(calendarId, read);
    return { records, unreadable };
  };
}

export function createReadSeries(perform: GoogleCalls, toRecord: (calendar: Parameters<GoogleEvents['readSeries']>[0], event: calendar_v3.Schema$Event) => Promise<GoogleEventRecord>): GoogleEvents['readSeries'] {
  return async (calendar, masterId, days) => {
    const { accountId, calendarId } = calendar;
    const readMaster = async (): Promise<GoogleEventRecord | undefined> => {
      const event = await perform({
        accountId, method: 'calendar.events.get', units: 1, run: (api, headers) => api.events.get({ calendarId, eventId: masterId }, { headers }),
      }).catch(absent);
      return event === undefined ? undefined : toRecord(calendar, event);
    };
    const readPage = (pageToken: string | undefined) =>
      perform({
        accountId, method: 'calendar.events.instances', units: 1,
        run: (api, headers) =>
          api.events.instances({ calendarId, eventId: masterId, maxResults: 2500, showDeleted: false, ...boundsOf(days), ...(pageToken ? { pageToken } : {}) }, { headers }),
      });

    let master = await readMaster();
    for (let reading = 1; reading <= MOST_READINGS; reading += 1) {
      if (master === undefined) return { kind: 'absent' };
      if (master.status === 'cancelled') return { kind: 'cancelled' };
      if (master.shape !== 'master') return { kind: 'not-a-series', record: master };
      const listing = await readPages(calendarId, readPage).catch(absent);
      const after = await readMaster();
      // Between the two readings of the master nothing moved: what stands between them is of that version.
      if (listing !== undefined && after !== undefined && after.etag === master.etag) return { kind: 'found', master, ...listing };
      master = after;
    }
    throw new Failure('transient', `calendar.events.instances: the series changed ${MOST_READINGS} times while it was read; it is read again later`);
  };
}

/**
 * A day more on either side is asked for: an all-day event lies in the zone of the calendar, whatever zone the days are
 * meant in, and to Google an event that takes no time at the first midnight isn't after it.
 */
function boundsOf({ fromOn, untilOn, zone }: ListedDays): { timeMin: string; timeMax: string } {
  const midnight = (on: Temporal.PlainDate): string => on.toZonedDateTime(zone).toInstant().toString();
  return { timeMin: midnight(Temporal.PlainDate.from(fromOn).subtract({ days: 1 })), timeMax: midnight(Temporal.PlainDate.from(untilOn).add({ days: 2 })) };
}

async function readPages(calendarId: CalendarId, read: (pageToken: string | undefined) => Promise<calendar_v3.Schema$Events>): Promise<DaysListing> {
  const records: GoogleEventRecord[] = [];
  const unreadable: DaysListing['unreadable'][number][] = [];
  for (let pageToken: string | undefined; ; ) {
    const list = await read(pageToken);
    const context = { calendarId, calendarZone: ianaZone(list.timeZone) ?? 'UTC', reduced: false };
    for (const item of list.items ?? []) {
      try {
        const record = toEventRecord(item, context);
        // By Google's documents cancelled occurrences may come even where deleted ones weren't asked for.
        if (record.status !== 'cancelled') records.push(record);
      } catch (error) {
        if (item.id) unreadable.push({ id: asGoogleEventId(item.id), cause: `an event in a form that isn't Google's (${error instanceof Error ? error.name : 'not an error'})` });
      }
    }
    if (!list.nextPageToken) return { records, unreadable };
    pageToken = list.nextPageToken;
  }
}

/** 404, and 410 of what is gone, prove nothing. Any other no makes no sense on a read: the caller gets it as a failure. */
function absent(error: unknown): undefined {
  if (!(error instanceof GoogleSaidNo)) throw error;
  if (error.trouble.kind === 'absent' || error.trouble.kind === 'deleted') return undefined;
  throw new Failure('permanent', `reading a series got an answer that makes no sense here: ${error.message}`);
}
