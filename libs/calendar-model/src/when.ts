/** `YYYY-MM-DDTHH:MM:SS`, without offset: what a clock on the wall shows. */
export type WallTime = string;
/** `YYYY-MM-DD`. */
export type PlainDate = string;
/** An IANA name such as `Europe/Amsterdam`. */
export type ZoneName = string;
/** An ISO 8601 instant in UTC, milliseconds included. */
export type Instant = string;

/**
 * When something takes place. Wall time and zone are the value, instants are derived from them;
 * all-day is a date and never midnight. Start and end are one value: half of a moved appointment is no appointment.
 */
export type When =
  | { readonly kind: 'timed'; readonly start: WallTime; readonly end: WallTime; readonly zone: ZoneName }
  /** `lastOn` is inclusive, as in Inventive; Google's end date is exclusive. */
  | { readonly kind: 'all-day'; readonly firstOn: PlainDate; readonly lastOn: PlainDate };

/** The hour that DST skips means the same time one hour later, the hour that it repeats its first pass. */
export function toInstant(wall: WallTime, zone: ZoneName): Instant {
  return Temporal.PlainDateTime.from(wall)
    .toZonedDateTime(zone, { disambiguation: 'compatible' })
    .toInstant()
    .toString({ fractionalSecondDigits: 3 });
}

export function toWallTime(instant: Instant, zone: ZoneName): WallTime {
  return Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'second' });
}

/** The same moments, written in another zone. */
export function inZone(when: When, zone: ZoneName): When {
  if (when.kind === 'all-day' || when.zone === zone) return when;
  return {
    kind: 'timed',
    start: toWallTime(toInstant(when.start, when.zone), zone),
    end: toWallTime(toInstant(when.end, when.zone), zone),
    zone,
  };
}
