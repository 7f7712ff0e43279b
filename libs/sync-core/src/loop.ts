/** One write of ours to a pair; `value` names what was written where (a hash will do). */
export interface PairWrite {
  readonly atMs: number;
  readonly value: string;
}

export interface LoopLimits {
  readonly writes: number;
  readonly withinMs: number;
}

/** A person who toggles a thing three times in ten minutes makes five changes; six in turn is a machine. */
export const LOOP_DEFAULTS: LoopLimits = { writes: 6, withinMs: 600_000 };

/**
 * True where the last writes came within a short while and only a few values took turns: two parties undo each other, and the pair
 * goes into quarantine. Many different values in a row are somebody typing.
 */
export function isAlternating(history: readonly PairWrite[], limits: LoopLimits = LOOP_DEFAULTS): boolean {
  const latest = [...history].sort((a, b) => a.atMs - b.atMs).slice(-limits.writes);
  const [first, last] = [latest[0], latest.at(-1)];
  if (first === undefined || last === undefined || latest.length < limits.writes || last.atMs - first.atMs > limits.withinMs) return false;
  return latest.every((write, at) => at < 2 || write.value === latest[at - 2]?.value);
}
