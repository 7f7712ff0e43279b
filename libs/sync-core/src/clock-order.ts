import { toInstant, type When } from '@calsync/calendar-model';

/**
 * Whether it ends no earlier than it begins. On the night that skips an hour 02:30–03:15 doesn't: it would begin at 03:30.
 */
export function isInOrder(when: When): boolean {
  // ISO dates and instants order like text.
  return when.kind === 'all-day' ? when.firstOn <= when.lastOn : toInstant(when.start, when.zone) <= toInstant(when.end, when.zone);
}
