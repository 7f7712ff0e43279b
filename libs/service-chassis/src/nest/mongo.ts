import mongoose, { type Connection } from 'mongoose';
import type { Check } from '../check.js';
import { systemClock } from '../clock.js';
import { logger } from '../log.js';

export interface MongoSettings {
  readonly MONGODB_URI: string;
  readonly MONGODB_DATABASE: string;
}

const RETRY_MS = 1_000;

/** Mongoose holds calls back while it isn't connected; who asked wants to know sooner than after its ten seconds. */
mongoose.set('bufferTimeoutMS', 2_500);
const AWAY_LIMIT_MS = 200;

/**
 * A connection that is at once there to be injected, and really open as soon as MongoDB answers: it tries for ever, so
 * that a service can start before its database (alive, not ready). Writes are acknowledged by the majority.
 */
export async function connectMongo(settings: MongoSettings): Promise<Connection> {
  const connection = mongoose.createConnection();
  const closed = new AbortController();
  const close = connection.close.bind(connection);
  connection.close = async (...how) => {
    const open = connection.readyState === mongoose.ConnectionStates.connected;
    closed.abort();
    const closing = close(...how);
    // mongoose waits for the attempt under way, which takes seconds while MongoDB is away; nothing is lost by leaving it.
    await (open ? closing : Promise.race([closing, systemClock.sleep(AWAY_LIMIT_MS)]));
  };
  void openForEver(connection, settings, closed.signal);
  return connection;
}

async function openForEver(connection: Connection, settings: MongoSettings, closed: AbortSignal): Promise<void> {
  const log = logger('mongo');
  for (let attempt = 1; !closed.aborted; attempt += 1) {
    try {
      await connection.openUri(settings.MONGODB_URI, {
        dbName: settings.MONGODB_DATABASE,
        serverSelectionTimeoutMS: 3_000,
        connectTimeoutMS: 3_000,
        socketTimeoutMS: 30_000,
        heartbeatFrequencyMS: 2_000,
        minPoolSize: 1,
        maxPoolSize: 20,
        retryWrites: true,
        retryReads: true,
        writeConcern: { w: 'majority', journal: true },
        readConcern: { level: 'majority' },
        autoIndex: false,
        autoCreate: false,
      });
      if (closed.aborted) await connection.close();
      return;
    } catch (error) {
      if (closed.aborted) return;
      log.warn({ attempt, err: error }, 'MongoDB does not answer (MONGODB_URI): trying again');
      await systemClock.sleep(RETRY_MS, closed).catch(() => undefined);
    }
  }
}

/** For /health/ready: the primary answers. */
export function mongoCheck(connection: Connection): Check {
  return {
    name: 'mongodb',
    async check() {
      if (connection.readyState !== mongoose.ConnectionStates.connected || connection.db === undefined) {
        return { healthy: false, details: { message: 'not connected', connection: mongoose.STATES[connection.readyState] } };
      }
      const started = performance.now();
      await connection.db.command({ ping: 1 }, { timeoutMS: 1_500 });
      return { healthy: true, details: { pingMs: Math.round(performance.now() - started) } };
    },
  };
}
