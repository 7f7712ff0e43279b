import type { EmulatorClock } from '@calsync/emulator-kit';
import { errorOfReason } from '../calendar/google-error.js';
import type { Settings } from '../settings.js';

const windowMs = 60_000;

/** A patch costs three units (Google's reference), everything else one. */
export const costOf = (methodId: string): number => (methodId === 'calendar.events.patch' ? 3 : 1);

/** Sliding windows of one minute, per user and project and per project. In memory: a restart forgives. */
export class Quota {
  readonly #users = new Map<string, Window>();
  readonly #projects = new Map<string, Window>();
  #refusals = 0;

  constructor(
    private readonly clock: EmulatorClock,
    private readonly limits: Settings['quota'],
  ) {}

  /** Counts the call, or throws Google's refusal; a refused call costs nothing. */
  spend(client: string, email: string, cost: number): void {
    const nowMs = this.clock.nowMs();
    const user = windowOf(this.#users, `${client}\n${email}`);
    const project = windowOf(this.#projects, client);
    if (user.sum(nowMs) + cost > this.limits.userPerMinute) throw this.#refusal('userRateLimitExceeded');
    if (project.sum(nowMs) + cost > this.limits.projectPerMinute) throw this.#refusal('rateLimitExceeded');
    user.add(nowMs, cost);
    project.add(nowMs, cost);
  }

  reset(): void {
    this.#users.clear();
    this.#projects.clear();
  }

  /** Google answers 403 or 429, the latter always as rateLimitExceeded; which one is not documented. */
  #refusal(reason: string): Error {
    this.#refusals += 1;
    const tooMany = this.limits.answer === '429' || (this.limits.answer === 'alternate' && this.#refusals % 2 === 0);
    return tooMany ? errorOfReason(429, 'rateLimitExceeded') : errorOfReason(403, reason);
  }
}

class Window {
  #entries: Array<readonly [atMs: number, cost: number]> = [];
  #sum = 0;

  sum(nowMs: number): number {
    let gone = 0;
    for (const [atMs, cost] of this.#entries) {
      // An entry of the future is left over from a clock that was set back.
      if (atMs > nowMs - windowMs && atMs <= nowMs) break;
      this.#sum -= cost;
      gone += 1;
    }
    if (gone > 0) this.#entries = this.#entries.slice(gone);
    return this.#sum;
  }

  add(nowMs: number, cost: number): void {
    this.#entries.push([nowMs, cost]);
    this.#sum += cost;
  }
}

function windowOf(windows: Map<string, Window>, key: string): Window {
  const known = windows.get(key);
  if (known !== undefined) return known;
  const fresh = new Window();
  windows.set(key, fresh);
  return fresh;
}
