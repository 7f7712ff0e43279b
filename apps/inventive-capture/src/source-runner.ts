import type { GateState, SourceGate } from '@calsync/accounts';
import { createCaptureSource, sourceProblems, type AgendaSource, type SourceSettings } from '@calsync/inventive-client';
import { logger, runLoop, systemClock, type RunningLoop } from '@calsync/service-chassis';
import { createCapture, Failure, type Capture, type CapturePorts, type CaptureStatus } from '@calsync/sync-engine';
import type { CaptureServiceSettings } from './settings.js';

/** KafkaMessagePublisher gives up after about this long. */
const SEND_LIMIT_MS = 8_000;
const RECHECK_MAPPING_MS = 30_000;
const LOOK_AGAIN_MS = 30_000;
const GLANCE_MS = 1_000;
const LOCKED_MS = 2_000;
const UNSEEN_MS = 500;
/** A question under way gets so long at the end of the process. */
const END_PATIENCE_MS = 800;

export interface SourceStatus {
  readonly capture: CaptureStatus;
  /** What in the mapping file doesn't fit the server; capture waits until it does. */
  readonly mappingProblems: readonly string[];
  /** `locked`: another server than before, and a person has to say which. */
  readonly server: GateState;
}

export interface RunnerParts {
  readonly prepare: () => Promise<void>;
  readonly gate: Pick<SourceGate, 'look' | 'stateOf'>;
}

const log = logger('capture');

/** One source: its client, its capture loop, and what is known of both. */
export class SourceRunner {
  readonly #source: AgendaSource;
  readonly #settings: SourceSettings;
  readonly #capture: Capture;
  readonly #parts: RunnerParts;
  #mappingProblems: readonly string[] = [];
  #loop: RunningLoop | undefined;

  constructor(source: AgendaSource, settings: SourceSettings, service: CaptureServiceSettings, ports: Omit<CapturePorts, 'inventive'>, parts: RunnerParts) {
    this.#source = source;
    this.#settings = settings;
    this.#parts = parts;
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
    return { capture: this.#capture.status(), mappingProblems: this.#mappingProblems, server: this.#server() };
  }

  /** True while this replica is the one that reads it, and can. */
  isRead(): boolean {
    const { state } = this.#capture.status();
    return state === 'live' || state === 'snapshot';
  }

  /** True where this source's changes are being published, here or by another replica. */
  isServed(): boolean {
    const { state } = this.#capture.status();
    return this.#mappingProblems.length === 0 && this.#server() !== 'locked' && (state === 'live' || state === 'standing-by');
  }

  isStandingBy(): boolean {
    return this.#capture.status().state === 'standing-by';
  }

  start(): void {
    this.#loop = runLoop({
      name: `capture-${this.name}`,
      body: async (signal, beat) => {
        await this.#parts.prepare();
        if ((await this.#recognised(signal, beat)) && (await this.#mappingFits(signal))) await this.#whileRecognised(signal, (until) => this.#capture.run(until, beat));
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

  #server(): GateState {
    return this.#parts.gate.stateOf(this.#source.name);
  }

  /** Of another server than the known one nothing is published: its rows would be taken for changes of ours. */
  async #recognised(signal: AbortSignal, beat: () => void): Promise<boolean> {
    while (!signal.aborted) {
      if ((await this.#parts.gate.look(this.#source.name)) === 'known') return true;
      beat();
      await systemClock.sleep(this.#server() === 'locked' ? LOCKED_MS : UNSEEN_MS, signal).catch(() => undefined);
    }
    return false;
  }

  /** The server may be replaced under our feet: then reading ends, and begins anew once a person has decided. */
  async #whileRecognised(signal: AbortSignal, read: (until: AbortSignal) => Promise<void>): Promise<void> {
    const ended = new AbortController();
    const until = AbortSignal.any([signal, ended.signal]);
    const { session } = this.#source.client;
    const watching = (async () => {
      for (let seen = { logins: session.logins, at: systemClock.now() }; !until.aborted; ) {
        await systemClock.sleep(GLANCE_MS, until).catch(() => undefined);
        // A new session: who forgot the old one was started again, perhaps with another database.
        if (until.aborted || (session.logins === seen.logins && systemClock.now() - seen.at < LOOK_AGAIN_MS)) continue;
        seen = { logins: session.logins, at: systemClock.now() };
        if ((await this.#parts.gate.look(this.#source.name)) === 'locked') ended.abort(new Error('another Inventive server answers'));
      }
    })();
    try {
      await read(until);
    } finally {
      ended.abort(new Error('reading has ended'));
      await watching;
    }
  }

  /** With a wrong mapping, or on a wrong clock, every appointment would look changed: nothing begins before it fits. */
  async #mappingFits(signal: AbortSignal): Promise<boolean> {
    this.#mappingProblems = await sourceProblems(this.#source);
    if (this.#mappingProblems.length === 0) return true;
    log.error({ source: this.name, problems: this.#mappingProblems }, 'the settings of this source do not fit its Inventive: nothing is read until they do');
    await systemClock.sleep(RECHECK_MAPPING_MS, signal);
    if (signal.aborted) return false;
    throw new Failure('permanent', `The settings of "${this.name}" don't fit its Inventive: ${this.#mappingProblems[0]}`);
  }
}
