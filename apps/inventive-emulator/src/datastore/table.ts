import { storageAttributes, type Dataclass, type Value, type Values } from '../catalog/dataclass.js';

export interface Row {
  /** Record number: the order of creation, in which rows come without `$orderby`. */
  readonly record: number;
  readonly key: string;
  /** `__STAMP`: counts the saves, 1 at creation. */
  readonly stamp: number;
  /** `__TIMESTAMP`, ISO 8601. */
  readonly savedAt: string;
  readonly values: Readonly<Values>;
}

/** A part of the rows that an index can give; `undefined` in a lookup means "all". */
export type Candidates = { attribute: string; oneOf: readonly Value[] } | { attribute: string; atLeast: number };

/** The committed rows of one dataclass in memory, with an index on every indexed attribute. */
export class Table {
  readonly dataclass: Dataclass;
  readonly #rows = new Map<string, Row>();
  readonly #equal = new Map<string, Map<Value, Set<string>>>();
  readonly #ordered = new Map<string, OrderedIndex>();
  #lastRecord = 0;
  /** Rows were put back out of order (restore, restart): iteration has to sort. */
  #unsorted = false;

  constructor(dataclass: Dataclass) {
    this.dataclass = dataclass;
    for (const attribute of storageAttributes(dataclass)) {
      if (attribute.indexed && attribute.type === 'uuid') this.#equal.set(attribute.name, new Map());
      if (attribute.indexed && attribute.type === 'long64') this.#ordered.set(attribute.name, new OrderedIndex());
    }
  }

  get size(): number {
    return this.#rows.size;
  }

  nextRecord(): number {
    this.#lastRecord += 1;
    return this.#lastRecord;
  }

  get(key: string): Row | undefined {
    return this.#rows.get(key);
  }

  put(row: Row): void {
    const before = this.#rows.get(row.key);
    if (before) this.#unindex(before);
    else if (row.record < this.#lastRecord) this.#unsorted = true;
    this.#lastRecord = Math.max(this.#lastRecord, row.record);
    this.#rows.set(row.key, row);
    for (const [name, index] of this.#equal) {
      const value = row.values[name] ?? null;
      const keys = index.get(value);
      if (keys) keys.add(row.key);
      else index.set(value, new Set([row.key]));
    }
    for (const [name, index] of this.#ordered) index.add(Number(row.values[name]), row.key);
  }

  delete(key: string): void {
    const row = this.#rows.get(key);
    if (!row) return;
    this.#unindex(row);
    this.#rows.delete(key);
  }

  clear(): void {
    this.#rows.clear();
    for (const index of this.#equal.values()) index.clear();
    for (const index of this.#ordered.values()) index.clear();
    this.#lastRecord = 0;
    this.#unsorted = false;
  }

  canFind(candidates: Candidates): boolean {
    return 'oneOf' in candidates ? this.#equal.has(candidates.attribute) : this.#ordered.has(candidates.attribute);
  }

  /** In order of creation. */
  rows(candidates?: Candidates): Row[] {
    if (!candidates) return this.#inOrder();
    const found: Row[] = [];
    for (const key of this.#keys(candidates)) {
      const row = this.#rows.get(key);
      if (row) found.push(row);
    }
    return found.sort((a, b) => a.record - b.record);
  }

  #keys(candidates: Candidates): Iterable<string> {
    if ('atLeast' in candidates) return this.#ordered.get(candidates.attribute)?.from(candidates.atLeast) ?? [];
    const index = this.#equal.get(candidates.attribute);
    return new Set(candidates.oneOf.flatMap((value) => [...(index?.get(value) ?? [])]));
  }

  #inOrder(): Row[] {
    if (this.#unsorted) {
      const sorted = [...this.#rows.values()].sort((a, b) => a.record - b.record);
      this.#rows.clear();
      for (const row of sorted) this.#rows.set(row.key, row);
      this.#unsorted = false;
    }
    return [...this.#rows.values()];
  }

  #unindex(row: Row): void {
    for (const [name, index] of this.#equal) {
      const keys = index.get(row.values[name] ?? null);
      keys?.delete(row.key);
      if (keys?.size === 0) index.delete(row.values[name] ?? null);
    }
    for (const [name, index] of this.#ordered) index.remove(Number(row.values[name]), row.key);
  }
}

/** Unique numbers in ascending order. New ones nearly always are the biggest, so that adding is cheap. */
class OrderedIndex {
  readonly #entries: Array<{ readonly value: number; readonly key: string }> = [];

  add(value: number, key: string): void {
    this.#entries.splice(this.#position(value), 0, { value, key });
  }

  remove(value: number, key: string): void {
    for (let at = this.#position(value); this.#entries[at]?.value === value; at += 1) {
      if (this.#entries[at]?.key === key) {
        this.#entries.splice(at, 1);
        return;
      }
    }
  }

  from(value: number): string[] {
    return this.#entries.slice(this.#position(value)).map((entry) => entry.key);
  }

  clear(): void {
    this.#entries.length = 0;
  }

  /** The first place whose value is not below `value`. */
  #position(value: number): number {
    const last = this.#entries.at(-1);
    if (!last || last.value < value) return this.#entries.length;
    let [low, high] = [0, this.#entries.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#entries[middle]?.value ?? Infinity) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
