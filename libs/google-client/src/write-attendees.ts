import type { GoogleEventRecord } from '@calsync/calendar-model';
import { Failure, type GoogleEvents } from '@calsync/sync-engine';
import type { EventBody } from './event-body.js';
import { GoogleSaidNo, type GoogleCalls } from './google-calls.js';

/** Google's price list: a patch costs three units. */
const PATCH_UNITS = 3;

/**
 * The one call that names guests. Each goes as Google had them, but for who changes; somebody who was shown only themselves sends
 * only themselves and says so, or all others would be taken out.
 */
export function createWriteAttendees(perform: GoogleCalls, toRecord: (calendar: Parameters<GoogleEvents['writeAttendees']>[0], event: EventBody) => Promise<GoogleEventRecord>): GoogleEvents['writeAttendees'] {
  return async (calendar, current, change) => {
    const requestBody: EventBody = { attendees: change.attendees.map((raw) => ({ ...raw })), ...(change.onlyOwn ? { attendeesOmitted: true } : {}) };
    try {
      const event = await perform({
        accountId: calendar.accountId, method: 'calendar.events.patch', units: PATCH_UNITS, aboutGuests: true,
        run: (api, headers) =>
          api.events.patch({ calendarId: calendar.calendarId, eventId: current.id, sendUpdates: change.tell, requestBody }, { headers: { ...headers, 'If-Match': current.etag } }),
      });
      return { kind: 'written', record: await toRecord(calendar, event) };
    } catch (error) {
      if (!(error instanceof GoogleSaidNo)) throw error;
      const { trouble } = error;
      switch (trouble.kind) {
        case 'guest-quota':
          return trouble;
        case 'stale':
          return { kind: 'stale' };
        case 'absent':
        case 'deleted':
          return { kind: 'gone' };
        case 'refused':
          return { kind: 'refused', cause: trouble.cause };
        default:
          throw new Failure('permanent', `calendar.events.patch got an answer that makes no sense here: ${error.message}`);
      }
    }
  };
}
