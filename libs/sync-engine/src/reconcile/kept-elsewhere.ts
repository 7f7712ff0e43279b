import { deriveGoogleEventId, type GoogleEventRecord } from '@calsync/calendar-model';
import type { Account } from '../ports/account.js';
import { markedAppointment } from './born-pair.js';
import { UNSEEN, type Pair } from './pair.js';
import type { PairChanges, PairStore } from './ports.js';

/**
 * Its event was deleted, or moved away, while another calendar of the user was kept in step: whoever tidies the calendar that they
 * left, or takes its events along, means no appointment by it. Now that this calendar is chosen again the appointment, which lived
 * on, gets a new event here. Undefined where the deletion counts.
 */
export function deletedWhileKeptElsewhere({ id, base, google, inventive, googleGeneration, occurrence }: Pair, { keptElsewhereUntil }: Account): PairChanges | undefined {
  const deletedAt = google.state === 'tombstone' ? google.version?.updated : undefined;
  if (keptElsewhereUntil === undefined || deletedAt === undefined || Date.parse(deletedAt) >= keptElsewhereUntil) return undefined;
  // Of a meeting of somebody else the organiser has the say, wherever we looked meanwhile.
  if (base === undefined || inventive.state !== 'known' || google.record?.ownedByUser === false) return undefined;
  const next = googleGeneration + 1;
  return {
    eventId: deriveGoogleEventId(id, next),
    googleGeneration: next,
    ...(occurrence === undefined ? {} : { occurrence: null }),
    google: { ...UNSEEN, seq: google.seq + 1, ...(google.receivedAt === undefined ? {} : { receivedAt: google.receivedAt }) },
    base: null,
  };
}

/**
 * An event that was brought along from the calendar that was kept before, where its appointment has an event in this one already: it
 * is no other appointment, and gets none.
 */
export async function stoodInFormerCalendar(record: GoogleEventRecord, account: Account, pairs: Pick<PairStore, 'byAppointment'>): Promise<boolean> {
  const marked = markedAppointment(record, account);
  if (marked === undefined) return false;
  return (await pairs.byAppointment(account.source, marked.appointmentId)).some(({ accountId, eventId }) => accountId !== account.id && eventId === record.id);
}
