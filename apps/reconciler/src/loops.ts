import type { SourceGate } from '@calsync/accounts';
import { logger, metrics, runLoop, systemClock, type RunningLoop } from '@calsync/service-chassis';
import { tellOutcomes, type CompareAccounts, type CompareEvent, type JoinAccounts, type JoinEvent, type MessagePublisher, type PairStore, type RollEvent, type RollWindows, type SeriesEvent, type SeriesPool, type WorkerEvent, type WorkerPool } from '@calsync/sync-engine';

const log = logger('reconciler');
const JOIN_TURN_MS = 500;
const TELL_IDLE_MS = 250;
const ROLL_TURN_MS = 20_000;
const GATE_TURN_MS = 500;
const COMPARE_TURN_MS = 1_000;

const worked = metrics.counter({ name: 'reconciler_pairs_worked_total', help: 'turns of work on a pair, by how they ended', labelNames: ['result'] });
const seriesWorked = metrics.counter({ name: 'reconciler_series_worked_total', help: 'turns of work on a series, by how they ended', labelNames: ['result'] });
const failures = metrics.counter({ name: 'reconciler_failures_total', help: 'failed turns of work, by kind', labelNames: ['kind'] });
const entered = metrics.counter({ name: 'window_items_entered_total', help: 'items that got a pair because their day entered the window, by side', labelNames: ['side'] });

const comparisons = metrics.counter({ name: 'comparisons_total', help: 'full comparisons of an account, by mode and how they ended', labelNames: ['mode', 'result'] });
const repaired = metrics.counter({ name: 'comparison_repaired_total', help: 'items that a full comparison mended because no message had told of them; expected to be 0', labelNames: ['what'] });

export function reportWork(event: WorkerEvent): void {
  if (event.kind === 'worked') {
    worked.inc({ result: event.result });
    return;
  }
  failures.inc({ kind: event.failure.kind });
  log.warn({ pairId: event.pairId, accountId: event.accountId, failure: event.failure.kind, cause: event.failure.message }, 'a pair could not be worked on');
}

export function reportJoining(event: JoinEvent): void {
  switch (event.kind) {
    case 'joined':
      log.info({ ...event }, 'account joined');
      return;
    case 'waiting-for-google':
      log.info({ ...event }, 'joining waits for the full list of the Google calendar');
      return;
    case 'failed':
      log.warn({ ...event }, 'an account could not be joined: it is tried again');
  }
}

export function reportRolling(event: RollEvent): void {
  switch (event.kind) {
    case 'rolled':
      entered.inc({ side: 'inventive' }, event.inventive);
      entered.inc({ side: 'google' }, event.google);
      log.info({ ...event }, 'the window of an account went on');
      return;
    case 'failed':
      log.warn({ ...event }, 'what entered the window of an account could not be read: it is tried again');
  }
}

export function reportComparison(event: CompareEvent): void {
  switch (event.kind) {
    case 'compared':
      comparisons.inc({ mode: event.mode, result: 'done' });
      if (event.repaired > 0) for (const what of ['matched', 'toInventive', 'toGoogle', 'different'] as const) repaired.inc({ what }, event[what]);
      log[event.repaired > 0 ? 'warn' : 'info']({ ...event }, event.repaired > 0 ? 'a full comparison mended what no message had told of' : 'an account was compared');
      return;
    case 'refused':
      comparisons.inc({ mode: event.mode, result: 'refused' });
      log.info({ ...event }, 'an account could not be compared in its state');
      return;
    case 'failed':
      if (event.givenUp) comparisons.inc({ mode: event.mode, result: 'failed' });
      log.warn({ ...event }, event.givenUp ? 'a comparison was given up' : 'a comparison failed and is tried again');
  }
}

export function reportSeries(event: SeriesEvent): void {
  if (event.kind === 'worked') {
    seriesWorked.inc({ result: event.result });
    return;
  }
  failures.inc({ kind: event.failure.kind });
  log.warn({ seriesId: event.series.seriesId, accountId: event.series.accountId, failure: event.failure.kind, cause: event.failure.message }, 'a series could not be worked on');
}

export interface LoopParts {
  readonly workers: WorkerPool;
  readonly seriesWorkers: SeriesPool;
  readonly pollMs: number;
  readonly joins: JoinAccounts;
  readonly windows: RollWindows;
  readonly compares: CompareAccounts;
  readonly gate: Pick<SourceGate, 'turn'>;
  readonly pairs: PairStore;
  readonly publisher: MessagePublisher;
}

/** The loops besides intake: due pairs that nobody was woken for, joining accounts, windows that go on with the days, and outcomes to be told. */
export function startLoops({ workers, seriesWorkers, pollMs, joins, windows, compares, gate, pairs, publisher }: LoopParts): readonly RunningLoop[] {
  const onError = (name: string) => (error: unknown, failuresInARow: number) => {
    if (failuresInARow === 1 || failuresInARow % 20 === 0) log.warn({ loop: name, failuresInARow, err: error }, 'a loop failed and goes on');
  };
  return [
    runLoop({
      name: 'inventive-servers',
      onError: onError('inventive-servers'),
      async body(signal) {
        await gate.turn();
        await systemClock.sleep(GATE_TURN_MS, signal);
      },
    }),
    runLoop({
      name: 'due-pairs',
      onError: onError('due-pairs'),
      async body(signal) {
        await Promise.all([workers.poll(), seriesWorkers.poll()]);
        await systemClock.sleep(pollMs, signal);
      },
    }),
    runLoop({
      name: 'joining',
      onError: onError('joining'),
      stuckAfterMs: 600_000,
      async body(signal) {
        await joins.look();
        await joins.drain();
        await systemClock.sleep(JOIN_TURN_MS, signal);
      },
    }),
    runLoop({
      name: 'window',
      onError: onError('window'),
      stuckAfterMs: 600_000,
      async body(signal, beat) {
        await windows.turn(signal, beat);
        await systemClock.sleep(ROLL_TURN_MS * (0.5 + Math.random()), signal);
      },
    }),
    runLoop({
      name: 'comparisons',
      onError: onError('comparisons'),
      stuckAfterMs: 600_000,
      async body(signal, beat) {
        await compares.turn(signal, beat);
        await systemClock.sleep(COMPARE_TURN_MS, signal);
      },
    }),
    runLoop({
      name: 'outcomes',
      onError: onError('outcomes'),
      async body(signal) {
        if ((await tellOutcomes(pairs, publisher)) === 0) await systemClock.sleep(TELL_IDLE_MS, signal);
      },
    }),
  ];
}
