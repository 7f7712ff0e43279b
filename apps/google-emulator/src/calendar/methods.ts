import { deleteAclRule, getAclRule, insertAclRule, listAcl, patchAclRule, updateAclRule } from './acl.js';
import type { Call, Outcome } from './call.js';
import { deleteListEntry, getCalendarListEntry, insertListEntry, listCalendars, patchListEntry, updateListEntry } from './calendar-list.js';
import { clearCalendar, deleteCalendar, getCalendar, insertCalendar, patchCalendar, transferOwnership, updateCalendar } from './calendars.js';
import { getColors } from './colors-get.js';
import { deleteEvent } from './events-delete.js';
import { getEvent } from './events-get.js';
import { importEvent } from './events-import.js';
import { insertEvent } from './events-insert.js';
import { listInstances } from './events-instances.js';
import { listEvents } from './events-list.js';
import { moveEvent } from './events-move.js';
import { patchEvent } from './events-patch.js';
import { updateEvent } from './events-update.js';
import { queryFreeBusy } from './freebusy-query.js';
import { getSetting, listSettings } from './settings-list.js';
import { stopChannel, watchAcl, watchCalendarList, watchEvents, watchSettings } from './watch.js';

export interface Room {
  /** The method's own query parameters that are honoured; every other documented one is refused with 501. */
  readonly parameters: readonly string[];
  handle(call: Call): Outcome;
}

const notified = ['sendUpdates', 'sendNotifications'];
const written = [...notified, 'conferenceDataVersion', 'eventLabelVersion', 'maxAttendees', 'supportsAttachments'];
const shown = ['alwaysIncludeEmail', 'maxAttendees', 'timeZone'];
const paged = ['maxResults', 'pageToken', 'syncToken'];

/** What the emulator does, by the names of Google's document. A method that isn't here → 501. */
export const rooms: Readonly<Record<string, Room>> = {
  'calendar.acl.delete': { parameters: [], handle: deleteAclRule },
  'calendar.acl.get': { parameters: [], handle: getAclRule },
  'calendar.acl.insert': { parameters: ['sendNotifications'], handle: insertAclRule },
  'calendar.acl.list': { parameters: [...paged, 'showDeleted'], handle: listAcl },
  'calendar.acl.patch': { parameters: ['sendNotifications'], handle: patchAclRule },
  'calendar.acl.update': { parameters: ['sendNotifications'], handle: updateAclRule },
  'calendar.acl.watch': { parameters: [], handle: watchAcl },
  'calendar.calendarList.delete': { parameters: [], handle: deleteListEntry },
  'calendar.calendarList.get': { parameters: [], handle: getCalendarListEntry },
  'calendar.calendarList.insert': { parameters: ['colorRgbFormat'], handle: insertListEntry },
  'calendar.calendarList.list': { parameters: [...paged, 'minAccessRole', 'showDeleted', 'showHidden', 'showOwnOrganizationOnly'], handle: listCalendars },
  'calendar.calendarList.patch': { parameters: ['colorRgbFormat'], handle: patchListEntry },
  'calendar.calendarList.update': { parameters: ['colorRgbFormat'], handle: updateListEntry },
  'calendar.calendarList.watch': { parameters: [], handle: watchCalendarList },
  'calendar.calendars.clear': { parameters: [], handle: clearCalendar },
  'calendar.calendars.delete': { parameters: [], handle: deleteCalendar },
  'calendar.calendars.get': { parameters: [], handle: getCalendar },
  'calendar.calendars.insert': { parameters: [], handle: insertCalendar },
  'calendar.calendars.patch': { parameters: [], handle: patchCalendar },
  'calendar.calendars.transferOwnership': { parameters: ['newDataOwner', 'useAdminAccess'], handle: transferOwnership },
  'calendar.calendars.update': { parameters: [], handle: updateCalendar },
  'calendar.channels.stop': { parameters: [], handle: stopChannel },
  'calendar.colors.get': { parameters: [], handle: getColors },
  'calendar.events.delete': { parameters: notified, handle: deleteEvent },
  'calendar.events.get': { parameters: shown, handle: getEvent },
  'calendar.events.import': { parameters: ['conferenceDataVersion', 'eventLabelVersion', 'supportsAttachments'], handle: importEvent },
  'calendar.events.insert': { parameters: written, handle: insertEvent },
  'calendar.events.instances': { parameters: [...shown, 'maxResults', 'originalStart', 'pageToken', 'showDeleted', 'timeMax', 'timeMin'], handle: listInstances },
  'calendar.events.list': {
    parameters: [...paged, ...shown, 'eventTypes', 'iCalUID', 'orderBy', 'privateExtendedProperty', 'q', 'sharedExtendedProperty', 'showDeleted', 'showHiddenInvitations', 'singleEvents', 'timeMax', 'timeMin', 'updatedMin'],
    handle: listEvents,
  },
  'calendar.events.move': { parameters: [...notified, 'destination'], handle: moveEvent },
  'calendar.events.patch': { parameters: [...written, 'alwaysIncludeEmail'], handle: patchEvent },
  'calendar.events.update': { parameters: [...written, 'alwaysIncludeEmail'], handle: updateEvent },
  'calendar.events.watch': { parameters: ['eventTypes', 'alwaysIncludeEmail'], handle: watchEvents },
  'calendar.freebusy.query': { parameters: [], handle: queryFreeBusy },
  'calendar.settings.get': { parameters: [], handle: getSetting },
  'calendar.settings.list': { parameters: paged, handle: listSettings },
  'calendar.settings.watch': { parameters: [], handle: watchSettings },
};
