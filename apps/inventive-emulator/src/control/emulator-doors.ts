import { EmulatorRequestError, faultParser, fieldsOf, numberField, registerEmulatorRoutes, textField, type EmulatorClock } from '@calsync/emulator-kit';
import type { FastifyInstance } from 'fastify';
import { loadDemo } from '../demo/load-demo.js';
import type { RestApiParts } from '../rest/rest-api.js';
import { COOKIE } from '../rest/sessions.js';
import { appointmentPage } from './appointment-page.js';
import { parseAction, type CallMatch, type FaultAction } from './faults.js';

export interface DoorParts extends RestApiParts {
  readonly clock: EmulatorClock;
  readonly longestTransactionMs: number;
}

/** `/_emulator/`: what tests and demos need beside 4D's own REST. */
export function registerDoors(app: FastifyInstance, parts: DoorParts): void {
  const { datastore, sessions, nudger, calls } = parts;
  const parseFault = faultParser<CallMatch, FaultAction>(['op', 'dataclass', 'user'], parseAction);
  registerEmulatorRoutes(app, {
    clock: parts.clock,
    faults: parts.faults,
    parseFault: (body) => {
      const fault = parseFault(body);
      if ('slowCommitMs' in fault.action && fault.action.slowCommitMs > parts.longestTransactionMs) {
        app.log.warn({ ...fault.action, longestTransactionMs: parts.longestTransactionMs }, 'a commit slower than the longest transaction: only an inventory can find what it saves');
      }
      return fault;
    },
    stats: () => ({ calls: calls.calls(), writes: calls.writes(), nudges: nudger.counts(), stamp: datastore.nextStamp }),
    reset: () => resetToDemo(parts),
    extra: (scope) => {
      scope.post('/sessions', async (request) => {
        const raw = fieldsOf(request.body ?? {}, 'sessions', ['user']);
        const user = raw['user'] === undefined ? 'beheer' : textField(raw['user'], 'user');
        const known = user === 'beheer' || datastore.table('Gebruiker').rows().some((row) => row.values['Inlognaam'] === user);
        if (!known) throw new EmulatorRequestError(`no user "${user}": give an Inlognaam or beheer`, 404);
        return { cookie: `${COOKIE}=${sessions.grant(user).id}` };
      });
      scope.get<{ Params: { id: string } }>('/appointments/:id', async (request, reply) => {
        const page = appointmentPage(request.params.id, datastore);
        if (page === undefined) throw new EmulatorRequestError('no such appointment', 404);
        return reply.type('text/html; charset=utf-8').send(page);
      });
      scope.post('/restore', async (request) => {
        const raw = fieldsOf(request.body ?? {}, 'restore', ['toStamp']);
        const toStamp = numberField(raw['toStamp'], 'toStamp', { min: 1, max: datastore.nextStamp, whole: true });
        stopServing(parts);
        datastore.restore(toStamp);
        return { stamp: datastore.nextStamp };
      });
    },
  });
}

/** The demo state, stats at zero, counter anew. Sessions made here stay good; those of a login end, as at a restart. */
export function resetToDemo(parts: DoorParts): void {
  stopServing(parts);
  parts.nudger.resetCounts();
  parts.calls.clear();
  parts.datastore.together(() => {
    parts.datastore.wipe();
    loadDemo(parts);
  });
}

/** What a server forgets when another database is put under it. */
function stopServing({ nudger, sessions, locks, entitySets }: DoorParts): void {
  nudger.forget();
  sessions.endLogins();
  locks.clear();
  entitySets.clear();
}
