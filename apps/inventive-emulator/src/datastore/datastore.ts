import type { DocumentStore, DocumentTable } from '@calsync/emulator-kit';
import { DELETED_RECORDS, inventiveModel } from '../catalog/inventive-model.js';
import { newUuid } from '../catalog/value-form.js';
import { Table, type Row } from './table.js';
import { place, Transaction, type Change, type TransactionParts } from './transaction.js';

/** What a committed change replaced, so that a backup of any moment can be put back. */
interface UndoEntry {
  readonly dataclass: string;
  readonly key: string;
  readonly before: Row | null;
  /** The counter just after the commit: a backup taken at that number or later holds the change. */
  readonly counter: number;
}

interface HeldTransaction {
  readonly commitAtMs: number;
  readonly changes: readonly Change[];
}

/**
 * The rows of Inventive: in memory for reading, in the document store for good. Each commit is one transaction of the
 * store, so `kill -9` leaves either all of it or nothing.
 */
export class Datastore {
  readonly #store: DocumentStore;
  readonly #now: () => Date;
  readonly #tables: ReadonlyMap<string, Table>;
  readonly #meta: DocumentTable<number | string>;
  readonly #journal: DocumentTable<UndoEntry>;
  readonly #held: DocumentTable<HeldTransaction>;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  /** Rows in a transaction that isn't committed: nobody else may save them. */
  readonly #heldRows = new Map<string, string>();
  #next: number;
  #lastJournal: number;
  #lastDeletedId = 0;
  #lastHeld = 0;

  constructor(store: DocumentStore, now: () => Date) {
    this.#store = store;
    this.#now = now;
    this.#meta = store.table('meta');
    this.#journal = store.table('journal');
    this.#held = store.table('held');
    this.#tables = new Map(inventiveModel.map((dataclass) => [dataclass.name, new Table(dataclass)]));
    this.#next = Number(this.#meta.get('nextStamp') ?? 1);
    this.#lastJournal = Number(this.#journal.lastKey() ?? 0);
    this.#load();
    for (const [id, held] of this.#held.all()) this.#hold(id, held);
  }

  /** What the page-level `__GlobalStamp` shows: the number that the next change will get. */
  get nextStamp(): number {
    return this.#next;
  }

  get uniqueId(): string {
    return String(this.#meta.get('uniqueId') ?? '');
  }

  get isEmpty(): boolean {
    return this.#meta.get('uniqueId') === undefined;
  }

  table(name: string): Table {
    const table = this.#tables.get(name);
    if (!table) throw new Error(`no table ${name}`);
    return table;
  }

  begin(): Transaction {
    const parts: TransactionParts = {
      table: (name) => this.table(name),
      takeStamp: () => this.#takeStamp(),
      nextDeletedId: () => (this.#lastDeletedId += 1),
      now: () => this.#now().toISOString(),
    };
    return new Transaction(parts);
  }

  /** A transaction for looking what would happen: it takes neither stamps nor numbers, and must not be committed. */
  rehearse(): Transaction {
    return new Transaction({ table: (name) => this.table(name), takeStamp: () => this.#next, nextDeletedId: () => 0, now: () => this.#now().toISOString() });
  }

  commit(transaction: Transaction): void {
    this.#apply(transaction.changes);
  }

  /** Nothing of it is kept but the counter, whose numbers are burnt. */
  rollback(_transaction: Transaction): void {
    this.#meta.put('nextStamp', this.#next);
  }

  /** Stamps are taken, the rows stay unseen (and locked) until `ms` have passed; a restart in between doesn't lose them. */
  commitLater(transaction: Transaction, ms: number): void {
    this.#lastHeld += 1;
    const id = `${String(Date.now()).padStart(15, '0')}-${this.#lastHeld}`;
    const held: HeldTransaction = { commitAtMs: Date.now() + ms, changes: transaction.changes };
    this.#store.transaction(() => {
      this.#held.put(id, held);
      this.#meta.put('nextStamp', this.#next);
    });
    this.#hold(id, held);
  }

  /** True while a transaction that isn't committed holds the row. */
  isHeld(dataclass: string, key: string): boolean {
    return this.#heldRows.has(place(dataclass, key));
  }

  /** One transaction of the store around several commits. */
  together<R>(work: () => R): R {
    return this.#store.transaction(work);
  }

  /** As after a backup that was made when the counter stood at `toStamp`. What wasn't committed is gone. */
  restore(toStamp: number): void {
    this.#store.transaction(() => {
      this.#dropHeld();
      for (const [id, entry] of [...this.#journal.all()].toReversed()) {
        if (entry.counter <= toStamp) break;
        this.#write(entry.dataclass, entry.key, entry.before);
        this.#journal.delete(id);
      }
      this.#next = toStamp;
      this.#meta.put('nextStamp', toStamp);
      this.#load();
    });
  }

  /** A new, empty database: counter at 1, another `__UNIQID`. */
  wipe(): void {
    this.#store.transaction(() => {
      this.#dropHeld();
      for (const name of this.#tables.keys()) this.#rows(name).clear();
      this.#journal.clear();
      this.#lastJournal = 0;
      this.#next = 1;
      this.#meta.put('nextStamp', 1);
      this.#meta.put('uniqueId', newUuid());
      this.#load();
    });
  }

  /** Ends the waiting; what is held is committed at the next start. */
  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #rows(dataclass: string): DocumentTable<Row> {
    return this.#store.table<Row>(`rows.${dataclass}`);
  }

  #load(): void {
    for (const [name, table] of this.#tables) {
      table.clear();
      const rows = Array.from(this.#rows(name).all(), ([, row]) => row).sort((a, b) => a.record - b.record);
      for (const row of rows) table.put(row);
    }
    this.#lastDeletedId = this.table(DELETED_RECORDS).rows().reduce((last, row) => Math.max(last, Number(row.values['ID'])), 0);
  }

  #takeStamp(): number {
    const stamp = this.#next;
    this.#next += 1;
    return stamp;
  }

  #apply(changes: readonly Change[]): void {
    this.#store.transaction(() => {
      for (const { dataclass, key, row } of changes) {
        this.#lastJournal += 1;
        const undo: UndoEntry = { dataclass, key, before: this.table(dataclass).get(key) ?? null, counter: this.#next };
        this.#journal.put(String(this.#lastJournal).padStart(12, '0'), undo);
        this.#write(dataclass, key, row);
        if (row) this.table(dataclass).put(row);
        else this.table(dataclass).delete(key);
      }
      this.#meta.put('nextStamp', this.#next);
    });
  }

  #write(dataclass: string, key: string, row: Row | null): void {
    if (row) this.#rows(dataclass).put(key, row);
    else this.#rows(dataclass).delete(key);
  }

  #hold(id: string, held: HeldTransaction): void {
    for (const change of held.changes) {
      this.#heldRows.set(place(change.dataclass, change.key), id);
      // After a restart nothing else tells that these numbers are taken; another deletion would be overwritten at the commit.
      if (change.dataclass === DELETED_RECORDS) this.#lastDeletedId = Math.max(this.#lastDeletedId, Number(change.key));
    }
    const timer = setTimeout(() => this.#commitHeld(id, held), Math.max(0, held.commitAtMs - Date.now()));
    this.#timers.set(id, timer);
  }

  #commitHeld(id: string, held: HeldTransaction): void {
    this.#timers.delete(id);
    this.#release(id);
    this.#store.transaction(() => {
      this.#apply(held.changes);
      this.#held.delete(id);
    });
  }

  #release(id: string): void {
    for (const [row, holder] of this.#heldRows) if (holder === id) this.#heldRows.delete(row);
  }

  #dropHeld(): void {
    this.close();
    this.#heldRows.clear();
    this.#held.clear();
  }
}
