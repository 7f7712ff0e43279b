/** An OAuth client, which is also a "project" of Google's: quotas and channels are counted by it. */
export interface OAuthClient {
  readonly id: string;
  readonly secret: string;
  /** Compared as text, exactly. */
  readonly redirectUris: readonly string[];
  /** Paths that may stand on any port of localhost too: for programs on free ports. */
  readonly loopbackPaths: readonly string[];
  /** Each refresh gives a new refresh token and ends the old one. */
  readonly rotateRefreshTokens: boolean;
  /** Life of a refresh token, as of an app in testing (7 days at Google); absent: for ever. */
  readonly refreshTokenSeconds?: number;
}

/** What one person allowed one client; revoking ends all of it. */
export interface Grant {
  readonly client: string;
  readonly email: string;
  readonly scopes: readonly string[];
}

export interface AccessToken {
  readonly token: string;
  readonly client: string;
  readonly email: string;
  readonly scopes: readonly string[];
  readonly expiresMs: number;
}

export interface RefreshToken {
  readonly token: string;
  readonly client: string;
  readonly email: string;
  readonly scopes: readonly string[];
  readonly issuedMs: number;
  readonly expiresMs?: number;
}

export interface AuthorizationCode {
  readonly code: string;
  readonly client: string;
  readonly email: string;
  readonly scopes: readonly string[];
  readonly redirectUri: string;
  readonly offline: boolean;
  readonly challenge?: string;
  readonly nonce?: string;
  readonly expiresMs: number;
}
