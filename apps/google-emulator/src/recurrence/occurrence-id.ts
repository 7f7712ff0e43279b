import type { Moment } from '../state/records.js';

/** `20250327T123000Z`, or `20250327` for a day. */
export function compactMoment(moment: Moment): string {
  if ('date' in moment) return moment.date.replaceAll('-', '');
  return new Date(moment.atMs).toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '');
}

/** The id that all parts of a series begin with: without the start of an occurrence, then without `_R…`. Foreign UIDs give ids that begin with `_` themselves. */
export function baseOf(id: string): string {
  return id.replace(/_\d{8}(T\d{6}Z)?$/, '').replace(/_R\d{8}(T\d{6})?$/, '');
}

/** The id of an occurrence: from its original start, whatever became of it; the same before and after a split that keeps the time. */
export function occurrenceId(masterId: string, originalStart: Moment): string {
  return `${baseOf(masterId)}_${compactMoment(originalStart)}`;
}

/** The id of the later half of a split series: in UTC, but without a Z. */
export function laterHalfId(masterId: string, start: Moment): string {
  return `${baseOf(masterId)}_R${compactMoment(start).replace('Z', '')}`;
}

/** The start that an id of an occurrence names, or undefined for other ids. */
export function originalStartOf(id: string, timeZone: string): Moment | undefined {
  const match = /_(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})Z)?$/.exec(id);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const date = `${year}-${month}-${day}`;
  if (Number.isNaN(Date.parse(date))) return undefined;
  if (hour === undefined) return { date };
  const atMs = Date.parse(`${date}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(atMs) ? undefined : { atMs, timeZone };
}
