/**
 * Works on many, a few at once, in the order in which they came. Who waits or is in work already isn't taken in again, so each
 * gets one turn before anybody gets a second, and one that takes long holds up no more than its own place.
 */
export class FairQueue<Key> {
  private readonly waiting = new Map<Key, () => Promise<void>>();
  private readonly working = new Map<Key, Promise<void>>();
  private closed = false;

  constructor(private readonly width: number) {}

  /** `work` handles its own failures. */
  add(key: Key, work: () => Promise<void>): void {
    if (this.closed || this.waiting.has(key) || this.working.has(key)) return;
    this.waiting.set(key, work);
    this.startNext();
  }

  /** Resolves once nothing waits and nothing is in work. */
  async idle(): Promise<void> {
    while (this.working.size > 0) await Promise.all(this.working.values());
  }

  /** No new work; resolves once what was begun is done. */
  stop(): Promise<void> {
    this.closed = true;
    this.waiting.clear();
    return this.idle();
  }

  private startNext(): void {
    for (const [key, work] of this.waiting) {
      if (this.working.size >= this.width) return;
      this.waiting.delete(key);
      this.working.set(key, Promise.resolve().then(work).finally(() => {
        this.working.delete(key);
        this.startNext();
      }));
    }
  }
}
