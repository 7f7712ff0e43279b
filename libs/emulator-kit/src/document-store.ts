import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';

export interface DocumentTable<T> {
  get(key: string): T | undefined;
  put(key: string, value: T): void;
  delete(key: string): void;
  /** In order of the key, as they stand now. */
  all(): Iterable<[string, T]>;
  count(): number;
  /** The biggest key, or undefined. */
  lastKey(): string | undefined;
  clear(): void;
}

/**
 * JSON documents in tables, durable through `kill -9`: SQLite writes each transaction to its journal file before it
 * returns. `synchronous=NORMAL` leaves out the fsync, so a power cut (not a killed process) may lose the last writes.
 */
export class DocumentStore {
  readonly #database: DatabaseSync;
  readonly #tables = new Map<string, DocumentTable<unknown>>();
  /** Names of tables that the running transaction made. */
  #made: string[] = [];
  #depth = 0;

  constructor(file: string) {
    if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true });
    this.#database = new DatabaseSync(file);
    this.#database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=2000');
  }

  /** The same name gives the same table; the caller vouches for `T`. */
  table<T>(name: string): DocumentTable<T> {
    const known = this.#tables.get(name);
    if (known) return known as DocumentTable<T>;
    if (!/^[\w.-]+$/.test(name)) throw new Error(`table name ${JSON.stringify(name)} may hold letters, digits, _ . and - only`);
    this.#make(name);
    if (this.#depth > 0) this.#made.push(name);
    const table = new SqliteTable<T>(this.#database, `"${name}"`);
    this.#tables.set(name, table as DocumentTable<unknown>);
    return table;
  }

  /** All or nothing. `work` must be synchronous; a transaction inside another one joins it. */
  transaction<R>(work: () => R): R {
    if (this.#depth > 0) return this.#nested(work);
    this.#database.exec('BEGIN IMMEDIATE');
    this.#made = [];
    try {
      const result = this.#nested(work);
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      this.#database.exec('ROLLBACK');
      // SQLite undoes the making of tables too, but whoever asked for one keeps it and may write to it next.
      for (const name of this.#made) this.#make(name);
      throw error;
    }
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #make(name: string): void {
    this.#database.exec(`CREATE TABLE IF NOT EXISTS "${name}" (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID`);
  }

  #nested<R>(work: () => R): R {
    this.#depth += 1;
    try {
      return work();
    } finally {
      this.#depth -= 1;
    }
  }
}

class SqliteTable<T> implements DocumentTable<T> {
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #all: StatementSync;
  readonly #count: StatementSync;
  readonly #last: StatementSync;
  readonly #clear: StatementSync;

  constructor(database: DatabaseSync, name: string) {
    this.#get = database.prepare(`SELECT value FROM ${name} WHERE key = ?`);
    this.#put = database.prepare(`INSERT INTO ${name} (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`);
    this.#delete = database.prepare(`DELETE FROM ${name} WHERE key = ?`);
    this.#all = database.prepare(`SELECT key, value FROM ${name} ORDER BY key`);
    this.#count = database.prepare(`SELECT count(*) AS n FROM ${name}`);
    this.#last = database.prepare(`SELECT max(key) AS last FROM ${name}`);
    this.#clear = database.prepare(`DELETE FROM ${name}`);
  }

  get(key: string): T | undefined {
    const row = this.#get.get(key);
    return row === undefined ? undefined : (JSON.parse(String(row['value'])) as T);
  }

  put(key: string, value: T): void {
    this.#put.run(key, JSON.stringify(value));
  }

  delete(key: string): void {
    this.#delete.run(key);
  }

  all(): Iterable<[string, T]> {
    return this.#all.all().map((row): [string, T] => [String(row['key']), JSON.parse(String(row['value'])) as T]);
  }

  count(): number {
    return Number(this.#count.get()?.['n'] ?? 0);
  }

  lastKey(): string | undefined {
    const last = this.#last.get()?.['last'];
    return typeof last === 'string' ? last : undefined;
  }

  clear(): void {
    this.#clear.run();
  }
}
