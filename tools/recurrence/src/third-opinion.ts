import { RRuleTemporal } from 'rrule-temporal';
import { secondsOf, utcText, wallMs, wallText, wallTextOf, withoutPeriods, type Series } from './series.js';

/**
 * The occurrences of a series by rrule-temporal: for tests that move a recorded series to another time, where no recorded answer helps.
 * That it agrees with what two libraries said of the series where it was recorded is tested.
 * It takes one RRULE and nothing else, so RDATE and EXDATE are added and left out here.
 */
export function thirdOpinion({ start, zone, horizon, most, lines }: Series): readonly number[] {
  const last = secondsOf(horizon, zone);
  const first = secondsOf(start, zone);
  const found = new Set([first]);
  const gone = new Set<number>();
  // A day is midnight in UTC.
  const dtstart = Temporal.Instant.fromEpochMilliseconds(first * 1000).toZonedDateTimeISO(zone === '' ? 'UTC' : zone);
  for (const line of lines.map(withoutPeriods)) {
    const value = line.slice(line.indexOf(':') + 1);
    if (line.startsWith('RRULE')) {
      const rule = value.replace(/UNTIL=(\d{8})(?=;|$)/, 'UNTIL=$1T000000Z');
      const times = new RRuleTemporal({ rruleString: rule, dtstart } as never).all((at: { epochMilliseconds: number }, index: number) => at.epochMilliseconds / 1000 <= last && index < most * 2);
      for (const at of times) found.add(at.epochMilliseconds / 1000);
    } else {
      const at = /TZID=([^;:]+)/.exec(line)?.[1] ?? zone;
      for (const one of value.split(',')) (line.startsWith('EXDATE') ? gone : found).add(secondsOf(one.replace(/Z$/, ''), one.endsWith('Z') ? 'UTC' : at));
    }
  }
  return [...found].filter((at) => at <= last && !gone.has(at)).toSorted((a, b) => a - b).slice(0, most);
}

/** Whether the start is a time of the rule: where it isn't, RFC 5545 leaves open what COUNT counts. */
export function isOnRule({ start, zone, lines }: Pick<Series, 'start' | 'zone' | 'lines'>): boolean {
  const rule = lines.find((line) => line.startsWith('RRULE'));
  if (rule === undefined) return true;
  const first = Temporal.Instant.fromEpochMilliseconds(secondsOf(start, zone) * 1000);
  const ends = rule.slice('RRULE:'.length).replace(/;(COUNT|UNTIL)=[^;]+|(COUNT|UNTIL)=[^;]+;/g, '');
  const times = new RRuleTemporal({ rruleString: ends, dtstart: first.toZonedDateTimeISO(zone === '' ? 'UTC' : zone) } as never).all((_at: unknown, index: number) => index < 1);
  return times[0]?.epochMilliseconds === first.epochMilliseconds;
}

/** The series as many days later, with all of its lines: whole weeks keep every weekday. */
export function movedBy(days: number, series: Pick<Series, 'start' | 'zone' | 'lines'>): Pick<Series, 'start' | 'zone' | 'lines'> {
  const { zone } = series;
  const move = (text: string): string => wallText(wallMs(text) + days * 86_400_000, !text.includes('T'));
  const moveUtc = (text: string): string => utcText(secondsOf(move(wallTextOf(secondsOf(text.replace(/Z$/, ''), 'UTC'), zone)), zone));
  const moveOne = (text: string): string => (text.endsWith('Z') ? moveUtc(text) : move(text));
  const lines = series.lines.map((line) => {
    if (line.startsWith('RRULE')) return line.replace(/UNTIL=([0-9TZ]+)/, (_all, until: string) => `UNTIL=${moveOne(until)}`);
    const colon = line.indexOf(':');
    return `${line.slice(0, colon)}:${line.slice(colon + 1)
      .split(',')
      .map((one) => one.split('/').map((part) => (part.startsWith('P') ? part : moveOne(part))).join('/'))
      .join(',')}`;
  });
  return { start: move(series.start), zone, lines };
}
