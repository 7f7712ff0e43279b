import { z } from 'zod';
import { Failure } from '@calsync/sync-engine';

/** Google's own hosts, or one origin that stands in for all of them (the emulator). */
export interface GoogleOAuthEndpoints {
  readonly authorization: string;
  readonly token: string;
  readonly revocation: string;
  readonly keys: string;
}

export function googleOAuthEndpoints(root?: string): GoogleOAuthEndpoints {
  if (root === undefined) {
    return {
      authorization: 'https://accounts.google.com/o/oauth2/v2/auth',
      token: 'https://oauth2.googleapis.com/token',
      revocation: 'https://oauth2.googleapis.com/revoke',
      keys: 'https://www.googleapis.com/oauth2/v3/certs',
    };
  }
  const at = (path: string): string => new URL(path, root).href;
  return { authorization: at('/o/oauth2/v2/auth'), token: at('/token'), revocation: at('/revoke'), keys: at('/oauth2/v3/certs') };
}

export interface GoogleClient {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Origin that stands in for Google's hosts. */
  readonly root?: string;
}

export type RefreshOutcome =
  | { readonly kind: 'refreshed'; readonly accessToken: string; readonly expiresInMs: number; readonly refreshToken?: string }
  /** `invalid_grant`: revoked, expired, or replaced by a rotation. */
  | { readonly kind: 'invalid-grant' };

const REQUEST_TIMEOUT_MS = 6_000;

const answerSchema = z.object({ access_token: z.string().min(1), expires_in: z.number().positive(), refresh_token: z.string().min(1).optional() });
const errorSchema = z.object({ error: z.string() });

/** One request, no retry: whoever holds the lease decides. Throws `Failure`. */
export async function refreshAccessToken(client: GoogleClient, refreshToken: string): Promise<RefreshOutcome> {
  const response = await post(googleOAuthEndpoints(client.root).token, {
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
    client_id: client.clientId,
    client_secret: client.clientSecret,
  });
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) {
    const answer = answerSchema.safeParse(body);
    if (!answer.success) throw new Failure('transient', "Google's token endpoint gave an answer without an access token; it is asked again");
    return {
      kind: 'refreshed',
      accessToken: answer.data.access_token,
      expiresInMs: answer.data.expires_in * 1_000,
      ...(answer.data.refresh_token === undefined ? {} : { refreshToken: answer.data.refresh_token }),
    };
  }
  const error = errorSchema.safeParse(body).data?.error;
  if (error === 'invalid_grant') return { kind: 'invalid-grant' };
  throw refusal(response, error);
}

/** Done when the token no longer works, also where it did not work before. Throws `Failure`. */
export async function revokeToken(client: GoogleClient, token: string): Promise<void> {
  const response = await post(googleOAuthEndpoints(client.root).revocation, { token });
  await response.body?.cancel();
  // 400 is Google's answer for a token that it no longer knows.
  if (!response.ok && response.status !== 400) throw refusal(response, undefined);
}

async function post(url: string, form: Record<string, string>): Promise<Response> {
  try {
    return await fetch(url, { method: 'POST', body: new URLSearchParams(form), redirect: 'error', signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
  } catch (cause) {
    throw new Failure('transient', `Google's OAuth server could not be reached at ${new URL(url).origin}; it is asked again`, { cause });
  }
}

function refusal(response: Response, error: string | undefined): Failure {
  const retryAfterMs = retryAfter(response.headers.get('retry-after'));
  const details = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (response.status === 429) return new Failure('quota', "Google's token endpoint asks to slow down", details);
  if (error === 'invalid_client' || error === 'unauthorized_client' || error === 'deleted_client') {
    // The installation is set up wrongly; no user can mend that by consenting again.
    return new Failure('transient', `Google refuses this installation's client (${error}): check GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET`, { retryAfterMs: retryAfterMs ?? 60_000 });
  }
  return new Failure('transient', `Google's token endpoint answered ${response.status}${error === undefined ? '' : ` (${error})`}; it is asked again`, details);
}

function retryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}
