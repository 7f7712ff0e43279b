import { isLoopback, type Grants } from './grants.js';
import type { OAuthClient } from './records.js';
import { readScopes } from './scopes.js';

/** A checked request to `/o/oauth2/v2/auth`; the consent form carries it, sealed. */
export interface AuthorizationRequest {
  readonly client: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly state?: string;
  readonly offline: boolean;
  readonly consent: boolean;
  readonly silent: boolean;
  readonly includeGranted: boolean;
  readonly loginHint?: string;
  readonly hostedDomain?: string;
  readonly challenge?: string;
  readonly nonce?: string;
}

/** Shown on Google's own page, never sent to the redirect address: who asked wrongly may not be who owns it. */
export class AuthorizationError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export function readAuthorizationRequest(query: URLSearchParams, grants: Grants): AuthorizationRequest {
  const text = (name: string): string | undefined => query.get(name) ?? undefined;
  const clientId = needed(text('client_id'), 'client_id');
  const client = grants.client(clientId);
  if (client === undefined) throw new AuthorizationError(401, 'invalid_client', 'The OAuth client was not found.');
  const redirectUri = needed(text('redirect_uri'), 'redirect_uri');
  if (!mayRedirect(client, redirectUri)) throw new AuthorizationError(400, 'redirect_uri_mismatch', `The redirect URI in the request, ${redirectUri}, does not match the ones authorized for the OAuth client.`);
  const responseType = needed(text('response_type'), 'response_type');
  if (responseType !== 'code') throw new AuthorizationError(400, 'unsupported_response_type', `The emulator supports response_type=code, not ${responseType}.`);
  const scopes = readScopes(needed(text('scope'), 'scope'));
  if (scopes === undefined) throw new AuthorizationError(400, 'invalid_scope', 'Some requested scopes were invalid.');
  const prompt = (text('prompt') ?? '').split(/\s+/).filter((word) => word !== '');
  if (prompt.some((word) => !['none', 'consent', 'select_account'].includes(word)) || (prompt.includes('none') && prompt.length > 1)) throw invalidRequest(`Invalid prompt: ${prompt.join(' ')}`);
  const accessType = oneOf('access_type', text('access_type'), ['online', 'offline']);
  const includeGranted = oneOf('include_granted_scopes', text('include_granted_scopes'), ['true', 'false']);
  return {
    client: clientId,
    redirectUri,
    scopes,
    offline: accessType === 'offline',
    consent: prompt.includes('consent'),
    silent: prompt.includes('none'),
    includeGranted: includeGranted === 'true',
    ...given('state', text('state')),
    ...given('loginHint', text('login_hint')),
    ...given('hostedDomain', text('hd')),
    ...given('nonce', text('nonce')),
    ...given('challenge', readChallenge(query)),
  };
}

/** The redirect address with Google's answer. */
export function redirectTo(request: AuthorizationRequest, answer: Readonly<Record<string, string>>): string {
  const url = new URL(request.redirectUri);
  const state: Record<string, string> = request.state === undefined ? {} : { state: request.state };
  for (const [name, value] of Object.entries({ ...state, ...answer })) url.searchParams.set(name, value);
  return url.href;
}

function mayRedirect(client: OAuthClient, uri: string): boolean {
  if (client.redirectUris.includes(uri)) return true;
  if (!isLoopback(uri)) return false;
  const url = new URL(uri);
  return url.protocol === 'http:' && url.search === '' && url.hash === '' && client.loopbackPaths.includes(url.pathname);
}

function readChallenge(query: URLSearchParams): string | undefined {
  const challenge = query.get('code_challenge') ?? undefined;
  const method = query.get('code_challenge_method') ?? undefined;
  if (challenge === undefined && method === undefined) return undefined;
  if (method !== 'S256') throw invalidRequest('The emulator supports code_challenge_method=S256 only.');
  if (challenge === undefined || !/^[A-Za-z0-9_-]{43}$/.test(challenge)) throw invalidRequest('Invalid code_challenge.');
  return challenge;
}

function needed(value: string | undefined, name: string): string {
  if (value === undefined || value === '') throw invalidRequest(`Missing required parameter: ${name}`);
  return value;
}

function oneOf(name: string, value: string | undefined, allowed: readonly string[]): string | undefined {
  if (value !== undefined && !allowed.includes(value)) throw invalidRequest(`Invalid ${name}: ${value}`);
  return value;
}

function given<N extends string>(name: N, value: string | undefined): Partial<Record<N, string>> {
  return value === undefined ? {} : ({ [name]: value } as Partial<Record<N, string>>);
}

const invalidRequest = (message: string): AuthorizationError => new AuthorizationError(400, 'invalid_request', message);
