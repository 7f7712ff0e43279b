import { place } from '../datastore/transaction.js';

/** Records that a session has locked by `$lock=true`; a session that ended holds nothing. */
export class Locks {
  readonly #holders = new Map<string, string>();
  readonly #isAlive: (sessionId: string) => boolean;

  constructor(isAlive: (sessionId: string) => boolean) {
    this.#isAlive = isAlive;
  }

  /** Who else holds the record. */
  heldByOther(dataclass: string, key: string, sessionId: string): boolean {
    const holder = this.#holders.get(place(dataclass, key));
    if (holder === undefined || holder === sessionId) return false;
    if (this.#isAlive(holder)) return true;
    this.#holders.delete(place(dataclass, key));
    return false;
  }

  lock(dataclass: string, key: string, sessionId: string): boolean {
    if (this.heldByOther(dataclass, key, sessionId)) return false;
    this.#holders.set(place(dataclass, key), sessionId);
    return true;
  }

  /** Only the holder can. */
  unlock(dataclass: string, key: string, sessionId: string): boolean {
    return this.#holders.get(place(dataclass, key)) === sessionId && this.#holders.delete(place(dataclass, key));
  }

  forget(dataclass: string, key: string): void {
    this.#holders.delete(place(dataclass, key));
  }

  clear(): void {
    this.#holders.clear();
  }
}
