import * as oauth from 'openid-client';
import { z } from 'zod';
import { googleOAuthEndpoints, type Authorization, type FreshTokens, type GoogleClient, type GoogleIdentity } from '@calsync/accounts';
import { logger } from '@calsync/service-chassis';
import type { Language } from '../problems/problem.js';

const log = logger('google-sign-in');

const CALENDAR = 'https://www.googleapis.com/auth/calendar';
/** What we ask for, and what of it the person must have granted: Google lets each box be unticked. */
export const SCOPES = ['openid', 'email', `${CALENDAR}.events`, `${CALENDAR}.calendarlist.readonly`] as const;
const REQUIRED = [`${CALENDAR}.events`, `${CALENDAR}.calendarlist.readonly`];
const REQUEST_TIMEOUT_S = 8;

export type SignInOutcome =
  | { readonly kind: 'granted'; readonly identity: GoogleIdentity; readonly tokens: FreshTokens & { readonly refreshToken: string } }
  | { readonly kind: 'denied' }
  | { readonly kind: 'missing-scopes'; readonly missing: readonly string[] }
  /** Google gave nothing that lasts; a new consent does. */
  | { readonly kind: 'no-refresh-token' }
  | { readonly kind: 'refused'; readonly error: string }
  | { readonly kind: 'unreachable' };

/** Authorization code flow with PKCE at Google, or at the one origin that stands in for it; the id token is verified by its signature. */
export class GoogleSignIn {
  #known: { readonly configuration: oauth.Configuration; readonly until: number } | undefined;

  constructor(private readonly parts: { readonly client: GoogleClient; readonly redirectUri: string; readonly now: () => number }) {}

  /** Rejects where the stand-in can't be reached; Google's own addresses are known without asking. */
  async authorizationUrl(authorization: Authorization, hints: { readonly email?: string; readonly language: Language }): Promise<URL> {
    const configuration = await this.#configuration();
    return oauth.buildAuthorizationUrl(configuration, {
      redirect_uri: this.parts.redirectUri,
      scope: SCOPES.join(' '),
      state: authorization.state,
      nonce: authorization.nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(authorization.codeVerifier),
      code_challenge_method: 'S256',
      access_type: 'offline',
      // The chooser, so that a browser with several accounts can't link the wrong one silently; consent, so that Google gives a refresh token again.
      prompt: 'select_account consent',
      hl: hints.language,
      ...(hints.email === undefined || hints.email === '' ? {} : { login_hint: hints.email }),
    });
  }

  /** The origin of the consent page. */
  async authorizationOrigin(): Promise<string> {
    const { authorization_endpoint: page } = (await this.#configuration()).serverMetadata();
    return new URL(page ?? '').origin;
  }

  /** `query` is what Google sent back to the redirect address. */
  async complete(query: URLSearchParams, authorization: Authorization): Promise<SignInOutcome> {
    try {
      const configuration = await this.#configuration();
      const url = new URL(this.parts.redirectUri);
      url.search = query.toString();
      const askedAt = this.parts.now();
      const tokens = await oauth.authorizationCodeGrant(configuration, url, {
        expectedState: authorization.state,
        expectedNonce: authorization.nonce,
        pkceCodeVerifier: authorization.codeVerifier,
        idTokenExpected: true,
      });
      return judge(tokens, askedAt);
    } catch (error) {
      return outcomeOf(error);
    }
  }

  /**
   * A stand-in says by its discovery document who it is and where a browser finds it: its name inside a container network differs
   * from its public one. Google's own values are fixed.
   */
  async #configuration(): Promise<oauth.Configuration> {
    if (this.#known !== undefined && this.#known.until > this.parts.now()) return this.#known.configuration;
    const { clientId, clientSecret, root } = this.parts.client;
    const endpoints = googleOAuthEndpoints(root);
    const said = root === undefined ? { issuer: 'https://accounts.google.com', authorization_endpoint: endpoints.authorization } : await discover(root);
    const configuration = new oauth.Configuration(
      { ...said, token_endpoint: endpoints.token, revocation_endpoint: endpoints.revocation, jwks_uri: endpoints.keys },
      clientId,
      { client_secret: clientSecret, id_token_signed_response_alg: 'RS256', [oauth.clockTolerance]: 30 },
      oauth.ClientSecretPost(clientSecret),
    );
    configuration.timeout = REQUEST_TIMEOUT_S;
    oauth.enableNonRepudiationChecks(configuration);
    if (root !== undefined && root.startsWith('http:')) oauth.allowInsecureRequests(configuration);
    this.#known = { configuration, until: this.parts.now() + 600_000 };
    return configuration;
  }
}

const discoverySchema = z.object({ issuer: z.url(), authorization_endpoint: z.url() });

async function discover(root: string): Promise<z.infer<typeof discoverySchema>> {
  const response = await fetch(new URL('/.well-known/openid-configuration', root), { signal: AbortSignal.timeout(REQUEST_TIMEOUT_S * 1_000) });
  if (!response.ok) throw new Error(`the OAuth server at ${root} answered ${response.status} for its discovery document`);
  return discoverySchema.parse(await response.json());
}

function judge(tokens: oauth.TokenEndpointResponse & oauth.TokenEndpointResponseHelpers, askedAt: number): SignInOutcome {
  const granted = new Set((tokens.scope ?? '').split(' '));
  const missing = REQUIRED.filter((scope) => !granted.has(scope) && !granted.has(CALENDAR));
  if (missing.length > 0) return { kind: 'missing-scopes', missing };
  const claims = tokens.claims();
  const email = claims?.['email'];
  if (claims === undefined || typeof email !== 'string' || claims['email_verified'] !== true) return { kind: 'refused', error: 'email_not_verified' };
  if (tokens.refresh_token === undefined) return { kind: 'no-refresh-token' };
  const expiresInMs = (tokens.expires_in ?? 3_600) * 1_000;
  return {
    kind: 'granted',
    identity: { sub: claims.sub, email },
    tokens: { refreshToken: tokens.refresh_token, accessToken: tokens.access_token, useUntil: askedAt + expiresInMs - Math.min(60_000, expiresInMs / 4) },
  };
}

function outcomeOf(error: unknown): SignInOutcome {
  if (error instanceof oauth.AuthorizationResponseError) return error.error === 'access_denied' ? { kind: 'denied' } : { kind: 'refused', error: error.error };
  if (error instanceof oauth.ResponseBodyError) return { kind: 'refused', error: error.error };
  const code = error instanceof oauth.ClientError ? error.code : undefined;
  if (code === undefined || code === 'OAUTH_TIMEOUT' || code === 'OAUTH_RESPONSE_IS_NOT_CONFORM') {
    log.warn({ code, reason: error instanceof Error ? error.message : 'unknown' }, 'Google did not answer the exchange of the code');
    return { kind: 'unreachable' };
  }
  // A response that doesn't hold: wrong signature, issuer, audience, nonce, expiry. Never its content.
  log.warn({ code, reason: error instanceof Error ? error.message : 'unknown' }, "Google's answer did not pass the checks");
  return { kind: 'refused', error: code };
}
