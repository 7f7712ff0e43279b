import type { Account } from '../ports/account.js';

/**
 * When to look without having been told. Spread by a quarter either way, so that the calendars of one start don't come
 * in step for ever; what a user was promised as upper bound stays one.
 */
export function nextSweepAt(account: Pick<Account, 'sweepSeconds'>, now: number, sweepSeconds: number, random: () => number): number {
  const bound = account.sweepSeconds ?? Number.POSITIVE_INFINITY;
  const seconds = Math.min(sweepSeconds, bound) * (0.75 + random() / 2);
  return now + Math.min(seconds, bound) * 1_000;
}
