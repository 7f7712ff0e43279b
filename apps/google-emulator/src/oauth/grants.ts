import { randomBytes } from 'node:crypto';
import type { Caller } from '../calendar/call.js';
import { invalidCredentials, loginRequired } from '../calendar/google-error.js';
import type { Settings } from '../settings.js';
import type { Shelf } from '../state/shelf.js';
import type { World } from '../state/world.js';
import type { AccessToken, AuthorizationCode, Grant, OAuthClient, RefreshToken } from './records.js';

/** Google ends the oldest silently beyond this number per account and client. */
const mostRefreshTokens = 100;
const codeLifeMs = 10 * 60_000;

/** Client that tokens of `POST /_emulator/tokens` belong to. */
export const emulatorClient = 'emulator';

/** Who may do what: clients, consents and the tokens made from them. */
export class Grants {
  readonly #clients: Shelf<OAuthClient>;
  readonly #grants: Shelf<Grant>;
  readonly #accessTokens: Shelf<AccessToken>;
  readonly #refreshTokens: Shelf<RefreshToken>;
  readonly #codes: Shelf<AuthorizationCode>;
  readonly #builtIn: ReadonlyMap<string, OAuthClient>;

  constructor(
    private readonly world: World,
    private readonly settings: Settings,
  ) {
    this.#clients = world.shelf('oauth.clients', { lasting: true });
    this.#grants = world.shelf('oauth.grants', { lasting: true });
    this.#accessTokens = world.shelf('oauth.access-tokens', { lasting: true });
    this.#refreshTokens = world.shelf('oauth.refresh-tokens', { lasting: true });
    this.#codes = world.shelf('oauth.codes', { lasting: true });
    const { id, secret, redirectUris, rotateRefreshTokens } = settings.client;
    this.#builtIn = new Map([
      [id, { id, secret, redirectUris, loopbackPaths: redirectUris.filter(isLoopback).map((uri) => new URL(uri).pathname), rotateRefreshTokens }],
      [emulatorClient, { id: emulatorClient, secret: settings.client.secret, redirectUris: [], loopbackPaths: [], rotateRefreshTokens: false }],
    ]);
  }

  client(id: string): OAuthClient | undefined {
    return this.#clients.get(id) ?? this.#builtIn.get(id);
  }

  putClient(client: OAuthClient): void {
    this.world.change(() => this.#clients.put(client.id, client));
  }

  /** The caller of an access token, or Google's 401. */
  authenticate(token: string | undefined): Caller {
    if (token === undefined || token === '') throw loginRequired();
    const found = this.#accessTokens.get(token);
    if (found === undefined || found.expiresMs <= this.world.clock.nowMs()) throw invalidCredentials();
    return { email: found.email, client: found.client, scopes: new Set(found.scopes) };
  }

  accessToken(token: string): AccessToken | undefined {
    const found = this.#accessTokens.get(token);
    return found !== undefined && found.expiresMs > this.world.clock.nowMs() ? found : undefined;
  }

  refreshToken(token: string): RefreshToken | undefined {
    const found = this.#refreshTokens.get(token);
    return found !== undefined && (found.expiresMs ?? Number.POSITIVE_INFINITY) > this.world.clock.nowMs() ? found : undefined;
  }

  granted(client: string, email: string): readonly string[] {
    return this.#grants.get(keyOf(client, email))?.scopes ?? [];
  }

  /** Adds to what the person allowed before. */
  grant(client: string, email: string, scopes: readonly string[]): void {
    this.#grants.put(keyOf(client, email), { client, email, scopes: [...new Set([...this.granted(client, email), ...scopes])] });
  }

  /** True if a refresh token of this pair lives: then Google gives no second one unasked. */
  holdsRefreshToken(client: string, email: string): boolean {
    return [...this.#refreshTokens.values()].some((token) => token.client === client && token.email === email);
  }

  issueAccessToken(client: string, email: string, scopes: readonly string[], seconds = this.settings.accessTokenSeconds): AccessToken {
    this.#dropExpired();
    const token: AccessToken = { token: `ya29.${randomBytes(48).toString('base64url')}`, client, email, scopes, expiresMs: this.world.clock.nowMs() + seconds * 1000 };
    this.#accessTokens.put(token.token, token);
    return token;
  }

  issueRefreshToken(client: string, email: string, scopes: readonly string[]): RefreshToken {
    const life = this.client(client)?.refreshTokenSeconds;
    const issuedMs = this.world.clock.nowMs();
    const token: RefreshToken = { token: `1//0${randomBytes(36).toString('base64url')}`, client, email, scopes, issuedMs, ...(life === undefined ? {} : { expiresMs: issuedMs + life * 1000 }) };
    this.#refreshTokens.put(token.token, token);
    const own = [...this.#refreshTokens.values()].filter((other) => other.client === client && other.email === email);
    for (const old of own.slice(0, Math.max(0, own.length - mostRefreshTokens))) this.#refreshTokens.delete(old.token);
    return token;
  }

  dropRefreshToken(token: string): void {
    this.#refreshTokens.delete(token);
  }

  issueCode(code: Omit<AuthorizationCode, 'code' | 'expiresMs'>): AuthorizationCode {
    const issued: AuthorizationCode = { ...code, code: `4/0${randomBytes(32).toString('base64url')}`, expiresMs: this.world.clock.nowMs() + codeLifeMs };
    this.#codes.put(issued.code, issued);
    return issued;
  }

  /** A code serves once; a wrong use ends it too. */
  takeCode(code: string): AuthorizationCode | undefined {
    const found = this.#codes.get(code);
    if (found !== undefined) this.#codes.delete(code);
    return found !== undefined && found.expiresMs > this.world.clock.nowMs() ? found : undefined;
  }

  /** Ends the consents of persons who are gone. */
  forgetStrangers(): void {
    const strangers = new Set([...this.#grants.values()].map((grant) => grant.email).filter((email) => this.world.accounts.get(email) === undefined));
    for (const email of strangers) this.revoke({ email });
  }

  /** Ends consent and all tokens of the pairs that match: of one person, of one client, or both. */
  revoke(match: { client?: string | undefined; email?: string | undefined }): void {
    const hit = (item: { client: string; email: string }): boolean =>
      (match.client === undefined || match.client === item.client) && (match.email === undefined || match.email === item.email);
    this.world.change(() => {
      for (const grant of [...this.#grants.values()].filter(hit)) this.#grants.delete(keyOf(grant.client, grant.email));
      for (const token of [...this.#accessTokens.values()].filter(hit)) this.#accessTokens.delete(token.token);
      for (const token of [...this.#refreshTokens.values()].filter(hit)) this.#refreshTokens.delete(token.token);
      for (const code of [...this.#codes.values()].filter(hit)) this.#codes.delete(code.code);
    });
  }

  #dropExpired(): void {
    if (this.#accessTokens.size < 1000) return;
    const nowMs = this.world.clock.nowMs();
    for (const token of [...this.#accessTokens.values()]) if (token.expiresMs <= nowMs) this.#accessTokens.delete(token.token);
  }
}

export function isLoopback(uri: string): boolean {
  return URL.canParse(uri) && ['localhost', '127.0.0.1', '[::1]'].includes(new URL(uri).hostname);
}

const keyOf = (client: string, email: string): string => `${client}\n${email}`;
