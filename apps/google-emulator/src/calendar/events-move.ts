import { checkIfMatch, openCalendar, openEvent, type Call, type Outcome } from './call.js';
import type { World } from '../state/world.js';
import type { EventRecord } from '../state/records.js';
import { etagOf, renderEvent } from './event-resource.js';
import { organizerOf } from './events-insert.js';
import { duplicate, errorOfReason, eventTypeRestriction, gone, googleError } from './google-error.js';
import { isGuestCopy, shareWithGuests } from './guest-copies.js';
import { recordMails } from './mails.js';
import { storeEvent } from './store-event.js';

/** The event gets another organiser; on the old calendar nothing but a cancelled id remains. */
export function moveEvent(call: Call): Outcome {
  const source = openCalendar(call, 'writerWithoutPrivateAccess');
  const destination = openCalendar(call, 'writerWithoutPrivateAccess', call.parameters.text('destination'));
  const before = openEvent(call, source);
  if (before.status === 'cancelled') throw gone();
  if (before.eventType !== 'default') throw eventTypeRestriction(`Events of type ${before.eventType} cannot be moved.`);
  if (before.seriesId !== undefined) throw googleError(400, 'calendar', 'cannotChangeOrganizerOfInstance', 'The organizer of an instance of a recurring event cannot be changed.');
  if (isGuestCopy(before)) throw errorOfReason(403, 'forbiddenForNonOrganizer');
  checkIfMatch(call, etagOf(before.updatedMicros));
  const there = call.world.events(destination.id).get(before.id);
  if (there !== undefined && there.remains !== 'moved') throw duplicate();
  const after = storeEvent(call.world, { ...before, calendarId: destination.id, organizer: organizerOf(destination) });
  storeEvent(call.world, { ...before, status: 'cancelled', remains: 'moved' });
  moveExceptions(call.world, before, after);
  shareWithGuests(call.world, after);
  recordMails(call, before, after, new Set(['organizer']));
  return { status: 200, body: renderEvent(after, destination, call.publicUrl), write: { calendarId: source.id, eventId: after.id } };
}

/** What was changed or cancelled of a series goes with it; in the old calendar it was told by the master's deletion. */
function moveExceptions(world: World, before: EventRecord, after: EventRecord): void {
  const [from, to] = [world.events(before.calendarId), world.events(after.calendarId)];
  for (const exception of [...from.values()].filter((event) => event.seriesId === before.id)) {
    from.delete(exception.id);
    to.put(exception.id, { ...exception, calendarId: after.calendarId, organizer: after.organizer, updatedMicros: after.updatedMicros, seq: world.nextSeq() });
  }
}
