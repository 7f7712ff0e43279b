import type { AppointmentRecord, GoogleEventRecord } from '@calsync/calendar-model';
import { matchSides, overlapsWindow, type GoogleItem, type InventiveItem, type Matching } from '@calsync/sync-core';
import type { Account } from '../ports/account.js';
import type { GoogleEvents } from '../ports/google-events.js';
import type { InventiveAgenda } from '../ports/inventive-agenda.js';
import type { Pair } from './pair.js';
import type { UnpairedItem, UnpairedStore } from './ports.js';
import { madeAs, pairBornOnBothSides } from './born-pair.js';
import { withoutAsked } from './open-questions.js';
import type { Item } from './take-in.js';
import type { Days } from './window-days.js';

export type Row = InventiveItem & { readonly record: AppointmentRecord };
export type Event = GoogleItem & { readonly record: GoogleEventRecord };

/** The same days of both sides, as they stand now. What is in neither list proves nothing. */
export interface TwoStrips {
  readonly rows: readonly Row[];
  readonly events: readonly Event[];
  /** Ready to be noted. */
  readonly odd: readonly (UnpairedItem & { readonly reason: 'not-understood' })[];
}

export interface StripParts {
  readonly inventive: Pick<InventiveAgenda, 'readAgenda'>;
  readonly google: Pick<GoogleEvents, 'listDays'>;
}

/** Reads days of both sides whole, or throws. An item belongs to these days by overlap, in the user's zone. */
export async function readTwoStrips({ inventive, google }: StripParts, account: Account, days: Days): Promise<TwoStrips> {
  const inDays = { zone: account.zone, todayOn: days.fromOn, daysBefore: 0, daysAfter: daysBetween(days) };
  const agenda = await inventive.readAgenda(account.source, account.userId, days.fromOn, days.untilOn);
  const listing = await google.listDays({ accountId: account.id, calendarId: account.calendarId }, { ...days, zone: account.zone });
  const rows = agenda.records.flatMap((record): Row[] => {
    const { when } = record.fields;
    return when === undefined || !overlapsWindow(when, inDays) ? [] : [{ id: record.id, when, ...seenSubject(record), record }];
  });
  // Two halves of a series that were made to overlap give one id twice; the first is taken wherever such a list is read.
  const first = new Map(listing.records.toReversed().map((record) => [record.id, record]));
  const events = listing.records.flatMap((record): Event[] => {
    if (first.get(record.id) !== record) return [];
    const { when, subject } = record.fields;
    if (when === undefined || record.status === 'cancelled' || !overlapsWindow(when, inDays)) return [];
    return [{ id: record.id, when, ...(subject === undefined ? {} : { subject }), ...(record.marks ? { marks: record.marks } : {}), madeAs: madeAs(record, account), record }];
  });
  const reason = 'not-understood' as const;
  const { id: accountId, calendarId } = account;
  return {
    rows,
    events,
    odd: [
      ...agenda.unreadable.map(({ id }) => ({ side: 'inventive' as const, accountId, itemId: id, reason })),
      ...listing.unreadable.map(({ id }) => ({ side: 'google' as const, accountId, calendarId, itemId: id, reason })),
    ],
  };
}

/** What a row is recognised by. One that is *Vervallen* never stands for an event that merely looks like it: marks alone join it. */
export const seenSubject = ({ status, fields: { subject } }: AppointmentRecord): Pick<InventiveItem, 'subject'> => (subject === undefined || status === 'void' ? {} : { subject });

/** Which of those that have no pair belong together. Events that the matching leaves alone are judged one by one, like singles. */
export async function matchStrips(
  rows: readonly Row[],
  events: readonly Event[],
  account: Account,
  isAsked: (item: Item) => Promise<boolean>,
): Promise<Pick<Matching<Row, Event>, 'pairs' | 'ambiguous'> & { readonly alone: readonly (Row | Event)[] }> {
  const { pairs, ambiguous, inventiveSingles, googleSingles, leftAlone } = await withoutAsked(matchSides(rows, events, account.installation), (one) => isAsked(itemOf(one)));
  return { pairs, ambiguous, alone: [...inventiveSingles, ...googleSingles, ...leftAlone.map(({ google }) => google)] };
}

export const itemOf = ({ record }: Row | Event): Item => ('calendarId' in record ? { side: 'google', record } : { side: 'inventive', record });

/** Both were read a moment ago and may have gone since, with nobody to tell it to: the pair begins with reading. */
export function pairFoundOnBothSides(row: Row, event: Event, account: Account, now: number): Pair {
  const born = pairBornOnBothSides(row.record, event.record, account, now);
  return { ...born, inventive: { ...born.inventive, needsRead: true }, google: { ...born.google, needsRead: true } };
}

/** Several that could belong together: kept whole, for a person to say. */
export async function leaveToAPerson(
  unpaired: Pick<UnpairedStore, 'put'>,
  { id: accountId, calendarId }: Account,
  found: { readonly inventive: readonly Row[]; readonly google: readonly Event[] },
): Promise<void> {
  for (const { id, record } of found.inventive) await unpaired.put({ side: 'inventive', accountId, itemId: id, reason: 'ambiguous-match', record });
  for (const { id, record } of found.google) await unpaired.put({ side: 'google', accountId, calendarId, itemId: id, reason: 'ambiguous-match', record });
}

const daysBetween = ({ fromOn, untilOn }: Days): number => Temporal.PlainDate.from(fromOn).until(untilOn, { largestUnit: 'days' }).days;
