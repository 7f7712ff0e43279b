import type { JsonObject } from '../discovery/body.js';
import type { EventRecord, Mail } from '../state/records.js';
import { attendeesOf, emailOf } from './attendees.js';
import type { Call } from './call.js';

/** Changes that are nobody else's business: no mail for them. */
const silent: readonly string[] = ['reminders', 'colorId', 'eventLabelId', 'extendedProperties'];

/**
 * Records the mails that Google would send for a change, by `sendUpdates` (or the old `sendNotifications`); nothing is sent.
 * @param changed names of what changed; empty for a new or deleted event
 */
export function recordMails(call: Call, before: EventRecord | undefined, after: EventRecord, changed: ReadonlySet<string>): void {
  const asked = call.parameters.text('sendUpdates') ?? (call.parameters.flag('sendNotifications') === true ? 'all' : 'none');
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

function kindFor(was: boolean, is: boolean, changed: ReadonlySet<string>): Mail['kind'] | undefined {
  if (!was) return 'invitation';
  if (!is) return 'cancellation';
  return [...changed].some((name) => !silent.includes(name)) ? 'update' : undefined;
}
