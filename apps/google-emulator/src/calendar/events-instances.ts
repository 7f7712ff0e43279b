import { openCalendar, openEvent, type Call, type Outcome } from './call.js';
import { invalid } from './google-error.js';

/** Only series have instances, and there are none yet. */
export function listInstances(call: Call): Outcome {
  openEvent(call, openCalendar(call));
  throw invalid('Instances can be listed for recurring events only.', 'eventId');
}
