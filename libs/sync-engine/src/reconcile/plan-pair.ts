import type { AppointmentRecord, Decor, GoogleEventRecord, GoogleFields, InventiveFields, Marks, Reason, Snapshot } from '@calsync/calendar-model';
import { TOMBSTONE, UNKNOWN, known } from '@calsync/calendar-model';
import { plan, type Plan, type PlanContext, type PlanInput } from '@calsync/sync-core';
import type { Account } from '../ports/account.js';
import { whyEventIsLeftAlone } from './eligibility.js';
import type { Pair } from './pair.js';
import { placeOf } from './place.js';
import { accountFor } from './policy-of-pair.js';
import { isReadOnly, readOnlyContext } from './read-only-event.js';

/** What has to be asked of the vendors before a plan may be made; reading first never does harm. */
export function sidesToRead(pair: Pair, account: Account): readonly ('inventive' | 'google')[] {
  const sides: ('inventive' | 'google')[] = [];
  const { inventive, google } = pair;
  // A reduced row lacks its content; where content may cross, it is read for itself.
  const contentMissing = inventive.state === 'known' && inventive.record?.reduced === true && accountFor(pair, account).privateContent === 'full';
  if (inventive.needsRead || contentMissing) sides.push('inventive');
  if (google.needsRead) sides.push('google');
  return sides;
}

/** Why this pair is left as it is, if it is: both sides keep what they have. */
export function whyPairRests(pair: Pair, account: Account): Reason | undefined {
  return pair.google.state === 'known' && pair.google.record !== undefined ? whyEventIsLeftAlone(pair.google.record, accountFor(pair, account)) : undefined;
}

export function planPair(pair: Pair, linked: Account): { readonly input: PlanInput; readonly plan: Plan } {
  const account = accountFor(pair, linked);
  const input: PlanInput = {
    base: pair.base,
    inventive: inventiveSnapshot(pair, account),
    google: googleSnapshot(pair),
    context: planContext(pair, account),
  };
  const planned = plan(input);
  const place = placeOf(pair, account);
  return { input, plan: place.kind === 'left' ? { ...planned, reasons: [...planned.reasons, place.reason] } : planned };
}

export function marksOf(pair: Pick<Pair, 'appointmentId' | 'eventId' | 'googleGeneration'>, account: Account, administrationId: string): Marks {
  return {
    inventiveInstallation: account.installation,
    inventiveAdministration: administrationId,
    inventiveAppointment: pair.appointmentId,
    inventiveEvent: `${pair.eventId}.${pair.googleGeneration}`,
  };
}

function planContext(pair: Pair, account: Account): PlanContext {
  const row = pair.inventive.record;
  const chosen = account.descriptionFields.flatMap((field) => row?.blockLines.filter((line) => line.field === field) ?? []);
  return {
    zone: row?.zone ?? account.zone,
    conflictPolicy: account.conflictPolicy,
    direction: account.direction,
    privateContent: account.privateContent,
    blockLines: chosen,
    notesCross: account.descriptionFields.includes('notes'),
    // Written to an occurrence they would make it an exception; it is found by its series and start.
    marks: pair.occurrence === undefined ? marksOf(pair, account, row?.administrationId ?? account.administrationId) : undefined,
    marksFound: pair.google.record?.marks,
    inventiveChangedAt: pair.inventive.changedAt,
    googleChangedAt: pair.google.changedAt,
    ...readOnlyContext(pair, account),
    ...(pair.occurrence === undefined || (pair.google.record !== undefined && isReadOnly(pair.google.record)) ? {} : { ofSeries: true as const }),
    deletion: deletionOf(pair, account),
    inventiveVoid: row?.status === 'void',
    decor: pair.occurrence === undefined ? decorOf(row, account, pair.google.record) : withoutLink(decorOf(row, account, pair.google.record)),
    decorFound: foundDecor(pair.google.record),
  };
}

/**
 * What left this agenda stands in another: keeping it here would double it. And what was kept when the other side was deleted was so
 * by the policy of then: one that is set, or moved to, afterwards goes for deletions that are still to come.
 */
function deletionOf(pair: Pair, account: Account): PlanContext['deletion'] {
  const { deletion } = account.rules;
  if (placeOf(pair, account).kind === 'left') return { ...deletion, toGoogle: 'delete' };
  return pair.reasons.includes('deletion-kept') ? { toInventive: 'keep', toGoogle: 'keep' } : deletion;
}

function decorOf(row: AppointmentRecord | undefined, { rules, email }: Account, event: GoogleEventRecord | undefined): Decor {
  if (row === undefined) return {};
  const wanted = row.category.trim().toLowerCase();
  const colour = Object.entries(rules.colours).find(([category]) => category.trim().toLowerCase() === wanted)?.[1];
  return { ...(row.url === undefined || !canSeeLink(event, email) ? {} : { link: { title: 'Inventive', url: row.url } }), ...(colour === undefined ? {} : { colour }) };
}

const withoutLink = ({ link: _link, ...decor }: Decor): Decor => decor;

/** Where it can't be seen it looks missing for ever, and would be written for ever. */
const canSeeLink = (event: GoogleEventRecord | undefined, email: string): boolean =>
  event === undefined || (!event.reduced && (event.creatorEmail === undefined || event.creatorEmail === email.toLowerCase()));

const foundDecor = (event: GoogleEventRecord | undefined): Decor => ({
  ...(event?.link === undefined ? {} : { link: event.link }),
  ...(event?.colour === undefined ? {} : { colour: event.colour }),
});

function inventiveSnapshot(pair: Pair, account: Account): Snapshot<InventiveFields> {
  const { state, record } = pair.inventive;
  if (state === 'known' && record !== undefined) {
    // For this agenda it is gone, and whoever has it now keeps it.
    return placeOf(pair, account).kind === 'left' ? TOMBSTONE : known(record.fields);
  }
  return state === 'tombstone' ? TOMBSTONE : UNKNOWN;
}

function googleSnapshot(pair: Pair): Snapshot<GoogleFields> {
  const { state, record } = pair.google;
  if (state === 'known' && record !== undefined) return known(record.fields);
  return state === 'tombstone' ? TOMBSTONE : UNKNOWN;
}
