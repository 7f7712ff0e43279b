import type { Connection } from 'mongoose';
import type { CalendarId, InstallationId } from '@calsync/calendar-model';
import {
  findObstacle, lastCalendarOf, linkAccount, refuseAddress,
  type Authorization, type CalendarChoice, type GrantStore, type LinkedCalendar, type LinkingUser, type LinkOutcome, type LinkRequests, type LinkSubject,
} from '@calsync/accounts';
import type { CalendarsReading } from '../calendars/google-calendars.js';
import { Problem, type Language } from '../problems/problem.js';
import type { InventiveUsers } from '../users/inventive-users.js';
import { findUser } from '../users/find-user.js';
import type { GoogleSignIn } from './google-sign-in.js';

export interface JourneyParts {
  readonly connection: Connection;
  readonly installation: InstallationId;
  readonly grants: GrantStore;
  readonly requests: LinkRequests;
  readonly inventive: InventiveUsers;
  readonly signIn: GoogleSignIn;
  readonly readCalendars: (accessToken: string) => Promise<CalendarsReading>;
  /** The services are told as soon as something was linked. */
  readonly announce: () => void;
}

export const LINK_RESULTS = [
  'linked', 'resumed', 'denied', 'missing-scopes', 'unexpected-address', 'user-has-other-account', 'google-account-taken', 'calendar-taken', 'no-refresh-token',
  'no-calendar', 'google-refused', 'google-unreachable', 'inventive-unreachable', 'unknown-user', 'invitation-spent', 'expired', 'unknown-state', 'other-browser',
] as const;
export type LinkResultCode = (typeof LINK_RESULTS)[number];

/** The person has more than one calendar and has yet to say which; `key` opens the choice, and is for this browser alone. */
export interface JourneyChoice {
  readonly choiceKey: string;
}

/** How a journey ended: always a code with a text for the person, and whose it was where that is known. */
export interface JourneyEnd {
  readonly code: LinkResultCode;
  readonly values: Readonly<Record<string, string>>;
  readonly subject?: LinkSubject;
  /** Begun by a personal link: the answer is a page of its own, not the console. */
  readonly invited: boolean;
}

/** Where to send the browser. `boundTo` is what this browser will show again at the end. */
export async function beginJourney(
  parts: Pick<JourneyParts, 'requests' | 'signIn' | 'inventive'>,
  subject: LinkSubject,
  boundTo: string,
  language: Language,
  invitationToken?: string,
): Promise<URL> {
  const { user } = await findUser(parts.inventive, subject.source, subject.userId);
  const authorization = await parts.requests.beginAuthorization(subject, boundTo, invitationToken);
  try {
    return await parts.signIn.authorizationUrl(authorization, { email: subject.confirmedEmail ?? user.email, language });
  } catch {
    throw new Problem('google-unreachable');
  }
}

/** Google sent the browser back. Nothing is stored unless everything holds: state, signature, scopes, address, calendar, uniqueness. */
export async function endJourney(parts: JourneyParts, query: URLSearchParams, boundTo: readonly string[]): Promise<JourneyEnd | JourneyChoice> {
  const taken = await parts.requests.takeAuthorization(query.get('state') ?? '', boundTo);
  if (taken.kind !== 'open') return { code: taken.kind === 'unknown' ? 'unknown-state' : taken.kind, values: {}, invited: false };
  const { authorization } = taken;
  const end = endOf(authorization);

  const signedIn = await parts.signIn.complete(query, authorization);
  switch (signedIn.kind) {
    case 'granted':
      break;
    case 'missing-scopes':
      return end('missing-scopes', { scopes: signedIn.missing.join(', ') });
    case 'refused':
      return end('google-refused', { error: signedIn.error });
    case 'unreachable':
      return end('google-unreachable');
    default:
      return end(signedIn.kind);
  }

  const user = await whoLinks(parts, authorization);
  if (typeof user === 'string') return end(user);
  // Who can't be linked isn't asked which calendar.
  const refused = refuseAddress(user, signedIn.identity) ?? (await findObstacle(parts, user, signedIn.identity));
  if (refused !== undefined) return describe(end, refused);
  const { identity, tokens } = signedIn;
  const reading = await parts.readCalendars(tokens.accessToken);
  if (reading.kind === 'unreachable') return end('google-unreachable');
  const calendars = reading.kind === 'read' ? reading.calendars : [];
  if (calendars.length === 0) return end('no-calendar', { email: identity.email });

  const former = await lastCalendarOf(parts, authorization, identity.sub);
  const chosen = calendars.find((one) => (former === undefined ? calendars.length === 1 : former.primary ? one.primary : one.id === former.id));
  if (chosen !== undefined) return link(parts, authorization, user, { identity, tokens, calendar: chosen });
  const { invitationToken } = authorization;
  const choiceKey = await parts.requests.offerChoice({
    ...subjectOf(authorization), identity, tokens, calendars, ...(invitationToken === undefined ? {} : { invitationToken }), ...(former === undefined ? {} : { formerIsGone: true }),
  });
  return { choiceKey };
}

/** The person chose a calendar. Undefined where it isn't one of those that were offered: the choice stays open. */
export async function endChoice(parts: JourneyParts, choiceKey: string, calendarId: CalendarId): Promise<JourneyEnd | undefined> {
  const offered = await parts.requests.readChoice(choiceKey);
  const calendar = offered?.calendars.find(({ id }) => id === calendarId);
  if (offered !== undefined && calendar === undefined) return undefined;
  const choice = await parts.requests.takeChoice(choiceKey);
  if (choice === undefined || calendar === undefined) return { code: 'expired', values: {}, invited: true };
  const user = await whoLinks(parts, choice);
  if (typeof user === 'string') return endOf(choice)(user);
  return link(parts, choice, user, { ...choice, calendar });
}

type Begun = LinkSubject & Pick<Authorization, 'invitationToken'>;

async function link(parts: JourneyParts, begun: Begun, user: LinkingUser, { identity, tokens, calendar }: Pick<CalendarChoice, 'identity' | 'tokens'> & { readonly calendar: LinkedCalendar }): Promise<JourneyEnd> {
  const end = endOf(begun);
  const outcome = await withInvitation(parts.requests, begun.invitationToken, () => linkAccount(parts, user, identity, tokens, calendar));
  if (outcome === undefined) return end('invitation-spent');
  if (outcome.kind === 'linked') parts.announce();
  return describe(end, outcome);
}

const endOf = ({ source, userId, invitationToken }: Begun) => (code: LinkResultCode, values: Readonly<Record<string, string>> = {}): JourneyEnd => ({
  code, values, subject: { source, userId }, invited: invitationToken !== undefined,
});

const subjectOf = ({ source, userId, confirmedEmail }: LinkSubject): LinkSubject => ({ source, userId, ...(confirmedEmail === undefined ? {} : { confirmedEmail }) });

function describe(end: ReturnType<typeof endOf>, outcome: LinkOutcome): JourneyEnd {
  switch (outcome.kind) {
    case 'linked':
      return end(outcome.resumed ? 'resumed' : 'linked', { email: outcome.account.email, name: outcome.account.fullName });
    case 'unexpected-address':
      return end('unexpected-address', { expected: outcome.expected, actual: outcome.actual });
    case 'user-has-other-account':
      return end('user-has-other-account', { email: outcome.email });
    case 'google-account-taken':
      return end('google-account-taken', { by: outcome.by });
    case 'calendar-taken':
      return end('calendar-taken', { by: outcome.by });
  }
}

async function whoLinks(parts: JourneyParts, authorization: LinkSubject): Promise<LinkingUser | LinkResultCode> {
  try {
    const { user, administrations } = await findUser(parts.inventive, authorization.source, authorization.userId);
    const first = administrations[0];
    if (first === undefined) return 'unknown-user';
    return {
      source: user.source,
      userId: user.id,
      loginName: user.loginName,
      fullName: user.fullName,
      zone: parts.inventive.zone(user.source),
      expectedEmail: user.email,
      ...(authorization.confirmedEmail === undefined ? {} : { confirmedEmail: authorization.confirmedEmail }),
      defaultAdministrationId: first.id,
    };
  } catch (error) {
    if (error instanceof Problem) return error.code === 'inventive-unreachable' ? 'inventive-unreachable' : 'unknown-user';
    throw error;
  }
}

/** An invitation is spent before the link is made, so that two browsers can't both use it, and given back where nothing came of it. */
async function withInvitation(requests: LinkRequests, token: string | undefined, link: () => Promise<LinkOutcome>): Promise<LinkOutcome | undefined> {
  if (token === undefined) return link();
  if (!(await requests.useInvitation(token))) return undefined;
  let linked = false;
  try {
    const outcome = await link();
    linked = outcome.kind === 'linked';
    return outcome;
  } finally {
    if (!linked) await requests.returnInvitation(token);
  }
}
