import type { GoogleEventRecord, Participant } from '@calsync/calendar-model';
import type { AgreedPeople } from '@calsync/sync-core';
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

/** After a crash: is what was meant there, it is agreed on; else the next plan sees how it stands. */
export async function settlePeople(pair: Pair, intent: PeopleIntent, vendors: Vendors, now: number): Promise<PairChanges> {
  if (intent.side === 'inventive') {
    const reading = await vendors.inventive.read(pair.source, intent.id);
    if (reading.kind === 'absent') return {};
    if (reading.kind === 'deleted') return { inventive: answerAppointmentDeleted(pair.inventive, reading.stamp) };
    const { participants } = reading.record;
    const done = intent.writes.every((write) => isDone(write, participants));
    return { ...(done ? agreeing(pair, intent.settled) : {}), inventive: withParticipants(pair, pair, participants, answerAppointment(pair.inventive, reading.record, pair.base, now)) };
  }
  const reading = await vendors.google.get({ accountId: pair.accountId, calendarId: pair.calendarId }, intent.id);
  if (reading.kind === 'absent') return {};
  if (reading.kind === 'cancelled') return { google: answerEventCancelled(pair.google, reading.record) };
  return {
    ...(holds(reading.record, intent) ? agreeing(pair, intent.settled) : {}),
    google: answerEvent(pair.google, reading.record, pair.base, now, pair.inventive.record?.zone),
  };
}

function isDone(write: Extract<PeopleIntent, { side: 'inventive' }>['writes'][number], participants: readonly Participant[]): boolean {
  const row = participants.find(({ id }) => id === write.id);
  return write.kind === 'delete' ? row === undefined : row?.reply === write.reply;
}

/** Everybody who was meant to be in it is, with that reply, and nobody else. */
function holds({ attendees = [] }: GoogleEventRecord, { change }: Extract<PeopleIntent, { side: 'google' }>): boolean {
  const inShort = (list: readonly Readonly<Record<string, unknown>>[]): string => JSON.stringify(list.map((raw) => [String(raw['email'] ?? raw['id'] ?? ''), String(raw['responseStatus'] ?? 'needsAction')]).sort());
  return inShort(attendees.map(({ raw }) => raw)) === inShort(change.attendees);
}

const agreeing = ({ base }: Pair, people: AgreedPeople): PairChanges => (base === undefined ? {} : { base: { ...base, people } });
