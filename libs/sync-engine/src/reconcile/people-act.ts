import type { Participant } from '@calsync/calendar-model';
import { settleEach, type AgreedPeople } from '@calsync/sync-core';
import type { ParticipantWrite } from '../ports/inventive-agenda.js';
import { heedingNews, type ActOutcome, type Vendors } from './execute-act.js';
import { answerAppointment, answerAppointmentDeleted, answerEvent, answerEventCancelled } from './learn.js';
import type { InventiveSide, Pair, PeopleIntent } from './pair.js';
import type { PairChanges } from './ports.js';

/** Makes the one call that the intent names. Throws `Failure` where the answer is not known. */
export async function executePeople(pair: Pair, intent: PeopleIntent, vendors: Vendors, now: number): Promise<ActOutcome> {
  return intent.side === 'inventive' ? inInventive(pair, intent, vendors, now) : inGoogle(pair, intent, vendors, now);
}

async function inInventive(pair: Pair, intent: Extract<PeopleIntent, { side: 'inventive' }>, vendors: Vendors, now: number): Promise<ActOutcome> {
  const outcome = await vendors.inventive.writeParticipants(pair.source, intent.id, intent.writes);
  switch (outcome.kind) {
    case 'written':
      return { kind: 'accepted', lesson: (current) => ({ ...agreeing(pair, intent.settled), inventive: heedingNews(pair.inventive, current.inventive, withParticipants(pair, current, outcome.record.participants, answerAppointment(current.inventive, outcome.record, pair.base, now))) }) };
    case 'locked':
      return { kind: 'locked' };
    case 'refused':
      return { kind: 'refused', cause: outcome.cause };
    case 'exists':
    case 'stale':
    case 'gone':
      return { kind: 'replan', lesson: ({ inventive }) => ({ inventive: { ...inventive, seq: inventive.seq + 1, needsRead: true } }) };
  }
}

/**
 * A row of participants that was deleted leaves no stamp that a reading could see, so a reading after our own deletion may look
 * older than what a message told before. Who stood in it then is known all the same, unless news came during the call.
 */
function withParticipants(before: Pair, current: Pair, participants: readonly Participant[], answered: InventiveSide): InventiveSide {
  const { record } = answered;
  return record === undefined || current.inventive.seq !== before.inventive.seq ? answered : { ...answered, seq: current.inventive.seq + 1, record: { ...record, participants } };
}

async function inGoogle(pair: Pair, intent: Extract<PeopleIntent, { side: 'google' }>, vendors: Vendors, now: number): Promise<ActOutcome> {
  const { record } = pair.google;
  if (record === undefined || record.etag !== intent.etag) throw new Error(`pair ${pair.id}: the guests were planned for another state of the event`);
  const outcome = await vendors.google.writeAttendees({ accountId: pair.accountId, calendarId: pair.calendarId }, record, intent.change);
  switch (outcome.kind) {
    case 'written':
      return { kind: 'accepted', lesson: ({ google }) => ({ ...agreeing(pair, intent.settled), google: heedingNews(pair.google, google, answerEvent(google, outcome.record, pair.base, now, pair.inventive.record?.zone)) }) };
    case 'stale':
    case 'gone':
      return { kind: 'replan', lesson: ({ google }) => ({ google: { ...google, seq: google.seq + 1, needsRead: true } }) };
    case 'guest-quota':
    case 'refused':
      return outcome;
  }
}

/** After a crash: who stands as was meant is agreed on, and the next plan sees to the others. */
export async function settlePeople(pair: Pair, intent: PeopleIntent, vendors: Vendors, now: number): Promise<PairChanges> {
  if (intent.side === 'inventive') {
    const reading = await vendors.inventive.read(pair.source, intent.id);
    if (reading.kind === 'absent') return {};
    if (reading.kind === 'deleted') return { inventive: answerAppointmentDeleted(pair.inventive, pair.appointmentId, reading.stamp) };
    const { participants } = reading.record;
    const people = settleEach(pair.base?.people, intent.settled, (email) => intent.writes.filter((write) => write.email === email).every((write) => isDone(write, participants)));
    return { ...agreeing(pair, people), inventive: withParticipants(pair, pair, participants, answerAppointment(pair.inventive, reading.record, pair.base, now)) };
  }
  const reading = await vendors.google.get({ accountId: pair.accountId, calendarId: pair.calendarId }, intent.id);
  if (reading.kind === 'absent') return {};
  if (reading.kind === 'cancelled') return { google: answerEventCancelled(pair.google, reading.record) };
  const guests = new Map(reading.record.attendees?.map(({ email, reply }) => [email, reply] as const));
  return {
    ...agreeing(pair, settleEach(pair.base?.people, intent.settled, (email, meant) => guests.get(email) === meant)),
    google: answerEvent(pair.google, reading.record, pair.base, now, pair.inventive.record?.zone),
  };
}

/** A row under a key of ours was made by us, whatever was answered in it since. */
function isDone(write: ParticipantWrite, participants: readonly Participant[]): boolean {
  const row = participants.find(({ id }) => id === write.id);
  return write.kind === 'delete' ? row === undefined : write.kind === 'create' ? row !== undefined : row?.reply === write.reply;
}

const agreeing = ({ base }: Pair, people: AgreedPeople): PairChanges => (base === undefined ? {} : { base: { ...base, people } });
