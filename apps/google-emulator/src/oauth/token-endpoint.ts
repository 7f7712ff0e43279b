import { createHash, timingSafeEqual } from 'node:crypto';
import type { World } from '../state/world.js';
import type { Grants } from './grants.js';
import { idTokenClaims } from './identity.js';
import type { OAuthClient } from './records.js';
import type { SigningKey } from './signing-key.js';

export interface TokenAnswer {
  readonly status: number;
  readonly body: object;
  readonly client: string | undefined;
  readonly email: string | undefined;
}

export interface TokenParts {
  readonly world: World;
  readonly grants: Grants;
  readonly key: SigningKey;
  issuer(): string;
}

class TokenError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** `POST /token`: a code or a refresh token for an access token. */
export function answerToken(parts: TokenParts, form: URLSearchParams, authorization: string | undefined): TokenAnswer {
  let client: OAuthClient | undefined;
  try {
    client = authenticateClient(parts.grants, form, authorization);
    const known = client;
    // Refused inside the step, thrown outside it: a step that throws is undone, and the code that it used up would serve again.
    const exchanged = parts.world.change(() => {
      try {
        return exchange(parts, form, known);
      } catch (error) {
        if (error instanceof TokenError) return error;
        throw error;
      }
    });
    if (exchanged instanceof TokenError) throw exchanged;
    return { status: 200, body: exchanged.body, client: client.id, email: exchanged.email };
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    return { status: error.status, body: { error: error.code, error_description: error.message }, client: client?.id, email: undefined };
  }
}

/** Which client speaks: the one of a fault's match, before anything is checked. */
export function claimedClient(form: URLSearchParams, authorization: string | undefined): string | undefined {
  return form.get('client_id') ?? basicCredentials(authorization)?.[0];
}

function exchange(parts: TokenParts, form: URLSearchParams, client: OAuthClient): { body: object; email: string } {
  const type = form.get('grant_type');
  switch (type) {
    case 'authorization_code':
      return exchangeCode(parts, form, client);
    case 'refresh_token':
      return refresh(parts, form, client);
    case null:
      throw new TokenError(400, 'invalid_request', 'Missing required parameter: grant_type');
    case 'urn:ietf:params:oauth:grant-type:jwt-bearer':
      throw new TokenError(501, 'unsupported_grant_type', 'The emulator does not support service accounts (grant_type jwt-bearer).');
    default:
      throw new TokenError(400, 'unsupported_grant_type', `Invalid grant_type: ${type}`);
  }
}

function exchangeCode({ world, grants, key, issuer }: TokenParts, form: URLSearchParams, client: OAuthClient): { body: object; email: string } {
  const code = grants.takeCode(form.get('code') ?? '');
  if (code === undefined || code.client !== client.id) throw new TokenError(400, 'invalid_grant', 'Bad Request');
  if (form.get('redirect_uri') !== code.redirectUri) throw new TokenError(400, 'redirect_uri_mismatch', 'Bad Request');
  checkVerifier(code.challenge, form.get('code_verifier'));
  const access = grants.issueAccessToken(client.id, code.email, code.scopes);
  const refreshToken = code.offline ? grants.issueRefreshToken(client.id, code.email, code.scopes) : undefined;
  const account = world.accounts.get(code.email);
  const nowMs = world.clock.nowMs();
  const idToken =
    account !== undefined && code.scopes.includes('openid')
      ? key.jwt(idTokenClaims(account, code.scopes, { issuer: issuer(), client: client.id, accessToken: access.token, nonce: code.nonce, nowMs }))
      : undefined;
  return {
    email: code.email,
    body: {
      access_token: access.token,
      expires_in: Math.round((access.expiresMs - nowMs) / 1000),
      ...(refreshToken === undefined ? {} : { refresh_token: refreshToken.token, ...lifeOf(refreshToken.expiresMs, nowMs) }),
      scope: code.scopes.join(' '),
      token_type: 'Bearer',
      ...(idToken === undefined ? {} : { id_token: idToken }),
    },
  };
}

/** As Google: no id token, and a new refresh token only for clients set to rotate. */
function refresh({ world, grants }: TokenParts, form: URLSearchParams, client: OAuthClient): { body: object; email: string } {
  const token = grants.refreshToken(form.get('refresh_token') ?? '');
  if (token === undefined || token.client !== client.id) throw new TokenError(400, 'invalid_grant', 'Token has been expired or revoked.');
  const access = grants.issueAccessToken(client.id, token.email, token.scopes);
  const nowMs = world.clock.nowMs();
  let rotated = {};
  if (client.rotateRefreshTokens) {
    grants.dropRefreshToken(token.token);
    const next = grants.issueRefreshToken(client.id, token.email, token.scopes);
    rotated = { refresh_token: next.token, ...lifeOf(next.expiresMs, nowMs) };
  }
  return { email: token.email, body: { access_token: access.token, expires_in: Math.round((access.expiresMs - nowMs) / 1000), ...rotated, scope: token.scopes.join(' '), token_type: 'Bearer' } };
}

function lifeOf(expiresMs: number | undefined, nowMs: number): object {
  return expiresMs === undefined ? {} : { refresh_token_expires_in: Math.round((expiresMs - nowMs) / 1000) };
}

function checkVerifier(challenge: string | undefined, verifier: string | null): void {
  if (challenge === undefined) {
    if (verifier !== null) throw new TokenError(400, 'invalid_grant', 'code_verifier or verifier is not needed.');
    return;
  }
  if (verifier === null) throw new TokenError(400, 'invalid_grant', 'Missing code verifier.');
  if (createHash('sha256').update(verifier).digest('base64url') !== challenge) throw new TokenError(400, 'invalid_grant', 'Invalid code verifier.');
}

function authenticateClient(grants: Grants, form: URLSearchParams, authorization: string | undefined): OAuthClient {
  const basic = basicCredentials(authorization);
  const id = form.get('client_id') ?? basic?.[0];
  const secret = form.get('client_secret') ?? basic?.[1];
  if (id === undefined) throw new TokenError(400, 'invalid_request', 'Could not determine client ID from request.');
  const client = grants.client(id);
  if (client === undefined) throw new TokenError(401, 'invalid_client', 'The OAuth client was not found.');
  if (secret === undefined) throw new TokenError(400, 'invalid_request', 'client_secret is missing.');
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  if (!timingSafeEqual(digest(secret), digest(client.secret))) throw new TokenError(401, 'invalid_client', 'Unauthorized');
  return client;
}

function basicCredentials(authorization: string | undefined): [id: string, secret: string] | undefined {
  const found = /^Basic (.+)$/i.exec(authorization ?? '');
  if (found === null) return undefined;
  const text = Buffer.from(found[1] ?? '', 'base64').toString();
  const at = text.indexOf(':');
  return at < 0 ? undefined : [decodeURIComponent(text.slice(0, at)), decodeURIComponent(text.slice(at + 1))];
}
