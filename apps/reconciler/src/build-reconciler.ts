import type { Connection } from 'mongoose';
import { asInstallationId } from '@calsync/calendar-model';
import { GoogleAccessTokens, GrantStore, MongoAccountDirectory, SourceEnvironments, SourceGate } from '@calsync/accounts';
import { KafkaMessagePublisher } from '@calsync/event-log';
import { createGoogleEvents, createQuotaLimiter } from '@calsync/google-client';
import { createInventiveAgenda, openSource, readSourcesFile } from '@calsync/inventive-client';
import { metrics, systemClock } from '@calsync/service-chassis';
import { KeyRing } from '@calsync/service-chassis/sealing';
import { AccountBrake, CompareAccounts, JoinAccounts, RollWindows, SeriesPool, SeriesWrites, TakeIn, WorkPair, WorkSeries, WorkerPool, type AccountDirectory, type Clock, type SeriesKey } from '@calsync/sync-engine';
import { createBrakeLedger, createComparisons, createJoinings, createLeases, createPairs, createSeries, createUnpaired, createWatermarks, createWindowDays, type ComparisonCollection, type PairCollection, type SeriesCollection } from '@calsync/sync-store';
import { crashAt } from './crash-at.js';
import { reportComparison, reportJoining, reportRolling, reportSeries, reportWork } from './loops.js';
import { fingerprintOf, reportServer, showLocks } from './recognise-servers.js';
import type { ReconcilerSettings } from './settings.js';

export interface Reconciler {
  readonly accounts: AccountDirectory;
  readonly clock: Clock;
  readonly takeIn: TakeIn;
  readonly workers: WorkerPool;
  readonly seriesWorkers: SeriesPool;
  readonly series: SeriesCollection;
  readonly joins: JoinAccounts;
  readonly windows: RollWindows;
  readonly compares: CompareAccounts;
  readonly comparisons: ComparisonCollection;
  /** Which Inventive servers were met and recognised: nothing is written for others. */
  readonly gate: SourceGate;
  readonly pairs: PairCollection;
  readonly publisher: KafkaMessagePublisher;
  /** Collections and indexes that must stand before the first message. */
  prepare(): Promise<void>;
}

const googleCalls = metrics.counter({ name: 'google_api_requests_total', help: 'calls of the Calendar API, by method and answer', labelNames: ['method', 'code'] });

/** A series is a few calls of Google, one after another. */
const SERIES_WIDTH = 4;

/** Which adapter stands behind which port. */
export function buildReconciler(settings: ReconcilerSettings, connection: Connection): Reconciler {
  const clock = systemClock;
  const keys = new KeyRing(settings.MASTER_KEYS);
  const installation = asInstallationId(settings.INSTALLATION_ID);
  const sources = readSourcesFile(settings.SOURCES_FILE).map((source) => openSource(source, { clock }));
  const watermarks = createWatermarks(connection);
  const inventive = createInventiveAgenda(sources, { epochOf: (source) => watermarks.epochOf(source) });

  const accounts = new MongoAccountDirectory({ connection, installation, clock });
  const grants = new GrantStore({ connection, installation, keys });
  const client = { clientId: settings.GOOGLE_CLIENT_ID, clientSecret: settings.GOOGLE_CLIENT_SECRET, ...(settings.GOOGLE_OAUTH_ROOT ? { root: settings.GOOGLE_OAUTH_ROOT } : {}) };
  const tokens = new GoogleAccessTokens({ grants, directory: accounts, client, clock });
  // One quota for all services and replicas: Google counts them together.
  const limiter = createQuotaLimiter({ clock, perUserPerMinute: settings.GOOGLE_UNITS_PER_USER_MINUTE, perProjectPerMinute: settings.GOOGLE_UNITS_PER_MINUTE, mongo: connection });
  const google = createGoogleEvents({
    tokens,
    clock,
    limiter,
    observe: ({ method, result }) => googleCalls.inc({ method, code: result }),
    ...(settings.GOOGLE_API_ROOT ? { root: settings.GOOGLE_API_ROOT } : {}),
  });

  const pairs = createPairs(connection, keys);
  const unpaired = createUnpaired(connection, keys);
  const joining = createJoinings(connection);
  const windowDays = createWindowDays(connection);
  const brake = new AccountBrake(createBrakeLedger(connection, pairs.size), {
    items: settings.BRAKE_ITEMS, percent: settings.BRAKE_PERCENT, windowMs: settings.BRAKE_WINDOW_S * 1000, max: settings.BRAKE_MAX, creations: settings.BRAKE_CREATIONS,
  });
  const gate = new SourceGate({
    environments: new SourceEnvironments({ connection, installation }),
    sources: sources.map(({ name }) => name),
    fingerprintOf: (name) => fingerprintOf(sources, name),
    clock,
    report: reportServer,
  });
  showLocks(() => gate.states());
  // Messages are taken in whatever stands there; who asks or writes at the vendors sees the account as locked until its server is known.
  const recognised = gate.guard(accounts);
  const series = createSeries(connection);
  const leases = createLeases(connection);
  const wakeSeries = (key: SeriesKey) => seriesWorkers.wake(key);
  const takeIn = new TakeIn({ pairs, unpaired, joining, accounts, clock, todayIn, series, wakeSeries });
  const writes = new SeriesWrites({ pairs, series, leases, clock, wakeSeries });
  const worker = new WorkPair({ pairs, series: writes, accounts: recognised, vendors: { inventive, google }, brake, clock, todayIn, reached: crashAt(settings) });
  const workers = new WorkerPool({ pairs, accounts, worker, clock, random: Math.random, width: settings.WORKER_WIDTH, report: reportWork });
  const seriesWorkers = new SeriesPool({
    series, unpaired, accounts: recognised, clock, random: Math.random, width: SERIES_WIDTH, report: reportSeries, wakePairs: (ids) => workers.wake(ids),
    worker: new WorkSeries({ series, pairs, unpaired, accounts: recognised, google, leases, clock, todayIn }),
  });
  const publisher = new KafkaMessagePublisher({ brokers: settings.KAFKA_BROKERS, clientId: 'reconciler' });
  const joins = new JoinAccounts({ pairs, unpaired, joining, windowDays, series, accounts: recognised, inventive, google, publisher, leases, clock, takeIn, todayIn, report: reportJoining });
  const windows = new RollWindows({ pairs, unpaired, accounts: recognised, inventive, google, windowDays, leases, clock, random: Math.random, takeIn, report: reportRolling });
  const comparisons = createComparisons(connection);
  const compares = new CompareAccounts({
    pairs, unpaired, comparisons, accounts: recognised, inventive, google, windowDays, publisher, leases, clock, takeIn, todayIn,
    random: Math.random, graceMs: settings.COMPARE_GRACE_MS, report: reportComparison,
  });

  return {
    accounts, clock, takeIn, workers, seriesWorkers, series, joins, windows, compares, comparisons, gate, pairs, publisher,
    async prepare() {
      await Promise.all([pairs.prepare(), series.prepare(), unpaired.prepare(), leases.prepare(), comparisons.prepare(), limiter.prepare()]);
      await publisher.connect();
    },
  };
}

const todayIn = (zone: string): string => Temporal.Now.plainDateISO(zone).toString();
