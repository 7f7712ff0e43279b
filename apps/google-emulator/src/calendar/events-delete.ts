import { removeCopy } from './change-copy.js';
import { checkIfMatch, openCalendar, openEvent, type Call, type Outcome } from './call.js';
import { etagOf } from './event-resource.js';
import { gone } from './google-error.js';
import { isGuestCopy } from './guest-copies.js';
import { recordGuestMails, recordMails } from './mails.js';
import { saveEvent } from './save-event.js';

/** The event stays as cancelled, with its details, so that a patch can bring it back; a second delete → 410. A guest removes his copy only, and declines. */
export function deleteEvent(call: Call): Outcome {
  const calendar = openCalendar(call, 'writerWithoutPrivateAccess');
  const before = openEvent(call, calendar);
  if (before.status === 'cancelled') throw gone();
  checkIfMatch(call, etagOf(before.updatedMicros));
  if (isGuestCopy(before)) {
    recordGuestMails(call, removeCopy(call.world, before));
    return { status: 204, write: { calendarId: calendar.id, eventId: before.id } };
  }
  const after = saveEvent(call.world, { ...before, status: 'cancelled' });
  recordMails(call, before, after, new Set());
  return { status: 204, write: { calendarId: calendar.id, eventId: after.id } };
}
