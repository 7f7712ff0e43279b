import { openCalendar, openEvent, type Call, type Outcome } from './call.js';
import { renderEvent } from './event-resource.js';
import { viewOf } from './save-event.js';

/** Cancelled events too: 200 with their status, until nothing but the id remains. */
export function getEvent(call: Call): Outcome {
  const calendar = openCalendar(call);
  return { status: 200, body: renderEvent(openEvent(call, calendar), calendar, call.publicUrl, viewOf(call, calendar)) };
}
