import type { AppointmentRecord, CanonicalFields, FieldName, GoogleEventRecord, GoogleFields, InventiveFields } from '@calsync/calendar-model';
import { equalFields, viewGoogle, type Base } from '@calsync/sync-core';
import { rememberBegun } from './begun.js';
import { agreedOnceDeleted, type Vendors } from './execute-act.js';
import { answerAppointment, answerAppointmentDeleted, answerEvent, answerEventCancelled } from './learn.js';
import type { Intent, Pair, PeopleIntent } from './pair.js';
import { settlePeople } from './people-act.js';
import type { PairChanges } from './ports.js';

/**
 * A pair with an open intent is settled before anything is planned: an earlier try ended between storing the intent
 * and learning the answer. That very id is read. Is the write there, the intent becomes the base; else it is dropped.
 * Either way the read tells how that side stands now.
 */
export async function settleIntent(pair: Pair, intent: Intent | PeopleIntent, vendors: Vendors, now: number): Promise<PairChanges> {
  if (intent.act === 'people') return { ...(await settlePeople(pair, intent, vendors, now)), intent: null };
  return { ...(intent.side === 'inventive' ? await settleInventive(pair, intent, vendors, now) : await settleGoogle(pair, intent, vendors, now)), intent: null };
}

async function settleInventive(pair: Pair, intent: Extract<Intent, { side: 'inventive' }>, vendors: Vendors, now: number): Promise<PairChanges> {
  const reading = await vendors.inventive.read(pair.source, intent.id);
  switch (reading.kind) {
    case 'found': {
      // Of a create too: a worker that hung may have made it with older values, which are no edit of anybody's.
      const written = intent.act !== 'delete' && holds(reading.record.fields, intent.fields, reading.record.zone) && hasStatus(reading.record, intent);
      // Made by us and *Vervallen* since: that it was in step has to be known, for else neither side would be touched.
      const calledOff = intent.act === 'create' && reading.record.status === 'void';
      const base = written || calledOff ? intent.settled : undefined;
      return { inventive: answerAppointment(pair.inventive, reading.record, base ?? pair.base, now), ...(base ? { base, begun: null } : givenUp(pair, intent)) };
    }
    case 'deleted':
      // Created by us and deleted by somebody since: that deletion is news, and both sides had agreed before it.
      return {
        inventive: answerAppointmentDeleted(pair.inventive, intent.id, reading.stamp),
        ...(intent.act === 'create' ? { base: intent.settled, begun: null } : intent.act === 'delete' ? { base: null } : {}),
      };
    case 'absent':
      // Not there: a create hasn't happened, or not yet; after our own delete, gone is what was wanted.
      return intent.act === 'delete' ? { inventive: answerAppointmentDeleted(pair.inventive, intent.id, undefined), base: null } : givenUp(pair, intent);
  }
}

async function settleGoogle(pair: Pair, intent: Extract<Intent, { side: 'google' }>, vendors: Vendors, now: number): Promise<PairChanges> {
  const reading = await vendors.google.get({ accountId: pair.accountId, calendarId: pair.calendarId }, intent.id);
  switch (reading.kind) {
    case 'found': {
      const zone = reading.record.zone ?? pair.inventive.record?.zone ?? 'Europe/Amsterdam';
      // Marks alone don't tell: those of a revived event are of its first life, and an older try may have made it with older values.
      const written = intent.act !== 'delete' && holdsEvent(reading.record.fields, intent.fields, intent.settled, zone) && holdsDecor(reading.record, intent, pair.base);
      const base = written && 'settled' in intent ? intent.settled : undefined;
      // There, but no longer as we meant to delete it: perhaps deleted by us and restored by its owner. That is never deleted twice.
      const backAgain = intent.act === 'delete' && reading.record.etag !== intent.etag;
      return {
        google: answerEvent(pair.google, reading.record, base ?? pair.base, now, pair.inventive.record?.zone),
        ...(base ? { base, begun: null } : backAgain ? { base: agreedOnceDeleted(pair) } : givenUp(pair, intent)),
      };
    }
    case 'cancelled': {
      // An occurrence may have gone to another half of its series: whoever tries to write it again asks for the whole.
      if (pair.occurrence !== undefined && intent.act === 'update') return {};
      // For a create this may be an old deleted event under a reused id: only our own marks make it ours. And one that we
      // knew as deleted still is: taking that for a deletion of what we meant to write would delete the edit it comes from.
      const ours = intent.act === 'create' && pair.google.state !== 'tombstone' && reading.record.marks?.inventiveEvent === intent.marks.inventiveEvent
        // Nor is one of a database that was lost, made and deleted before the row was edited.
        && holdsEvent(reading.record.fields, intent.fields, intent.settled, reading.record.zone ?? pair.inventive.record?.zone ?? 'Europe/Amsterdam');
      // Seen for the first time, and kept: edited meanwhile, it is to be brought back under its own id.
      const seen = ours ? { ...pair.google, record: pair.google.record ?? reading.record } : pair.google;
      return { google: answerEventCancelled(seen, reading.record), ...(ours ? { base: intent.settled, begun: null } : intent.act === 'delete' ? { base: agreedOnceDeleted(pair) } : givenUp(pair, intent)) };
    }
    case 'absent':
      return intent.act === 'delete' ? { google: answerEventCancelled(pair.google, undefined), base: agreedOnceDeleted(pair) } : givenUp(pair, intent);
  }
}

/** Dropped without having been made as it was meant: of a create that may still come. */
const givenUp = (pair: Pair, intent: Intent): PairChanges => (intent.act === 'create' ? rememberBegun(pair, intent) : {});

function holds(found: InventiveFields, intended: InventiveFields, zone: string): boolean {
  return (Object.keys(intended) as FieldName[]).every((field) => equalIn(field, found, intended, zone));
}

/** *Afgerond* is planned as well as far as anybody here is concerned. */
function hasStatus({ status }: AppointmentRecord, intent: Exclude<Intent, { side: 'google' } | { act: 'delete' }>): boolean {
  return intent.act === 'create' || intent.status === undefined || (status === 'void') === (intent.status === 'void');
}

/** A link can't always be seen, so where fields are named too they tell; a colour always can. */
function holdsDecor({ link, colour }: GoogleEventRecord, { act, decor, fields }: Exclude<Intent, { side: 'inventive' } | { act: 'delete' }>, base: Base | undefined): boolean {
  if (act === 'create' || decor === undefined) return true;
  const isColour = (other: Base['colour']) => other !== undefined && colour?.kind === other.kind && colour.id === other.id;
  // What was to be taken away is the one that we gave.
  const colourStands = decor.colour === undefined || (decor.colour.kind === 'none' ? !isColour(base?.colour) : isColour(decor.colour));
  const linkStands = decor.link === undefined || Object.keys(fields).length > 0 || link?.url === decor.link.url;
  return colourStands && linkStands;
}

function holdsEvent(found: GoogleFields, intended: GoogleFields, settled: Base, zone: string): boolean {
  // As it is written there: beneath its mark an event that wasn't marked yet reads the same.
  const { markedVoid: _mark, ...asWritten } = settled;
  const [mine, wanted] = [viewGoogle(found, asWritten), viewGoogle(intended, asWritten)];
  // A patch may have been about the block alone: notes that are equal don't show that it was made.
  const blockStands = wanted.description === undefined || mine.description?.block === wanted.description.block;
  return blockStands && (Object.keys(wanted.fields) as FieldName[]).every((field) => equalIn(field, mine.fields, wanted.fields, zone));
}

function equalIn(field: FieldName, a: Partial<CanonicalFields>, b: Partial<CanonicalFields>, zone: string): boolean {
  const [left, right] = [a[field], b[field]];
  return left !== undefined && right !== undefined && equalFields(field, left, right, zone);
}
