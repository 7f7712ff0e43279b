import { deriveParticipantId, toInstant, type GoogleEventRecord, type InventiveId, type Reason, type When } from '@calsync/calendar-model';
import { planDecline, planPeople, type AgreedPeople, type Conflict, type ParticipantChange, type PeopleContext, type PeoplePlan, type Plan } from '@calsync/sync-core';
import type { Account } from '../ports/account.js';
import type { ParticipantWrite } from '../ports/inventive-agenda.js';
import type { Pair, PeopleIntent } from './pair.js';
import { accountFor } from './policy-of-pair.js';
import { isReadOnly } from './read-only-event.js';

/** What is to be done about the people once the fields are in step: one write, or what is agreed on without one. */
export interface PeopleStep {
  readonly intent?: PeopleIntent;
  readonly people?: AgreedPeople;
  readonly reasons: readonly Reason[];
  readonly conflicts: readonly Conflict[];
}

/** Older than this an appointment isn't new, whoever hears of it only now: its guests are told nothing. */
const NEW_MS = 3_600_000;

/** Undefined where people are not to be looked at: a side is missing, hidden, or was told without its content. */
export function peopleStep(pair: Pair, linked: Account, plan: Plan, colleagues: ReadonlyMap<InventiveId, string>, now: number): PeopleStep | undefined {
  const account = accountFor(pair, linked);
  const [row, event] = [pair.inventive.record, pair.google.record];
  if (plan.base === undefined || plan.closed || event === undefined || pair.google.state !== 'known' || event.reduced) return undefined;
  const context = contextOf(pair, account, event, now);
  if (plan.reasons.includes('declined-for-user')) return googleStep(event, planDecline(pair.base?.people, event.attendees ?? [], event.attendeesOmitted === true, context), {});
  if (plan.reasons.includes('deletion-kept') || pair.inventive.state !== 'known' || row === undefined || row.reduced || row.status === 'void' || row.ownerId !== account.userId) return undefined;
  // Who is in a private appointment is content.
  const hidden = account.privateContent === 'busy-only' && (row.fields.privacy === 'private' || event.fields.privacy === 'private');
  if (hidden) return undefined;
  const people = planPeople({ base: pair.base?.people, participants: row.participants, attendees: event.attendees ?? [], attendeesOmitted: event.attendeesOmitted === true, context: { ...context, colleagues } });
  // With guests off most appointments have nobody in them on either side: not worth a save of its own. Turned on, all are looked at anew.
  const isNothing = pair.base?.people === undefined && context.guests === 'off' && Object.keys(people.base.agreed).length + people.base.left.length === 0;
  const said = {
    ...(isNothing ? {} : { people: people.base }),
    conflicts: people.conflicts,
    reasons: [...(people.withheld ? ['guests-not-synchronised' as const] : []), ...(people.restored ? ['read-only-event-restored' as const] : [])],
  };
  if (people.inventive === undefined) return googleStep(event, people.google, said);
  return { ...said, intent: { side: 'inventive', act: 'people', id: row.id, writes: people.inventive.changes.map((change) => withKey(pair, change)), settled: people.inventive.settled } };
}

function googleStep(event: GoogleEventRecord, google: PeoplePlan['google'], said: Partial<PeopleStep>): PeopleStep {
  if (google === undefined) return { reasons: [], conflicts: [], ...said };
  const { settled, ...change } = google;
  return { reasons: [], conflicts: [], ...said, intent: { side: 'google', act: 'people', id: event.id, etag: event.etag, change, settled } };
}

const withKey = (pair: Pair, change: ParticipantChange): ParticipantWrite => (change.kind === 'create' ? { ...change, id: deriveParticipantId(pair.id, change.email) } : change);

function contextOf(pair: Pair, account: Account, event: GoogleEventRecord, now: number): PeopleContext {
  const typedAt = pair.inventive.record?.modifiedAt;
  return {
    guests: account.rules.guests,
    direction: account.direction,
    conflictPolicy: account.conflictPolicy,
    user: { id: account.userId, email: account.email },
    invitation: isReadOnly(event),
    isAhead: event.fields.when !== undefined && startOf(event.fields.when, account.zone) > now,
    isNew: pair.imported !== true && typedAt !== undefined && now - Date.parse(typedAt) < NEW_MS,
  };
}

const startOf = (when: When, zone: string): number =>
  when.kind === 'all-day' ? Temporal.PlainDate.from(when.firstOn).toZonedDateTime(zone).epochMilliseconds : Date.parse(toInstant(when.start, when.zone));
