import { inZone, toInstant, type GoogleEventId, type GoogleEventRecord, type GoogleFields, type Marks, type When, type ZoneName } from '@calsync/calendar-model';
import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js';

export type EventBody = calendar_v3.Schema$Event;

/** A new event under an id of ours. Attendees are never among the keys: nobody is invited by a copy. */
export function insertBody(id: GoogleEventId, fields: GoogleFields, marks: Marks): EventBody {
  const written = bodyOf(fields, { zone: undefined, kind: undefined, empty: undefined });
  return { id, ...dropUndefined(written), extendedProperties: { private: { ...marks } } };
}

export interface EventChange {
  readonly fields: GoogleFields;
  readonly marks?: Marks;
  readonly revive?: true;
}

/** Only what changes is named; objects are merged by Google, `null` removes a key. */
export function patchBody(current: GoogleEventRecord, change: EventChange): EventBody {
  return {
    ...(change.revive ? { status: 'confirmed' } : {}),
    ...bodyOf(change.fields, { zone: current.zone, kind: current.fields.when?.kind ?? 'unseen', empty: null }),
    ...(change.marks ? { extendedProperties: { private: { ...change.marks } } } : {}),
  };
}

interface Target {
  /** The zone that the event keeps; times are written in it. */
  readonly zone: ZoneName | undefined;
  /** How the event's times stand now; undefined for a new event. */
  readonly kind: When['kind'] | 'unseen' | undefined;
  /** How "nothing" is written: a patch removes the key, an insert leaves it out. */
  readonly empty: null | undefined;
}

function bodyOf(fields: GoogleFields, target: Target): EventBody {
  return {
    ...(fields.subject === undefined ? {} : { summary: fields.subject || target.empty }),
    ...(fields.location === undefined ? {} : { location: fields.location || target.empty }),
    ...(fields.description === undefined ? {} : { description: fields.description || target.empty }),
    ...(fields.when === undefined ? {} : timesOf(fields.when, target)),
    ...(fields.showAs === undefined ? {} : { transparency: fields.showAs === 'free' ? 'transparent' : 'opaque' }),
    ...(fields.privacy === undefined ? {} : { visibility: fields.privacy === 'private' ? 'private' : 'default' }),
  };
}

function timesOf(when: When, target: Target): EventBody {
  const swapped = target.kind !== undefined && target.kind !== when.kind;
  if (when.kind === 'all-day') {
    // A merged patch would leave the times standing beside the date; Google refuses that.
    const rest = swapped ? { dateTime: null, timeZone: null } : {};
    return {
      start: { date: when.firstOn, ...rest },
      end: { date: Temporal.PlainDate.from(when.lastOn).add({ days: 1 }).toString(), ...rest },
    };
  }
  const rest = swapped ? { date: null } : {};
  const zone = target.zone ?? when.zone;
  const written = inZone(when, zone);
  if (written.kind !== 'timed') throw new Error('a timed value left its kind when it was put in another zone');
  const point = (wall: string): EventBody['start'] => ({ dateTime: withOffset(wall, zone), timeZone: zone, ...rest });
  return { start: point(written.start), end: point(written.end) };
}

/** The offset is written too: in the hour that DST repeats a wall time alone means two moments. */
function withOffset(wall: string, zone: ZoneName): string {
  return Temporal.Instant.from(toInstant(wall, zone)).toZonedDateTimeISO(zone).toString({ smallestUnit: 'second', timeZoneName: 'never' });
}

const dropUndefined = (body: EventBody): EventBody => Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
