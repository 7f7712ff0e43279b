import type { AssembledAppointment, Part } from './capture-source.js';
import type { PublishedAppointment } from './capture-ports.js';

export interface VersionDecision {
  /** False where exactly this was published already. */
  readonly news: boolean;
  readonly stamp: bigint;
}

/**
 * The version of what was read: the highest stamp among the row, the rows it is made of and the deletion or save that
 * brought us here. Per appointment each different content gets a higher version than the one before, also where a stamp
 * that was taken earlier became visible later, so that a subscriber may drop whatever is not newer.
 */
export function decideVersion(assembled: AssembledAppointment, causedBy: bigint, published: PublishedAppointment | undefined, epoch: number): VersionDecision {
  const highest = assembled.parts.reduce((stamp, part) => larger(stamp, part.stamp), larger(assembled.rowStamp, causedBy));
  if (published === undefined || published.epoch !== epoch) return { news: true, stamp: highest };
  const changed = published.deleted || published.rowStamp !== assembled.rowStamp || !sameParts(published.parts, assembled.parts);
  if (changed) return { news: true, stamp: larger(highest, published.stamp + 1n) };
  return { news: highest > published.stamp, stamp: larger(highest, published.stamp) };
}

export function decideDeletedVersion(deletedAt: bigint, published: PublishedAppointment | undefined, epoch: number): VersionDecision {
  if (published === undefined || published.epoch !== epoch) return { news: true, stamp: deletedAt };
  if (published.deleted) return { news: deletedAt > published.stamp, stamp: larger(deletedAt, published.stamp) };
  return { news: true, stamp: larger(deletedAt, published.stamp + 1n) };
}

/**
 * A row that we know never has a lower stamp later, unless an older database was put in its place. Undefined where
 * nothing is wrong.
 */
export function sayIfOlder(assembled: AssembledAppointment, published: PublishedAppointment | undefined, epoch: number): string | undefined {
  if (published === undefined || published.epoch !== epoch || assembled.rowStamp >= published.rowStamp) return undefined;
  const known = published.deleted ? 'its deletion' : 'we know it';
  return `appointment ${assembled.record.id} has stamp ${assembled.rowStamp}, ${known} has ${published.rowStamp}`;
}

function sameParts(a: readonly Part[], b: readonly Part[]): boolean {
  return a.length === b.length && a.every((part, at) => part.key === b[at]?.key && part.stamp === b[at].stamp);
}

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);
