import { createHash } from 'node:crypto';
import type { Account } from '../state/records.js';

const emailScope = 'https://www.googleapis.com/auth/userinfo.email';
const profileScope = 'https://www.googleapis.com/auth/userinfo.profile';

/** What an app may know of a person, by the names of OpenID Connect. */
export function claimsOf(account: Account, scopes: readonly string[]): Record<string, string | boolean> {
  return {
    sub: account.sub,
    ...(hostedDomain(account.email) === undefined ? {} : { hd: hostedDomain(account.email) ?? '' }),
    ...(scopes.includes(emailScope) ? { email: account.email, email_verified: true } : {}),
    ...(scopes.includes(profileScope) ? namesOf(account) : {}),
  };
}

/** The same by the names of Google's older userinfo v2 (discovery document oauth2.v2). */
export function userinfoV2(account: Account, scopes: readonly string[]): Record<string, string | boolean> {
  const { sub: _asId, email, email_verified: verified, ...rest } = claimsOf(account, scopes);
  return { id: account.sub, ...(email === undefined ? {} : { email, verified_email: verified ?? true }), ...rest };
}

export interface IdTokenParts {
  readonly issuer: string;
  readonly client: string;
  readonly accessToken: string;
  readonly nonce: string | undefined;
  readonly nowMs: number;
}

export function idTokenClaims(account: Account, scopes: readonly string[], parts: IdTokenParts): object {
  const iat = Math.floor(parts.nowMs / 1000);
  return {
    iss: parts.issuer,
    azp: parts.client,
    aud: parts.client,
    ...claimsOf(account, scopes),
    at_hash: createHash('sha256').update(parts.accessToken).digest().subarray(0, 16).toString('base64url'),
    ...(parts.nonce === undefined ? {} : { nonce: parts.nonce }),
    iat,
    exp: iat + 3600,
  };
}

function namesOf(account: Account): Record<string, string> {
  const [given = account.name, ...family] = account.name.split(' ');
  return { name: account.name, given_name: given, ...(family.length > 0 ? { family_name: family.join(' ') } : {}) };
}

function hostedDomain(email: string): string | undefined {
  const domain = email.split('@')[1];
  return domain === undefined || domain === 'gmail.com' ? undefined : domain;
}
