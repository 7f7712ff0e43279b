interface Announced {
  readonly stamp: bigint;
  readonly firstAt: number;
  reads: number;
  readAt: number;
}

const FIRST_WAIT_MS = 5;
const LONGEST_WAIT_MS = 1_000;
/** Beyond this the poll and the overlap do the work; a flood of nudges must not fill the memory. */
const MOST_AWAITED = 10_000;

/**
 * The stamps that nudges announced and that nobody has seen yet. A nudge may precede the commit or be for a save that is
 * rolled back, so a stamp is looked for at once, then after growing waits, until the longest transaction has passed.
 */
export class NudgeBook {
  readonly #awaited = new Map<bigint, Announced>();
  readonly #longestTransactionMs: number;

  constructor(longestTransactionMs: number) {
    this.#longestTransactionMs = longestTransactionMs;
  }

  announce(stamp: bigint, now: number): void {
    const known = this.#awaited.get(stamp);
    if (known !== undefined) known.readAt = now;
    else if (this.#awaited.size < MOST_AWAITED) this.#awaited.set(stamp, { stamp, firstAt: now, reads: 0, readAt: now });
  }

  get size(): number {
    return this.#awaited.size;
  }

  /** When the next read is due. */
  dueAt(): number | undefined {
    let due: number | undefined;
    for (const { readAt } of this.#awaited.values()) due = due === undefined || readAt < due ? readAt : due;
    return due;
  }

  /** The lowest stamp that is looked for. */
  lowest(): bigint | undefined {
    let lowest: bigint | undefined;
    for (const { stamp } of this.#awaited.values()) lowest = lowest === undefined || stamp < lowest ? stamp : lowest;
    return lowest;
  }

  /** When the oldest nudge came that a read now would answer. */
  oldestUnread(): number | undefined {
    let oldest: number | undefined;
    for (const { firstAt, reads } of this.#awaited.values()) if (reads === 0 && (oldest === undefined || firstAt < oldest)) oldest = firstAt;
    return oldest;
  }

  /** After a read that began at `beganAt`: forgets what was seen or can't come any more, and plans the next look for the rest. */
  afterRead(isSeen: (stamp: bigint) => boolean, beganAt: number, now: number): void {
    for (const [stamp, announced] of this.#awaited) {
      const lastLook = announced.firstAt + this.#longestTransactionMs;
      if (isSeen(stamp) || beganAt >= lastLook) {
        this.#awaited.delete(stamp);
        continue;
      }
      // Came while the read ran: that read may have missed it.
      if (announced.readAt > beganAt) continue;
      announced.reads += 1;
      const wait = Math.min(FIRST_WAIT_MS * 2 ** (announced.reads - 1), LONGEST_WAIT_MS);
      announced.readAt = Math.min(now + wait, Math.max(lastLook, now));
    }
  }
}
