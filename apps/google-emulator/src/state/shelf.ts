import type { DocumentTable } from '@calsync/emulator-kit';

/** Steps that take memory back to where a change began, newest last. */
export type UndoLog = Array<() => void>;

/** A table held in memory and written through: reads cost nothing, writes survive `kill -9`. Iterates in order of the last put. */
export class Shelf<T> {
  readonly #items = new Map<string, T>();

  constructor(
    private readonly table: DocumentTable<T>,
    private readonly undo: UndoLog,
    order: (a: T, b: T) => number = () => 0,
  ) {
    const stored = [...table.all()].sort(([, a], [, b]) => order(a, b));
    for (const [key, value] of stored) this.#items.set(key, value);
  }

  get size(): number {
    return this.#items.size;
  }

  get(key: string): T | undefined {
    return this.#items.get(key);
  }

  put(key: string, value: T): void {
    const before = this.#items.get(key);
    this.undo.push(() => (before === undefined ? this.#items.delete(key) : this.#items.set(key, before)));
    this.#items.delete(key);
    this.#items.set(key, value);
    this.table.put(key, value);
  }

  /** Like put, but the item keeps its place in the order. */
  replace(key: string, value: T): void {
    const before = this.#items.get(key);
    if (before === undefined) return this.put(key, value);
    this.undo.push(() => this.#items.set(key, before));
    this.#items.set(key, value);
    this.table.put(key, value);
  }

  delete(key: string): void {
    const before = this.#items.get(key);
    if (before === undefined) return;
    this.undo.push(() => this.#items.set(key, before));
    this.#items.delete(key);
    this.table.delete(key);
  }

  values(): IterableIterator<T> {
    return this.#items.values();
  }

  clear(): void {
    const before = [...this.#items];
    this.undo.push(() => before.forEach(([key, value]) => this.#items.set(key, value)));
    this.#items.clear();
    this.table.clear();
  }
}
