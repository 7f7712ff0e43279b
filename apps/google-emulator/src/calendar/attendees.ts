import { isObject, type Json, type JsonObject } from '../discovery/body.js';
import { invalid, required } from './google-error.js';

/** With more guests than this Google no longer carries a reply from a copy to the others. */
export const mostGuestsWithReplies = 200;

const responses: readonly unknown[] = ['needsAction', 'declined', 'tentative', 'accepted'];

/** Guests in the stored form: read-only parts and defaults left out, a reply always there, one entry an address. */
export function readAttendees(value: Json | undefined, before: readonly JsonObject[]): readonly JsonObject[] {
  if (!Array.isArray(value)) return [];
  const known = new Map(before.map((attendee) => [emailOf(attendee), attendee]));
  const kept = new Map<string, JsonObject>();
  for (const given of value as readonly Json[]) {
    if (!isObject(given)) throw invalid('Invalid attendee.');
    const email = emailOf(given);
    if (email === '') throw required('Missing attendee email.');
    if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw invalid('Invalid attendee email.');
    if (given['responseStatus'] != null && !responses.includes(given['responseStatus'])) throw invalid('Invalid attendee response status.');
    const old = known.get(email);
    const attendee: Record<string, Json> = { email, responseStatus: given['responseStatus'] ?? 'needsAction' };
    for (const name of ['displayName', 'comment', 'id'] as const) if (typeof given[name] === 'string' && given[name] !== '') attendee[name] = given[name];
    if (given['optional'] === true) attendee['optional'] = true;
    // `resource` counts only when the guest is added.
    if ((old === undefined ? given['resource'] : old['resource']) === true) attendee['resource'] = true;
    if (Number(given['additionalGuests'] ?? 0) > 0) attendee['additionalGuests'] = Number(given['additionalGuests']);
    kept.set(email, attendee);
  }
  // Google: to so many guests replies are not carried, and that of a new one may be reset.
  if (kept.size > mostGuestsWithReplies) for (const [email, attendee] of kept) if (!known.has(email)) kept.set(email, { ...attendee, responseStatus: 'needsAction' });
  return [...kept.values()];
}

export function attendeesOf(rest: JsonObject): readonly JsonObject[] {
  const attendees = rest['attendees'];
  return Array.isArray(attendees) ? (attendees as readonly JsonObject[]) : [];
}

export function emailOf(attendee: JsonObject): string {
  const email = attendee['email'];
  return typeof email === 'string' ? email.trim().toLowerCase() : '';
}
