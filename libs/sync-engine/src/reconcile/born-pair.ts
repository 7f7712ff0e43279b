import {
  asGoogleEventId, asInventiveId, deriveAppointmentId, deriveGoogleEventId, derivePairId,
  type AppointmentRecord, type GoogleEventRecord, type InventiveId, type PairId,
} from '@calsync/calendar-model';
import type { Account } from '../ports/account.js';
import { learnAppointment, learnEvent } from './learn.js';
import { startPair, UNSEEN, type Pair } from './pair.js';

/** The derived id of the other side stands on the pair from the first moment, so whichever message comes next finds it. */
export function pairBornInInventive(record: AppointmentRecord, account: Account, now: number, again?: number): Pair {
  const id = derivePairId(account.id, { side: 'inventive', appointmentId: record.id, ...(again === undefined ? {} : { again }) });
  const learnt = learnAppointment(UNSEEN, record, undefined, now);
  return startPair({
    id,
    revision: firstRevision(now),
    accountId: account.id,
    source: account.source,
    appointmentId: record.id,
    calendarId: account.calendarId,
    eventId: deriveGoogleEventId(id, 0),
    administrationId: record.administrationId,
    ...(learnt.kind === 'changed' ? { inventive: learnt.side } : {}),
  });
}

/**
 * Born in Google, unless its marks count: then it is the event of that appointment, of a database that was lost.
 * A mark counts only if it is of this installation and names its own event.
 */
export function pairBornInGoogle(record: GoogleEventRecord, account: Account, now: number, again = 0): Pair {
  const { seriesId } = record.occurrence ?? {};
  const id = pairIdOf(record, account, again);
  // Those of an occurrence are its master's, of the time when that was a single event.
  const marked = seriesId === undefined ? markedAppointment(record, account) : undefined;
  const learnt = learnEvent(UNSEEN, record, undefined, now);
  return startPair({
    id,
    revision: firstRevision(now),
    accountId: account.id,
    source: account.source,
    appointmentId: marked?.appointmentId ?? deriveAppointmentId(id, 0),
    calendarId: record.calendarId,
    eventId: record.id,
    ...keyOfOccurrence(record),
    administrationId: marked?.administrationId ?? account.administrationId,
    ...(marked === undefined ? {} : { googleGeneration: marked.generation, inventive: { ...UNSEEN, needsRead: true } }),
    ...(learnt.kind === 'changed' ? { google: learnt.side } : {}),
  });
}

/**
 * Later than any of a pair of the same id in a database that was lost: a worker that hung since can't save what it read for
 * that one, and who follows our outcomes sees the revision grow. In seconds, so that it stays within 32 bits for them.
 */
const firstRevision = (now: number): number => Math.floor(now / 1_000);

/** More often nothing is made anew under one id in a while. */
const MOST_GENERATIONS = 4;

/**
 * The keys of the rows that are made of this event, the latest first: in a rebuild they tell what belongs together, marks or not.
 * Where its marks name a row that was deleted, it may be made anew under that one's pair, too.
 */
export function madeAs(record: GoogleEventRecord, account: Account): readonly InventiveId[] {
  const named = markedAppointment(record, account)?.appointmentId;
  const ids = [pairIdOf(record, account, 0), ...(named === undefined ? [] : [derivePairId(account.id, { side: 'inventive', appointmentId: named })])];
  const generations = Array.from({ length: MOST_GENERATIONS }, (_, at) => MOST_GENERATIONS - 1 - at);
  return generations.flatMap((generation) => ids.map((id) => deriveAppointmentId(id, generation)));
}

function pairIdOf({ calendarId, id, occurrence }: GoogleEventRecord, account: Account, again: number): PairId {
  const { seriesId, originalStart } = occurrence ?? {};
  return derivePairId(account.id, {
    side: 'google', calendarId, eventId: seriesId ?? (again === 0 ? id : asGoogleEventId(`${id}~${again}`)),
    // An occurrence is known by its series and start: a rebuild finds the appointment that was made of it.
    ...(originalStart === undefined ? {} : { originalStart: again === 0 ? originalStart : `${originalStart}~${again}` }),
  });
}

/** One appointment and one event that were found to be the same. */
export function pairBornOnBothSides(record: AppointmentRecord, event: GoogleEventRecord, account: Account, now: number): Pair {
  const google = learnEvent(UNSEEN, event, undefined, now, record.zone);
  return {
    ...pairBornInInventive(record, account, now),
    eventId: event.id,
    ...keyOfOccurrence(event),
    googleGeneration: markedAppointment(event, account)?.generation ?? 0,
    ...(google.kind === 'changed' ? { google: google.side } : {}),
  };
}

const keyOfOccurrence = ({ occurrence }: GoogleEventRecord): Pick<Pair, 'occurrence'> =>
  occurrence === undefined ? {} : { occurrence: { seriesId: occurrence.seriesId, originalStart: occurrence.originalStart } };

/** A person asked for it, by a link or by the window that they chose: the brake on creations doesn't count it. */
export const imported = (pair: Pair): Pair => ({ ...pair, imported: true });

/** The appointment that an event's own marks name, if they count. */
export function markedAppointment(record: GoogleEventRecord, account: Account): { appointmentId: InventiveId; administrationId?: InventiveId; generation: number } | undefined {
  const { inventiveInstallation, inventiveAdministration, inventiveAppointment, inventiveEvent } = record.marks ?? {};
  if (inventiveInstallation !== account.installation || inventiveAppointment === undefined) return undefined;
  const [eventId, generation] = inventiveEvent?.split('.') ?? [];
  if (eventId === undefined || asGoogleEventId(eventId) !== record.id) return undefined;
  if (!isKey(inventiveAppointment)) return undefined;
  return {
    appointmentId: asInventiveId(inventiveAppointment),
    ...(inventiveAdministration !== undefined && isKey(inventiveAdministration) ? { administrationId: asInventiveId(inventiveAdministration) } : {}),
    generation: Number(generation ?? 0),
  };
}

const isKey = (text: string): boolean => /^[0-9A-Fa-f-]{32,36}$/.test(text);
