import type { InventiveId } from '@calsync/calendar-model';
import { knownCounter } from './compare-sample.js';
import { SEND_RESERVE_MS } from './held-lease.js';
import { partKey, TRACKED_KINDS, type DeletedRow, type StampedRow, type TrackedKind } from './capture-source.js';
import { publishAppointments, type Cause, type PublishOptions } from './publish-appointments.js';
import { addMark, settle } from './settled-stamps.js';
import { saveWatermark, type Tenure } from './tenure.js';

/** `quick` reads what is new or announced; `overlap` reads everything that isn't settled yet, and settles it. */
export type Reach = 'quick' | 'overlap';

/** One reading of all tables from a stamp on, published and saved. How many messages were acknowledged. */
export async function readChanges(tenure: Tenure, reach: Reach): Promise<number> {
  const { ports, settings, book } = tenure;
  const beganAt = ports.clock.now();
  // Beside the reading, so that no change waits for it.
  tenure.lease.renewAhead(settings.sendLimitMs + SEND_RESERVE_MS);
  // Before the rows: a change during the reading has this number or a higher one and is read again next time.
  const counter = await knownCounter(tenure);
  const readAt = ports.clock.now();
  const from = reach === 'overlap' ? tenure.watermark.readFrom : lower(tenure.head, book.lowest() ?? tenure.head);
  const nothingNew = reach === 'quick' && book.size === 0 && counter === tenure.head;
  const published = nothingNew ? 0 : await publishFrom(tenure, from);
  tenure.head = counter;

  const marks = addMark(tenure.watermark.marks, { stamp: counter, at: readAt }, settings.longestTransactionMs);
  const settled = reach === 'overlap' ? settle(tenure.watermark.readFrom, marks, beganAt, settings.longestTransactionMs) : { readFrom: tenure.watermark.readFrom, marks };
  const readFrom = lower(settled.readFrom, lowestFanOut(tenure) ?? settled.readFrom);
  const before = tenure.watermark;
  const watermark = { ...before, readFrom, counter, marks: settled.marks };
  if (readFrom !== before.readFrom) await saveWatermark(tenure, watermark);
  else {
    // A restart would read the same again, so this can wait until nothing else is to be done.
    tenure.watermark = watermark;
    tenure.unsaved ||= counter !== before.counter;
  }
  if (reach === 'overlap') {
    tenure.republish = false;
    tenure.seen.forgetBelow(readFrom);
  }
  book.afterRead((stamp) => isSeen(tenure, stamp), beganAt, ports.clock.now());
  return published;
}

/** True for a stamp that needs no reading: dealt with, or so old that it is settled. */
export const isSeen = (tenure: Tenure, stamp: bigint): boolean => stamp < tenure.watermark.readFrom || tenure.seen.hasStamp(stamp);

/** First pages of all tables at once, then their second pages, until none has more. */
async function publishFrom(tenure: Tenure, from: bigint): Promise<number> {
  const { inventive } = tenure.ports;
  const tables = TRACKED_KINDS.map((kind) => inventive.changedSince(kind, from)[Symbol.asyncIterator]());
  const deletions = inventive.deletionsSince(from)[Symbol.asyncIterator]();
  let published = 0;
  for (;;) {
    const [rowPages, deletionPage] = await Promise.all([Promise.all(tables.map((table) => table.next())), deletions.next()]);
    if (deletionPage.done === true && rowPages.every(({ done }) => done === true)) return published;
    const rows = rowPages.flatMap((page) => (page.done === true ? [] : page.value));
    published += await publishRows(tenure, rows, deletionPage.done === true ? [] : deletionPage.value);
    await tenure.pulse();
  }
}

async function publishRows(tenure: Tenure, rows: readonly StampedRow[], deletions: readonly DeletedRow[]): Promise<number> {
  const newRows = tenure.seen.unseenRows(rows);
  const newDeletions = tenure.seen.unseenDeletions(deletions);
  if (newRows.length === 0 && newDeletions.length === 0) return 0;
  const causes = await causesOf(tenure, newRows, newDeletions);
  const published = await publishAppointments(tenure, causes, { ...snapshotRange(tenure), repeat: tenure.republish });
  // Not before: if publishing failed, the next reading has to find them again.
  tenure.seen.addRows(newRows);
  tenure.seen.addDeletions(newDeletions);
  return published;
}

/** Which appointments these changes concern. Rows that many share are put on the list of fan-outs. */
async function causesOf(tenure: Tenure, rows: readonly StampedRow[], deletions: readonly DeletedRow[]): Promise<ReadonlyMap<InventiveId, Cause>> {
  const causes = new Map<InventiveId, Cause>();
  const add = (id: InventiveId, stamp: bigint, deletedAt?: bigint) => {
    const known = causes.get(id);
    const deletion = deletedAt ?? known?.deletedAt;
    causes.set(id, { stamp: known === undefined || stamp > known.stamp ? stamp : known.stamp, ...(deletion === undefined ? {} : { deletedAt: deletion }) });
  };
  for (const { kind, id, stamp, appointmentId } of rows) {
    if (kind === 'appointment') add(id, stamp);
    else if (kind === 'participant') {
      if (appointmentId !== undefined) add(appointmentId, stamp);
    } else fanOut(tenure, kind, id, stamp);
  }
  for (const { kind, id, stamp } of deletions) {
    if (kind === 'appointment') add(id, stamp, stamp);
    else if (kind !== 'participant') fanOut(tenure, kind, id, stamp);
  }
  // A participant may have moved here from another appointment, or be gone: the index tells where it stood.
  const participants = new Map([...rows, ...deletions].filter(({ kind }) => kind === 'participant').map(({ kind, id, stamp }) => [partKey(kind, id), stamp] as const));
  if (participants.size > 0) {
    for (const { id, part } of await tenure.ports.published.holdersOf(tenure.source, [...participants.keys()])) add(id, participants.get(part) ?? 0n);
  }
  return causes;
}

function fanOut(tenure: Tenure, kind: TrackedKind, id: InventiveId, stamp: bigint): void {
  const part = partKey(kind, id);
  const waiting = tenure.fanOuts.get(part);
  // A newer save while the list is being worked through: from the beginning again.
  if (waiting === undefined || waiting.stamp < stamp) tenure.fanOuts.set(part, { part, stamp });
}

/** Stays below what still has to be fanned out, so that a crash finds it again. */
function lowestFanOut(tenure: Tenure): bigint | undefined {
  let lowest: bigint | undefined;
  for (const { stamp } of tenure.fanOuts.values()) lowest = lowest === undefined ? stamp : lower(lowest, stamp);
  return lowest;
}

const FAN_OUT_PAGE = 50;

/** One page of appointments that show a changed relation, contact person or project; live changes come first. */
export async function fanOutPage(tenure: Tenure): Promise<number> {
  const [next] = tenure.fanOuts.values();
  if (next === undefined) return 0;
  const limit = tenure.settings.fanOutPage ?? FAN_OUT_PAGE;
  const ids = await tenure.ports.published.madeOf(tenure.source, next.part, { limit, ...(next.after === undefined ? {} : { after: next.after }) });
  const published = await publishAppointments(tenure, new Map(ids.map((id) => [id, { stamp: next.stamp }] as const)), { repeat: false });
  const last = ids.at(-1);
  // While this page was published a newer save may have taken the place.
  if (tenure.fanOuts.get(next.part) !== next) return published;
  if (last === undefined || ids.length < limit) tenure.fanOuts.delete(next.part);
  else next.after = last;
  return published;
}

/** The range of the first snapshot also bounds what later readings take for missing. */
export function snapshotRange(tenure: Tenure): Pick<PublishOptions, 'leaveOut'> {
  const { snapshotDaysBack } = tenure.settings;
  const savedBefore = tenure.watermark.snapshot?.began;
  if (snapshotDaysBack === undefined || savedBefore === undefined) return {};
  const endedBefore = Temporal.Instant.fromEpochMilliseconds(tenure.ports.clock.now()).toZonedDateTimeISO('UTC').toPlainDate().subtract({ days: snapshotDaysBack }).toString();
  return { leaveOut: { endedBefore, savedBefore } };
}

const lower = (a: bigint, b: bigint): bigint => (a < b ? a : b);
