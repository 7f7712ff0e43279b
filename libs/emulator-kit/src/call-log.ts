import type { DocumentStore, DocumentTable } from './document-store.js';

type CallFields = Record<string, string | number | undefined>;

/**
 * What `stats` shows: a count for each kind of call, and every accepted write since the last `clear`, uncapped.
 * Both stand in the store, so they survive `kill -9`; a write that is logged inside a transaction shares its fate.
 */
export class CallLog<C extends CallFields, W> {
  readonly #calls: DocumentTable<C & { count: number }>;
  readonly #writes: DocumentTable<W>;
  readonly #counts = new Map<string, C & { count: number }>();
  #lastWrite: number;

  constructor(store: DocumentStore, prefix = 'stats') {
    this.#calls = store.table(`${prefix}.calls`);
    this.#writes = store.table(`${prefix}.writes`);
    for (const [key, call] of this.#calls.all()) this.#counts.set(key, call);
    this.#lastWrite = Number(this.#writes.lastKey() ?? 0);
  }

  /** Calls with the same fields share one count. */
  count(call: C): void {
    const key = JSON.stringify(Object.entries(call).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    const counted = { ...call, count: (this.#counts.get(key)?.count ?? 0) + 1 };
    this.#counts.set(key, counted);
    this.#calls.put(key, counted);
  }

  write(write: W): void {
    this.#lastWrite += 1;
    this.#writes.put(String(this.#lastWrite).padStart(12, '0'), write);
  }

  calls(): Array<C & { count: number }> {
    return [...this.#counts.values()];
  }

  /** Oldest first. */
  writes(): W[] {
    return Array.from(this.#writes.all(), ([, write]) => write);
  }

  clear(): void {
    this.#counts.clear();
    this.#calls.clear();
    this.#writes.clear();
    this.#lastWrite = 0;
  }
}
