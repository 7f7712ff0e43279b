import { openCalendar, openEvent, type Call, type Outcome } from './call.js';
import { changeEvent } from './save-event.js';

/** A full PUT: what the body leaves out is cleared. */
export function updateEvent(call: Call): Outcome {
  const calendar = openCalendar(call, 'writerWithoutPrivateAccess');
  return changeEvent(call, calendar, openEvent(call, calendar), call.body);
}
