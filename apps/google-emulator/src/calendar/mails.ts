import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '../discovery/body.js';
import type { EventRecord, Mail } from '../state/records.js';
import { attendeesOf, emailOf } from './attendees.js';
import type { Call } from './call.js';
import type { CopyChange } from './change-copy.js';
import { entryOf } from './guest-copies.js';

/** Changes that are nobody else's business: no mail for them. */
const silent: readonly string[] = ['reminders', 'colorId', 'eventLabelId', 'extendedProperties'];

/** A guest's reply goes to the organiser; what else he changed, because he may, to everybody. */
export function recordGuestMails(call: Call, { original, after: copy }: CopyChange): void {
  if (original === undefined) return;
  const { before, after } = original;
  const reply = (event: EventRecord): unknown => entryOf(event.fields, copy.calendarId)?.['responseStatus'];
  const organiser = call.world.calendars.get(after.organizer.email)?.owner ?? after.organizer.email;
  const asked = askedFor(call);
  if (reply(before) !== reply(after) && (asked === 'all' || (asked === 'externalOnly' && call.world.accounts.get(organiser) === undefined))) {
    call.world.mail({ at: call.world.clock.now().toISOString(), kind: 'reply', to: organiser, eventId: after.id, client: call.caller.client });
  }
  const others = (event: EventRecord): EventRecord => ({ ...event, seq: 0, updatedMicros: 0, fields: { ...event.fields, rest: { ...event.fields.rest, attendees: attendeesOf(event.fields.rest).filter((attendee) => emailOf(attendee) !== copy.calendarId) } } });
  if (!isDeepStrictEqual(others(before), others(after))) recordMails(call, before, after, new Set(['shared']));
}

/**
 * Records the mails that Google would send for a change, by `sendUpdates` (or the old `sendNotifications`); nothing is sent.
 * @param changed names of what changed; empty for a new or deleted event
 */
export function recordMails(call: Call, before: EventRecord | undefined, after: EventRecord, changed: ReadonlySet<string>): void {
  const asked = askedFor(call);
  if (asked === 'none') return;
  const living = (event: EventRecord | undefined): readonly JsonObject[] => (event === undefined || event.status === 'cancelled' ? [] : attendeesOf(event.fields.rest));
  const old = new Set(living(before).map(emailOf));
  const now = new Set(living(after).map(emailOf));
  for (const to of new Set([...old, ...now])) {
    if (to === after.organizer.email || to === call.caller.email) continue;
    if (asked === 'externalOnly' && call.world.accounts.get(to) !== undefined) continue;
    const kind = kindFor(old.has(to), now.has(to), changed);
    if (kind === undefined) continue;
    call.world.mail({ at: call.world.clock.now().toISOString(), kind, to, eventId: after.id, client: call.caller.client });
  }
}

function askedFor(call: Call): string {
  return call.parameters.text('sendUpdates') ?? (call.parameters.flag('sendNotifications') === true ? 'all' : 'none');
}

function kindFor(was: boolean, is: boolean, changed: ReadonlySet<string>): Mail['kind'] | undefined {
  if (!was) return 'invitation';
  if (!is) return 'cancellation';
  return [...changed].some((name) => !silent.includes(name)) ? 'update' : undefined;
}
