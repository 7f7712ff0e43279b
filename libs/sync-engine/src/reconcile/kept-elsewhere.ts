import { deriveGoogleEventId, derivePairId, type GoogleEventId, type GoogleEventRecord } from '@calsync/calendar-model';
import type { Account } from '../ports/account.js';
import { markedAppointment } from './born-pair.js';
import { formerEventOf } from './former-event.js';
import { UNSEEN, type Pair } from './pair.js';
import type { PairChanges, PairStore } from './ports.js';

/**
 * Its event was deleted, or moved away, while another calendar of the user was kept in step: whoever tidies the calendar that they
 * left, or takes its events along, means no appointment by it. Now that this calendar is chosen again the appointment, which lived
 * on, gets a new event here. Undefined where the deletion counts.
 */
export async function deletedWhileKeptElsewhere(pair: Pair, { keptElsewhereUntil }: Account, pairs: Pick<PairStore, 'byAppointment'>): Promise<PairChanges | undefined> {
  const { id, base, google, inventive, googleGeneration, occurrence } = pair;
  if (keptElsewhereUntil === undefined || google.state !== 'tombstone') return undefined;
  // Of a meeting of somebody else the organiser has the say, wherever we looked meanwhile.
  if (base === undefined || inventive.state !== 'known' || google.record?.ownedByUser === false) return undefined;
  const deletedAt = google.version?.updated;
  const tidied = deletedAt === undefined ? await standsElsewhere(pair, pairs) : Date.parse(deletedAt) < keptElsewhereUntil;
  if (!tidied) return undefined;
  const next = googleGeneration + 1;
  const former = formerEventOf(pair);
  return {
    eventId: deriveGoogleEventId(id, next),
    googleGeneration: next,
    ...(occurrence === undefined ? {} : { occurrence: null }),
    google: { ...UNSEEN, seq: google.seq + 1, ...(google.receivedAt === undefined ? {} : { receivedAt: google.receivedAt }) },
    base: null,
    ...(former === undefined ? {} : { formerEvent: former }),
  };
}

/**
 * What is left of an event that was moved away says nothing of when. Where the appointment has an event in a calendar that was
 * chosen before, it is put back rather than deleted: too much is mended by a hand, too little by nobody.
 */
async function standsElsewhere({ accountId, appointmentId, source }: Pair, pairs: Pick<PairStore, 'byAppointment'>): Promise<boolean> {
  return (await pairs.byAppointment(source, appointmentId)).some((other) => other.accountId !== accountId && other.status !== 'closed' && other.google.state === 'known');
}

/**
 * An event that was brought along from the calendar that was kept before, where its appointment has an event in this one already: it
 * is no other appointment, and gets none.
 */
export async function stoodInFormerCalendar(record: GoogleEventRecord, account: Account, pairs: Pick<PairStore, 'byAppointment'>): Promise<boolean> {
  const marked = markedAppointment(record, account);
  if (marked === undefined) return false;
  const found = await pairs.byAppointment(account.source, marked.appointmentId);
  // It may also have come back to where it began, where the appointment got another event meanwhile.
  const elsewhere = found.filter(({ accountId, google }) => accountId !== account.id || (account.keptElsewhereUntil !== undefined && google.state === 'known'));
  return elsewhere.some((pair) => pair.eventId === record.id || wasItsEvent(pair, record.id, marked.generation));
}

/** Chosen again, that calendar has another event for it by now; but a pair's id tells what it began with, and an event's the pair that made it. */
function wasItsEvent({ id, accountId, calendarId }: Pair, eventId: GoogleEventId, generation: number): boolean {
  return deriveGoogleEventId(id, generation) === eventId || derivePairId(accountId, { side: 'google', calendarId, eventId }) === id;
}
