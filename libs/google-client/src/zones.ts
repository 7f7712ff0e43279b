import type { ZoneName } from '@calsync/calendar-model';

const asked = new Map<string, boolean>();

/**
 * Google also hands out Windows names, `GMT-07:00` and nothing at all. Only an IANA name is a zone to us: an offset
 * says nothing about next winter.
 */
export function ianaZone(name: string | null | undefined): ZoneName | undefined {
  if (name === null || name === undefined || name === '' || /^[+-]/.test(name)) return undefined;
  let known = asked.get(name);
  if (known === undefined) {
    known = isKnown(name);
    // Bounded: the names come from outside.
    if (asked.size > 2_000) asked.clear();
    asked.set(name, known);
  }
  return known ? name : undefined;
}

function isKnown(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
