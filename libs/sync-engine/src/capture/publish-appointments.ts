import type { InventiveId } from '@calsync/calendar-model';
import type { Message } from '@calsync/event-contracts';
import { changedMessage, deletedMessage } from './appointment-messages.js';
import { decideDeletedVersion, decideVersion, DELETED_STATE, sayIfOlder, stateOf } from './appointment-version.js';
import type { PublishedAppointment } from './capture-ports.js';
import type { AssembledAppointment } from './capture-source.js';
import { Failure } from '../failures/failure.js';
import { OlderState, TenureLost } from './stops.js';
import type { Tenure } from './tenure.js';

/** Why an appointment is read again. */
export interface Cause {
  /** The highest stamp among the changes that lead to it, deletions of what it is made of included. */
  readonly stamp: bigint;
  /** The stamp under which the server lists its own deletion. */
  readonly deletedAt?: bigint;
}

export interface PublishOptions {
  /** Said again although nothing changed. */
  readonly repeat: boolean;
  /** Leaves out what was never published and ended before this day, if it wasn't saved since this stamp. */
  readonly leaveOut?: { readonly endedBefore: string; readonly savedBefore: bigint };
}

const APPOINTMENTS_AT_ONCE = 100;

/** Reads these appointments by key and publishes how they stand; how many messages were acknowledged. */
export async function publishAppointments(tenure: Tenure, causes: ReadonlyMap<InventiveId, Cause>, options: PublishOptions): Promise<number> {
  const ids = [...causes.keys()];
  let published = 0;
  for (let at = 0; at < ids.length; at += APPOINTMENTS_AT_ONCE) {
    const chunk = ids.slice(at, at + APPOINTMENTS_AT_ONCE);
    published += await publishChunk(tenure, chunk, causes, options);
    await tenure.pulse();
  }
  return published;
}

async function publishChunk(tenure: Tenure, ids: readonly InventiveId[], causes: ReadonlyMap<InventiveId, Cause>, options: PublishOptions): Promise<number> {
  const { ports, source, watermark } = tenure;
  const [assembly, known] = await Promise.all([ports.inventive.assemble(ids), ports.published.byIds(source, ids)]);
  const knownById = new Map(known.map((published) => [published.id, published] as const));
  const foundById = new Map(assembly.found.map((assembled) => [assembled.record.id, assembled] as const));
  const unreadable = new Set(assembly.unreadable.map(({ id }) => id));
  for (const { id, cause } of assembly.unreadable) ports.observer.unreadable(source, id, cause);

  const time = new Date(ports.clock.now()).toISOString();
  const news: News[] = [];
  for (const id of ids) {
    const assembled = foundById.get(id);
    const before = knownById.get(id);
    const cause = causes.get(id);
    if (cause === undefined || unreadable.has(id)) continue;
    if (assembled === undefined) {
      // Absence proves nothing: only a deletion that the server lists, and a key without a row, together are one.
      if (cause.deletedAt === undefined) continue;
      const decision = decideDeletedVersion(cause.deletedAt, before, watermark.epoch);
      if (!decision.news && !options.repeat) continue;
      news.push({
        message: deletedMessage(source, id, { epoch: watermark.epoch, stamp: String(decision.stamp) }, time),
        state: { id, epoch: watermark.epoch, stamp: decision.stamp, rowStamp: cause.deletedAt, parts: [], deleted: true },
      });
      continue;
    }
    const older = sayIfOlder(assembled, before, watermark.epoch);
    if (older !== undefined) throw new OlderState(older);
    if (isLeftOut(assembled, before, options)) continue;
    const decision = decideVersion(assembled, cause.stamp, before, watermark.epoch);
    if (!decision.news && !options.repeat) continue;
    news.push({
      message: changedMessage(assembled, { epoch: watermark.epoch, stamp: String(decision.stamp) }, time),
      state: { id, epoch: watermark.epoch, stamp: decision.stamp, rowStamp: assembled.rowStamp, parts: assembled.parts, deleted: false },
    });
  }
  if (news.length === 0) return 0;

  await offer(tenure, news.map(({ state }) => state));
  await ports.reached('capture:before-publish');
  const acknowledged = await send(tenure, news);
  tenure.acknowledgedAt = ports.clock.now();
  await ports.reached('capture:after-publish-before-watermark');
  // What was refused stays an offer that nobody acknowledged: each inventory tries it again.
  if (acknowledged.length > 0 && !(await ports.published.save(source, tenure.lease.fencingToken, acknowledged))) throw new TenureLost('another replica published');
  return acknowledged.length;
}

/** A message, and what is remembered of it once it is acknowledged. */
interface News {
  readonly message: Message;
  readonly state: PublishedAppointment;
}

/**
 * Sends them in order; answers with the states that were acknowledged. One row that the log will never take must not stop
 * all others, and many long notes in one batch can be too large together though none is by itself: what is refused is
 * sent in halves.
 */
async function send(tenure: Tenure, news: readonly News[]): Promise<readonly PublishedAppointment[]> {
  // A send that outlives the lease could put an older state behind a new holder's newer one.
  await tenure.lease.lasting(tenure.settings.sendLimitMs);
  try {
    await tenure.ports.publisher.publish(news.map(({ message }) => message));
    return news.map(({ state }) => state);
  } catch (error) {
    // A plain error is a message that breaks its own schema.
    if (error instanceof Failure && error.kind !== 'permanent') throw error;
    if (news.length > 1) {
      const half = Math.ceil(news.length / 2);
      return [...(await send(tenure, news.slice(0, half))), ...(await send(tenure, news.slice(half)))];
    }
    for (const { state } of news) tenure.ports.observer.unreadable(tenure.source, state.id, error instanceof Error ? error.message : 'unknown');
    return [];
  }
}

/**
 * Written before the message, for two kinds of death in between. The index: a participant that is deleted before the
 * restart would stay in the published appointment for ever, as nothing would lead there any more. The version: other
 * content must not be published under one that somebody may have seen.
 */
async function offer(tenure: Tenure, remembered: readonly PublishedAppointment[]): Promise<void> {
  const offers = remembered.map(({ id, epoch, stamp, rowStamp, parts, deleted }) => ({
    id, epoch, stamp,
    state: deleted ? DELETED_STATE : stateOf({ rowStamp, parts }),
    parts: parts.map(({ key }) => key),
  }));
  if (!(await tenure.ports.published.offer(tenure.source, tenure.lease.fencingToken, offers))) throw new TenureLost('another replica published');
}

function isLeftOut({ endsOn, rowStamp }: AssembledAppointment, before: PublishedAppointment | undefined, { leaveOut }: PublishOptions): boolean {
  if (leaveOut === undefined || (before !== undefined && (before.epoch > 0 || before.offered !== undefined)) || endsOn === undefined) return false;
  return endsOn < leaveOut.endedBefore && rowStamp < leaveOut.savedBefore;
}
