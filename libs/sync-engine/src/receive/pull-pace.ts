/** Some pulls close together cost nothing; a flood of hints must not use up a user's 600 calls a minute. */
const AT_ONCE = 20;
const THEN_EVERY_MS = 200;

/** How soon each calendar may be pulled again: at once for a while, then five times a second. */
export class PullPace {
  readonly #turns = new Map<string, { left: number; at: number }>();

  /** 0 takes a turn; else how long to wait before asking again. */
  waitMs(key: string, now: number): number {
    const known = this.#turns.get(key) ?? { left: AT_ONCE, at: now };
    // A clock that was set back gives nothing and takes nothing.
    const earned = Math.max(0, now - known.at) / THEN_EVERY_MS;
    const left = Math.min(AT_ONCE, known.left + earned);
    const taken = left >= 1;
    this.#turns.set(key, { left: taken ? left - 1 : left, at: now });
    return taken ? 0 : Math.ceil((1 - left) * THEN_EVERY_MS);
  }
}
