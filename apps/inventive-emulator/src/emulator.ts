import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { CallLog, DocumentStore, EmulatorClock, FaultBook } from '@calsync/emulator-kit';
import fastify, { LogController, type FastifyInstance } from 'fastify';
import { registerDoors, resetToDemo, type DoorParts } from './control/emulator-doors.js';
import type { CallMatch, FaultAction } from './control/faults.js';
import { Datastore } from './datastore/datastore.js';
import { Nudger } from './nudge/nudger.js';
import { EntitySets } from './rest/entity-sets.js';
import { Locks } from './rest/locks.js';
import { registerRestApi, type CountedCall } from './rest/rest-api.js';
import { Sessions } from './rest/sessions.js';
import type { Write } from './rest/write.js';
import type { Settings } from './settings.js';

export interface Emulator {
  readonly app: FastifyInstance;
  /** Set where no password was given and this start made one up. */
  readonly newPassword: string | undefined;
}

/** Puts the parts together; an empty store gets the demo data. Closing the app closes everything. */
export function buildEmulator(settings: Settings): Emulator {
  const app = fastify({
    // Standard output carries one line only: where the emulator listens.
    logger: { level: settings.logLevel, stream: process.stderr },
    // The handler writes one line for each call, with what it meant.
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    bodyLimit: 64 * 1024 * 1024,
  });
  const store = new DocumentStore(settings.dataDir === ':memory:' ? ':memory:' : join(settings.dataDir, 'inventive.db'));
  const clockTable = store.table<number>('clock');
  const clock = new EmulatorClock({ offsetMs: clockTable.get('offsetMs') ?? 0, onChange: (offsetMs) => clockTable.put('offsetMs', offsetMs) });
  const datastore = new Datastore(store, () => clock.now());
  const faults = new FaultBook<CallMatch, FaultAction>(store.table('faults'));
  const sessions = new Sessions({ nowMs: () => clock.nowMs(), kept: store.table('sessions'), ...(settings.licences === undefined ? {} : { licences: settings.licences }) });
  const nudger = new Nudger({
    ...settings.nudge,
    counts: store.table('nudges'),
    dropsEverything: () => faults.list().some((fault) => 'nudges' in fault.action && fault.action.nudges === 'drop' && fault.times === undefined && fault.probability === undefined && Object.keys(fault.match ?? {}).length === 0),
    log: (fields, message) => app.log.info(fields, message),
  });
  const calls = new CallLog<CountedCall, Write>(store);
  const { password, isNew } = passwordOf(settings, store);
  const parts: DoorParts = {
    datastore,
    clock,
    faults,
    sessions,
    nudger,
    calls,
    locks: new Locks((id) => sessions.isAlive(id)),
    entitySets: new EntitySets(() => clock.nowMs()),
    now: () => clock.now(),
    accepted: (write) => calls.write(write),
    syncPassword: password,
    refusalStatus: settings.refusalStatus,
    longestTransactionMs: settings.longestTransactionMs,
  };
  // Clients measure the skew of the server's clock by this header.
  app.addHook('onRequest', async (_request, reply) => void reply.header('date', clock.now().toUTCString()));
  registerDoors(app, parts);
  registerRestApi(app, parts);
  app.addHook('onClose', async () => {
    nudger.close();
    datastore.close();
    store.close();
  });
  if (datastore.isEmpty) resetToDemo(parts);
  return { app, newPassword: isNew ? password : undefined };
}

/** A made-up password is kept with the data, so that it is printed once only. */
function passwordOf(settings: Settings, store: DocumentStore): { password: string; isNew: boolean } {
  if (settings.syncPassword !== undefined) return { password: settings.syncPassword, isNew: false };
  const table = store.table<string>('password');
  const kept = table.get('sync');
  if (kept !== undefined) return { password: kept, isNew: false };
  const password = randomBytes(18).toString('base64url');
  table.put('sync', password);
  return { password, isNew: true };
}
