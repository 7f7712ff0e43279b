import type { Connection } from 'mongoose';
import { GoogleAccessTokens, GrantStore, MongoAccountDirectory } from '@calsync/accounts';
import { asInstallationId } from '@calsync/calendar-model';
import { KafkaMessagePublisher } from '@calsync/event-log';
import { createCalendarFeed, createGoogleClock, createQuotaLimiter } from '@calsync/google-client';
import { logger, runLoop, systemClock, type Check, type RunningLoop } from '@calsync/service-chassis';
import { mongoCheck } from '@calsync/service-chassis/nest';
import { KeyRing } from '@calsync/service-chassis/sealing';
import { createReceiver, type Receiver, type ReceiveTrouble } from '@calsync/sync-engine';
import { channelSecrets, createCalendars, createChannels, createLeases } from '@calsync/sync-store';
import { crashPoint } from './crash-point.js';
import { notificationAddress } from './notifications.controller.js';
import { observeCall, receiverMetrics } from './receiver-metrics.js';
import type { ReceiverSettings } from './settings.js';

export const RECEIVER = Symbol('receiver');

export interface ReceiverParts {
  readonly receiver: Receiver;
  readonly checks: { readonly live: readonly Check[]; readonly ready: readonly Check[] };
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Which adapter stands behind which port. */
export function assembleReceiver(settings: ReceiverSettings, connection: Connection): ReceiverParts {
  const log = logger('google-receiver');
  const installation = asInstallationId(settings.INSTALLATION_ID);
  const clock = systemClock;

  const accounts = new MongoAccountDirectory({ connection, installation, clock });
  const tokens = new GoogleAccessTokens({
    grants: new GrantStore({ connection, installation, keys: new KeyRing(settings.MASTER_KEYS) }),
    directory: accounts,
    client: { clientId: settings.GOOGLE_CLIENT_ID, clientSecret: settings.GOOGLE_CLIENT_SECRET, ...rootOf(settings.GOOGLE_OAUTH_ROOT ?? settings.GOOGLE_API_ROOT) },
    clock,
  });
  const limiter = createQuotaLimiter({
    clock,
    perUserPerMinute: settings.GOOGLE_UNITS_PER_USER_MINUTE,
    perProjectPerMinute: settings.GOOGLE_UNITS_PER_MINUTE,
    mongo: connection,
  });
  const googleClock = createGoogleClock(clock);
  const feed = createCalendarFeed({
    tokens, limiter, clock, ...rootOf(settings.GOOGLE_API_ROOT),
    observe(call) {
      observeCall(call);
      googleClock.observe(call);
    },
    onOddItem: (keys) => log.warn({ keys }, 'an event has a form that Google does not describe: told by its id alone'),
  });
  const states = createCalendars(connection);
  const channels = createChannels(connection);
  const leases = createLeases(connection);
  const publisher = new KafkaMessagePublisher({ brokers: settings.KAFKA_BROKERS, clientId: 'google-receiver' });

  const receiver = createReceiver({
    accounts, feed, states, channels, secrets: channelSecrets, publisher, leases, clock, googleNow: googleClock.now, metrics: receiverMetrics,
    reached: crashPoint(settings), random: Math.random, sweepSeconds: settings.SWEEP_SECONDS,
    address: notificationAddress(settings.RECEIVER_PUBLIC_URL), ttlSeconds: settings.CHANNEL_TTL_SECONDS,
    report: reportTo(log),
  });

  let prepared = false;
  let loop: RunningLoop | undefined;
  return {
    receiver,
    checks: {
      live: [],
      // Kafka isn't among what it takes to be ready: a hint that is kept in MongoDB is published when Kafka is back.
      ready: [mongoCheck(connection), receiverCheck(receiver, publisher.check())],
    },
    async start() {
      await publisher.connect();
      loop = runLoop({
        name: 'receiver-floor',
        async body(signal) {
          if (!prepared) {
            await Promise.all([states.prepare(), channels.prepare(), leases.prepare(), limiter.prepare()]);
            prepared = true;
          }
          await receiver.turn();
          await clock.sleep(settings.FLOOR_POLL_MS, signal);
        },
        onError: (error, failuresInARow) => {
          if (failuresInARow === 1 || failuresInARow % 20 === 0) log.warn({ err: error, failuresInARow }, 'looking through the accounts failed: tried again');
        },
        backoff: (failuresInARow) => Math.min(2_000, 100 * 2 ** failuresInARow),
      });
    },
    async stop() {
      await loop?.stop();
      await receiver.close();
      await publisher.close();
      await connection.close();
    },
  };
}

const rootOf = (root: string | undefined): { root?: string } => (root === undefined ? {} : { root });

const reportTo = (log: ReturnType<typeof logger>) => ({ error, ...trouble }: ReceiveTrouble): void => {
  if (trouble.failure === 'broken') log.error({ ...trouble, err: error }, 'a calendar could not be read: this is an error in the program');
  else log.warn(trouble, trouble.during === 'pull' ? 'a calendar could not be read' : "an account's channels could not be kept");
};

/** Never the reason to be not ready; what it knows stands in /health for people. */
function receiverCheck(receiver: Receiver, kafka: Check): Check {
  return {
    name: 'receiver',
    async check() {
      const broker = await kafka.check().catch(() => ({ healthy: false }));
      return { healthy: true, details: { ...receiver.status(), kafkaAnswers: broker.healthy } };
    },
  };
}
