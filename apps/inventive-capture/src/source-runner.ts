import { createCaptureSource, type AgendaSource, type SourceSettings } from '@calsync/inventive-client';
import { logger, runLoop, systemClock, type RunningLoop } from '@calsync/service-chassis';
import { createCapture, Failure, type Capture, type CapturePorts, type CaptureStatus } from '@calsync/sync-engine';
import type { CaptureServiceSettings } from './settings.js';

/** KafkaMessagePublisher gives up after about this long. */
const SEND_LIMIT_MS = 8_000;
const RECHECK_MAPPING_MS = 30_000;
/** A question under way gets so long at the end of the process. */
const END_PATIENCE_MS = 800;

export interface SourceStatus {
  readonly capture: CaptureStatus;
  /** What in the mapping file doesn't fit the server; capture waits until it does. */
  readonly mappingProblems: readonly string[];
}

const log = logger('capture');

/** One source: its client, its capture loop, and what is known of both. */
export class SourceRunner {
  readonly #source: AgendaSource;
  readonly #settings: SourceSettings;
  readonly #capture: Capture;
  readonly #prepare: () => Promise<void>;
  #mappingProblems: readonly string[] = [];
  #loop: RunningLoop | undefined;

  constructor(source: AgendaSource, settings: SourceSettings, service: CaptureServiceSettings, ports: Omit<CapturePorts, 'inventive'>, prepare: () => Promise<void>) {
    this.#source = source;
    this.#settings = settings;
    this.#prepare = prepare;
    this.#capture = createCapture(
      { ...ports, inventive: createCaptureSource(source) },
      {
        longestTransactionMs: settings.longestTransactionMs,
        pollMs: settings.pollMs,
        inventoryEveryMs: service.INVENTORY_SECONDS * 1_000,
        leaseTtlMs: service.LEASE_TTL_MS,
        sendLimitMs: SEND_LIMIT_MS,
        ...(service.SNAPSHOT_DAYS_BACK === undefined ? {} : { snapshotDaysBack: service.SNAPSHOT_DAYS_BACK }),
      },
    );
  }

  get name(): string {
    return this.#settings.name;
  }

  get nudgeSecret(): string {
    return this.#settings.nudgeSecret;
  }

  /** False where another replica has to be told. */
  nudge(stamp: bigint): boolean {
    if (!this.#capture.isReader()) return false;
    this.#capture.nudge(stamp);
    return true;
  }

  status(): SourceStatus {
    return { capture: this.#capture.status(), mappingProblems: this.#mappingProblems };
  }

  /** True while this replica is the one that reads it, and can. */
  isRead(): boolean {
    const { state } = this.#capture.status();
    return state === 'live' || state === 'snapshot';
  }

  /** True where this source's changes are being published, here or by another replica. */
  isServed(): boolean {
    const { state } = this.#capture.status();
    return this.#mappingProblems.length === 0 && (state === 'live' || state === 'standing-by');
  }

  isStandingBy(): boolean {
    return this.#capture.status().state === 'standing-by';
  }

  start(): void {
    this.#loop = runLoop({
      name: `capture-${this.name}`,
      body: async (signal, beat) => {
        await this.#prepare();
        if (await this.#mappingFits(signal)) await this.#capture.run(signal, beat);
      },
      onError: (error, failuresInARow) => {
        if (failuresInARow === 1 || failuresInARow % 20 === 0) log.warn({ source: this.name, err: error, failuresInARow }, 'the source could not be opened: tried again');
      },
    });
  }

  async stop(): Promise<void> {
    const ending = this.#loop?.stop();
    const patience = setTimeout(() => void this.#source.client.abandon(), END_PATIENCE_MS);
    await ending;
    clearTimeout(patience);
    await this.#source.client.abandon();
  }

  /** With a wrong mapping every appointment would look changed: nothing begins before it fits. */
  async #mappingFits(signal: AbortSignal): Promise<boolean> {
    this.#mappingProblems = await this.#source.client.mappingProblems();
    if (this.#mappingProblems.length === 0) return true;
    log.error({ source: this.name, problems: this.#mappingProblems }, 'the mapping file does not fit this Inventive: nothing is read until it does');
    await systemClock.sleep(RECHECK_MAPPING_MS, signal);
    if (signal.aborted) return false;
    throw new Failure('permanent', `The mapping file doesn't fit Inventive "${this.name}": ${this.#mappingProblems[0]}`);
  }
}
