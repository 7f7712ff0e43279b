import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { ResponseCheck } from '../discovery/response-check.js';
import type { Faults } from '../emulator/faults.js';
import type { Settings } from '../settings.js';
import type { World } from '../state/world.js';
import { decideAuthorization, startAuthorization, type AuthorizeAnswer } from './authorize.js';
import type { Grants } from './grants.js';
import { claimsOf, userinfoV2 } from './identity.js';
import type { AccessToken } from './records.js';
import { scopeDescriptions } from './scopes.js';
import { SigningKey } from './signing-key.js';
import { answerToken, claimedClient } from './token-endpoint.js';

export interface OAuthParts {
  readonly world: World;
  readonly grants: Grants;
  readonly faults: Faults;
  readonly settings: Settings;
  readonly log: Logger;
  readonly checkResponse: ResponseCheck | undefined;
  publicUrl(): string;
}

/** accounts.google.com, oauth2.googleapis.com and the identity part of www.googleapis.com, on one origin. */
export function registerOAuthRoutes(app: FastifyInstance, parts: OAuthParts): void {
  const { world, grants, faults, settings, publicUrl } = parts;
  const key = new SigningKey(world);
  const issuer = (): string => settings.issuer ?? publicUrl();

  app.get('/o/oauth2/v2/auth', async (request, reply) => sendAuthorize(reply, startAuthorization(parts, queryOf(request))));
  app.post('/o/oauth2/v2/auth/consent', async (request, reply) => sendAuthorize(reply, decideAuthorization(parts, formOf(request))));

  app.post('/token', async (request, reply) => {
    const form = formOf(request);
    const { authorization } = request.headers;
    const refresh = grants.refreshToken(form.get('refresh_token') ?? '');
    const call = { method: 'oauth2.token', email: refresh?.email, client: claimedClient(form, authorization), calendarId: undefined };
    const { latencyMs, error } = faults.before(call);
    if (latencyMs > 0) await wait(latencyMs);
    const answer =
      error === undefined
        ? answerToken({ world, grants, key, issuer }, form, authorization)
        : { status: error.status, body: { error: error.reason ?? 'internal_failure', error_description: error.reason ?? 'Backend Error' }, client: call.client, email: call.email };
    const dropped = answer.status === 200 && faults.dropsTokenAnswer({ ...call, email: answer.email });
    count(parts, 'oauth2.token', answer.email ?? call.email, answer.client, dropped ? 0 : answer.status);
    if (dropped) {
      reply.hijack();
      request.raw.socket.destroy();
      return reply;
    }
    return reply.status(answer.status).header('cache-control', 'no-store').send(answer.body);
  });

  app.post('/revoke', async (request, reply) => {
    const token = queryOf(request).get('token') ?? formOf(request).get('token') ?? '';
    const owner = grants.accessToken(token) ?? grants.refreshToken(token);
    if (owner !== undefined) grants.revoke({ client: owner.client, email: owner.email });
    const status = owner === undefined ? 400 : 200;
    count(parts, 'oauth2.revoke', owner?.email, owner?.client, status);
    return reply.status(status).send(owner === undefined ? { error: 'invalid_token', error_description: 'Token expired or revoked' } : {});
  });

  for (const url of ['/tokeninfo', '/oauth2/v3/tokeninfo']) {
    app.route({ method: ['GET', 'POST'], url, handler: async (request, reply) => sendTokenInfo(request, reply) });
  }
  app.route({ method: ['GET', 'POST'], url: '/oauth2/v2/tokeninfo', handler: async (request, reply) => sendTokenInfoV2(request, reply) });

  app.get('/v1/userinfo', async (request, reply) => {
    const found = caller(request);
    const account = found === undefined ? undefined : world.accounts.get(found.email);
    if (found === undefined || account === undefined) return reply.status(401).send({ error: 'invalid_request', error_description: 'Invalid Credentials' });
    if (!found.scopes.some((scope) => scope === 'openid' || scope.includes('/userinfo.'))) return reply.status(403).send({ error: 'insufficient_scope', error_description: 'Request had insufficient authentication scopes.' });
    return claimsOf(account, found.scopes);
  });
  for (const url of ['/oauth2/v2/userinfo', '/userinfo/v2/me']) {
    app.get(url, async (request, reply) => {
      const found = caller(request);
      const account = found === undefined ? undefined : world.accounts.get(found.email);
      if (found === undefined || account === undefined) return reply.status(401).send({ error: { code: 401, message: 'Request is missing required authentication credential.', status: 'UNAUTHENTICATED' } });
      const body = userinfoV2(account, found.scopes);
      parts.checkResponse?.('Userinfo', body);
      return body;
    });
  }

  app.get('/oauth2/v3/certs', async (_request, reply) => reply.header('cache-control', 'public, max-age=300').send(key.jwks()));
  app.get('/oauth2/v1/certs', async (_request, reply) => reply.header('cache-control', 'public, max-age=300').send(key.pemMap()));
  app.get('/.well-known/openid-configuration', async () => openIdConfiguration(issuer(), publicUrl()));

  function caller(request: FastifyRequest): AccessToken | undefined {
    const token = request.headers.authorization?.replace(/^Bearer /i, '') ?? queryOf(request).get('access_token') ?? '';
    return grants.accessToken(token);
  }

  function tokenOf(request: FastifyRequest): AccessToken | undefined {
    const given = queryOf(request).get('access_token') ?? formOf(request).get('access_token');
    return given === null ? caller(request) : grants.accessToken(given);
  }

  function sendTokenInfo(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const idToken = queryOf(request).get('id_token') ?? formOf(request).get('id_token');
    if (idToken !== null) {
      const claims = key.readJwt(idToken);
      const living = claims !== undefined && Number(claims['exp']) * 1000 > world.clock.nowMs();
      if (!living) return reply.status(400).send({ error: 'invalid_token', error_description: 'Invalid Value' });
      return reply.send(Object.fromEntries(Object.entries({ ...claims, alg: 'RS256', kid: key.id, typ: 'JWT' }).map(([name, value]) => [name, String(value)])));
    }
    const found = tokenOf(request);
    const account = found === undefined ? undefined : world.accounts.get(found.email);
    if (found === undefined || account === undefined) return reply.status(400).send({ error: 'invalid_token', error_description: 'Invalid Value' });
    const { email, email_verified: verified } = claimsOf(account, found.scopes);
    const seconds = Math.floor((found.expiresMs - world.clock.nowMs()) / 1000);
    return reply.send({
      azp: found.client,
      aud: found.client,
      sub: account.sub,
      scope: found.scopes.join(' '),
      exp: String(Math.floor(found.expiresMs / 1000)),
      expires_in: String(seconds),
      ...(email === undefined ? {} : { email, email_verified: String(verified) }),
      access_type: grants.holdsRefreshToken(found.client, found.email) ? 'offline' : 'online',
    });
  }

  function sendTokenInfoV2(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const found = tokenOf(request);
    const account = found === undefined ? undefined : world.accounts.get(found.email);
    if (found === undefined || account === undefined) return reply.status(400).send({ error: 'invalid_token', error_description: 'Invalid Value' });
    const { email } = claimsOf(account, found.scopes);
    const body = {
      issued_to: found.client,
      audience: found.client,
      user_id: account.sub,
      scope: found.scopes.join(' '),
      expires_in: Math.floor((found.expiresMs - world.clock.nowMs()) / 1000),
      ...(email === undefined ? {} : { email, verified_email: true }),
    };
    parts.checkResponse?.('Tokeninfo', body);
    return reply.send(body);
  }
}

/** OAuth calls stand in the statistics beside those of the calendar. */
function count({ world, log }: OAuthParts, method: string, email: string | undefined, client: string | undefined, status: number): void {
  world.log.count({ method, email, client, status });
  log.info({ method, email, client, status }, 'call');
}

function sendAuthorize(reply: FastifyReply, answer: AuthorizeAnswer): FastifyReply {
  if (answer.kind === 'redirect') return reply.redirect(answer.location, 302);
  return reply.status(answer.status).headers({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', 'x-frame-options': 'DENY' }).send(answer.html);
}

function openIdConfiguration(issuer: string, root: string): object {
  return {
    issuer,
    authorization_endpoint: `${root}/o/oauth2/v2/auth`,
    token_endpoint: `${root}/token`,
    userinfo_endpoint: `${root}/v1/userinfo`,
    revocation_endpoint: `${root}/revoke`,
    jwks_uri: `${root}/oauth2/v3/certs`,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'email', 'profile', ...Object.keys(scopeDescriptions).filter((scope) => scope !== 'openid')],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    claims_supported: ['aud', 'email', 'email_verified', 'exp', 'family_name', 'given_name', 'hd', 'iat', 'iss', 'name', 'sub'],
    code_challenge_methods_supported: ['S256'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
  };
}

function queryOf(request: FastifyRequest): URLSearchParams {
  return new URL(request.raw.url ?? '/', 'http://emulator').searchParams;
}

function formOf(request: FastifyRequest): URLSearchParams {
  return new URLSearchParams(typeof request.body === 'string' ? request.body : '');
}
