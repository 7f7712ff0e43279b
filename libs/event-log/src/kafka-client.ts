import { createRequire } from 'node:module';
import { Kafka, type LogEntry, logLevel } from 'kafkajs';
import { logger } from '@calsync/service-chassis';

const log = logger('kafka');

export interface BrokerOptions {
  readonly brokers: readonly string[];
  readonly clientId: string;
}

/** The one place where a kafkajs client is made: short time limits, its lines in our log. */
export function kafkaClient({ brokers, clientId }: BrokerOptions, retries = 5): Kafka {
  stopIdleLoop();
  return new Kafka({
    clientId,
    brokers: [...brokers],
    connectionTimeout: 3_000,
    authenticationTimeout: 3_000,
    requestTimeout: 10_000,
    // kafkajs retries inside a call; how long a call may take in all is each caller's affair.
    retry: { initialRetryTime: 100, factor: 0.2, multiplier: 2, maxRetryTime: 1_000, retries },
    logLevel: logLevel.WARN,
    logCreator: () => (entry: LogEntry) => {
      const { message, error } = entry.log;
      // What kafkajs calls an error is a broker that is away or a group that rebalances: it goes on by itself.
      log[entry.level <= logLevel.WARN ? 'warn' : 'debug']({ part: entry.namespace, cause: typeof error === 'string' ? error : undefined }, message);
    },
  });
}

interface RequestQueue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
}
let stopped = false;

/**
 * kafkajs 2.2.4 (pinned) arms a timer with a negative delay whenever a connection has nothing to send: a loop of one
 * turn per millisecond for each connection (4 % of a core while idle, and a warning on Node 24 and later). Nothing
 * pending means nothing to check: whoever adds a request schedules the check itself.
 */
function stopIdleLoop(): void {
  if (stopped) return;
  stopped = true;
  const queue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as { prototype: RequestQueue };
  const schedule = queue.prototype.scheduleCheckPendingRequests;
  queue.prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
    if (this.pending.length > 0) schedule.call(this);
  };
}
