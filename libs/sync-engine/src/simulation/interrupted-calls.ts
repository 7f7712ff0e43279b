/** A process died here. */
export class Killed extends Error {}

/** Hangs a call until it may go on; `reached` tells that it hangs. */
export class Stall {
  readonly #reached = Promise.withResolvers<void>();
  readonly #released = Promise.withResolvers<void>();
  readonly reached = this.#reached.promise;
  constructor(readonly when: 'before' | 'after') {}
  async wait(): Promise<void> {
    this.#reached.resolve();
    await this.#released.promise;
  }
  goOn(): void {
    this.#released.resolve();
  }
}

/** The same object, with something around each of its calls. */
export function eachCall<Port extends object>(port: Port, around: (call: () => Promise<unknown>) => Promise<unknown>): Port {
  return new Proxy(port, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      return typeof method === 'function' ? (...args: unknown[]) => around(async () => Reflect.apply(method, target, args) as unknown) : method;
    },
  });
}
