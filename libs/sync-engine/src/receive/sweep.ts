import type { Account } from '../ports/account.js';
import type { Channel } from './ports.js';

/** Where push isn't proven the sweep is what brings changes: so many times as often, but not more often than the least. */
const UNPROVEN_TIMES = 3;
const LEAST_SECONDS = 15;

/** `proven`: a channel that Google has reached us over lives, and nothing was found lately that it kept silent about. */
export type PushTrust = 'proven' | 'unproven';

/**
 * When to look without having been told. Spread by a quarter either way, so that the calendars of one start don't come
 * in step for ever; what a user was promised as upper bound stays one.
 */
export function nextSweepAt(account: Pick<Account, 'sweepSeconds'>, push: PushTrust, now: number, sweepSeconds: number, random: () => number): number {
  const bound = account.sweepSeconds ?? Number.POSITIVE_INFINITY;
  const usual = push === 'proven' ? sweepSeconds : Math.min(sweepSeconds, Math.max(LEAST_SECONDS, sweepSeconds / UNPROVEN_TIMES));
  const seconds = Math.min(usual, bound) * (0.75 + random() / 2);
  return now + Math.min(seconds, bound) * 1_000;
}

/** A channel proves nothing once its life is over, and nothing about events if it tells of the calendar list. */
export const provesPush = (channel: Channel, googleNow: number): boolean =>
  channel.subject === 'events' && channel.state === 'open' && channel.heard === true && (channel.expiresAt ?? 0) > googleNow;
