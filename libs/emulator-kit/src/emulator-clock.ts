/** Real time plus an offset: it keeps running after it was set, as a server's clock does. */
export class EmulatorClock {
  #offsetMs: number;
  readonly #onChange: (offsetMs: number) => void;

  /** `offsetMs`: what `onChange` was last told, so that an owner who stores it gets the same time back after a restart. */
  constructor(options: { offsetMs?: number; onChange?: (offsetMs: number) => void } = {}) {
    this.#offsetMs = options.offsetMs ?? 0;
    this.#onChange = options.onChange ?? (() => undefined);
  }

  nowMs(): number {
    return Date.now() + this.#offsetMs;
  }

  now(): Date {
    return new Date(this.nowMs());
  }

  /** Sets the clock to an ISO 8601 instant (with `Z` or an offset). Throws a RangeError on anything else. */
  set(instant: string): void {
    this.#moveTo(Temporal.Instant.from(instant).epochMilliseconds - Date.now());
  }

  /** Moves the clock by an ISO 8601 duration; calendar units count in UTC, a minus sign goes back. */
  advance(isoDuration: string): void {
    const start = Temporal.Instant.fromEpochMilliseconds(this.nowMs()).toZonedDateTimeISO('UTC');
    const end = start.add(Temporal.Duration.from(isoDuration));
    this.#moveTo(this.#offsetMs + (end.epochMilliseconds - start.epochMilliseconds));
  }

  /** Back to real time. */
  reset(): void {
    this.#moveTo(0);
  }

  #moveTo(offsetMs: number): void {
    this.#offsetMs = offsetMs;
    this.#onChange(offsetMs);
  }
}
