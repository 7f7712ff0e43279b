import { openToken, sealToken } from '../state/opaque-token.js';
import { ensureAccount } from '../state/accounts.js';
import type { Account } from '../state/records.js';
import type { World } from '../state/world.js';
import { AuthorizationError, readAuthorizationRequest, redirectTo, type AuthorizationRequest } from './authorization-request.js';
import { renderConsentPage, renderErrorPage } from './consent-page.js';
import type { Grants } from './grants.js';
import { isSignIn } from './scopes.js';

export type AuthorizeAnswer = { readonly kind: 'page'; readonly status: number; readonly html: string } | { readonly kind: 'redirect'; readonly location: string };

interface AuthorizeParts {
  readonly world: World;
  readonly grants: Grants;
}

/** A program sends a person here. */
export function startAuthorization(parts: AuthorizeParts, query: URLSearchParams): AuthorizeAnswer {
  return orErrorPage(() => {
    const request = readAuthorizationRequest(query, parts.grants);
    return request.silent ? answerSilently(parts, request) : showPage(parts, request, undefined);
  });
}

/** The person pressed a button of the page. */
export function decideAuthorization(parts: AuthorizeParts, form: URLSearchParams): AuthorizeAnswer {
  return orErrorPage(() => {
    const request = openToken<AuthorizationRequest>(parts.world, form.get('request') ?? '');
    if (request === undefined) throw new AuthorizationError(400, 'invalid_request', 'The form is not one of this server. Start again from the app.');
    if (form.get('decision') !== 'allow') return { kind: 'redirect', location: redirectTo(request, { error: 'access_denied' }) };
    const email = chosenEmail(form);
    if (email === undefined) return showPage(parts, request, 'Enter an e-mail address.');
    if (!inDomain(request, email)) return showPage(parts, request, `Choose an account of ${request.hostedDomain ?? ''}.`);
    const ticked = new Set(form.getAll('scope'));
    const scopes = request.scopes.filter((scope) => isSignIn(scope) || ticked.has(scope));
    if (scopes.length === 0) return { kind: 'redirect', location: redirectTo(request, { error: 'access_denied' }) };
    return allow(parts, request, ensureAccount(parts.world, email).email, scopes);
  });
}

function allow({ world, grants }: AuthorizeParts, request: AuthorizationRequest, email: string, chosen: readonly string[]): AuthorizeAnswer {
  return world.change(() => {
    const earlier = request.includeGranted ? grants.granted(request.client, email) : [];
    const scopes = [...new Set([...chosen, ...earlier])];
    // Google gives a refresh token at the first consent only, unless consent was asked for again.
    const offline = request.offline && (request.consent || !grants.holdsRefreshToken(request.client, email));
    grants.grant(request.client, email, chosen);
    const { code } = grants.issueCode({
      client: request.client,
      email,
      scopes,
      redirectUri: request.redirectUri,
      offline,
      ...(request.challenge === undefined ? {} : { challenge: request.challenge }),
      ...(request.nonce === undefined ? {} : { nonce: request.nonce }),
    });
    return { kind: 'redirect', location: redirectTo(request, { code, scope: scopes.join(' '), authuser: '0', prompt: request.silent ? 'none' : 'consent' }) };
  });
}

/** `prompt=none`: there is no session here, so the account must be named and its consent be given already. */
function answerSilently(parts: AuthorizeParts, request: AuthorizationRequest): AuthorizeAnswer {
  const account = accountsFor(parts, request).find((known) => known.email === request.loginHint?.toLowerCase() || known.sub === request.loginHint);
  if (account === undefined) return { kind: 'redirect', location: redirectTo(request, { error: 'login_required' }) };
  const granted = parts.grants.granted(request.client, account.email);
  if (!request.scopes.every((scope) => granted.includes(scope))) return { kind: 'redirect', location: redirectTo(request, { error: 'interaction_required' }) };
  return allow(parts, request, account.email, request.scopes);
}

function showPage(parts: AuthorizeParts, request: AuthorizationRequest, problem: string | undefined): AuthorizeAnswer {
  const html = renderConsentPage({ request, sealed: sealToken(parts.world, request), accounts: accountsFor(parts, request), problem });
  return { kind: 'page', status: problem === undefined ? 200 : 400, html };
}

function accountsFor({ world }: AuthorizeParts, request: AuthorizationRequest): Account[] {
  return [...world.accounts.values()].filter((account) => inDomain(request, account.email));
}

function inDomain(request: AuthorizationRequest, email: string): boolean {
  return request.hostedDomain === undefined || request.hostedDomain === '*' || email.endsWith(`@${request.hostedDomain.toLowerCase()}`);
}

function chosenEmail(form: URLSearchParams): string | undefined {
  const account = form.get('account') ?? 'other';
  const email = (account === 'other' ? (form.get('other_email') ?? '') : account).trim().toLowerCase();
  return /^[^\s@]+@[^\s@]+$/.test(email) ? email : undefined;
}

function orErrorPage(work: () => AuthorizeAnswer): AuthorizeAnswer {
  try {
    return work();
  } catch (error) {
    if (error instanceof AuthorizationError) return { kind: 'page', status: error.status, html: renderErrorPage(error) };
    throw error;
  }
}
