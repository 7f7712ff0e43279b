/** The counter, and a moment by our clock at which it surely stood there already. */
export interface Mark {
  readonly stamp: bigint;
  readonly at: number;
}

/** Marks kept for one longest transaction: more would only make the overlap a little smaller. */
const MARKS_KEPT = 32;

/** Notes where the counter stood. A mark that is left out only means that stamps count as settled a little later. */
export function addMark(marks: readonly Mark[], mark: Mark, longestTransactionMs: number): readonly Mark[] {
  const last = marks.at(-1);
  if (last === undefined) return [mark];
  if (last.stamp >= mark.stamp) return marks;
  // Skipped rather than replaced: under steady change a mark that is always replaced would never grow old.
  if (mark.at - last.at < longestTransactionMs / MARKS_KEPT) return marks;
  return [...marks, mark];
}

/**
 * After a pass that read everything from `readFrom` on and began at `passBeganAt`: where the next one has to begin.
 *
 * A stamp is taken when a row is saved and becomes visible when its transaction commits. A stamp below the counter as it
 * stood longer ago than the longest transaction was committed before the pass began, so the pass saw it.
 */
export function settle(
  readFrom: bigint,
  marks: readonly Mark[],
  passBeganAt: number,
  longestTransactionMs: number,
): { readonly readFrom: bigint; readonly marks: readonly Mark[] } {
  const old = marks.filter(({ at }) => at <= passBeganAt - longestTransactionMs);
  const settled = old.reduce((highest, { stamp }) => (stamp > highest ? stamp : highest), readFrom);
  return { readFrom: settled, marks: marks.filter(({ stamp }) => stamp > settled) };
}

/** When a pass could settle more; undefined where no mark waits. */
export function settlesAt(marks: readonly Mark[], longestTransactionMs: number): number | undefined {
  const first = marks[0];
  return first === undefined ? undefined : first.at + longestTransactionMs;
}
