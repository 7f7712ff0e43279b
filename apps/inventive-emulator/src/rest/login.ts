import { timingSafeEqual } from 'node:crypto';
import { queryError } from './rest-error.js';
import { jsonBody, type RestRequest } from './rest-request.js';
import { COOKIE, type Session, type Sessions } from './sessions.js';

export interface LoginAnswer {
  readonly body: { result: boolean };
  readonly setCookie?: string;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

export function isLogin(request: RestRequest): boolean {
  const path = request.segments.join('/');
  return path === '$catalog/authentify' || path === '$directory/login';
}

/** The only user with a password is `sync`. What a refusal looks like is the developer's own in 4D: here `{"result":false}`, and the caller stays a guest. */
export function logIn(request: RestRequest, headers: Headers, syncPassword: string, sessions: Sessions, current: Session | undefined): LoginAnswer {
  if (request.method !== 'POST') throw queryError(1829, 'A login is called by POST');
  const { name, password, idleMinutes } = request.segments[0] === '$directory' ? fromHeaders(headers) : fromBody(request);
  if (name !== 'sync' || !same(password, syncPassword)) return { body: { result: false } };
  if (current?.origin === 'login') sessions.end(current);
  const session = sessions.logIn(name, idleMinutes);
  return { body: { result: true }, setCookie: `${COOKIE}=${session.id}; Path=/; HttpOnly` };
}

function fromBody(request: RestRequest): { name: string; password: string; idleMinutes?: number } {
  const body = jsonBody(request);
  const first: unknown = Array.isArray(body) ? body[0] : undefined;
  if (typeof first !== 'object' || first === null || !('name' in first) || !('password' in first)) throw queryError(1806, 'authentify expects [{"name":"…","password":"…"}]');
  return { name: String(first.name), password: String(first.password) };
}

function fromHeaders(headers: Headers): { name: string; password: string; idleMinutes?: number } {
  const minutes = Number(headers['session-4d-length'] ?? 60);
  return { name: String(headers['username-4d'] ?? ''), password: String(headers['password-4d'] ?? ''), idleMinutes: Number.isFinite(minutes) ? minutes : 60 };
}

function same(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
