import { Failure } from '../failures/failure.js';
import type { CapturePorts, CaptureSettings, Watermark } from './capture-ports.js';
import { compareSample } from './compare-sample.js';
import { HeldLease } from './held-lease.js';
import { NudgeBook } from './nudge-book.js';
import { fanOutPage, isSeen, readChanges } from './read-changes.js';
import { settlesAt } from './settled-stamps.js';
import { OlderState, TenureLost } from './stops.js';
import { takeInventory, type InventoryResult } from './take-inventory.js';
import { takeSnapshot } from './take-snapshot.js';
import { beginTenure, saveWatermark, type Tenure } from './tenure.js';

/** `standing-by`: another replica has the lease. `stopped`: an older state showed up, a person has to decide. */
export type CaptureState = 'starting' | 'standing-by' | 'snapshot' | 'live' | 'unreachable' | 'stopped';

export interface CaptureStatus {
  readonly state: CaptureState;
  readonly holder?: string;
  readonly epoch?: number;
  readonly counter?: string;
  readonly readFrom?: string;
  readonly awaitedStamps: number;
  readonly fanOuts: number;
  readonly lastReadAt?: string;
  readonly lastTurnAt: string;
  readonly stoppedBecause?: string;
  readonly lastFailure?: string;
  readonly inventory?: InventoryResult & { readonly at: string };
}

export interface Capture {
  /** Something was saved under this stamp, or is about to be: read now. */
  nudge(stamp: bigint): void;
  /** True while this replica is the one that reads. */
  isReader(): boolean;
  /** Runs until the signal; never rejects for what waiting can mend. `beat` is called at least every few seconds. */
  run(signal: AbortSignal, beat?: () => void): Promise<void>;
  status(): CaptureStatus;
}

const ACQUIRE_EVERY_MS = 250;
/** Repeats come in flocks; one reading answers them. */
const OVERLAP_DELAY_MS = 50;
const FIRST_BACKOFF_MS = 200;
const LONGEST_BACKOFF_MS = 5_000;

/** The capture loop of one source: nudge → read by global stamp → publish → save the watermark. */
export function createCapture(ports: CapturePorts, settings: CaptureSettings): Capture {
  const { clock, observer } = ports;
  const source = ports.inventive.name;
  const book = new NudgeBook(settings.longestTransactionMs);
  let tenure: Tenure | undefined;
  let state: CaptureState = 'starting';
  let lastReadAt: number | undefined;
  let lastTurnAt = clock.now();
  let lastFailure: string | undefined;
  let inventory: CaptureStatus['inventory'];
  let nextPollAt = 0;
  let nextInventoryAt = clock.now() + settings.inventoryEveryMs;
  let wake = new AbortController();
  let beatOutside = (): void => undefined;
  /** When a nudge asked for a look at what isn't settled; undefined where none did. */
  let overlapAt: number | undefined;

  return {
    nudge(stamp) {
      // Who doesn't read has nothing to look for: whoever begins to, reads everything that isn't settled first.
      if (tenure === undefined) return;
      if (!isSeen(tenure, stamp)) book.announce(stamp, clock.now());
      // A repeated nudge says that Inventive gave a transaction time to commit: perhaps one with a lower stamp.
      else if (tenure.watermark.readFrom < tenure.watermark.counter) overlapAt ??= clock.now() + OVERLAP_DELAY_MS;
      else return;
      wake.abort();
    },
    isReader: () => tenure !== undefined && state !== 'stopped',
    run,
    status: () => ({
      state,
      ...(tenure === undefined ? {} : { holder: tenure.lease.holder, epoch: tenure.watermark.epoch, counter: String(tenure.watermark.counter), readFrom: String(tenure.watermark.readFrom) }),
      awaitedStamps: book.size,
      fanOuts: tenure?.fanOuts.size ?? 0,
      ...(lastReadAt === undefined ? {} : { lastReadAt: new Date(lastReadAt).toISOString() }),
      lastTurnAt: new Date(lastTurnAt).toISOString(),
      ...(tenure?.watermark.stopped === undefined ? {} : { stoppedBecause: tenure.watermark.stopped.reason }),
      ...(lastFailure === undefined ? {} : { lastFailure }),
      ...(inventory === undefined ? {} : { inventory }),
    }),
  };

  async function run(signal: AbortSignal, beat: () => void = () => undefined): Promise<void> {
    beatOutside = beat;
    while (!signal.aborted) {
      noteTurn();
      let held: HeldLease | undefined;
      try {
        const lease = await ports.leases.acquire(`capture/${source}`, settings.leaseTtlMs);
        if (lease === undefined) {
          state = 'standing-by';
          await pause(ACQUIRE_EVERY_MS, signal);
          continue;
        }
        held = new HeldLease(ports.leases, lease, settings.leaseTtlMs);
        await serve(held, signal);
      } catch (error) {
        if (!signal.aborted && !(error instanceof TenureLost)) {
          note(error);
          await pause(ACQUIRE_EVERY_MS, signal);
        }
      } finally {
        tenure = undefined;
        // It would run out by itself; released, another replica needn't wait for that.
        await held?.release().catch(() => undefined);
      }
    }
  }

  /** One tenure: until the lease is lost or the process ends. */
  async function serve(lease: HeldLease, signal: AbortSignal): Promise<void> {
    const watermark = await ports.watermarks.takeOver(source, lease.fencingToken);
    if (watermark === undefined) throw new TenureLost('a newer holder was here');
    const current = beginTenure(ports, settings, lease, book, watermark, noteTurn);
    tenure = current;
    let failures = 0;
    nextPollAt = clock.now();
    while (!signal.aborted) {
      noteTurn();
      try {
        await lease.lasting(settings.leaseTtlMs / 2);
        if (current.watermark.stopped !== undefined) {
          state = 'stopped';
          await awaitDecision(current, signal);
          continue;
        }
        if (current.comparedSession === undefined) await compareSample(current);
        await turn(current, signal);
        failures = 0;
        lastFailure = undefined;
      } catch (error) {
        if (signal.aborted || error instanceof TenureLost) throw error;
        if (error instanceof OlderState) {
          await stop(current, error.message);
          continue;
        }
        note(error);
        state = 'unreachable';
        // Whoever answers after a lost connection may be another database: known rows are compared first.
        current.comparedSession = undefined;
        failures += 1;
        const backoffMs = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (failures - 1)) * (0.5 + ports.random() / 2);
        await pause(Math.max(backoffMs, error instanceof Failure ? Math.min(error.retryAfterMs ?? 0, 30_000) : 0), signal, lease);
      }
    }
  }

  /** Does the one thing that is due, or waits for it. Live changes come first. */
  async function turn(current: Tenure, signal: AbortSignal): Promise<void> {
    if (current.watermark.snapshot?.done !== true) {
      state = 'snapshot';
      await takeSnapshot(current, () => live(current));
      state = 'live';
      nextPollAt = clock.now() + settings.pollMs;
      return;
    }
    state = 'live';
    wake = new AbortController();
    const now = clock.now();
    const settleAt = current.watermark.readFrom < current.watermark.counter ? settlesAt(current.watermark.marks, settings.longestTransactionMs) : undefined;
    if (current.republish || now >= Math.min(nextPollAt, settleAt ?? Infinity, overlapAt ?? Infinity)) {
      overlapAt = undefined;
      // The cheap poll is the same reading: where everything is settled and the counter stands still it asks nothing more.
      const unsettled = current.republish || current.watermark.readFrom < current.watermark.counter;
      await read(current, unsettled ? 'overlap' : 'quick');
      nextPollAt = clock.now() + settings.pollMs;
      return;
    }
    if ((book.dueAt() ?? Infinity) <= now) return read(current, 'quick');
    if (current.fanOuts.size > 0) {
      const published = await fanOutPage(current);
      if (published > 0) observer.published(source, published, undefined);
      return;
    }
    if (now >= nextInventoryAt) {
      nextInventoryAt = now + settings.inventoryEveryMs;
      inventory = { ...(await takeInventory(current, () => live(current))), at: new Date(now).toISOString() };
      return;
    }
    if (current.unsaved) {
      await saveWatermark(current, current.watermark);
      return;
    }
    const until = Math.min(nextPollAt, settleAt ?? Infinity, overlapAt ?? Infinity, book.dueAt() ?? Infinity, nextInventoryAt, now + settings.leaseTtlMs / 4);
    await clock.sleep(Math.max(0, until - now), AbortSignal.any([signal, wake.signal])).catch(() => undefined);
  }

  /** Between two pages of something long that live changes must not wait for. */
  async function live(current: Tenure): Promise<void> {
    await current.pulse();
    if ((book.dueAt() ?? Infinity) <= clock.now()) await read(current, 'quick');
  }

  async function read(current: Tenure, reach: 'quick' | 'overlap'): Promise<void> {
    const nudgedAt = book.oldestUnread();
    const published = await readChanges(current, reach);
    lastReadAt = clock.now();
    if (published > 0) observer.published(source, published, nudgedAt === undefined ? undefined : current.acknowledgedAt - nudgedAt);
  }

  async function stop(current: Tenure, reason: string): Promise<void> {
    const stopped = { reason, at: new Date(clock.now()).toISOString() };
    observer.stopped(source, reason);
    state = 'stopped';
    // Known at once, also if saving it fails: then the next comparison stops again.
    current.watermark = { ...current.watermark, stopped };
    await saveWatermark(current, current.watermark).catch((error: unknown) => {
      if (error instanceof TenureLost) throw error;
      note(error);
    });
  }

  /** Looks whether a person let the source go on. */
  async function awaitDecision(current: Tenure, signal: AbortSignal): Promise<void> {
    const stored: Watermark | undefined = await ports.watermarks.takeOver(source, current.lease.fencingToken);
    if (stored === undefined) throw new TenureLost('a newer holder was here');
    // A new epoch begins a tenure of its own: nothing that was known of the old one counts.
    if (stored.epoch !== current.watermark.epoch) throw new TenureLost('a person began a new epoch');
    if (stored.stopped === undefined) await saveWatermark(current, current.watermark);
    await pause(Math.min(settings.pollMs, settings.leaseTtlMs / 4), signal);
  }

  function noteTurn(): void {
    lastTurnAt = clock.now();
    beatOutside();
  }

  function note(error: unknown): void {
    lastFailure = error instanceof Error ? error.message : 'unknown failure';
    observer.failed(source, error);
  }

  /** Waits while keeping the lease, if there is one. */
  async function pause(ms: number, signal: AbortSignal, lease?: HeldLease): Promise<void> {
    const until = clock.now() + ms;
    while (!signal.aborted && clock.now() < until) {
      await clock.sleep(Math.min(until - clock.now(), settings.leaseTtlMs / 4), signal).catch(() => undefined);
      noteTurn();
      await lease?.lasting(settings.leaseTtlMs / 2);
    }
  }
}
