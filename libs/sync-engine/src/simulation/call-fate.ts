import { Failure } from '../failures/failure.js';

/** How the next call goes wrong, if it does: the simulation draws it. */
export type CallFate = 'works' | 'fails' | 'over-quota' | 'applies-then-fails';

/** Does what a vendor was asked for, or not, and answers, or not. */
export function underFate<Answer>(fate: CallFate, act: () => Answer): Answer {
  if (fate === 'fails') throw new Failure('transient', 'the model did not answer');
  if (fate === 'over-quota') throw new Failure('quota', 'the model had too many calls', { retryAfterMs: 60_000 });
  const answer = act();
  if (fate === 'applies-then-fails') throw new Failure('transient', 'the answer of the model was lost');
  return answer;
}
