import type { Connection } from 'mongoose';
import { SourceEnvironments, SourceGate } from '@calsync/accounts';
import { asInstallationId, asSourceName } from '@calsync/calendar-model';
import { KafkaMessagePublisher } from '@calsync/event-log';
import { openSource, readSourcesFile, type AgendaSource } from '@calsync/inventive-client';
import { runLoop, SettingsError, systemClock, type Check, type RunningLoop } from '@calsync/service-chassis';
import { mongoCheck } from '@calsync/service-chassis/nest';
import { createLeases, createNudgeRelay, createPublishedAppointments, createWatermarks, type NudgeRelay, type WatermarkStore } from '@calsync/sync-store';
import { createObserver, prepareMetrics, reportServer, showLocks, showSources } from './capture-metrics.js';
import { crashPoint } from './crash-point.js';
import type { CaptureServiceSettings } from './settings.js';
import { SourceRunner } from './source-runner.js';

export interface CaptureParts {
  readonly sources: ReadonlyMap<string, SourceRunner>;
  readonly relay: NudgeRelay;
  readonly checks: { readonly live: readonly Check[]; readonly ready: readonly Check[] };
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Which adapter stands behind which port. */
export function assembleCapture(settings: CaptureServiceSettings, connection: Connection): CaptureParts {
  const sourceSettings = sourcesOf(settings.SOURCES_FILE);
  prepareMetrics(sourceSettings.map(({ name }) => name));
  const watermarks = createWatermarks(connection);
  const published = createPublishedAppointments(connection);
  const leases = createLeases(connection);
  const relay = createNudgeRelay(connection);
  const publisher = new KafkaMessagePublisher({ brokers: settings.KAFKA_BROKERS, clientId: 'inventive-capture' });
  const reached = crashPoint(settings);

  let preparing: Promise<void> | undefined;
  const prepare = (): Promise<void> =>
    (preparing ??= Promise.all([leases.prepare(), published.prepare()]).then(
      () => undefined,
      (error: unknown) => {
        preparing = undefined;
        throw error;
      },
    ));

  const opened = new Map(sourceSettings.map((source) => [source.name, openSource(source, { clock: systemClock })] as const));
  const gate = new SourceGate({
    environments: new SourceEnvironments({ connection, installation: asInstallationId(settings.INSTALLATION_ID) }),
    sources: sourceSettings.map(({ name }) => asSourceName(name)),
    fingerprintOf: async (name) => sourceNamed(opened, name).client.fingerprint(),
    clock: systemClock,
    report: reportServer,
  });
  const sources = new Map(
    sourceSettings.map((source) => {
      const ports = { publisher, watermarks, published, leases, reached, clock: systemClock, random: Math.random, observer: createObserver() };
      return [source.name, new SourceRunner(sourceNamed(opened, source.name), source, settings, ports, { prepare, gate })] as const;
    }),
  );

  showSources(() => [...sources.values()].map((source) => [source.name, source.isRead()] as const));
  showLocks(() => gate.states());
  let listening: RunningLoop | undefined;
  return {
    sources,
    relay,
    checks: { live: [], ready: [mongoCheck(connection), publisher.check(), sourcesCheck(sources, watermarks)] },
    async start() {
      await publisher.connect();
      for (const source of sources.values()) source.start();
      listening = runLoop({
        name: 'relayed-nudges',
        // It waits for nudges for as long as none comes.
        stuckAfterMs: Number.POSITIVE_INFINITY,
        body: (signal) => relay.listen((source, stamp) => void sources.get(source)?.nudge(stamp), signal),
        // Without it nudges that another replica gets wait for the fallback poll, and MongoDB has a check of its own.
        onError: () => undefined,
      });
    },
    async stop() {
      await Promise.all([...sources.values()].map((source) => source.stop()));
      await listening?.stop();
      await publisher.close();
      await connection.close();
    },
  };
}

function sourceNamed(opened: ReadonlyMap<string, AgendaSource>, name: string): AgendaSource {
  const source = opened.get(name);
  if (source === undefined) throw new Error(`no Inventive server is named ${name}`);
  return source;
}

function sourcesOf(file: string) {
  try {
    return readSourcesFile(file);
  } catch (error) {
    throw new SettingsError(error instanceof Error ? error.message : String(error));
  }
}

/** Ready while at least one source is served; what is wrong with the others stands in the details, and in the metrics. */
function sourcesCheck(sources: ReadonlyMap<string, SourceRunner>, watermarks: WatermarkStore): Check {
  return {
    name: 'sources',
    async check() {
      const looked = await Promise.all(
        [...sources].map(async ([name, source]) => {
          // The replica that reads may have stopped: then nobody serves it, and standing by is no work.
          const stopped = source.isStandingBy() ? (await watermarks.find(asSourceName(name)))?.stopped : undefined;
          const details = { ...source.status(), ...(stopped === undefined ? {} : { stoppedAtReader: stopped.reason }) };
          return { name, details, served: source.isServed() && stopped === undefined };
        }),
      );
      return { healthy: looked.some(({ served }) => served), details: Object.fromEntries(looked.map(({ name, details }) => [name, details] as const)) };
    },
  };
}
