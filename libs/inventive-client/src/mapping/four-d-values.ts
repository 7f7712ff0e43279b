import { asInventiveId, type InventiveId, type PlainDate } from '@calsync/calendar-model';

const DAY_MS = 86_400_000;

/** 4D has null and blank for the same thing, depending on a field's option: they are treated alike. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '');

export const booleanOf = (value: unknown): boolean => value === true || value === 'true' || value === 1;

/** Undefined for null, blank and the all-zero uuid; throws on anything else that is no key. */
export function keyOf(value: unknown): InventiveId | undefined {
  const text = textOf(value).trim();
  if (text === '' || /^[0-]+$/.test(text)) return undefined;
  return asInventiveId(text);
}

/**
 * A date in any form that 4D is seen to send: `d!m!yyyy` without leading zeros, `!!yyyy-mm-dd!!`, or ISO, whose time and
 * zone 4D itself drops. Blank (`0!0!0`, null, '') is undefined.
 */
export function dateOf(value: unknown): PlainDate | undefined {
  const text = textOf(value).replace(/^!!|!!$/g, '');
  if (text === '') return undefined;
  const bang = /^(\d{1,2})!(\d{1,2})!(\d{1,4})$/.exec(text);
  const iso = /^(\d{4})-(\d{2})-(\d{2})(?:T|$)/.exec(text);
  const [year, month, day] = bang ? [bang[3], bang[2], bang[1]] : iso ? [iso[1], iso[2], iso[3]] : [];
  if (year === undefined || month === undefined || day === undefined) throw new Error(`not a date of 4D: ${text}`);
  if (Number(year) === 0 || Number(month) === 0 || Number(day) === 0) return undefined;
  return `${year.padStart(4, '0')}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

/** `dd!mm!yyyy`, the form that carries neither time nor zone. */
export function sentDate(date: PlainDate): string {
  const [year, month, day] = date.split('-');
  return `${day}!${month}!${year}`;
}

/** Milliseconds since midnight; also `HH:MM[:SS]`, which a mapped text field may hold. Blank is midnight. */
export function timeOf(value: unknown): number {
  if (typeof value === 'number') return Math.max(0, Math.trunc(value));
  const text = textOf(value).trim();
  if (text === '') return 0;
  const clock = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  if (clock === null) throw new Error(`not a time of 4D: ${text}`);
  return ((Number(clock[1]) * 60 + Number(clock[2])) * 60 + Number(clock[3] ?? 0)) * 1_000;
}

/** Wall time of a date and milliseconds; an end of 24:00 is midnight of the next day. */
export function wallTime(date: PlainDate, timeMs: number): string {
  const days = Math.floor(timeMs / DAY_MS);
  const seconds = Math.floor((timeMs % DAY_MS) / 1_000);
  return Temporal.PlainDate.from(date)
    .add({ days })
    .toPlainDateTime({ hour: Math.floor(seconds / 3600), minute: Math.floor(seconds / 60) % 60, second: seconds % 60 })
    .toString({ smallestUnit: 'second' });
}

export function splitWallTime(wall: string): { readonly date: PlainDate; readonly timeMs: number } {
  const [date = '', clock = ''] = wall.split('T');
  return { date, timeMs: timeOf(clock) };
}

/** A 64-bit stamp; the client parses it as bigint so that no digit is lost. Absent and null are undefined. */
export function stampOf(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  if (typeof value === 'string' && /^\d+$/.test(value)) return BigInt(value);
  return undefined;
}
