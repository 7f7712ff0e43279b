import { DELETED_RECORDS, dataclassNamed } from '../catalog/inventive-model.js';
import type { Dataclass, Values } from '../catalog/dataclass.js';
import type { Row, Table } from './table.js';

/** One row as it will stand; `row` null where it goes. Plain JSON, so that a transaction can wait in the store. */
export interface Change {
  readonly dataclass: string;
  readonly key: string;
  readonly row: Row | null;
}

export interface TransactionParts {
  table(name: string): Table;
  /** Hands out the current value of the datastore's counter, then raises it. Never taken back, not even by a rollback. */
  takeStamp(): number;
  nextDeletedId(): number;
  now(): string;
}

/** Changes that others don't see yet. Stamps are taken at each save, whatever becomes of the transaction. */
export class Transaction {
  readonly #parts: TransactionParts;
  readonly #changes = new Map<string, Change>();
  /** The stamps taken, in order. */
  readonly stamps: number[] = [];

  constructor(parts: TransactionParts) {
    this.#parts = parts;
  }

  /** In the order of the first touch. */
  get changes(): readonly Change[] {
    return [...this.#changes.values()];
  }

  get(dataclass: Dataclass, key: string): Row | undefined {
    const change = this.#changes.get(place(dataclass.name, key));
    return change ? (change.row ?? undefined) : this.#parts.table(dataclass.name).get(key);
  }

  create(dataclass: Dataclass, key: string, values: Values): Row {
    return this.#put(dataclass, { record: this.#parts.table(dataclass.name).nextRecord(), key, stamp: 1, savedAt: this.#parts.now(), values: this.#stamped(dataclass, values) });
  }

  update(dataclass: Dataclass, before: Row, values: Values): Row {
    return this.#put(dataclass, { ...before, stamp: before.stamp + 1, savedAt: this.#parts.now(), values: this.#stamped(dataclass, values) });
  }

  /** The stamp of the deletion; undefined where the dataclass isn't tracked. */
  delete(dataclass: Dataclass, row: Row): number | undefined {
    this.#changes.set(place(dataclass.name, row.key), { dataclass: dataclass.name, key: row.key, row: null });
    if (!dataclass.tracked) return undefined;
    const stamp = this.#take();
    const deleted = dataclassNamed(DELETED_RECORDS);
    if (!deleted) throw new Error('the model has no __DeletedRecords');
    const id = this.#parts.nextDeletedId();
    this.create(deleted, String(id), { ID: id, __PrimaryKey: row.key, __Stamp: stamp, __TableName: dataclass.name, __TableNumber: dataclass.tableNumber });
    return stamp;
  }

  #put(dataclass: Dataclass, row: Row): Row {
    this.#changes.set(place(dataclass.name, row.key), { dataclass: dataclass.name, key: row.key, row });
    return row;
  }

  #stamped(dataclass: Dataclass, values: Values): Values {
    return dataclass.tracked ? { ...values, __GlobalStamp: this.#take() } : values;
  }

  #take(): number {
    const stamp = this.#parts.takeStamp();
    this.stamps.push(stamp);
    return stamp;
  }
}

export const place = (dataclass: string, key: string): string => `${dataclass}/${key}`;
