import type { AccountId, PairId } from '@calsync/calendar-model';
import { Failure } from '../failures/failure.js';
import type { AccountDirectory } from '../ports/account.js';
import type { Clock } from '../ports/clock.js';
import type { Pair } from './pair.js';
import type { PairStore } from './ports.js';
import type { Worked } from './pair-turn.js';
import type { WorkPair } from './work-pair.js';

export interface WorkerPoolParts {
  readonly pairs: PairStore;
  readonly accounts: AccountDirectory;
  readonly worker: WorkPair;
  readonly clock: Clock;
  readonly random: () => number;
  /** Pairs in work at once in this process. */
  readonly width: number;
  readonly report: (event: WorkerEvent) => void;
}
export type WorkerEvent =
  | { readonly kind: 'worked'; readonly pairId: PairId; readonly result: Worked['kind'] }
  | { readonly kind: 'failed'; readonly pairId: PairId; readonly accountId: AccountId; readonly failure: Failure };

/** How long a killed process keeps others from its pairs. Kept up while work goes on; if it runs out all the same, revisions refuse the late save. */
const CLAIM_MS = 6_000;
const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 300_000;
const QUOTA_FIRST_MS = 5_000;

/**
 * Works on due pairs, several at once, each alone under its claim. Whoever takes a message in wakes it with the
 * pair's id, so an idle pool adds no wait; polling is the floor under everything that was not woken.
 */
export class WorkerPool {
  private readonly working = new Map<PairId, Promise<void>>();
  private readonly woken = new Set<PairId>();
  /** Accounts that Google asked to slow down: only they wait. */
  private readonly slowedUntil = new Map<AccountId, number>();
  private stopping = false;

  constructor(private readonly parts: WorkerPoolParts) {}

  wake(ids: readonly PairId[]): void {
    for (const id of ids) this.start(id);
  }

  /** The floor: everything due that nobody works on. Answers how many were started. */
  async poll(): Promise<number> {
    const room = this.parts.width - this.working.size;
    if (room <= 0 || this.stopping) return 0;
    const ids = await this.parts.pairs.due(room);
    for (const id of ids) this.start(id);
    return ids.length;
  }

  get busy(): number {
    return this.working.size;
  }

  /** No new work; resolves once what was begun is saved. */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.working.values());
  }

  private start(id: PairId): void {
    if (this.stopping) return;
    if (this.working.has(id)) {
      // It moved while in work: whoever works on it sees that when it compares; this covers the gap after that.
      this.woken.add(id);
      return;
    }
    if (this.working.size >= this.parts.width) return;
    const run = this.run(id).finally(() => {
      this.working.delete(id);
      if (this.woken.delete(id)) this.start(id);
    });
    this.working.set(id, run);
  }

  private async run(id: PairId): Promise<void> {
    for (;;) {
      const pair = await this.claim(id);
      if (pair === undefined) return;
      if (!(await this.workOn(pair))) return;
    }
  }

  private async claim(id: PairId): Promise<Pair | undefined> {
    try {
      return await this.parts.pairs.claim(id, CLAIM_MS);
    } catch (error) {
      // The store is away: the pair stays due, and the poll finds it once the store is back.
      this.parts.report({ kind: 'failed', pairId: id, accountId: '' as AccountId, failure: asFailure(error) });
      return undefined;
    }
  }

  /** True where the pair is still due and may be claimed again at once. */
  private async workOn(pair: Pair): Promise<boolean> {
    const { pairs, worker, clock, report } = this.parts;
    const slowedUntil = this.slowedUntil.get(pair.accountId) ?? 0;
    try {
      if (slowedUntil > clock.now()) {
        await pairs.postpone(pair.id, slowedUntil);
        return false;
      }
      const worked = await this.keepingClaim(pair.id, () => worker.work(pair));
      report({ kind: 'worked', pairId: pair.id, result: worked.kind });
      switch (worked.kind) {
        case 'done':
          return await pairs.finish(pair.id, worked.dueSeq);
        case 'again':
          await pairs.postpone(pair.id, 0);
          return true;
        case 'paced':
          await pairs.postpone(pair.id, worked.notBefore);
          this.wakeAt(pair.id, worked.notBefore);
          return false;
        case 'waits':
          // News that came in meanwhile don't wait for what the old ones waited for.
          if (await pairs.postpone(pair.id, worked.notBefore, pair.dueSeq)) return true;
          if (worked.reason === 'changed-too-often') this.wakeAt(pair.id, worked.notBefore);
          return false;
      }
    } catch (error) {
      await this.afterFailure(pair, asFailure(error));
      return false;
    }
  }

  private async keepingClaim<T>(id: PairId, work: () => Promise<T>): Promise<T> {
    const { pairs, clock } = this.parts;
    const ended = new AbortController();
    const keep = async () => {
      for (;;) {
        await clock.sleep(CLAIM_MS / 3, ended.signal);
        await pairs.extendClaim(id, CLAIM_MS);
      }
    };
    // Ends by the abort; a claim that could not be extended only risks that somebody works on the pair as well.
    keep().catch(() => undefined);
    try {
      return await work();
    } finally {
      ended.abort(new Error('the work on this pair has ended'));
    }
  }

  /** Sharper than the next poll; a process that ends in between leaves it to the poll of another. */
  private wakeAt(id: PairId, at: number): void {
    void this.parts.clock.sleep(Math.max(0, at - this.parts.clock.now()) + 1).then(() => this.start(id));
  }

  private async afterFailure(pair: Pair, failure: Failure): Promise<void> {
    const { pairs, worker, clock, random, accounts, report } = this.parts;
    report({ kind: 'failed', pairId: pair.id, accountId: pair.accountId, failure });
    try {
      const current = (await pairs.byId(pair.id)) ?? pair;
      switch (failure.kind) {
        case 'transient':
        case 'quota': {
          const first = failure.kind === 'quota' ? QUOTA_FIRST_MS : FIRST_BACKOFF_MS;
          // Full jitter, so that pairs that failed together don't come back together.
          const backoffMs = Math.min(LONGEST_BACKOFF_MS, first * 2 ** Math.min(current.attempts, 12)) * (0.5 + random() / 2);
          const notBefore = clock.now() + Math.max(failure.retryAfterMs ?? 0, backoffMs);
          if (failure.kind === 'quota') this.slowedUntil.set(pair.accountId, notBefore);
          await pairs.save(current, { attempts: current.attempts + 1, failure: { kind: failure.kind, cause: failure.message, at: new Date(clock.now()).toISOString() } });
          await pairs.postpone(pair.id, notBefore);
          return;
        }
        case 'authorization':
          await accounts.changeState(pair.accountId, ['live', 'joining'], 'needs-consent', 'needs-consent');
          await pairs.postpone(pair.id, clock.now() + QUOTA_FIRST_MS);
          return;
        case 'calendar':
          await accounts.changeState(pair.accountId, ['live', 'joining'], 'needs-calendar', 'needs-calendar');
          await pairs.postpone(pair.id, clock.now() + QUOTA_FIRST_MS);
          return;
        case 'permanent':
          await worker.giveUp(current, failure);
          await pairs.finish(pair.id, pair.dueSeq);
          return;
      }
    } catch (error) {
      // Not even the failure could be saved: the claim runs out by itself and the pair, still due, is tried again.
      report({ kind: 'failed', pairId: pair.id, accountId: pair.accountId, failure: asFailure(error) });
    }
  }
}

/** A broken invariant of ours is permanent for this pair; the loop goes on. Storage errors pass by themselves. */
function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const message = error instanceof Error ? error.message : String(error);
  const storage = error instanceof Error && /^Mongo|PoolCleared/.test(error.name);
  return new Failure(storage ? 'transient' : 'permanent', message, { cause: error });
}
