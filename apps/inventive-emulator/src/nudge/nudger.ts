import { createHmac } from 'node:crypto';
import type { DocumentTable } from '@calsync/emulator-kit';

export interface NudgeCounts {
  sent: number;
  delivered: number;
  failed: number;
  dropped: number;
}

export type NudgeFault = { readonly kind: 'drop' } | { readonly kind: 'delay'; readonly ms: number } | { readonly kind: 'duplicate' };

export interface NudgerParts {
  /** Empty: no nudges. */
  readonly url: string;
  readonly secret: string;
  readonly source: string;
  readonly counts: DocumentTable<NudgeCounts>;
  /** Asked before each repeat: a standing order to drop holds for those, too. */
  readonly dropsEverything: () => boolean;
  readonly log: (fields: Record<string, unknown>, message: string) => void;
}

const REPEAT_AFTER_MS = [300, 1000, 3000];
const TIMEOUT_MS = 2000;
const NO_COUNTS: NudgeCounts = { sent: 0, delivered: 0, failed: 0, dropped: 0 };

/**
 * The worker process of Inventive that says "read now". It posts at each save, so possibly before the commit, and again
 * after 0.3, 1 and 3 s; every post carries the newest stamp announced. One post is under way at a time, and a slow or dead
 * receiver never holds up a save. Nothing is kept over a restart: a lost nudge is part of the contract.
 */
export class Nudger {
  readonly #parts: NudgerParts;
  readonly #abort = new AbortController();
  #timers: NodeJS.Timeout[] = [];
  readonly #delays = new Set<NodeJS.Timeout>();
  #newest = 0;
  #waiting = 0;
  #busy = false;

  constructor(parts: NudgerParts) {
    this.#parts = parts;
  }

  counts(): NudgeCounts {
    return this.#parts.counts.get('nudges') ?? { ...NO_COUNTS };
  }

  resetCounts(): void {
    this.#parts.counts.delete('nudges');
  }

  announce(stamp: number, faults: readonly NudgeFault[]): void {
    if (this.#parts.url === '') return;
    if (faults.some((fault) => fault.kind === 'drop')) return this.#count('dropped');
    const delayMs = faults.reduce((total, fault) => total + (fault.kind === 'delay' ? fault.ms : 0), 0);
    const posts = faults.some((fault) => fault.kind === 'duplicate') ? 2 : 1;
    if (delayMs === 0) return this.#begin(stamp, posts);
    const timer = setTimeout(() => {
      this.#delays.delete(timer);
      this.#begin(stamp, posts);
    }, delayMs);
    this.#delays.add(timer);
  }

  /** Forgets what it announced, as at a restart of the server. */
  forget(): void {
    for (const timer of [...this.#timers, ...this.#delays]) clearTimeout(timer);
    this.#timers = [];
    this.#delays.clear();
    this.#newest = 0;
    this.#waiting = 0;
  }

  close(): void {
    this.forget();
    this.#abort.abort();
  }

  /** A newer save starts the repeats anew: its own posts repeat the older ones. */
  #begin(stamp: number, posts: number): void {
    this.#newest = Math.max(this.#newest, stamp);
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = REPEAT_AFTER_MS.map((ms) => setTimeout(() => this.#repeat(), ms));
    this.#waiting = Math.max(this.#waiting, posts);
    void this.#work();
  }

  #repeat(): void {
    if (this.#parts.dropsEverything()) return this.#count('dropped');
    this.#waiting = Math.max(this.#waiting, 1);
    void this.#work();
  }

  async #work(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    while (this.#waiting > 0) {
      this.#waiting -= 1;
      await this.#post(this.#newest);
    }
    this.#busy = false;
  }

  async #post(stamp: number): Promise<void> {
    this.#count('sent');
    const { url, secret, source } = this.#parts;
    const body = JSON.stringify({ source, stamp });
    // Real time, even where the emulator's clock was moved: the receiver checks the age of a signature.
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
    const headers = { 'content-type': 'application/json', 'x-inventive-timestamp': timestamp, 'x-inventive-signature': `sha256=${signature}` };
    try {
      const answer = await fetch(url, { method: 'POST', headers, body, redirect: 'error', signal: AbortSignal.any([this.#abort.signal, AbortSignal.timeout(TIMEOUT_MS)]) });
      await answer.body?.cancel();
      this.#count(answer.ok ? 'delivered' : 'failed');
      this.#parts.log({ stamp, status: answer.status }, 'nudge posted');
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      this.#count('failed');
      this.#parts.log({ stamp, error: error instanceof Error ? error.message : String(error) }, 'nudge failed');
    }
  }

  #count(what: keyof NudgeCounts): void {
    const counts = this.counts();
    this.#parts.counts.put('nudges', { ...counts, [what]: counts[what] + 1 });
  }
}
