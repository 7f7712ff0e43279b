import type { DeletedRow, StampedRow } from './capture-source.js';

const nameOf = ({ kind, id, stamp }: StampedRow | DeletedRow, deletion: boolean): string => `${deletion ? '-' : '+'}${kind}/${id}@${stamp}`;

/** The rows that were dealt with in this tenure, from the stamp where re-reading begins. */
export class SeenRows {
  readonly #names = new Map<string, bigint>();
  readonly #stamps = new Set<bigint>();

  unseenRows(rows: readonly StampedRow[]): readonly StampedRow[] {
    return rows.filter((row) => !this.#names.has(nameOf(row, false)));
  }

  unseenDeletions(rows: readonly DeletedRow[]): readonly DeletedRow[] {
    return rows.filter((row) => !this.#names.has(nameOf(row, true)));
  }

  addRows(rows: readonly StampedRow[]): void {
    for (const row of rows) this.#add(nameOf(row, false), row.stamp);
  }

  addDeletions(rows: readonly DeletedRow[]): void {
    for (const row of rows) this.#add(nameOf(row, true), row.stamp);
  }

  hasStamp(stamp: bigint): boolean {
    return this.#stamps.has(stamp);
  }

  /** Lower stamps are never read again. */
  forgetBelow(stamp: bigint): void {
    for (const [name, of] of this.#names) if (of < stamp) this.#names.delete(name);
    for (const of of this.#stamps) if (of < stamp) this.#stamps.delete(of);
  }

  get size(): number {
    return this.#names.size;
  }

  #add(name: string, stamp: bigint): void {
    this.#names.set(name, stamp);
    this.#stamps.add(stamp);
  }
}
