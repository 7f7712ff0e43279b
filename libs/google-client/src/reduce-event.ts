import { MARK_KEYS } from './event-record.js';
import type { GoogleEvent } from './event-schema.js';

/**
 * What may be told of a private event: that it is there, when, whether it keeps its owner busy, when it rings, its colour, and what
 * binds it to us. Named one by one, so that a key that Google invents tomorrow stays out. Who is in it and where it came from is content.
 */
const TOLD = [
  'kind', 'id', 'etag', 'status', 'created', 'updated', 'sequence', 'eventType', 'start', 'end', 'endTimeUnspecified',
  'transparency', 'visibility', 'recurringEventId', 'originalStartTime', 'recurrence', 'locked', 'privateCopy', 'colorId', 'eventLabelId',
] as const;

/** The event without its content, in Google's own form. Subscribers and history never see the rest. */
export function reduceEvent(event: GoogleEvent): GoogleEvent {
  const reduced: Record<string, unknown> = {};
  for (const key of TOLD) if (event[key] !== undefined) reduced[key] = event[key];
  // Whose event it is decides whether we may write it; who that is, is content.
  if (event.organizer) reduced['organizer'] = { self: event.organizer.self === true };
  if (event.reminders) {
    const overrides = (event.reminders.overrides ?? []).map(({ method, minutes }) => ({ method, minutes }));
    reduced['reminders'] = { useDefault: event.reminders.useDefault === true, ...(overrides.length > 0 ? { overrides } : {}) };
  }
  const marks = Object.fromEntries(Object.entries(event.extendedProperties?.private ?? {}).filter(([key]) => (MARK_KEYS as readonly string[]).includes(key)));
  if (Object.keys(marks).length > 0) reduced['extendedProperties'] = { private: marks };
  return reduced as GoogleEvent;
}
