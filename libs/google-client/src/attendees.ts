import type { Attendee, Reply } from '@calsync/calendar-model';
import type { EventAttendee } from './event-schema.js';

const REPLIES: Readonly<Record<string, Reply>> = { accepted: 'accepted', declined: 'declined', tentative: 'maybe', needsAction: 'none' };

/** Google says who is a room; calendars of groups and of rooms are known by their addresses. */
const RESOURCE_ADDRESS = /@resource\.calendar\.google\.com$/;
const GROUP_ADDRESS = /@group(\.v)?\.calendar\.google\.com$/;

/** In Google's order, nobody left out; what we don't read stays in `raw`. */
export const attendeesOf = (attendees: readonly EventAttendee[]): readonly Attendee[] =>
  attendees.map((raw) => {
    const email = raw.email?.trim().toLowerCase() ?? '';
    return {
      ...(email === '' ? {} : { email }),
      name: raw.displayName ?? '',
      reply: REPLIES[raw.responseStatus ?? ''] ?? 'none',
      self: raw.self === true,
      organizer: raw.organizer === true,
      kind: kindOf(raw, email),
      raw,
    };
  });

function kindOf({ resource }: EventAttendee, email: string): Attendee['kind'] {
  if (resource === true || RESOURCE_ADDRESS.test(email)) return 'resource';
  return GROUP_ADDRESS.test(email) ? 'group' : 'person';
}
