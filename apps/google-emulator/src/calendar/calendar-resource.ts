import type { JsonObject } from '../discovery/body.js';
import type { CalendarRecord } from '../state/records.js';
import { etagOf } from './event-resource.js';

/** The same for every calendar here. */
export const conferenceProperties: JsonObject = { allowedConferenceSolutionTypes: ['hangoutsMeet'] };

export function renderCalendar(calendar: CalendarRecord): JsonObject {
  const { labelProperties, ...fields } = calendar.fields;
  return {
    kind: 'calendar#calendar',
    etag: etagOf(calendar.etagMicros),
    id: calendar.id,
    ...fields,
    conferenceProperties,
    ...(labelProperties === undefined ? {} : { labelProperties }),
    ...(calendar.primary ? {} : { dataOwner: calendar.owner }),
  };
}

/** Labels stand on the calendar only, not in the list. */
export function renderListEntry(calendar: CalendarRecord): JsonObject {
  const { labelProperties: _calendarOnly, ...fields } = calendar.fields;
  if (calendar.deleted === true) return { kind: 'calendar#calendarListEntry', etag: etagOf(calendar.listEtagMicros), id: calendar.id, deleted: true };
  return {
    kind: 'calendar#calendarListEntry',
    etag: etagOf(calendar.listEtagMicros),
    id: calendar.id,
    ...fields,
    colorId: calendar.primary ? '14' : '15',
    backgroundColor: calendar.primary ? '#9fe1e7' : '#9fc6e7',
    foregroundColor: '#000000',
    selected: true,
    accessRole: 'owner',
    defaultReminders: calendar.primary ? [{ method: 'popup', minutes: 10 }] : [],
    ...(calendar.primary ? { primary: true, notificationSettings: { notifications: [{ type: 'eventCreation', method: 'email' }, { type: 'eventChange', method: 'email' }] } } : { dataOwner: calendar.owner }),
    conferenceProperties,
  };
}
