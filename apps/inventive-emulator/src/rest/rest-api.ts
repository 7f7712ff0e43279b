import { setTimeout as sleep } from 'node:timers/promises';
import type { CallLog, FaultBook } from '@calsync/emulator-kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { concerns, gather, type CallFaults, type CallMatch, type FaultAction } from '../control/faults.js';
import type { Nudger } from '../nudge/nudger.js';
import { isLogin, logIn } from './login.js';
import { errorLine, RestError } from './rest-error.js';
import { parseRestUrl, type RestRequest } from './rest-request.js';
import { route, type RouteParts } from './route.js';
import type { Session, Sessions } from './sessions.js';
import { elementsOf, type Write } from './write.js';

/** A type, not an interface: call logs index it by name. */
export type CountedCall = {
  op: string;
  dataclass: string;
  user: string;
  status: number;
};

export interface RestApiParts extends RouteParts {
  readonly sessions: Sessions;
  readonly faults: FaultBook<CallMatch, FaultAction>;
  readonly calls: CallLog<CountedCall, Write>;
  readonly nudger: Nudger;
  readonly syncPassword: string;
  /** HTTP status of a refused save, lock or delete; nothing documents it. */
  readonly refusalStatus: number;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly setCookie?: string;
}

/** The 4D side of the app: one handler, as the paths follow 4D's own grammar. */
export function registerRestApi(app: FastifyInstance, parts: RestApiParts): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.route({ method: ['GET', 'POST'], url: '/rest/*', handler: (request, reply) => handle(request, reply, parts) });
  app.route({
    method: ['PUT', 'PATCH', 'DELETE'],
    url: '/rest/*',
    handler: (request, reply) => reply.status(405).send(new RestError(405, errorLine(1811, `Only GET and POST exist in 4D REST, not ${request.method}`)).body()),
  });
}

async function handle(request: FastifyRequest, reply: FastifyReply, parts: RestApiParts): Promise<void> {
  const session = parts.sessions.find(request.headers.cookie);
  const user = session?.user ?? 'guest';
  let call: { rest: RestRequest; op: string; dataclass: string } | undefined;
  let answer: Answer;
  let dropped = false;
  try {
    const rest: RestRequest = { method: request.method === 'POST' ? 'POST' : 'GET', ...parseRestUrl(request.raw.url ?? ''), body: typeof request.body === 'string' ? request.body : '' };
    call = { rest, op: opOf(rest), dataclass: dataclassOf(rest) };
    const match: CallMatch = { op: call.op, dataclass: call.dataclass, user };
    const faults = gather(parts.faults.take(match, concerns(kindOf(rest, call.op))));
    dropped = faults.applyThenDrop;
    if (faults.latencyMs > 0) await sleep(faults.latencyMs);
    if (faults.error) throw new RestError(faults.error.status, errorLine(faults.error.errCode, 'A fault was asked for'));
    answer = isLogin(rest) ? { status: 200, ...logIn(rest, request.headers, parts.syncPassword, parts.sessions, session) } : perform(rest, session, faults, parts);
  } catch (error) {
    if (!(error instanceof RestError)) request.log.error(error);
    const failure = error instanceof RestError ? error : new RestError(500, errorLine(1, 'The emulator itself failed; see its log'));
    answer = { status: failure.httpStatus, body: failure.body() };
  }
  if (call && call.op !== 'login') parts.calls.count({ op: call.op, dataclass: call.dataclass, user, status: answer.status });
  request.log.info({ op: call?.op, dataclass: call?.dataclass, user, url: request.url, status: answer.status, dropped }, 'call');
  if (dropped) {
    reply.hijack();
    request.raw.socket.destroy();
    return;
  }
  if (answer.setCookie !== undefined) void reply.header('set-cookie', answer.setCookie);
  await reply.status(answer.status).header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(answer.body));
}

function perform(rest: RestRequest, session: Session | undefined, faults: CallFaults, parts: RestApiParts): Answer {
  const call = session && {
    session,
    lockedByFault: faults.locked,
    slowCommitMs: faults.slowCommitMs,
    nudge: (stamp: number) => parts.nudger.announce(stamp, faults.nudges),
  };
  const answer = route(rest, call, parts);
  return { status: answer.refused ? parts.refusalStatus : 200, body: answer.body };
}

/** What the call does to a row, whatever `stats` calls it. */
function kindOf(rest: RestRequest, op: string): 'read' | 'lock' | 'write' {
  if (op === 'read') return rest.method === 'GET' && rest.params.has('$lock') ? 'lock' : 'read';
  return op === 'login' || rest.params.get('$method') === 'validate' ? 'read' : 'write';
}

/** An array counts as what its first element is. */
function opOf(rest: RestRequest): string {
  if (isLogin(rest)) return 'login';
  const method = rest.params.get('$method');
  if (rest.method === 'GET' || method === 'release') return 'read';
  if (method === 'delete') return 'delete';
  if (method !== 'update' && method !== 'validate') return 'read';
  try {
    const [first] = elementsOf(JSON.parse(rest.body));
    return typeof first === 'object' && first !== null && '__KEY' in first ? 'update' : 'create';
  } catch {
    return 'create';
  }
}

const dataclassOf = (rest: RestRequest): string => /^[\w$]*/.exec(rest.segments[0] ?? '')?.[0] ?? '';
