import { inZone, toInstant, type Decor, type DecorChange, type EventColour, type GoogleEventRecord, type GoogleFields, type GoogleReminders, type Reminder, type When, type ZoneName } from '@calsync/calendar-model';
import { remindersWith, type GoogleAct } from '@calsync/sync-core';
import type { Account } from '../ports/account.js';
import type { Pair } from './pair.js';
import { accountFor } from './policy-of-pair.js';

/**
 * What an event had that only Google knows, and that may be written without a mail to anybody: kept for the event that takes its
 * place where its id is burnt. Guests and the video meeting are no part of it: a new event would invite anew.
 */
export interface FormerEvent {
  readonly reminders?: GoogleReminders;
  readonly colour?: EventColour;
  readonly zone?: ZoneName;
  /** What of it was ours. */
  readonly agreed: { readonly reminder?: Reminder; readonly colour?: EventColour };
}

type Create = Extract<GoogleAct, { kind: 'create' }>;

/** The event as it last was, under the etag that its deletion gave it. */
export function deletedEvent({ google }: Pair): GoogleEventRecord | undefined {
  return google.state === 'tombstone' && google.record !== undefined ? { ...google.record, etag: google.version?.etag ?? google.record.etag } : undefined;
}

/** To be kept where its record is let go. One that was never there has what stood there before it. */
export function formerEventOf(pair: Pair): FormerEvent | undefined {
  const { google: { record }, base } = pair;
  if (record === undefined) return pair.formerEvent;
  const { fields: { reminders }, colour, zone } = record;
  const reminder = base?.fields.reminder;
  return {
    ...(reminders === undefined ? {} : { reminders }),
    ...(colour === undefined ? {} : { colour }),
    ...(zone === undefined ? {} : { zone }),
    agreed: { ...(reminder === undefined ? {} : { reminder }), ...(base?.colour === undefined ? {} : { colour: base.colour }) },
  };
}

/** What is made in Google, with what stood there before: an event that comes back under its own id keeps the rest by itself. */
export function asItWas(pair: Pair, account: Account, { fields, decor, settled }: Create): { readonly fields: GoogleFields; readonly decor?: DecorChange } {
  const former = formerEventOf(pair);
  if (former === undefined) return { fields, ...(decor === undefined ? {} : { decor }) };
  const revives = deletedEvent(pair) !== undefined;
  const kept = decorBesideTheirs(former, decor, account, pair, revives);
  return { fields: { ...fields, ...remindersBeside(former, fields, settled, revives), ...(revives ? {} : inTheirZone(fields.when, former.zone)) }, ...(kept === undefined ? {} : { decor: kept }) };
}

function remindersBeside({ reminders, agreed }: FormerEvent, fields: GoogleFields, settled: Create['settled'], revives: boolean): Pick<GoogleFields, 'reminders'> {
  const { reminder } = settled.fields;
  if (reminders === undefined) return {};
  if (fields.reminders !== undefined && reminder !== undefined) return { reminders: remindersWith(reminder, reminders, agreed.reminder) };
  // Inventive has no word for any of them.
  return revives || fields.reminders !== undefined ? {} : { reminders };
}

/** A colour that a person chose stays, and ours doesn't where none is wanted any more; where we remember none that we gave, one of the settings is taken for ours. */
function decorBesideTheirs({ colour: theirs, agreed }: FormerEvent, decor: Decor | undefined, account: Account, pair: Pair, revives: boolean): DecorChange | undefined {
  const ours = agreed.colour === undefined ? Object.values(accountFor(pair, account).rules.colours) : [agreed.colour];
  if (theirs === undefined) return decor;
  const isOurs = ours.some((colour) => colour?.kind === theirs.kind && colour.id === theirs.id);
  if (isOurs) return revives && agreed.colour !== undefined && decor?.colour === undefined ? { ...decor, colour: { kind: 'none' } } : decor;
  const { colour: _notOver, ...rest } = decor ?? {};
  if (!revives) return { ...rest, colour: theirs };
  return Object.keys(rest).length === 0 ? undefined : rest;
}

/** The same moments on the clock that its owner chose; not where that clock shows one of them twice. */
function inTheirZone(when: When | undefined, zone: ZoneName | undefined): Pick<GoogleFields, 'when'> {
  if (when?.kind !== 'timed' || zone === undefined) return {};
  const theirs = inZone(when, zone);
  const isSame = theirs.kind === 'timed' && (['start', 'end'] as const).every((edge) => toInstant(theirs[edge], zone) === toInstant(when[edge], when.zone));
  return isSame ? { when: theirs } : {};
}
