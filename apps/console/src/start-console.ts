import { SettingsError, systemClock, type Check } from '@calsync/service-chassis';
import { connectMongo, mongoCheck, startService, type RunningService } from '@calsync/service-chassis/nest';
import { KafkaMessagePublisher } from '@calsync/event-log';
import { openSource, readSourcesFile, type AgendaSource } from '@calsync/inventive-client';
import { describeApi } from './api-docs.js';
import { Background } from './background.js';
import { ConsoleModule } from './console.module.js';
import { ConsoleParts } from './console-parts.js';
import { securityHeaders } from './security-headers.js';
import { guardDoors } from './session/doors.js';
import type { ConsoleSettings } from './settings.js';
import { inventiveUsers } from './users/inventive-users.js';
import { serveWebPages } from './web-pages.js';

export interface StartOptions {
  /** Gets the random password of the local administrator, once, at its creation. */
  readonly printPassword?: (username: string, password: string) => void;
  /** Put before every topic's and group's name (tests that share a broker). */
  readonly topicPrefix?: string;
}

/** Whose X-Forwarded-For is believed: what a caller wrote there itself stands further left than its own address. */
const PROXIES = 'loopback, linklocal, uniquelocal';

/** Wires the console: which adapter stands behind which part. */
export async function startConsole(settings: ConsoleSettings, { printPassword = printOnce, topicPrefix = '' }: StartOptions = {}): Promise<RunningService> {
  if (settings.CONSOLE_PUBLIC_URL.startsWith('https:') && settings.TRUST_PROXY !== 'true') {
    throw new SettingsError('TRUST_PROXY is false: it should be true where CONSOLE_PUBLIC_URL is https, because the console speaks http behind a proxy and learns of https from its X-Forwarded-Proto');
  }
  const sources = openSources(settings.SOURCES_FILE);
  const connection = await connectMongo(settings);
  const publisher = new KafkaMessagePublisher({ brokers: settings.KAFKA_BROKERS, clientId: 'console', topicPrefix });
  const parts = new ConsoleParts(settings, connection, inventiveUsers(sources, systemClock.now));
  const background = new Background(parts, publisher, printPassword, topicPrefix);
  return startService({
    name: 'console',
    settings,
    module: ConsoleModule.with(parts, background),
    http: { ...(settings.TRUST_PROXY === 'true' ? { trustProxy: PROXIES } : {}), bodyLimit: 65_536, helmet: securityHeaders(parts.secure) },
    configure: async (app) => {
      await guardDoors(app, settings, parts.sessions);
      await serveWebPages(app);
      describeApi(app);
    },
    health: {
      live: [background.consumerCheck()],
      // Without Kafka people can still log in, read and set; what is to be told waits in MongoDB.
      ready: [mongoCheck(connection), preparedCheck(parts)],
    },
  });
}

function openSources(file: string): readonly AgendaSource[] {
  try {
    return readSourcesFile(file).map((source) => openSource(source, { clock: systemClock }));
  } catch (error) {
    throw new SettingsError(error instanceof Error ? error.message : String(error));
  }
}

const preparedCheck = (parts: Pick<ConsoleParts, 'prepared'>): Check => ({
  name: 'prepared',
  check: async () => ({ healthy: parts.prepared, details: parts.prepared ? {} : { message: 'collections and administrator are not there yet' } }),
});

/** On standard output and not through the logger: a log is kept, this must not be. */
function printOnce(username: string, password: string): void {
  process.stdout.write(`${JSON.stringify({ administrator: username, password, note: 'shown only this once; ADMIN_PASSWORD sets another' })}\n`);
}
