import { openCalendar, openEvent, type Call, type Outcome } from './call.js';
import { renderEvent } from './event-resource.js';
import { mergePatch } from './merge-patch.js';
import { changeEvent } from './save-event.js';

/** Merges the body into the event as it is shown in the calendar's own zone. */
export function patchEvent(call: Call): Outcome {
  const calendar = openCalendar(call, 'writerWithoutPrivateAccess');
  const event = openEvent(call, calendar);
  const shown = renderEvent(event, calendar, call.publicUrl);
  // With eventLabelVersion=1 a label that isn't given is removed, even by a patch.
  const base = call.parameters.number('eventLabelVersion') === 1 ? { ...shown, eventLabelId: undefined } : shown;
  return changeEvent(call, calendar, event, mergePatch(base, call.body));
}
