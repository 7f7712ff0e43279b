export interface Message {
  readonly state: 'sync' | 'exists';
  readonly number: number;
}

/** An answer, or undefined if the connection failed. */
export type Delivery = { readonly status: number } | undefined;

export type Result =
  | { readonly kind: 'delivered'; readonly status: number; readonly attempts: number }
  | { readonly kind: 'failed'; readonly status: number | undefined; readonly attempts: number }
  /** The channel ended while the message waited. */
  | { readonly kind: 'closed'; readonly attempts: number };

export interface QueueParts {
  readonly retryBaseMs: number;
  readonly attempts: number;
  isOpen(): boolean;
  deliver(message: Message): Promise<Delivery>;
  started(message: Message): void;
  ended(message: Message, result: Result): void;
}

const success = [200, 201, 202, 204, 102];
const worthRetrying = [500, 502, 503, 504];
const longestBackoffMs = 60_000;

/** One channel's messages, one after another. A new message ends the wait of a failing one: the address may be back. */
export class ChannelQueue {
  readonly #waiting: Message[] = [];
  #running = false;
  #closed = false;
  #wake: (() => void) | undefined;

  constructor(private readonly parts: QueueParts) {}

  add(message: Message): void {
    this.#waiting.push(message);
    this.#wake?.();
    if (!this.#running) void this.#run();
  }

  close(): void {
    this.#closed = true;
    this.#waiting.length = 0;
    this.#wake?.();
  }

  async #run(): Promise<void> {
    this.#running = true;
    for (let message = this.#waiting.shift(); message !== undefined && !this.#closed; message = this.#waiting.shift()) {
      this.parts.started(message);
      this.parts.ended(message, await this.#send(message));
    }
    this.#running = false;
  }

  async #send(message: Message): Promise<Result> {
    for (let attempt = 1; ; attempt += 1) {
      if (this.#closed || !this.parts.isOpen()) return { kind: 'closed', attempts: attempt - 1 };
      const delivery = await this.parts.deliver(message);
      if (delivery !== undefined && success.includes(delivery.status)) return { kind: 'delivered', status: delivery.status, attempts: attempt };
      const retry = delivery === undefined || worthRetrying.includes(delivery.status);
      if (!retry || attempt >= this.parts.attempts) return { kind: 'failed', status: delivery?.status, attempts: attempt };
      await this.#pause(Math.min(longestBackoffMs, this.parts.retryBaseMs * 2 ** (attempt - 1)));
    }
  }

  async #pause(ms: number): Promise<void> {
    if (this.#closed) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }
}
