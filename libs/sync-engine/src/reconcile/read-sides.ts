import type { Clock } from '../ports/clock.js';
import type { Vendors } from './execute-act.js';
import { answerAppointment, answerAppointmentDeleted, answerEvent, answerEventCancelled, asked } from './learn.js';
import type { Pair, SideName } from './pair.js';
import type { PairChanges } from './ports.js';
import type { SeriesWrites } from './series-writes.js';

export interface ReadSidesParts {
  readonly vendors: Vendors;
  readonly series: Pick<SeriesWrites, 'ask'>;
  readonly clock: Clock;
}

/** Asks the vendors themselves; what they say replaces what is known, and finding nothing proves nothing. */
export async function readSides(pair: Pair, sides: readonly SideName[], { vendors, clock, series }: ReadSidesParts): Promise<PairChanges> {
  const now = clock.now();
  let changes: PairChanges = {};
  if (sides.includes('inventive')) {
    const reading = await vendors.inventive.read(pair.source, pair.appointmentId);
    const seen = { ...pair.inventive, seq: pair.inventive.seq + 1, needsRead: false };
    changes = {
      ...changes,
      inventive: reading.kind === 'found' ? answerAppointment(pair.inventive, reading.record, pair.base, now)
        : reading.kind === 'deleted' ? answerAppointmentDeleted(pair.inventive, pair.appointmentId, reading.stamp)
        // Absence proves nothing: the side is unknown until somebody says more. What was said to be deleted stays so.
        : pair.inventive.record !== undefined && pair.inventive.record.id !== pair.appointmentId ? seen // A key that was chosen and not used yet.
          : { ...seen, state: afterAbsence(pair.inventive.state) },
    };
  }
  if (sides.includes('google')) {
    const reading = await vendors.google.get({ accountId: pair.accountId, calendarId: pair.calendarId }, pair.eventId);
    const seen = { ...asked(pair.google), seq: pair.google.seq + 1, needsRead: false };
    const isSeries = reading.kind === 'found' && reading.record.shape === 'master';
    if (isSeries || (reading.kind !== 'found' && pair.occurrence !== undefined)) await series.ask(pair);
    changes = {
      ...changes,
      google: reading.kind === 'found' ? answerEvent(pair.google, reading.record, pair.base, now, pair.inventive.record?.zone)
        : reading.kind === 'cancelled' && pair.occurrence === undefined ? answerEventCancelled(pair.google, reading.record)
        : { ...seen, state: afterAbsence(pair.google.state) },
    };
  }
  return changes;
}

const afterAbsence = (state: 'known' | 'tombstone' | 'unknown') => (state === 'tombstone' ? state : 'unknown');
