import type { InventiveId, SourceName } from '@calsync/calendar-model';
import type { CapturePorts, CaptureSettings, Watermark } from './capture-ports.js';
import type { PartKey } from './capture-source.js';
import type { HeldLease } from './held-lease.js';
import { NudgeBook } from './nudge-book.js';
import { SeenRows } from './seen-rows.js';
import { OlderState, TenureLost } from './stops.js';

export interface FanOut {
  readonly part: PartKey;
  /** The save or deletion of the shared row that caused it. */
  readonly stamp: bigint;
  after?: InventiveId;
}

/** What one holder of a source's lease knows while it holds it. All of it can be lost: it begins again from the watermark. */
export interface Tenure {
  readonly ports: CapturePorts;
  readonly settings: CaptureSettings;
  readonly source: SourceName;
  readonly lease: HeldLease;
  readonly book: NudgeBook;
  /** Between two steps of something long: shows life and keeps the lease. A table can take longer to read than a lease lasts. */
  readonly pulse: () => Promise<void>;
  seen: SeenRows;
  watermark: Watermark;
  /** The counter moved on since the watermark was saved; where re-reading begins did not. */
  unsaved: boolean;
  /** Where the quick reads begin: the counter as it stood before the last read of all tables. */
  head: bigint;
  /** Until the overlap was read once: a former holder may have sent an older state last, so nothing is dropped as a repeat. */
  republish: boolean;
  /** Shared rows whose appointments still have to be read again, by part. */
  readonly fanOuts: Map<PartKey, FanOut>;
  /** When the broker last acknowledged a publication. */
  acknowledgedAt: number;
  /** The session in which known rows were last compared; undefined where that has to be done first. */
  comparedSession: number | undefined;
}

export function beginTenure(ports: CapturePorts, settings: CaptureSettings, lease: HeldLease, book: NudgeBook, watermark: Watermark, showLife: () => void): Tenure {
  return {
    ports, settings, source: ports.inventive.name, lease, book, watermark,
    async pulse() {
      showLife();
      await lease.lasting(settings.leaseTtlMs / 2);
    },
    seen: new SeenRows(),
    unsaved: false,
    head: watermark.readFrom,
    republish: true,
    fanOuts: new Map(),
    acknowledgedAt: 0,
    comparedSession: undefined,
  };
}

/** The counter now. Throws `OlderState` where it stands lower than it did. */
export async function readCounter(tenure: Tenure): Promise<bigint> {
  const counter = await tenure.ports.inventive.stampNow();
  if (counter < tenure.watermark.counter) throw new OlderState(`the counter ran backwards from ${tenure.watermark.counter} to ${counter}, as after a restored backup`);
  return counter;
}

/** Only after the broker's acknowledgement of everything that the new watermark leaves behind. */
export async function saveWatermark(tenure: Tenure, watermark: Watermark): Promise<void> {
  if (!(await tenure.ports.watermarks.save(tenure.source, tenure.lease.fencingToken, watermark))) throw new TenureLost('another replica saved a watermark');
  tenure.watermark = watermark;
  tenure.unsaved = false;
}
