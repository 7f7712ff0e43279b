import type { Reason } from '@calsync/calendar-model';
import type { Intent, Pair, PeopleIntent } from './pair.js';
import type { PairChanges } from './ports.js';

/**
 * `done`: converged. `again`: something moved meanwhile. `paced`: written twice within a second already, the last state is
 * written at its end. `waits`: not before that moment, or until a person acts.
 */
export type Worked =
  | { readonly kind: 'done'; readonly dueSeq: number }
  | { readonly kind: 'again' }
  | { readonly kind: 'paced'; readonly notBefore: number }
  | { readonly kind: 'waits'; readonly notBefore: number; readonly reason: Reason };

/** One step further (`next` undefined: somebody else changed the pair, it is claimed anew), or the end. */
export type Turn = { readonly next: Pair | undefined; readonly refused?: true } | { readonly worked: Worked };

/** One write, with what of the pair's identity is stored before the call. */
export interface Step {
  readonly intent: Intent | PeopleIntent;
  readonly identity: PairChanges;
}

/** Named steps between which a crash is tried in tests. */
export type ReconcileStep =
  | 'reconcile:after-intent-before-call'
  | 'reconcile:after-call-before-save'
  | 'reconcile:after-save-before-finish';
