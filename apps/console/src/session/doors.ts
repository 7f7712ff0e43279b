import { hkdfSync, timingSafeEqual, createHash } from 'node:crypto';
import cookie from '@fastify/cookie';
import csrf from '@fastify/csrf-protection';
import rateLimit from '@fastify/rate-limit';
import session from '@fastify/session';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { systemClock } from '@calsync/service-chassis';
import type { ConsoleSettings } from '../settings.js';
import { sendProblem } from '../problems/problem.filter.js';
import { Problem } from '../problems/problem.js';
import type { MongoSessionStore } from './mongo-session-store.js';

export const SESSION_LIFETIME_MS = 8 * 3_600_000;
/** However busy: a cookie that was stolen doesn't open the console for ever. */
const LONGEST_SESSION_MS = 7 * 86_400_000;

/** How the last journey to Google of this session ended, for the page that it returns to. */
export interface LinkResult {
  readonly code: string;
  readonly source: string;
  readonly userId: string;
  readonly values: Readonly<Record<string, string>>;
}

declare module 'fastify' {
  interface Session {
    administrator?: string;
    /** Epoch ms. */
    loggedInAt?: number;
    linkResult?: LinkResult;
  }
}

/** Routes that anybody may ask for; every other needs a session. Patterns, not paths: no way of writing a path slips past. */
const OPEN = new Set([
  'GET /health/live', 'GET /health/ready',
  'POST /api/session',
  'GET /google/oauth/callback', 'GET /google/agenda', 'POST /google/agenda', 'GET /koppelen/:token', 'POST /koppelen/:token',
]);
/** The login page and what it loads: the same for everybody, without a secret. */
const isPage = (pattern: string): boolean => !pattern.startsWith('/api') && (pattern === '/' || pattern.startsWith('/assets/') || pattern.startsWith('/gebruikers') || pattern === '/administraties' || pattern.startsWith('/administraties/') || pattern === '/wijzigingen' || pattern === '/vragen');

/** Puts the session, its CSRF token and the refusal of everybody else in front of all routes. Call before any route is made. */
export async function guardDoors(app: NestFastifyApplication, settings: ConsoleSettings, store: MongoSessionStore): Promise<void> {
  const secure = settings.CONSOLE_PUBLIC_URL.startsWith('https:');
  await app.register(cookie);
  await app.register(session, {
    secret: cookieSecrets(settings),
    store,
    saveUninitialized: false,
    rolling: true,
    cookieName: secure ? '__Host-console' : 'console',
    cookie: { httpOnly: true, sameSite: 'lax', secure, path: '/', maxAge: SESSION_LIFETIME_MS },
  });
  await app.register(csrf, { sessionPlugin: '@fastify/session', getToken: (request) => headerOf(request, 'x-csrf-token') });
  await app.register(rateLimit, {
    global: false,
    keyGenerator: (request) => callerOf(request.ip),
    errorResponseBuilder: (_request, { ttl }) => new Problem('too-many-attempts', { seconds: Math.ceil(ttl / 1_000) }),
  });

  const server = app.getHttpAdapter().getInstance();
  server.addHook('onRequest', async (request, reply) => {
    const refusal = refuse(request, settings);
    if (refusal === undefined) return;
    sendProblem(request, reply, refusal);
    return reply;
  });
  // What the API answers is about persons: it stays in no cache, and not in a browser whose user has logged out.
  server.addHook('onSend', (request, reply, payload, done) => {
    if (isApi(request) && !reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
    done(null, payload);
  });
  server.addHook('preValidation', (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    if (needsCsrfToken(request)) server.csrfProtection(request, reply, done);
    else done();
  });
}

export function refuse(request: FastifyRequest, settings: Pick<ConsoleSettings, 'METRICS_TOKEN'>): Problem | undefined {
  const pattern = request.routeOptions.url;
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  // A page of somebody else can post a form in this browser's name, to log it in as another; it can't post JSON.
  if (isApi(request) && !['GET', 'DELETE'].includes(method) && !isJson(request)) return new Problem('malformed-request');
  if (pattern !== undefined && OPEN.has(`${method} ${pattern}`)) return undefined;
  if (pattern !== undefined && method === 'GET' && isPage(pattern)) return undefined;
  const watches = mayWatch(request, settings.METRICS_TOKEN);
  if (pattern === '/metrics') return watches ? undefined : new Problem('not-allowed');
  if (pattern === '/health' && watches) return undefined;
  const { administrator, loggedInAt = 0 } = request.session;
  if (administrator !== undefined && systemClock.now() - loggedInAt < LONGEST_SESSION_MS) return undefined;
  return new Problem('not-logged-in');
}

/** Login has no session yet, and takes JSON only. An invitation is opened by a person without a session, its token is the secret; a choice of calendar by who has the cookie that no other site's form brings along. */
function needsCsrfToken(request: FastifyRequest): boolean {
  if (['GET', 'HEAD', 'OPTIONS'].includes(request.method)) return false;
  return !OPEN.has(`${request.method} ${request.routeOptions.url ?? ''}`);
}

const isApi = (request: FastifyRequest): boolean => request.routeOptions.url?.startsWith('/api/') === true;

const isJson = (request: FastifyRequest): boolean => {
  const type = headerOf(request, 'content-type');
  return type === undefined ? (request.headers['content-length'] ?? '0') === '0' : /^application\/json\b/i.test(type);
};

/** Whose attempts are counted together. Who has an IPv6 address has 2^64 of them: the network is the caller. */
export function callerOf(ip: string): string {
  const v4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1];
  if (v4 !== undefined || !ip.includes(':')) return v4 ?? ip;
  const [head = '', tail] = ip.split('::');
  const [before, after] = [head, tail ?? ''].map((part) => part.split(':').filter((group) => group !== '')) as [string[], string[]];
  const groups = tail === undefined ? before : [...before, ...Array.from({ length: 8 - before.length - after.length }, () => '0'), ...after];
  return `${groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}

/** Metrics and the details of health: for this machine, or who shows the token. */
function mayWatch(request: FastifyRequest, token: string | undefined): boolean {
  // A proxy on this machine calls from loopback for the whole world: then only the token counts.
  const throughProxy = request.headers['x-forwarded-for'] !== undefined || request.headers['forwarded'] !== undefined;
  if (!throughProxy && ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(request.socket.remoteAddress ?? '')) return true;
  const given = /^Bearer (.+)$/.exec(headerOf(request, 'authorization') ?? '')?.[1];
  return token !== undefined && given !== undefined && timingSafeEqual(digest(given), digest(token));
}

/** Signing keys of the session cookie, one for each master key: rotating those rotates these, and replicas agree. */
function cookieSecrets(settings: ConsoleSettings): string[] {
  return settings.MASTER_KEYS.split(',').map((key) =>
    Buffer.from(hkdfSync('sha256', Buffer.from(key.slice(key.indexOf(':') + 1), 'base64'), settings.INSTALLATION_ID, 'console session cookie', 32)).toString('base64url'),
  );
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}
