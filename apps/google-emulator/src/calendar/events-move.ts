import { checkIfMatch, openCalendar, openEvent, type Call, type Outcome } from './call.js';
import { etagOf, renderEvent } from './event-resource.js';
import { organizerOf } from './events-insert.js';
import { duplicate, eventTypeRestriction, gone } from './google-error.js';
import { recordMails } from './mails.js';
import { saveEvent } from './save-event.js';

/** The event gets another organiser; on the old calendar nothing but a cancelled id remains. */
export function moveEvent(call: Call): Outcome {
  const source = openCalendar(call);
  const destination = openCalendar(call, call.parameters.text('destination'));
  const before = openEvent(call, source);
  if (before.status === 'cancelled') throw gone();
  if (before.eventType !== 'default') throw eventTypeRestriction(`Events of type ${before.eventType} cannot be moved.`);
  checkIfMatch(call, etagOf(before.updatedMicros));
  const there = call.world.events(destination.id).get(before.id);
  if (there !== undefined && there.remains !== 'moved') throw duplicate();
  const after = saveEvent(call.world, { ...before, calendarId: destination.id, organizer: organizerOf(destination) });
  saveEvent(call.world, { ...before, status: 'cancelled', remains: 'moved' });
  recordMails(call, before, after, new Set(['organizer']));
  return { status: 200, body: renderEvent(after, destination, call.publicUrl), write: { calendarId: source.id, eventId: after.id } };
}
