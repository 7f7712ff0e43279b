import type { Check } from './check.js';
import { type ServiceClock, systemClock } from './clock.js';
import { withLogContext } from './log.js';

export interface LoopOptions {
  readonly name: string;
  /** One turn. Pausing between turns is the body's own affair; a turn that takes long calls `beat` on the way. */
  body(signal: AbortSignal, beat: () => void): Promise<void>;
  onError(error: unknown, failuresInARow: number): void;
  /** Milliseconds to wait after the n-th failure in a row. By default 100 ms doubling up to 5 s, with jitter. */
  readonly backoff?: (failuresInARow: number) => number;
  /** Without a beat for this long the loop counts as stuck, and the process as not alive. Default 60 s. */
  readonly stuckAfterMs?: number;
  readonly clock?: ServiceClock;
}

export interface RunningLoop {
  readonly name: string;
  /** Lets the turn under way end (its signal is aborted) and starts no other. */
  stop(): Promise<void>;
}

export interface LoopHealth {
  readonly name: string;
  readonly lastBeatAt: string;
  readonly lastBeatAgoMs: number;
  readonly failuresInARow: number;
  readonly stuck: boolean;
}

interface Watched {
  readonly name: string;
  readonly stuckAfterMs: number;
  readonly clock: ServiceClock;
  lastBeat: number;
  failures: number;
}

const running = new Set<Watched>();

/** Runs `body` again and again until stopped. Whatever it throws is reported and followed by a growing pause: nothing ends the loop. */
export function runLoop(options: LoopOptions): RunningLoop {
  const { name, backoff = patience, stuckAfterMs = 60_000, clock = systemClock } = options;
  const watched: Watched = { name, stuckAfterMs, clock, lastBeat: clock.now(), failures: 0 };
  const stopping = new AbortController();
  const beat = () => {
    watched.lastBeat = clock.now();
  };
  running.add(watched);

  const turns = withLogContext({ loop: name }, async () => {
    while (!stopping.signal.aborted) {
      try {
        await options.body(stopping.signal, beat);
        watched.failures = 0;
        beat();
        // A body that never really waits must not starve timers and I/O.
        await new Promise<void>((resolve) => setImmediate(resolve));
      } catch (error) {
        if (stopping.signal.aborted) break;
        watched.failures += 1;
        beat();
        options.onError(error, watched.failures);
        await clock.sleep(backoff(watched.failures), stopping.signal).catch(() => undefined);
      }
    }
  }).finally(() => running.delete(watched));

  return {
    name,
    async stop() {
      stopping.abort(new Error(`loop ${name} is stopping`));
      await turns;
    },
  };
}

export function loopHealth(): readonly LoopHealth[] {
  return [...running].map(({ name, lastBeat, failures, stuckAfterMs, clock }) => {
    const ago = clock.now() - lastBeat;
    return { name, lastBeatAt: new Date(lastBeat).toISOString(), lastBeatAgoMs: ago, failuresInARow: failures, stuck: ago > stuckAfterMs };
  });
}

/** For /health/live: every loop of this process still turns. */
export const loopsCheck: Check = {
  name: 'loops',
  async check() {
    const loops = loopHealth();
    return { healthy: loops.every(({ stuck }) => !stuck), details: { loops } };
  },
};

function patience(failuresInARow: number): number {
  const bound = Math.min(5_000, 100 * 2 ** Math.min(failuresInARow, 10));
  return bound / 2 + (Math.random() * bound) / 2;
}
