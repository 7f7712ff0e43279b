import type { JsonObject } from '../discovery/body.js';
import type { CalendarRecord, ListEntry } from '../state/records.js';
import type { Role } from './access.js';
import { defaultRemindersOf } from './calendar-entry.js';
import { calendarColours } from './colors-get.js';
import { etagOf } from './event-resource.js';

/** The same for every calendar here. */
export const conferenceProperties: JsonObject = { allowedConferenceSolutionTypes: ['hangoutsMeet'] };

export function renderCalendar(calendar: CalendarRecord): JsonObject {
  const { labelProperties, workingHours, ...fields } = calendar.fields;
  return {
    kind: 'calendar#calendar',
    etag: etagOf(calendar.etagMicros),
    id: calendar.id,
    ...fields,
    conferenceProperties,
    ...(labelProperties === undefined ? {} : { labelProperties }),
    ...(workingHours === undefined ? {} : { workingHours }),
    ...(calendar.primary ? {} : { dataOwner: calendar.owner }),
  };
}

/** Labels and working hours stand on the calendar only, not in the list. */
export function renderListEntry(entry: ListEntry, calendar: CalendarRecord, accessRole: Role): JsonObject {
  if (entry.deleted === true) return { kind: 'calendar#calendarListEntry', etag: etagOf(entry.etagMicros), id: calendar.id, deleted: true };
  const { labelProperties: _labels, workingHours: _hours, ...fields } = calendar.fields;
  const own = calendar.primary && calendar.owner === entry.email;
  const { colorId = own ? '14' : '15', selected = true, defaultReminders: _set, ...chosen } = entry.fields;
  return {
    kind: 'calendar#calendarListEntry',
    etag: etagOf(entry.etagMicros),
    id: calendar.id,
    ...fields,
    colorId,
    backgroundColor: calendarColours[Number(colorId) - 1],
    foregroundColor: '#000000',
    selected,
    accessRole,
    defaultReminders: defaultRemindersOf(entry, calendar, entry.email),
    ...(own ? { primary: true, notificationSettings: { notifications: [{ type: 'eventCreation', method: 'email' }, { type: 'eventChange', method: 'email' }] } } : {}),
    ...(calendar.primary ? {} : { dataOwner: calendar.owner }),
    conferenceProperties,
    ...chosen,
  };
}
