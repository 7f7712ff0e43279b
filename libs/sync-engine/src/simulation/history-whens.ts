import type { When } from '@calsync/calendar-model';

const ZONE = 'Europe/Amsterdam';
const timed = (start: string, end: string, zone = ZONE): When => ({ kind: 'timed', start: `${start}:00`, end: `${end}:00`, zone });
const allDay = (firstOn: string, lastOn = firstOn): When => ({ kind: 'all-day', firstOn, lastOn });

/** Histories begin on 24 November 2026, with a window from 25 October to 22 February. */
export const WHENS: readonly When[] = [
  timed('2026-11-24T10:00', '2026-11-24T11:00'),
  // Past midnight.
  timed('2026-12-01T23:00', '2026-12-02T01:00'),
  allDay('2026-12-03'),
  allDay('2026-12-24', '2027-01-02'),
  // Outside, on both sides.
  timed('2027-03-15T10:00', '2027-03-15T11:00'),
  allDay('2026-10-20'),
  // Straddles the first day; takes no time on the last one.
  allDay('2026-10-23', '2026-10-26'),
  timed('2027-02-22T23:30', '2027-02-22T23:30'),
  // Enter when a few days have gone.
  timed('2027-02-25T09:00', '2027-02-25T09:30'),
  allDay('2027-03-01', '2027-03-02'),
];
/** Inventive's times are of its own zone, Google's of any. */
export const GOOGLE_WHENS: readonly When[] = [...WHENS, timed('2026-12-05T09:00', '2026-12-05T10:00', 'UTC'), timed('2026-12-06T20:00', '2026-12-06T23:30', 'America/New_York')];
