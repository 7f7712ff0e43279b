import type { GateState } from '@calsync/accounts';
import { logger, metrics } from '@calsync/service-chassis';
import type { CaptureObserver } from '@calsync/sync-engine';

const published = metrics.counter({ name: 'capture_published_total', help: 'Messages about appointments that Kafka acknowledged', labelNames: ['source'] });
const latency = metrics.histogram({
  name: 'capture_nudge_to_published_seconds', help: 'From the first nudge until the change it announced was acknowledged', labelNames: ['source'],
  buckets: [0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
});
const repairs = metrics.counter({ name: 'capture_inventory_repairs_total', help: 'Changes that only the inventory found: expected to be 0', labelNames: ['source'] });
const unreadable = metrics.counter({ name: 'capture_unreadable_rows_total', help: 'Rows that could not be understood, or are too large for Kafka, at each attempt', labelNames: ['source'] });
const failures = metrics.counter({ name: 'capture_failures_total', help: 'Turns of the loop that failed and are tried again', labelNames: ['source'] });
const stops = metrics.counter({ name: 'capture_stops_total', help: 'Stops because Inventive showed an older state than we know', labelNames: ['source'] });
export const nudges = metrics.counter({ name: 'capture_nudges_total', help: 'Nudges by what became of them', labelNames: ['result'] });

/** Looked at when the metrics are asked for: an alert on them mustn't depend on somebody asking for the health. */
export function showSources(sources: () => Iterable<readonly [name: string, isRead: boolean]>): void {
  metrics.gauge({
    name: 'capture_source_live', help: '1 where this replica reads the source', labelNames: ['source'],
    collect() {
      for (const [source, isRead] of sources()) this.set({ source }, isRead ? 1 : 0);
    },
  });
}

export function showLocks(states: () => Iterable<readonly [source: string, state: GateState]>): void {
  metrics.gauge({
    name: 'source_write_locked', help: '1 where the source is another Inventive server than before and a person has to decide', labelNames: ['source'],
    collect() {
      for (const [source, state] of states()) this.set({ source }, state === 'locked' ? 1 : 0);
    },
  });
}

export function reportServer(source: string, state: GateState): void {
  if (state === 'locked') {
    log.error({ source }, 'LOCKED: this is another Inventive server or database than before. Nothing is read or published until a person says on the console whether it has moved or is a copy');
  } else {
    log.info({ source, state }, 'the Inventive server is the known one');
  }
}

/** A counter that was never raised should read 0, not be absent: an alert has to tell the difference. */
export function prepareMetrics(sources: readonly string[]): void {
  for (const source of sources) for (const counter of [published, repairs, unreadable, failures, stops]) counter.inc({ source }, 0);
}

const log = logger('capture');
const PROGRESS_EVERY = 1_000;

export function createObserver(): CaptureObserver {
  let failuresInARow = 0;
  let nextProgress = PROGRESS_EVERY;
  const odd = new Set<string>();
  return {
    published(source, count, sinceNudgeMs) {
      failuresInARow = 0;
      published.inc({ source }, count);
      if (sinceNudgeMs !== undefined) latency.observe({ source }, sinceNudgeMs / 1_000);
      log.debug({ source, count, sinceNudgeMs }, 'published');
    },
    snapshotProgress(source, count, finished) {
      if (finished) log.info({ source, published: count }, 'the snapshot is complete');
      else if (count >= nextProgress) {
        nextProgress = count + PROGRESS_EVERY;
        log.info({ source, published: count }, 'the snapshot goes on');
      }
    },
    repaired(source, count) {
      repairs.inc({ source }, count);
      log.error({ source, count }, 'the inventory found changes that nothing else had noticed: they are published now, the cause should be looked for');
    },
    unreadable(source, id, cause) {
      unreadable.inc({ source });
      // Said once: the same row is read again at every change of it.
      if (odd.size < 10_000 && !odd.has(id)) log.warn({ source, appointment: id, cause }, 'an appointment cannot be understood, or not be sent, and is not published');
      odd.add(id);
    },
    failed(source, error) {
      failures.inc({ source });
      failuresInARow += 1;
      if (failuresInARow === 1 || failuresInARow % 20 === 0) log.warn({ source, err: error, failuresInARow }, 'reading or publishing failed: tried again');
    },
    stopped(source, reason) {
      stops.inc({ source });
      log.error({ source, reason }, 'STOPPED: Inventive shows an older state than we know, as after a restored backup. Nothing is published and nothing is deleted until a person decides: see docs/inventive');
    },
  };
}
