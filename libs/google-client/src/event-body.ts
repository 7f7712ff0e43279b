import {
  inZone, toInstant,
  type Decor, type DecorChange, type GoogleEventId, type GoogleEventRecord, type GoogleFields, type GoogleReminders, type Marks, type When, type ZoneName,
} from '@calsync/calendar-model';
import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js';

export type EventBody = calendar_v3.Schema$Event;

/** One call: its body, and what makes Google read `eventLabelId` in it instead of `colorId`. */
export interface EventWrite {
  readonly body: EventBody;
  readonly parameters: { readonly eventLabelVersion?: 1 };
}

const WITH_LABELS = { eventLabelVersion: 1 } as const;

/** A new event under an id of ours. Attendees are never among the keys: nobody is invited by a copy. */
export function insertWrite(id: GoogleEventId, fields: GoogleFields, marks: Marks, decor: Decor = {}): EventWrite {
  const written = bodyOf(fields, { zone: undefined, endZone: undefined, kind: undefined, status: undefined, empty: undefined });
  return {
    body: { id, ...dropUndefined(written), ...decorBody(decor), extendedProperties: { private: { ...marks } } },
    parameters: decor.colour?.kind === 'label' ? WITH_LABELS : {},
  };
}

export interface EventChange {
  readonly fields: GoogleFields;
  readonly marks?: Marks;
  readonly decor?: DecorChange;
  readonly revive?: true;
}

/** Only what changes is named; objects are merged by Google, `null` removes a key. To be sent one after the other. */
export function patchWrites(current: GoogleEventRecord, change: EventChange): readonly EventWrite[] {
  const { colour } = change.decor ?? {};
  const write: EventWrite = { body: patchBody(current, change), parameters: colour?.kind === 'label' ? WITH_LABELS : {} };
  // A label hides the colour beneath it, and the call that takes it away reads no colours. It goes first: what a crash leaves behind
  // is an event with neither, which the next plan takes for one that has no colour yet.
  if (colour?.kind === 'colour' && current.colour?.kind === 'label') return [{ body: { ...revived(change), eventLabelId: '' }, parameters: WITH_LABELS }, write];
  // The other way round where there is to be none: the label is what tells a next plan that it isn't done yet.
  if (colour?.kind === 'none' && current.colour?.kind === 'label') return [write, { body: { eventLabelId: '' }, parameters: WITH_LABELS }];
  return [write];
}

function patchBody(current: GoogleEventRecord, change: EventChange): EventBody {
  return {
    ...revived(change),
    // What is revived is known as it was before it was deleted; reviving is what makes it confirmed.
    ...bodyOf(change.fields, { zone: current.zone, endZone: current.endZone, kind: current.fields.when?.kind ?? 'unseen', status: change.revive ? 'confirmed' : current.status, empty: null }),
    ...decorBody(change.decor ?? {}),
    ...(change.marks ? { extendedProperties: { private: { ...change.marks } } } : {}),
  };
}

/** In the first of its calls: of what is deleted Google takes no other change. */
const revived = ({ revive }: EventChange): EventBody => (revive ? { status: 'confirmed' } : {});

interface Target {
  /** The zone that the event keeps; times are written in it. */
  readonly zone: ZoneName | undefined;
  readonly endZone: ZoneName | undefined;
  /** How the event's times stand now; undefined for a new event. */
  readonly kind: When['kind'] | 'unseen' | undefined;
  /** Undefined for a new event. */
  readonly status: GoogleEventRecord['status'] | undefined;
  /** How "nothing" is written: a patch removes the key, an insert leaves it out. */
  readonly empty: null | undefined;
}

function bodyOf(fields: GoogleFields, target: Target): EventBody {
  return {
    ...(fields.subject === undefined ? {} : { summary: fields.subject || target.empty }),
    ...(fields.location === undefined ? {} : { location: fields.location || target.empty }),
    ...(fields.description === undefined ? {} : { description: fields.description || target.empty }),
    ...(fields.when === undefined ? {} : timesOf(fields.when, target)),
    ...(fields.showAs === undefined ? {} : showAsBody(fields.showAs, target.status)),
    ...(fields.privacy === undefined ? {} : { visibility: fields.privacy === 'private' ? 'private' : 'default' }),
    ...(fields.reminders === undefined ? {} : { reminders: remindersBody(fields.reminders, target) }),
  };
}

/** The status is named only where it has to change: it also says whether the event lives. */
function showAsBody(showAs: NonNullable<GoogleFields['showAs']>, status: Target['status']): EventBody {
  switch (showAs) {
    case 'free':
      return { transparency: 'transparent' };
    case 'tentative':
      return { transparency: 'opaque', ...(status === 'tentative' ? {} : { status: 'tentative' }) };
    case 'busy':
      return { transparency: 'opaque', ...(status === 'tentative' ? { status: 'confirmed' } : {}) };
  }
}

/** Google refuses overrides beside the default ones, and a merged patch would leave the old ones standing: the list is always named. */
function remindersBody({ useDefault, overrides }: GoogleReminders, target: Target): EventBody['reminders'] {
  if (useDefault) return { useDefault, ...(target.empty === null ? { overrides: [] } : {}) };
  return { useDefault, overrides: overrides.map(({ method, minutes }) => ({ method, minutes })) };
}

function decorBody({ link, colour }: DecorChange): EventBody {
  return {
    ...(link === undefined ? {} : { source: { title: link.title, url: link.url } }),
    ...(colour === undefined ? {} : colour.kind === 'label' ? { eventLabelId: colour.id } : { colorId: colour.kind === 'none' ? null : colour.id }),
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
  const point = (edge: 'start' | 'end', kept: ZoneName): EventBody['start'] => {
    const written = inZone(when, kept);
    if (written.kind !== 'timed') throw new Error('a timed value left its kind when it was put in another zone');
    return { dateTime: withOffset(written[edge], kept), timeZone: kept, ...rest };
  };
  return { start: point('start', zone), end: point('end', target.endZone ?? zone) };
}

/** The offset is written too: in the hour that DST repeats a wall time alone means two moments. */
function withOffset(wall: string, zone: ZoneName): string {
  const at = Temporal.Instant.from(toInstant(wall, zone));
  const zoned = at.toZonedDateTimeISO(zone);
  // Before standard time offsets had seconds (Monrovia's until 1972), which RFC 3339 can't say: then the instant itself, in UTC.
  return zoned.offsetNanoseconds % 60e9 === 0 ? zoned.toString({ smallestUnit: 'second', timeZoneName: 'never' }) : at.toString({ smallestUnit: 'second' });
}

const dropUndefined = (body: EventBody): EventBody => Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
