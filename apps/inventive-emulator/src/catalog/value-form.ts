import { randomBytes } from 'node:crypto';
import type { StorageAttribute, StorageType, Value } from './dataclass.js';

export const DAY_MS = 86_400_000;

export const newUuid = (): string => randomBytes(16).toString('hex').toUpperCase();

/** 32 hex digits in upper case, or undefined where the text is no uuid; dashes and case don't matter. */
export function normalUuid(text: string): string | undefined {
  const digits = text.replaceAll('-', '').toUpperCase();
  return /^[0-9A-F]{32}$/.test(digits) ? digits : undefined;
}

/** What a field holds when nothing was put in. */
export function blank(attribute: StorageAttribute): Value {
  if (attribute.nullable) return null;
  switch (attribute.type) {
    case 'bool':
      return false;
    case 'duration':
    case 'long':
    case 'long64':
      return 0;
    case 'date':
      return null;
    case 'string':
    case 'uuid':
      return '';
  }
}

/** As a response shows it: dates `d!m!yyyy` without leading zeros, a blank one `0!0!0`. */
export function render(type: StorageType, value: Value): Value {
  if (type !== 'date') return value;
  if (typeof value !== 'string') return '0!0!0';
  const [year, month, day] = value.split('-').map(Number);
  return `${day}!${month}!${year}`;
}

/** From a date in any of 4D's forms (`dd!mm!yyyy`, `YYYY-MM-DD`, ISO with time and zone, which are dropped); null is blank, undefined malformed. */
export function parseDate(text: string): string | null | undefined {
  if (text === '' || /^0+!0+!0+$/.test(text)) return null;
  const bang = /^(\d{1,2})!(\d{1,2})!(\d{1,4})$/.exec(text);
  const iso = /^(\d{4})-(\d{2})-(\d{2})(T.*)?$/.exec(text);
  const parts = bang ? [bang[3], bang[2], bang[1]] : iso ? [iso[1], iso[2], iso[3]] : undefined;
  if (!parts) return undefined;
  const [year = '', month = '', day = ''] = parts;
  const plain = `${year.padStart(4, '0')}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const parsed = new Date(`${plain}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(plain) ? plain : undefined;
}

/** A value as a client sends it in a write; a text answer says what is wrong with it. */
export function parseSent(attribute: StorageAttribute, sent: unknown): { value: Value } | { problem: string } {
  if (sent === null || sent === undefined) return { value: blank(attribute) };
  switch (attribute.type) {
    case 'bool':
      return typeof sent === 'boolean' ? { value: sent } : { problem: 'expects true or false' };
    case 'long':
      return typeof sent === 'number' && Number.isInteger(sent) && Math.abs(sent) < 2 ** 31 ? { value: sent } : { problem: 'expects a whole number of 32 bits' };
    case 'long64':
      return typeof sent === 'number' && Number.isSafeInteger(sent) ? { value: sent } : { problem: 'expects a whole number' };
    case 'duration':
      return typeof sent === 'number' && Number.isInteger(sent) && sent >= 0 && sent < DAY_MS ? { value: sent } : { problem: 'expects milliseconds since midnight, below 86400000' };
    case 'date': {
      const date = typeof sent === 'string' ? parseDate(sent) : undefined;
      return date === undefined ? { problem: 'expects dd!mm!yyyy or YYYY-MM-DDTHH:MM:SSZ' } : { value: date };
    }
    case 'uuid': {
      if (sent === '' || sent === '0'.repeat(32)) return { value: blank(attribute) };
      const uuid = typeof sent === 'string' ? normalUuid(sent) : undefined;
      return uuid === undefined ? { problem: 'expects a uuid of 32 hexadecimal digits' } : { value: uuid };
    }
    case 'string':
      if (typeof sent !== 'string') return { problem: 'expects a text' };
      if (attribute.maxLength !== undefined && sent.length > attribute.maxLength) return { problem: `holds at most ${attribute.maxLength} characters` };
      return { value: sent };
  }
}

/** For `=` and sorting: 4D looks at neither case nor accents. */
export function fold(text: string): string {
  // Plain ASCII needs no decomposition; most keys and names are.
  if (!/[^ -~\s]/.test(text)) return text.toLowerCase();
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** Order of two values of one type; null before everything. */
export function compareValues(a: Value, b: Value): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  if (typeof a === 'string' && typeof b === 'string') {
    const [x, y] = [fold(a), fold(b)];
    return x < y ? -1 : x > y ? 1 : 0;
  }
  return Number(a) - Number(b);
}
