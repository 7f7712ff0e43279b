import { toInstant, type When } from '@calsync/calendar-model';

/** As simple as people mostly make them; what odd rules give is the business of the emulator and of Google. */
export interface ModelRule {
  readonly every: 'day' | 'week';
  readonly interval: number;
  /** Neither: endless. */
  readonly count?: number;
  /** The last day that may have a start, in the wall time of the series. */
  readonly untilOn?: string;
}

/** An endless rule ends here: no history lasts so long. */
const MOST = 150;

/** The times of all occurrences by the rule alone, from the first one on, which is an occurrence whatever the rule says. */
export function expandRule(first: When, rule: ModelRule): readonly When[] {
  const found: When[] = [];
  for (let at = 0; at < Math.min(rule.count ?? MOST, MOST); at += 1) {
    const when = shiftWhen(first, { days: at * rule.interval * (rule.every === 'week' ? 7 : 1) });
    if (rule.untilOn !== undefined && dayOf(when) > rule.untilOn) break;
    found.push(when);
  }
  return found;
}

/** RFC 5545, as Google shows it. */
export function linesOf(rule: ModelRule, excluded: readonly string[]): readonly string[] {
  const end = rule.count !== undefined ? `;COUNT=${rule.count}` : rule.untilOn !== undefined ? `;UNTIL=${rule.untilOn.replaceAll('-', '')}T225959Z` : '';
  const rrule = `RRULE:FREQ=${rule.every === 'day' ? 'DAILY' : 'WEEKLY'}${rule.interval === 1 ? '' : `;INTERVAL=${rule.interval}`}${end}`;
  return [rrule, ...excluded.map((start) => (start.includes('T') ? `EXDATE:${compact(start)}` : `EXDATE;VALUE=DATE:${compact(start)}`))];
}

/** What an occurrence is known by: the start that the rule gives it, as an instant or a day. */
export function startOf(when: When): string {
  return when.kind === 'all-day' ? when.firstOn : Temporal.Instant.from(toInstant(when.start, when.zone)).toString({ smallestUnit: 'second' });
}

/** Days and minutes by the clock on the wall; only days where all-day. */
export function shiftWhen(when: When, by: { readonly days?: number; readonly minutes?: number }): When {
  const { days = 0, minutes = 0 } = by;
  if (when.kind === 'all-day') {
    const moved = (on: string) => Temporal.PlainDate.from(on).add({ days }).toString();
    return { ...when, firstOn: moved(when.firstOn), lastOn: moved(when.lastOn) };
  }
  const moved = (wall: string) => Temporal.PlainDateTime.from(wall).add({ days, minutes }).toString({ smallestUnit: 'second' });
  return { ...when, start: moved(when.start), end: moved(when.end) };
}

/** As a whole series moves: by minutes, and where it is all-day by a day. */
export const moveAll = (when: When, minutes: number): When => shiftWhen(when, when.kind === 'all-day' ? { days: Math.sign(minutes) } : { minutes });

/** A start of a series that moves so. */
export function moveStart(start: string, like: When, minutes: number): string {
  if (like.kind === 'all-day') return Temporal.PlainDate.from(start).add({ days: Math.sign(minutes) }).toString();
  const wall = Temporal.Instant.from(start).toZonedDateTimeISO(like.zone).toPlainDateTime().toString({ smallestUnit: 'second' });
  return startOf(shiftWhen({ kind: 'timed', start: wall, end: wall, zone: like.zone }, { minutes }));
}

export const dayOf = (when: When): string => (when.kind === 'all-day' ? when.firstOn : when.start.slice(0, 10));
/** `20250327T123000Z`, or `20250327` for a day. */
export const compact = (start: string): string => start.replaceAll(/[-:]/g, '');
/** The id of all halves that kept their time, without the start of an occurrence. */
export const baseOf = (id: string): string => id.replace(/_\d{8}(T\d{6}Z)?$/, '').replace(/_R\d{8}(T\d{6})?$/, '');
/** The start that an id of an occurrence names. */
export function startInId(id: string): string | undefined {
  const match = /_(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})Z)?$/.exec(id);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  return hour === undefined ? `${year}-${month}-${day}` : `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
}
