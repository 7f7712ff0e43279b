import { DocumentStore } from '@calsync/emulator-kit';
import fastify, { type FastifyInstance } from 'fastify';
import { pino, type Logger } from 'pino';
import { registerCalendarRoutes } from './calendar/calendar-routes.js';
import { CalendarDoor } from './calendar/door.js';
import { notFound } from './calendar/google-error.js';
import { loadResponseCheck } from './discovery/response-check.js';
import { registerEmulatorDoors } from './emulator/emulator-doors.js';
import { Faults } from './emulator/faults.js';
import { Grants } from './oauth/grants.js';
import { registerOAuthRoutes } from './oauth/oauth-routes.js';
import { PushSender } from './push/push-sender.js';
import { Quota } from './quota/quota.js';
import type { Settings } from './settings.js';
import { fillDemo } from './state/demo.js';
import { World } from './state/world.js';

export interface Emulator {
  readonly app: FastifyInstance;
  readonly world: World;
  /** Listens and tells the public address. */
  start(): Promise<string>;
  stop(): Promise<void>;
}

/** Puts the server together: state, doors, push. Nothing listens before `start`. */
export async function buildEmulator(settings: Settings, log: Logger = pino({ level: settings.logLevel })): Promise<Emulator> {
  const store = new DocumentStore(settings.dataDir === ':memory:' ? ':memory:' : `${settings.dataDir}/google-emulator.sqlite`);
  const world = new World(store);
  const grants = new Grants(world, settings);
  const faults = new Faults(world, grants);
  const quota = new Quota(world.clock, settings.quota);
  const push = new PushSender(world, faults, settings, log);
  if (world.accounts.size === 0) fillDemo(world);
  world.onChanges((changes) => push.tell(changes));

  let address = settings.publicUrl ?? `http://localhost:${settings.port}`;
  const publicUrl = (): string => address;
  const checkResponse = settings.validateResponses ? await loadResponseCheck() : undefined;
  const door = new CalendarDoor({ world, grants, faults, quota, settings, log, checkResponse, publicUrl });

  const app = fastify({ logger: false, forceCloseConnections: true, bodyLimit: 8 * 1024 * 1024, routerOptions: { maxParamLength: 4096 } });
  // Bodies are read by the doors, which know how Google refuses them.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  // Clients measure this server's clock by its Date header, so it must be the emulator's.
  app.addHook('onSend', async (_request, reply) => {
    reply.header('date', world.clock.now().toUTCString());
  });
  // The doors of the calendar and of tokens log their calls themselves, with who called. A query may hold a code: left out.
  app.addHook('onResponse', async (request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    if (!path.startsWith('/calendar/v3/') && path !== '/token' && path !== '/revoke') log.info({ method: `${request.method} ${path}`, status: reply.statusCode, ms: Math.round(reply.elapsedTime * 10) / 10 }, 'call');
  });
  registerCalendarRoutes(app, door, publicUrl);
  registerOAuthRoutes(app, { world, grants, faults, settings, log, checkResponse, publicUrl });
  registerEmulatorDoors(app, { world, grants, faults, push, quota, publicUrl });
  app.setNotFoundHandler((_request, reply) => reply.status(404).send(notFound().body));
  app.get('/health/live', async () => ({ status: 'ok' }));
  app.get('/health/ready', async () => ({ status: 'ok' }));

  return {
    app,
    world,
    async start() {
      await app.listen({ port: settings.port, host: settings.host });
      const bound = app.server.address();
      if (settings.publicUrl === undefined && bound !== null && typeof bound === 'object') address = `http://localhost:${bound.port}`;
      return address;
    },
    async stop() {
      push.close();
      await app.close();
      store.close();
    },
  };
}
