import { asGoogleEventId, type GoogleEventRecord } from '@calsync/calendar-model';
import type { DaysListing, GoogleEvents } from '@calsync/sync-engine';
import { aboutTheCalendar } from './calendar-feed.js';
import { toEventRecord } from './event-record.js';
import type { GoogleCalls } from './google-calls.js';
import { ianaZone } from './zones.js';

/** Series come as masters, so that nobody takes an occurrence for an event of its own. */
const LIST = { singleEvents: false, showDeleted: false, maxResults: 250 } as const;

/**
 * A day more on either side is asked for: an all-day event lies in the zone of the calendar, whatever zone the days are
 * meant in, and to Google an event that takes no time at the first midnight isn't after it.
 */
export function createListDays(perform: GoogleCalls): GoogleEvents['listDays'] {
  return async ({ accountId, calendarId }, { fromOn, untilOn, zone }) => {
    const midnight = (on: Temporal.PlainDate): string => on.toZonedDateTime(zone).toInstant().toString();
    const timeMin = midnight(Temporal.PlainDate.from(fromOn).subtract({ days: 1 }));
    const timeMax = midnight(Temporal.PlainDate.from(untilOn).add({ days: 2 }));
    const records: GoogleEventRecord[] = [];
    const unreadable: DaysListing['unreadable'][number][] = [];
    for (let pageToken: string | undefined; ; ) {
      const list = await perform({
        accountId, method: 'calendar.events.list', units: 1,
        run: (api, headers) => api.events.list({ calendarId, ...LIST, timeMin, timeMax, ...(pageToken ? { pageToken } : {}) }, { headers }),
      }).catch((error: unknown) => {
        throw aboutTheCalendar(error);
      });
      const context = { calendarId, calendarZone: ianaZone(list.timeZone) ?? 'UTC', reduced: false };
      for (const item of list.items ?? []) {
        try {
          records.push(toEventRecord(item, context));
        } catch (error) {
          if (item.id) unreadable.push({ id: asGoogleEventId(item.id), cause: `an event in a form that isn't Google's (${error instanceof Error ? error.name : 'not an error'})` });
        }
      }
      if (!list.nextPageToken) return { records, unreadable };
      pageToken = list.nextPageToken;
    }
  };
}
