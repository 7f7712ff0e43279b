import type { Reason } from '@calsync/calendar-model';
import type { Intent, Pair, PeopleIntent } from './pair.js';

/** What happened once, and whoever made the edit may look later. */
const HAPPENED: readonly Reason[] = ['read-only-event-restored', 'edit-beats-delete'];
/** Said of a pair that is in step all the same. */
const IN_STEP: readonly Reason[] = [...HAPPENED, 'guests-not-synchronised', 'private-content-stays'];
/** The writes that follow from one edit come within moments of each other. */
const SAME_MATTER_MS = 60_000;

/** Whether these reasons leave the pair to be worked on like any other: none of them is why it rests. */
export const sayNoRest = (reasons: readonly Reason[]): boolean => reasons.every((reason) => IN_STEP.includes(reason));

/** What happened stays said while the pair is at rest, until there is more to say. */
export function saidAtRest(pair: Pair, reasons: readonly Reason[]): readonly Reason[] {
  return sayNoRest(reasons) ? withBefore(pair, HAPPENED, reasons) : reasons;
}

/**
 * A deleted item that is made again takes several writes: under the next id where the old one is burnt, then its marks or its
 * block. None of them may take back that it was made again because somebody had edited it. That a deletion was kept is said only once
 * it was: by that a later plan knows what was decided, and a mark that is about to be set is none yet.
 */
export function saidWhileWriting(pair: Pair, { act }: Intent | PeopleIntent, planned: readonly Reason[], now: number): readonly Reason[] {
  const reasons = planned.filter((reason) => reason !== 'deletion-kept');
  const last = pair.recentWrites.at(-1);
  const isSameMatter = act === 'create' || (act !== 'delete' && last !== undefined && now - last.at < SAME_MATTER_MS);
  return isSameMatter && sayNoRest(reasons) ? withBefore(pair, ['edit-beats-delete'], reasons) : reasons;
}

const withBefore = (pair: Pair, kept: readonly Reason[], reasons: readonly Reason[]): readonly Reason[] =>
  [...kept.filter((reason) => pair.reasons.includes(reason) && !reasons.includes(reason)), ...reasons];
