import { toInstant, type PlainDate, type When, type ZoneName } from '@calsync/calendar-model';

export interface SyncWindow {
  /** The user's zone: whose midnight the edges are. */
  readonly zone: ZoneName;
  /** Today in that zone. */
  readonly todayOn: PlainDate;
  readonly daysBefore: number;
  readonly daysAfter: number;
}

/** The window's days; `untilOn` is inside it. */
export function windowDays(window: Omit<SyncWindow, 'zone'>): { readonly fromOn: PlainDate; readonly untilOn: PlainDate } {
  const today = Temporal.PlainDate.from(window.todayOn);
  return {
    fromOn: today.subtract({ days: window.daysBefore }).toString(),
    untilOn: today.add({ days: window.daysAfter }).toString(),
  };
}

/**
 * Whether something has a part inside the window, from the first midnight up to, not including, the one after the last day. What takes
 * no time counts at its start. Decides only whether a new pair is made: an existing one lives on outside.
 */
export function overlapsWindow(when: When, window: SyncWindow): boolean {
  const { fromOn, untilOn } = windowDays(window);
  // Dates are compared as dates: an all-day item is the same day in every zone. ISO dates order like text.
  if (when.kind === 'all-day') return when.firstOn <= untilOn && lastDay(when) >= fromOn;
  const from = midnight(fromOn, window.zone);
  const to = midnight(Temporal.PlainDate.from(untilOn).add({ days: 1 }).toString(), window.zone);
  const start = Date.parse(toInstant(when.start, when.zone));
  const end = Date.parse(toInstant(when.end, when.zone));
  return start < to && (end > from || (end <= start && start >= from));
}

const lastDay = (when: { firstOn: PlainDate; lastOn: PlainDate }): PlainDate => (when.lastOn < when.firstOn ? when.firstOn : when.lastOn);

/** The first moment of that day: some zones skip midnight itself. */
const midnight = (on: PlainDate, zone: ZoneName): number => Temporal.PlainDate.from(on).toZonedDateTime(zone).epochMilliseconds;
