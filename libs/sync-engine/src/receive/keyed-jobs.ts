/**
 * Runs one job per key at a time and a bounded number in all. Waking a key whose job is running makes it run once more
 * afterwards, however often it was woken: a wake-up is never swallowed, and never piles up.
 */
export class KeyedJobs {
  readonly #waiting = new Set<string>();
  readonly #running = new Map<string, { again: boolean }>();
  readonly #run: (key: string) => Promise<void>;
  #closed = false;
  #idle: (() => void)[] = [];

  /** `run` must not reject: its own failures are its own business. */
  constructor(run: (key: string) => Promise<void>, private readonly concurrency: number) {
    this.#run = run;
  }

  wake(key: string): void {
    if (this.#closed) return;
    const running = this.#running.get(key);
    if (running) running.again = true;
    else this.#waiting.add(key);
    this.#fill();
  }

  get load(): { readonly running: number; readonly waiting: number } {
    return { running: this.#running.size, waiting: this.#waiting.size };
  }

  /** Takes no more and waits for what is running. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#waiting.clear();
    if (this.#running.size > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #fill(): void {
    for (const key of this.#waiting) {
      if (this.#running.size >= this.concurrency) return;
      this.#waiting.delete(key);
      this.#start(key);
    }
  }

  #start(key: string): void {
    const mark = { again: false };
    this.#running.set(key, mark);
    void this.#run(key)
      .catch(() => undefined)
      .then(() => {
        this.#running.delete(key);
        // Behind those who wait already: a busy calendar takes turns with the others.
        if (mark.again && !this.#closed) this.#waiting.add(key);
        this.#fill();
        if (this.#running.size === 0) this.#idle.splice(0).forEach((resolve) => resolve());
      });
  }
}
