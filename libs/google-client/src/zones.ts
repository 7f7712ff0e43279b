import type { ZoneName } from '@calsync/calendar-model';
import { findIana } from 'windows-iana';

interface Meaning {
  /** What has rules for next winter: an IANA zone. */
  readonly zone?: ZoneName;
  /** `±HH:MM`, where the name says no more than that. */
  readonly offset?: string;
}

const asked = new Map<string, Meaning>();

/**
 * The IANA zone that a name of Google's stands for. Besides IANA names there are those of Windows (from Outlook's .ics files; translated
 * by CLDR's table), `GMT-07:00` and nothing at all: an offset is no zone, it says nothing about next winter.
 */
export const ianaZone = (name: string | null | undefined): ZoneName | undefined => meaningOf(name).zone;

/** Where a wall time without an offset is to be understood: an IANA zone, or a bare offset, which Temporal takes for a zone. */
export const wallZone = (name: string | null | undefined): string | undefined => meaningOf(name).zone ?? meaningOf(name).offset;

function meaningOf(name: string | null | undefined): Meaning {
  if (name === null || name === undefined || name === '') return {};
  let known = asked.get(name);
  if (known === undefined) {
    known = lookUp(name.trim());
    // Bounded: the names come from outside.
    if (asked.size > 2_000) asked.clear();
    asked.set(name, known);
  }
  return known;
}

function lookUp(name: string): Meaning {
  if (isIana(name)) return { zone: name };
  // `001`, the world: where a Windows name covers several countries, the one that CLDR holds for typical.
  const translated = findIana(name, '001')[0];
  if (translated !== undefined && isIana(translated)) return { zone: translated };
  // RFC 5545's globally unique identifiers: a maker's prefix before the IANA name.
  const suffix = /^\/.*?\/([A-Z][A-Za-z_]+(?:\/[A-Za-z0-9_+-]+){1,2})$/.exec(name)?.[1];
  if (suffix !== undefined && isIana(suffix)) return { zone: suffix };
  const offset = /^(?:GMT|UTC|Z)?\s*([+-])(\d{1,2})(?::?(\d{2}))?$/i.exec(name);
  if (offset === null) return {};
  const [, sign, hours = '', minutes = '00'] = offset;
  return Number(hours) > 23 || Number(minutes) > 59 ? {} : { offset: `${sign}${hours.padStart(2, '0')}:${minutes}` };
}

function isIana(name: string): boolean {
  // Intl takes bare offsets for zones as well.
  if (/^[+-]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
