import type { ZoneName } from '@calsync/calendar-model';
import type { CalendarRef, Clock } from '@calsync/sync-engine';
import type { GoogleCalls } from './google-calls.js';
import { ianaZone } from './zones.js';

const KEPT_MS = 600_000;

/** The zone of a calendar, asked only where an event carries none that we know, and kept for ten minutes. */
export function createCalendarZones(perform: GoogleCalls, clock: Clock): (calendar: CalendarRef) => Promise<ZoneName> {
  const kept = new Map<string, { readonly zone: ZoneName; readonly until: number }>();
  return async ({ accountId, calendarId }) => {
    const key = `${accountId}/${calendarId}`;
    const found = kept.get(key);
    if (found && found.until > clock.now()) return found.zone;
    const entry = await perform({
      accountId, method: 'calendar.calendarList.get', units: 1,
      run: (api, headers) => api.calendarList.get({ calendarId }, { headers }),
    });
    const zone = ianaZone(entry.timeZone) ?? 'UTC';
    kept.set(key, { zone, until: clock.now() + KEPT_MS });
    return zone;
  };
}
