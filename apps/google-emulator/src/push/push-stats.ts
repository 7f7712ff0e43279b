import type { DocumentStore, DocumentTable } from '@calsync/emulator-kit';

type Count = 'sent' | 'delivered' | 'failed' | 'dropped';

/** How notifications fared; kept through a restart. `sent` counts messages, not attempts. */
export class PushStats {
  readonly #table: DocumentTable<Record<Count, number>>;
  #counts: Record<Count, number>;

  constructor(store: DocumentStore) {
    this.#table = store.table('push.stats');
    this.#counts = this.#table.get('all') ?? { sent: 0, delivered: 0, failed: 0, dropped: 0 };
  }

  count(what: Count): void {
    this.#counts = { ...this.#counts, [what]: this.#counts[what] + 1 };
    this.#table.put('all', this.#counts);
  }

  all(): Readonly<Record<Count, number>> {
    return this.#counts;
  }

  clear(): void {
    this.#counts = { sent: 0, delivered: 0, failed: 0, dropped: 0 };
    this.#table.put('all', this.#counts);
  }
}
