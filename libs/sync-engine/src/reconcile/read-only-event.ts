import type { Attendee, GoogleEventRecord, Reason, Reply } from '@calsync/calendar-model';
import type { PlanContext } from '@calsync/sync-core';
import type { Account, AccountRules, SpecialEventType } from '../ports/account.js';
import type { Pair } from './pair.js';

/** Of another organiser, or of a type whose rules are Google's own: we follow it and never write its fields. */
export const isReadOnly = (record: Pick<GoogleEventRecord, 'ownedByUser' | 'eventType'>): boolean => !record.ownedByUser || record.eventType !== 'default';

/** By the rules of the administration; a type that Google invents tomorrow stays in Google. */
export function whyTypeIsLeftAlone(record: Pick<GoogleEventRecord, 'ownedByUser' | 'eventType'>, rules: AccountRules): Reason | undefined {
  if (record.eventType !== 'default') return rules.eventTypes[record.eventType as SpecialEventType] === 'import' ? undefined : 'event-type-not-synchronised';
  return record.ownedByUser || rules.invitations === 'import' ? undefined : 'foreign-organizer';
}

/** What the plan must know of an event that may only be read. */
export function readOnlyContext(pair: Pair, account: Account): Pick<PlanContext, 'googleReadOnly' | 'googleAway' | 'declines' | 'rowWanted'> {
  const event = pair.google.record;
  if (event === undefined || !isReadOnly(event)) return { googleReadOnly: false };
  const invited = event.ownedByUser ? undefined : ownAttendee(event);
  return {
    googleReadOnly: true,
    ...(event.eventType === 'outOfOffice' ? { googleAway: true } : {}),
    ...(invited !== undefined && account.rules.deletedInvitation === 'decline' && isTakenOff(pair) ? { declines: true } : {}),
    ...(invited !== undefined && isTakenUp(pair, invited) ? { rowWanted: true } : {}),
  };
}

const ownAttendee = (event: GoogleEventRecord): Attendee | undefined => event.attendees?.find(({ self }) => self);

/** By the user: a row that was handed to a colleague answers nothing. */
const isTakenOff = ({ inventive }: Pair): boolean => inventive.state === 'tombstone' || inventive.record?.status === 'void';

/** The user answered in Google since both sides agreed, and not with a no: whoever does that means to go. */
function isTakenUp({ base }: Pair, { email, reply }: Attendee): boolean {
  const before: Reply | undefined = email === undefined ? undefined : base?.people?.agreed[email];
  return before !== undefined && before !== reply && (reply === 'accepted' || reply === 'maybe');
}
