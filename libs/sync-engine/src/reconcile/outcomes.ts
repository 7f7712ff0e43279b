import type { Reason } from '@calsync/calendar-model';
import type { Conflict } from '@calsync/sync-core';
import type { Message } from '@calsync/event-contracts';
import type { Failure } from '../failures/failure.js';
import type { Intent, Pair, PeopleIntent, SideName } from './pair.js';
import { writtenFields } from './execute-act.js';

/** What others may know of a write or of why there was none: ids, names of fields and figures, never a value. */
export function applied(pair: Pair, intent: Intent | PeopleIntent, now: number): Message {
  const learntAt = (intent.side === 'google' ? pair.inventive : pair.google).receivedAt;
  return {
    ...envelope(pair, now, `${intent.side}.${intent.act}`),
    type: 'nl.inventive.sync.applied.v1',
    data: {
      ...subjectOf(pair, now),
      side: intent.side,
      act: intent.act === 'people' ? 'update' : intent.act,
      fields: [...writtenFields(intent)],
      latencyMs: learntAt === undefined ? 0 : Math.max(0, now - learntAt),
    },
  };
}

export function conflictSettled(pair: Pair, field: Conflict['field'], winner: SideName, now: number): Message {
  return { ...envelope(pair, now, `conflict.${field}`), type: 'nl.inventive.sync.conflict.v1', data: { ...subjectOf(pair, now), field, winner } };
}

export function failed(pair: Pair, failure: Failure, now: number): Message {
  return {
    ...envelope(pair, now, 'failed'),
    type: 'nl.inventive.sync.failed.v1',
    data: { ...subjectOf(pair, now), failure: failure.kind, cause: failure.message, attempts: pair.attempts + 1 },
  };
}

export function held(pair: Pair, reason: Reason, now: number): Message {
  return { ...envelope(pair, now, 'held'), type: 'nl.inventive.sync.held.v1', data: { ...subjectOf(pair, now), reason } };
}

/** The id is made of the pair and its revision: telling the same step again is the same message. */
function envelope(pair: Pair, now: number, step: string) {
  return { id: `${pair.id}.${pair.revision + 1}.${step}`, key: pair.id, source: '/reconciler', time: new Date(now).toISOString(), subject: pair.appointmentId };
}

function subjectOf(pair: Pair, now: number) {
  return {
    pairId: pair.id,
    revision: pair.revision + 1,
    accountId: pair.accountId,
    source: pair.source,
    appointmentId: pair.appointmentId,
    calendarId: pair.calendarId,
    eventId: pair.eventId,
    at: new Date(now).toISOString(),
  };
}
