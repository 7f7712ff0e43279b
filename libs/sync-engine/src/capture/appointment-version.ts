import { v5 as uuidV5 } from 'uuid';
import type { AssembledAppointment, Part } from './capture-source.js';
import type { PublishedAppointment } from './capture-ports.js';

export interface VersionDecision {
  /** False where exactly this was published already. */
  readonly news: boolean;
  readonly stamp: bigint;
}

const NAMESPACE = '0c1e2b5d-6f0e-5a38-9d35-0f4b8f7e6a55';
export const DELETED_STATE = 'deleted';

/** Names what the appointment is made of in exactly this state. */
export function stateOf({ rowStamp, parts }: Pick<AssembledAppointment, 'rowStamp' | 'parts'>): string {
  return uuidV5(JSON.stringify([String(rowStamp), ...parts.map(({ key, stamp }) => `${key}@${stamp}`)]), NAMESPACE);
}

/**
 * The version of what was read: the highest stamp among the row, the rows it is made of and the deletion or save that
 * brought us here. Per appointment each different content gets a higher version than the one before, also where a stamp
 * that was taken earlier became visible later, so that a subscriber may drop whatever is not newer.
 */
export function decideVersion(assembled: AssembledAppointment, causedBy: bigint, published: PublishedAppointment | undefined, epoch: number): VersionDecision {
  const highest = assembled.parts.reduce((stamp, part) => larger(stamp, part.stamp), larger(assembled.rowStamp, causedBy));
  const before = ofEpoch(published, epoch);
  const changed = before !== undefined && (before.deleted || before.rowStamp !== assembled.rowStamp || !sameParts(before.parts, assembled.parts));
  return decide(highest, changed, before, published, stateOf(assembled), epoch);
}

export function decideDeletedVersion(deletedAt: bigint, published: PublishedAppointment | undefined, epoch: number): VersionDecision {
  const before = ofEpoch(published, epoch);
  return decide(deletedAt, before !== undefined && !before.deleted, before, published, DELETED_STATE, epoch);
}

function decide(highest: bigint, changed: boolean, before: PublishedAppointment | undefined, published: PublishedAppointment | undefined, state: string, epoch: number): VersionDecision {
  const floor = before === undefined ? 0n : changed ? before.stamp + 1n : before.stamp;
  const offered = published?.offered?.epoch === epoch ? published.offered : undefined;
  // Somebody may have seen what was offered and never remembered: the same state is said as it was, another one above it.
  const offeredFloor = offered === undefined ? 0n : offered.state === state ? offered.stamp : offered.stamp + 1n;
  const stamp = larger(larger(highest, floor), offeredFloor);
  return { stamp, news: before === undefined || changed || offered !== undefined || stamp > before.stamp };
}

const ofEpoch = (published: PublishedAppointment | undefined, epoch: number): PublishedAppointment | undefined => (published?.epoch === epoch ? published : undefined);

/**
 * A row that we know never has a lower stamp later, unless an older database was put in its place. Undefined where
 * nothing is wrong.
 */
export function sayIfOlder(assembled: AssembledAppointment, published: PublishedAppointment | undefined, epoch: number): string | undefined {
  const before = ofEpoch(published, epoch);
  if (before === undefined || assembled.rowStamp >= before.rowStamp) return undefined;
  const known = before.deleted ? 'its deletion' : 'we know it';
  return `appointment ${assembled.record.id} has stamp ${assembled.rowStamp}, ${known} has ${before.rowStamp}`;
}

function sameParts(a: readonly Part[], b: readonly Part[]): boolean {
  return a.length === b.length && a.every((part, at) => part.key === b[at]?.key && part.stamp === b[at].stamp);
}

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);
