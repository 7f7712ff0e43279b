import type { InventiveId } from '@calsync/calendar-model';
import type { PublishedAppointment } from './capture-ports.js';
import { partKey, type StampedRow } from './capture-source.js';
import { publishAppointments, type Cause } from './publish-appointments.js';
import { snapshotRange } from './read-changes.js';
import { OlderState } from './stops.js';
import type { Tenure } from './tenure.js';

const PUBLISHED_PAGE = 500;

export interface InventoryResult {
  /** Appointments that had to be published though no rule had noticed them: expected to be 0. */
  readonly repaired: number;
  /** Published appointments without a row and without a listed deletion: shown to people, never deleted. */
  readonly missing: number;
}

/**
 * Compares every key and stamp of Inventive with what was published. Only what is settled counts as a find: a change of
 * this moment is on its way anyhow.
 */
export async function takeInventory(tenure: Tenure, between: () => Promise<void>): Promise<InventoryResult> {
  let repaired = 0;
  let missing = 0;
  const repair = async (causes: ReadonlyMap<InventiveId, Cause>) => {
    if (causes.size > 0) repaired += await publishAppointments(tenure, causes, { ...snapshotRange(tenure), repeat: false });
    await between();
  };

  let lastKey: InventiveId | undefined;
  for await (const rows of tenure.ports.inventive.allRows('appointment')) {
    const causes = await changedRows(tenure, rows);
    const last = rows.at(-1)?.id;
    if (last === undefined) continue;
    const gone = await publishedWithoutRow(tenure, lastKey, last, new Set(rows.map(({ id }) => id)));
    missing += gone.missing;
    await repair(new Map([...causes, ...gone.causes]));
    lastKey = last;
  }
  const beyond = await publishedWithoutRow(tenure, lastKey, undefined, new Set());
  missing += beyond.missing;
  await repair(beyond.causes);

  for (const kind of ['participant', 'relation', 'contact', 'project'] as const) {
    for await (const rows of tenure.ports.inventive.allRows(kind)) await repair(await changedParts(tenure, rows));
  }
  if (repaired > 0) tenure.ports.observer.repaired(tenure.source, repaired);
  return { repaired, missing };
}

const isSettled = (tenure: Tenure, stamp: bigint): boolean => stamp < tenure.watermark.readFrom;

async function changedRows(tenure: Tenure, rows: readonly StampedRow[]): Promise<Map<InventiveId, Cause>> {
  const settled = rows.filter(({ stamp }) => isSettled(tenure, stamp));
  const known = new Map((await tenure.ports.published.byIds(tenure.source, settled.map(({ id }) => id))).map((published) => [published.id, published] as const));
  const causes = new Map<InventiveId, Cause>();
  for (const { id, stamp } of settled) {
    const published = known.get(id);
    const current = published !== undefined && published.epoch === tenure.watermark.epoch;
    if (current && published.rowStamp > stamp) throw new OlderState(`the inventory found appointment ${id} with stamp ${stamp}, we know ${published.rowStamp}`);
    if (!current || published.deleted || published.offered !== undefined || published.rowStamp < stamp) causes.set(id, { stamp });
  }
  return causes;
}

/** Published appointments between two keys that have no row: deleted if the server says so, else a riddle. */
async function publishedWithoutRow(tenure: Tenure, after: InventiveId | undefined, until: InventiveId | undefined, present: ReadonlySet<InventiveId>) {
  const causes = new Map<InventiveId, Cause>();
  let missing = 0;
  let from = after;
  for (;;) {
    const page = await tenure.ports.published.page(tenure.source, from, PUBLISHED_PAGE);
    for (const published of page) {
      if (until !== undefined && published.id > until) return { causes, missing };
      if (published.deleted || published.epoch === 0 || present.has(published.id)) continue;
      const stamp = await deletionToRepair(tenure, published);
      await tenure.pulse();
      if (stamp === 'missing') missing += 1;
      else if (stamp !== undefined) causes.set(published.id, { stamp, deletedAt: stamp });
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PUBLISHED_PAGE) return { causes, missing };
    from = last.id;
    await tenure.pulse();
  }
}

async function deletionToRepair(tenure: Tenure, { id }: PublishedAppointment): Promise<bigint | 'missing' | undefined> {
  const stamp = await tenure.ports.inventive.deletionOf('appointment', id);
  if (stamp === undefined) return 'missing';
  return isSettled(tenure, stamp) ? stamp : undefined;
}

async function changedParts(tenure: Tenure, rows: readonly StampedRow[]): Promise<Map<InventiveId, Cause>> {
  const settled = new Map(rows.filter(({ stamp }) => isSettled(tenure, stamp)).map((row) => [partKey(row.kind, row.id), row] as const));
  const holders = await tenure.ports.published.holdersOf(tenure.source, [...settled.keys()]);
  const known = new Map((await tenure.ports.published.byIds(tenure.source, [...new Set(holders.map(({ id }) => id))])).map((published) => [published.id, published] as const));
  const causes = new Map<InventiveId, Cause>();
  const held = new Set<string>();
  for (const { id, part } of holders) {
    held.add(part);
    const stamp = settled.get(part)?.stamp ?? 0n;
    const published = known.get(id)?.parts.find(({ key }) => key === part);
    // In the index but not in what was published: it belongs here only if the row itself says so.
    if (published === undefined ? settled.get(part)?.appointmentId === id : published.stamp < stamp) causes.set(id, { stamp });
  }
  for (const [part, { appointmentId, stamp }] of settled) if (!held.has(part) && appointmentId !== undefined) causes.set(appointmentId, { stamp });
  return causes;
}
