import type { PairId } from '@calsync/calendar-model';
import { Failure } from '../failures/failure.js';
import type { AccountDirectory } from '../ports/account.js';
import type { Clock } from '../ports/clock.js';
import type { UnpairedStore } from './ports.js';
import { changeSeries, nameOf, type SeriesKey, type SeriesStore } from './series.js';
import type { SeriesWorked, WorkSeries } from './work-series.js';

export interface SeriesPoolParts {
  readonly series: SeriesStore;
  readonly unpaired: Pick<UnpairedStore, 'put'>;
  readonly accounts: Pick<AccountDirectory, 'changeState'>;
  readonly worker: Pick<WorkSeries, 'work'>;
  readonly clock: Clock;
  readonly random: () => number;
  /** Series in work at once in this process. */
  readonly width: number;
  /** Pairs that became due: whoever works on pairs may begin at once. */
  readonly wakePairs: (ids: readonly PairId[]) => void;
  readonly report: (event: SeriesEvent) => void;
}
export type SeriesEvent =
  | { readonly kind: 'worked'; readonly series: SeriesKey; readonly result: SeriesWorked['kind'] }
  | { readonly kind: 'failed'; readonly series: SeriesKey; readonly failure: Failure };

const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 300_000;
const ACCOUNT_WAITS_MS = 5_000;

/** Works on due series, each alone; woken by intake, with polling as the floor. One that can't be read stops no other. */
export class SeriesPool {
  private readonly working = new Map<string, Promise<void>>();
  private readonly woken = new Set<string>();
  private stopping = false;

  constructor(private readonly parts: SeriesPoolParts) {}

  wake(key: SeriesKey): void {
    this.start(key);
  }

  async poll(): Promise<number> {
    const room = this.parts.width - this.working.size;
    if (room <= 0 || this.stopping) return 0;
    const keys = await this.parts.series.due(room);
    for (const key of keys) this.start(key);
    return keys.length;
  }

  get busy(): number {
    return this.working.size;
  }

  /** No new work; resolves once what was begun is done. */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.working.values());
  }

  private start(key: SeriesKey): void {
    const name = nameOf(key);
    if (this.stopping) return;
    if (this.working.has(name)) {
      this.woken.add(name);
      return;
    }
    if (this.working.size >= this.parts.width) return;
    this.working.set(name, this.run(key).finally(() => {
      this.working.delete(name);
      if (this.woken.delete(name)) this.start(key);
    }));
  }

  private async run(key: SeriesKey): Promise<void> {
    const { series, worker, clock, report, wakePairs } = this.parts;
    try {
      for (;;) {
        const worked = await worker.work(key);
        wakePairs(worked.pairs);
        report({ kind: 'worked', series: key, result: worked.kind });
        if (worked.kind === 'again') continue;
        if (worked.kind === 'waits') {
          await series.postpone(key, worked.notBefore);
          if (worked.notBefore - clock.now() < FIRST_BACKOFF_MS) void clock.sleep(worked.notBefore - clock.now() + 1).then(() => this.start(key));
        }
        return;
      }
    } catch (error) {
      await this.afterFailure(key, asFailure(error));
    }
  }

  private async afterFailure(key: SeriesKey, failure: Failure): Promise<void> {
    const { series, unpaired, accounts, clock, random, report } = this.parts;
    report({ kind: 'failed', series: key, failure });
    try {
      const known = await series.find(key);
      const attempts = known?.attempts ?? 0;
      const backoffMs = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(attempts, 12)) * (0.5 + random() / 2);
      await changeSeries(series, key, (current) => ({ next: { ...current, attempts: current.attempts + 1 }, due: 'as-it-is' }));
      switch (failure.kind) {
        case 'authorization':
        case 'calendar':
          await accounts.changeState(key.accountId, ['live', 'joining'], failure.kind === 'calendar' ? 'needs-calendar' : 'needs-consent', failure.kind === 'calendar' ? 'needs-calendar' : 'needs-consent');
          return await series.postpone(key, clock.now() + ACCOUNT_WAITS_MS);
        case 'permanent':
          // It stays as it is on both sides, and says so; only news of it make it due again.
          for (const { id } of known?.masters ?? []) await unpaired.put({ side: 'google', accountId: key.accountId, calendarId: key.calendarId, itemId: id, reason: 'series-not-supported' });
          await series.finish(key, known?.dueSeq ?? 0);
          return;
        case 'transient':
        case 'quota':
          return await series.postpone(key, clock.now() + Math.max(failure.retryAfterMs ?? 0, backoffMs));
      }
    } catch (error) {
      // Not even the failure could be noted: it is still due, and the poll finds it.
      report({ kind: 'failed', series: key, failure: asFailure(error) });
    }
  }
}

function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const storage = error instanceof Error && /^Mongo|PoolCleared/.test(error.name);
  return new Failure(storage ? 'transient' : 'permanent', error instanceof Error ? error.message : String(error), { cause: error });
}
