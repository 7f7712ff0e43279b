import type { FastifyError, FastifyInstance } from 'fastify';
import type { EmulatorClock } from './emulator-clock.js';
import type { FaultBook, FaultSpec } from './fault-book.js';
import { EmulatorRequestError, fieldsOf, textField } from './request-fields.js';

export interface EmulatorParts<M extends Record<string, string | undefined>, A> {
  clock: EmulatorClock;
  faults: FaultBook<M, A>;
  /** Throws EmulatorRequestError; see `faultParser`. May act at once, for actions that are not faults of later calls. */
  parseFault(body: unknown): FaultSpec<M, A>;
  stats(): unknown;
  /** To the demo state. Faults and clock are reset by the route itself, before this is called. */
  reset(): Promise<void> | void;
  /** Further routes of this emulator; paths are relative to `/_emulator`. */
  extra?: (scope: FastifyInstance) => void;
}

/**
 * The doors beside the vendor's API: `/_emulator/` faults, clock, reset, stats, health. They have their own body parser
 * and error form (`{"error":"…"}`), whatever the vendor's side of the app does. A `GET` never changes anything.
 */
export function registerEmulatorRoutes<M extends Record<string, string | undefined>, A>(app: FastifyInstance, parts: EmulatorParts<M, A>): void {
  app.register(
    async (scope) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
        try {
          done(null, parseJson(String(body)));
        } catch (error) {
          done(error as Error);
        }
      });
      scope.setErrorHandler((error: FastifyError, request, reply) => {
        const status = error.statusCode ?? 500;
        if (status >= 500) request.log.error(error);
        return reply.status(status).send({ error: error.message });
      });
      scope.setNotFoundHandler((request, reply) => reply.status(404).send({ error: `no such door: ${request.method} ${request.url}` }));

      // All that a door takes stands in its body: `DELETE faults?id=…` must not remove every fault.
      scope.addHook('onRequest', async (request) => {
        const [unknown] = Object.keys(request.query ?? {});
        if (unknown !== undefined) throw new EmulatorRequestError(`unknown parameter "${unknown}": doors take none in the address`);
      });

      scope.get('/health', async () => ({ status: 'ok', now: parts.clock.now().toISOString() }));
      scope.get('/stats', async () => parts.stats());
      scope.get('/faults', async () => parts.faults.list());
      scope.post('/faults', async (request) => parts.faults.add(parts.parseFault(request.body)));
      scope.delete('/faults', async () => ({ removed: parts.faults.remove() }));
      scope.delete<{ Params: { id: string } }>('/faults/:id', async (request) => {
        if (!parts.faults.remove(request.params.id)) throw new EmulatorRequestError(`no fault ${request.params.id}`, 404);
        return { removed: true };
      });
      scope.get('/clock', async () => ({ now: parts.clock.now().toISOString() }));
      scope.post('/clock', async (request) => {
        moveClock(parts.clock, request.body);
        return { now: parts.clock.now().toISOString() };
      });
      scope.post('/reset', async (request) => {
        fieldsOf(request.body ?? {}, 'reset', []);
        parts.faults.clear();
        parts.clock.reset();
        await parts.reset();
        return { reset: true };
      });
      parts.extra?.(scope);
    },
    { prefix: '/_emulator' },
  );
}

function parseJson(body: string): unknown {
  if (body.trim() === '') return {};
  try {
    return JSON.parse(body) as unknown;
  } catch {
    throw new EmulatorRequestError('the body is not JSON');
  }
}

function moveClock(clock: EmulatorClock, body: unknown): void {
  const raw = fieldsOf(body, 'clock', ['now', 'advance']);
  if ((raw['now'] === undefined) === (raw['advance'] === undefined)) throw new EmulatorRequestError('clock needs either now (an instant) or advance (a duration)');
  try {
    if (raw['now'] !== undefined) clock.set(textField(raw['now'], 'now'));
    else clock.advance(textField(raw['advance'], 'advance'));
  } catch (error) {
    if (error instanceof RangeError) throw new EmulatorRequestError(`clock: ${error.message}`);
    throw error;
  }
}
