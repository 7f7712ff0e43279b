import type { CanonicalFields, FieldName, ZoneName } from '@calsync/calendar-model';
import { changedFields, viewGoogle, type Base } from '@calsync/sync-core';
import { answerAppointment, answerEvent } from './learn.js';
import type { Begun, Intent, Pair } from './pair.js';
import type { PairChanges } from './ports.js';

/** So many tries hang at once only where something is badly broken; the newest are the ones that still may end. */
const MOST_REMEMBERED = 4;

/**
 * A try to make an item that was given up, because it wasn't there or reads otherwise: the call may still hang, and make
 * it yet. What it would make is remembered until something is agreed on.
 */
export function rememberBegun({ begun = [], google }: Pick<Pair, 'begun' | 'google'>, intent: Extract<Intent, { act: 'create' }>): Pick<PairChanges, 'begun'> {
  const revives = intent.side === 'google' && google.state === 'tombstone';
  const mine: Begun = { side: intent.side, id: intent.id, settled: intent.settled, ...(revives ? { revives } : {}) };
  const others = begun.filter((other) => JSON.stringify(other) !== JSON.stringify(mine));
  return { begun: [...others, mine].slice(-MOST_REMEMBERED) };
}

/**
 * An item has come that an earlier try began to make, and whose answer nobody waited for. Nothing was agreed on since, so what
 * that try wrote is what both sides had: an untouched one follows its appointment or event, also into its deletion, and one
 * that reads otherwise was edited.
 */
export function recallBegun(pair: Pair, now: number): PairChanges | undefined {
  // What is to be read is read first: an answer that is believed now would stand for it.
  if (pair.inventive.needsRead || pair.google.needsRead) return undefined;
  const { inventive, google } = pair;
  // What can't be seen on the other side may never have been made there: were it agreed on, it wouldn't be made any more.
  if (pair.begun === undefined || inventive.state === 'unknown' || google.state === 'unknown') return undefined;
  const agreed = agreedInGoogle(pair) ?? agreedInInventive(pair);
  if (agreed === undefined) return undefined;
  return {
    base: agreed,
    begun: null,
    // When each field first differed is told from what was agreed on.
    ...(inventive.state === 'known' && inventive.record !== undefined ? { inventive: answerAppointment(inventive, inventive.record, agreed, now) } : {}),
    ...(google.state === 'known' && google.record !== undefined ? { google: answerEvent(google, google.record, agreed, now, inventive.record?.zone) } : {}),
  };
}

function agreedInGoogle({ begun = [], base, google, eventId, googleGeneration, inventive }: Pair): Base | undefined {
  const { state, record } = google;
  // Its marks are written by the same call that makes it.
  if (state !== 'known' || record === undefined || record.marks?.inventiveEvent !== `${eventId}.${googleGeneration}`) return undefined;
  const tries = begun.filter(({ side, id }) => side === 'google' && id === eventId).toReversed();
  const zone = inventive.record?.zone ?? record.zone ?? 'UTC';
  return agreedOf(tries, ({ settled }) => changedFields(settled, viewGoogle(record.fields, settled).fields, zone), base, zone);
}

function agreedInInventive({ begun = [], base, inventive, appointmentId }: Pair): Base | undefined {
  const { state, record } = inventive;
  if (state !== 'known' || record === undefined || record.id !== appointmentId) return undefined;
  const tries = begun.filter(({ side, id }) => side === 'inventive' && id === appointmentId).toReversed();
  return agreedOf(tries, ({ settled }) => changedFields(settled, record.fields, record.zone), base, record.zone);
}

/** What was agreed on in between counts more than a try of which something else became. */
function agreedOf(tries: readonly Begun[], changed: (one: Begun) => readonly FieldName[], base: Base | undefined, zone: ZoneName): Base | undefined {
  const untouched = tries.find((one) => changed(one).length === 0);
  if (untouched !== undefined) return untouched.settled;
  // Of a deleted event that is back, it may be its first life that reads so.
  const [latest, ...older] = tries.filter(({ revives }) => revives !== true);
  if (latest === undefined || base !== undefined) return undefined;
  // Which of several made it nobody knows: where they differ nothing was agreed on, so that nothing is overwritten unseen.
  const unsure = older.flatMap(({ settled }) => changedFields(latest.settled, settled.fields, zone));
  const fields = Object.fromEntries(Object.entries(latest.settled.fields).filter(([field]) => !unsure.includes(field as FieldName))) as Partial<CanonicalFields>;
  return { ...latest.settled, fields };
}
