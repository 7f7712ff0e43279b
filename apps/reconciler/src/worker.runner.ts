import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Connection } from 'mongoose';
import { logger, systemClock, type Check, type RunningLoop } from '@calsync/service-chassis';
import type { Reconciler } from './build-reconciler.js';
import { startLoops } from './loops.js';
import type { ReconcilerSettings } from './settings.js';

export const RECONCILER = Symbol('reconciler');
export const SETTINGS = Symbol('settings');
export const CONNECTION = Symbol('connection');

const PREPARE_AGAIN_MS = 250;
const FIRST_MEETING_MS = 3_000;
/** MongoDB is rarely there at our first try; that is no news. */
const QUIET_TRIES = 12;

/** Begins the loops once the collections stand, and ends them in order: what a worker began is saved before the store closes. */
@Injectable()
export class WorkerRunner implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly ending = new AbortController();
  private loops: readonly RunningLoop[] = [];
  private prepared = false;

  constructor(
    @Inject(RECONCILER) private readonly reconciler: Reconciler,
    @Inject(SETTINGS) private readonly settings: ReconcilerSettings,
    @Inject(CONNECTION) private readonly connection: Connection,
  ) {}

  /** MongoDB may come later than we do; until then nothing is taken in, for storing fails and is tried again. */
  onApplicationBootstrap(): void {
    void this.begin();
  }

  async onApplicationShutdown(): Promise<void> {
    this.ending.abort(new Error('the reconciler is closing'));
    await Promise.all(this.loops.map((loop) => loop.stop()));
    // Joining and series first: they make pairs due.
    await this.reconciler.joins.stop();
    await this.reconciler.seriesWorkers.stop();
    await this.reconciler.workers.stop();
    await this.reconciler.publisher.close();
    await this.connection.close();
  }

  ready(): Check {
    return { name: 'prepared', check: async () => ({ healthy: this.prepared }) };
  }

  private async begin(): Promise<void> {
    const { signal } = this.ending;
    for (let tries = 1; !signal.aborted && !this.prepared; tries += 1) {
      try {
        await this.reconciler.prepare();
        this.prepared = true;
      } catch (error) {
        if (tries % QUIET_TRIES === 0) logger('reconciler').warn({ tries, err: error }, 'the collections could not be prepared: trying again');
        await systemClock.sleep(PREPARE_AGAIN_MS, signal).catch(() => undefined);
      }
    }
    // A moment for the first meeting: until then all accounts would look locked.
    await Promise.race([this.reconciler.gate.turn(), systemClock.sleep(FIRST_MEETING_MS, signal).catch(() => undefined)]);
    if (!signal.aborted) this.loops = startLoops({ ...this.reconciler, pollMs: this.settings.WORKER_POLL_MS });
  }
}
