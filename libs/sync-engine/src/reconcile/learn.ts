import type { AppointmentRecord, GoogleEventRecord, InventiveId, InventiveVersion, ZoneName } from '@calsync/calendar-model';
import { noteChangeTimes } from '@calsync/sync-core';
import type { Base } from '@calsync/sync-core';
import type { GoogleSide, GoogleVersion, InventiveSide } from './pair.js';
import { orderGoogle, orderInventive } from './versions.js';

/** `same`: nothing new. Otherwise the side as it is after learning. */
export type Learnt<Side> = { readonly kind: 'same' } | { readonly kind: 'changed'; readonly side: Side };

/** A message: ordered against what is known, and never trusted over it where the two can't be ordered. */
export function learnAppointment(known: InventiveSide, record: AppointmentRecord, base: Base | undefined, now: number): Learnt<InventiveSide> {
  switch (orderInventive(record.version, known.version)) {
    case 'newer':
      // What was deleted doesn't come back by itself: this is news from before the deletion, or a restored backup.
      return changed(known.state === 'tombstone' ? { ...known, seq: known.seq + 1, needsRead: true, receivedAt: now } : inventiveKnown(known, record, base, now));
    case 'same':
      // Lost sight of in between (a read that found nothing): it is there after all.
      return known.state === 'unknown' ? changed(inventiveKnown(known, record, base, now)) : { kind: 'same' };
    case 'incomparable':
    case 'older':
      return { kind: 'same' };
  }
}

export function learnAppointmentDeleted(known: InventiveSide, id: InventiveId, version: InventiveVersion, now: number): Learnt<InventiveSide> {
  const order = orderInventive(version, known.version);
  if (order === 'older' || (order === 'same' && known.state === 'tombstone')) return { kind: 'same' };
  return changed({ ...known, ...underId(known, id), state: 'tombstone', version, seq: known.seq + 1, needsRead: false, receivedAt: now });
}

export function learnEvent(known: GoogleSide, record: GoogleEventRecord, base: Base | undefined, now: number, zone?: ZoneName): Learnt<GoogleSide> {
  if (record.updated === undefined && known.state === 'tombstone') return { kind: 'same' };
  switch (orderGoogle(versionOf(record), known.version)) {
    case 'newer':
      return changed(eventTold(known, record, base, now, zone));
    case 'incomparable':
      return changed({ ...asked(known), ...claimOf(record), seq: known.seq + 1, needsRead: true, receivedAt: known.receivedAt ?? now });
    case 'same':
      // Lost sight of in between (a read that found nothing): it is there after all.
      return known.state === 'unknown' ? changed(eventTold(known, record, base, now, zone)) : { kind: 'same' };
    case 'older':
      return { kind: 'same' };
  }
}

/**
 * A deletion is told by a message, but a plan deletes only after Google itself said `cancelled` for this id. News of an
 * event that is known to be deleted is a revival, or an edit from before the deletion: only Google knows which.
 */
function eventTold(known: GoogleSide, record: GoogleEventRecord, base: Base | undefined, now: number, zone: ZoneName | undefined): GoogleSide {
  return record.status === 'cancelled' || record.reduced || known.state === 'tombstone'
    ? { ...asked(known), ...claimOf(record), seq: known.seq + 1, needsRead: true, receivedAt: now }
    : googleKnown(known, record, base, now, zone);
}

const claimOf = (record: GoogleEventRecord): Pick<GoogleSide, 'toldGone'> => (record.status === 'cancelled' ? { toldGone: true } : {});

/** Google was asked, or a newer message came: what an older one claimed counts no more. */
export function asked({ toldGone: _told, ...side }: GoogleSide): GoogleSide {
  return side;
}

/** An answer from the vendor itself, to a read or to a write of ours: it replaces what is known unless that is newer. */
export function answerAppointment(known: InventiveSide, record: AppointmentRecord, base: Base | undefined, now: number): InventiveSide {
  // A row read by key doesn't tell the epoch; within one pair it can only be the one we know.
  const version = { epoch: Math.max(known.version?.epoch ?? 0, record.version.epoch), stamp: record.version.stamp };
  if (orderInventive(version, known.version) === 'older') {
    // A deleted part (a participant) counts in the version of a message, and a read can't see it. The same row read whole
    // is worth more than a message that left its content out.
    const sameRowWhole = known.version !== undefined && known.record?.reduced === true && !record.reduced && record.rowStamp === known.record.rowStamp;
    return sameRowWhole ? inventiveKnown(known, { ...record, version: known.version }, base, known.receivedAt ?? now) : { ...known, needsRead: false };
  }
  return inventiveKnown(known, { ...record, version }, base, known.receivedAt ?? now);
}

export function answerEvent(known: GoogleSide, record: GoogleEventRecord, base: Base | undefined, now: number, zone?: ZoneName): GoogleSide {
  if (orderGoogle(versionOf(record), known.version) === 'older') return { ...asked(known), needsRead: false };
  return googleKnown(known, record, base, known.receivedAt ?? now, zone);
}

export function answerAppointmentDeleted(known: InventiveSide, id: InventiveId, stamp: string | undefined): InventiveSide {
  const version = { epoch: known.version?.epoch ?? 0, stamp: stamp ?? known.version?.stamp ?? '0' };
  return { ...known, ...underId(known, id), state: 'tombstone', version, seq: known.seq + 1, needsRead: false };
}

/** What is kept of a deleted row names the key that was deleted: a key chosen since, and not used yet, is another one. */
const underId = ({ record }: InventiveSide, id: InventiveId): Pick<InventiveSide, 'record'> => (record === undefined || record.id === id ? {} : { record: { ...record, id } });

export function answerEventCancelled(known: GoogleSide, record: GoogleEventRecord | undefined): GoogleSide {
  const version = record === undefined ? known.version : versionOf(record);
  // It recurred when it was deleted: under its id all of the series would come back.
  const shape = known.record !== undefined && record?.shape === 'master' ? { record: { ...known.record, shape: record.shape } } : {};
  return { ...asked(known), ...shape, state: 'tombstone', ...(version ? { version } : {}), seq: known.seq + 1, needsRead: false };
}

function inventiveKnown(known: InventiveSide, record: AppointmentRecord, base: Base | undefined, receivedAt: number): InventiveSide {
  const at = record.modifiedAt === undefined ? receivedAt : Date.parse(record.modifiedAt);
  return {
    state: 'known',
    record,
    version: record.version,
    seq: known.seq + 1,
    needsRead: false,
    receivedAt,
    changedAt: noteChangeTimes(base, record.fields, known.changedAt, at, record.zone),
  };
}

/** `zone` is that of Inventive's wall times: on its clock the two passes of a repeated hour are one time, and no edit. */
function googleKnown(known: GoogleSide, record: GoogleEventRecord, base: Base | undefined, receivedAt: number, zone?: ZoneName): GoogleSide {
  const at = record.updated === undefined ? receivedAt : Date.parse(record.updated);
  return {
    state: 'known',
    record,
    version: versionOf(record),
    seq: known.seq + 1,
    needsRead: false,
    receivedAt,
    changedAt: noteChangeTimes(base, record.fields, known.changedAt, at, zone ?? record.zone ?? 'UTC'),
  };
}

function versionOf(record: GoogleEventRecord): GoogleVersion {
  return { etag: record.etag, ...(record.updated === undefined ? {} : { updated: record.updated }) };
}

function changed<Side>(side: Side): Learnt<Side> {
  return { kind: 'changed', side };
}
