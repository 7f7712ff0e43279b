import type { FailureKind } from '@calsync/sync-engine';

/** What Google said when it didn't say 2xx; without `status` nobody answered. Never content, never a token. */
export interface GoogleAnswer {
  readonly status?: number;
  readonly domain?: string;
  readonly reason?: string;
  readonly location?: string;
  readonly message?: string;
  /** Code of the network or of a timeout, for example `ECONNRESET`. */
  readonly network?: string;
  readonly retryAfterMs?: number;
}

/** What an answer means to us. All but `failure` are outcomes that the caller of one method understands. */
export type Trouble =
  | { readonly kind: 'failure'; readonly failure: FailureKind; readonly advice: string; readonly retryAfterMs?: number }
  | { readonly kind: 'token-refused' }
  | { readonly kind: 'sync-token-lost' }
  | { readonly kind: 'absent' }
  | { readonly kind: 'deleted' }
  | { readonly kind: 'exists' }
  | { readonly kind: 'stale' }
  /** Google's guard against invitations to too many people: everything but guests may go on. */
  | { readonly kind: 'guest-quota'; readonly retryAfterMs?: number }
  | { readonly kind: 'refused'; readonly cause: string };

interface Row {
  readonly status: number | 'none' | '5xx';
  readonly reasons?: readonly string[];
  readonly where?: (answer: GoogleAnswer) => boolean;
  readonly trouble: Trouble | ((answer: GoogleAnswer) => Trouble);
}

const failure = (kind: FailureKind, advice: string, retryAfterMs?: number): Trouble => ({
  kind: 'failure', failure: kind, advice, ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});
const refused = (answer: GoogleAnswer): Trouble => ({ kind: 'refused', cause: describeAnswer(answer) });
const aboutSyncToken = (answer: GoogleAnswer): boolean => answer.location === 'syncToken' || /sync ?token/i.test(answer.message ?? '');

/** First row that fits counts. Source: Google's error guide and recorded bodies (docs: calendar facts §6). */
const TABLE: readonly Row[] = [
  { status: 'none', trouble: failure('transient', 'no answer from Google') },
  { status: 408, trouble: failure('transient', 'Google timed out') },
  // What Google doesn't offer it offers no better in a minute: tried for ever, it would look like trouble that passes.
  { status: 501, trouble: failure('permanent', 'Google does not offer this; it is not tried again by itself') },
  { status: '5xx', trouble: failure('transient', 'Google has trouble') },
  { status: 429, trouble: failure('quota', 'too many requests, wait') },

  // A malformed token answers 400, an aged one 410: both end the same way, with a new full list.
  { status: 400, where: aboutSyncToken, trouble: { kind: 'sync-token-lost' } },
  { status: 400, trouble: refused },

  { status: 401, trouble: { kind: 'token-refused' } },

  { status: 403, reasons: ['rateLimitExceeded', 'userRateLimitExceeded', 'quotaExceeded'], trouble: failure('quota', 'too many requests, wait') },
  // A daily limit frees itself at midnight Pacific time; asking every quarter of an hour is quick enough.
  { status: 403, reasons: ['dailyLimitExceeded', 'dailyLimitExceededUnreg'], trouble: failure('quota', 'the daily limit of the Google project is used up', 900_000) },
  { status: 403, reasons: ['insufficientPermissions', 'ACCESS_TOKEN_SCOPE_INSUFFICIENT', 'authError'], trouble: failure('authorization', 'the user must give consent again, with all ticks set') },
  // A switched-off project is everybody's trouble and nobody's fault: wait, don't blame the account.
  { status: 403, reasons: ['accessNotConfigured', 'SERVICE_DISABLED'], trouble: failure('transient', 'switch on the Calendar API for the Google project', 60_000) },
  { status: 403, reasons: ['notACalendarUser', 'requiredAccessLevel', 'insufficientAccessLevel', 'calendarAccessDenied'], trouble: failure('calendar', 'this calendar may not be used; choose another or restore its access') },
  // forbidden, forbiddenForNonOrganizer, eventTypeRestriction, forbiddenForServiceAccounts and whatever else may concern
  // one event only: one odd event must not stop its account. Who asked for a whole calendar knows better what it means.
  { status: 403, trouble: refused },

  { status: 404, trouble: { kind: 'absent' } },
  { status: 409, reasons: ['conflict'], trouble: failure('transient', 'Google was busy with the same event') },
  { status: 409, trouble: { kind: 'exists' } },
  { status: 410, reasons: ['fullSyncRequired', 'updatedMinTooLongAgo'], trouble: { kind: 'sync-token-lost' } },
  { status: 410, where: aboutSyncToken, trouble: { kind: 'sync-token-lost' } },
  { status: 410, trouble: { kind: 'deleted' } },
  { status: 412, trouble: { kind: 'stale' } },
];

/** `aboutGuests`: the call named guests, so Google's guard against too many of them is meant where it says so. */
export function classifyAnswer(answer: GoogleAnswer, aboutGuests = false): Trouble {
  if (aboutGuests && answer.status === 403 && answer.reason === 'quotaExceeded') return { kind: 'guest-quota', ...(answer.retryAfterMs === undefined ? {} : { retryAfterMs: answer.retryAfterMs }) };
  const row = TABLE.find(
    ({ status, reasons, where }) =>
      fits(status, answer.status) && (reasons === undefined || reasons.includes(answer.reason ?? '')) && (where === undefined || where(answer)),
  );
  const trouble = row === undefined ? refused(answer) : typeof row.trouble === 'function' ? row.trouble(answer) : row.trouble;
  return trouble.kind === 'failure' && answer.retryAfterMs !== undefined ? { ...trouble, retryAfterMs: answer.retryAfterMs } : trouble;
}

const fits = (row: Row['status'], status: number | undefined): boolean =>
  row === 'none' ? status === undefined : row === '5xx' ? status !== undefined && status >= 500 : row === status;

/** For logs and outcomes: numbers and Google's own words for reasons, never its sentences, which may quote a value. */
export function describeAnswer(answer: GoogleAnswer): string {
  if (answer.status === undefined) return answer.network ?? 'no answer';
  return [answer.status, answer.domain && answer.reason ? `${answer.domain}/${answer.reason}` : answer.reason, answer.location && `at ${answer.location}`]
    .filter(Boolean)
    .join(' ');
}

/** Reads what Google's client threw. Its error holds the request with its token: nothing of it is passed on. */
export function readAnswer(error: unknown): GoogleAnswer {
  if (typeof error !== 'object' || error === null) return { network: 'unknown' };
  const response = (error as { response?: { status?: number; data?: unknown; headers?: unknown } }).response;
  if (response?.status === undefined) {
    const code = (error as { code?: unknown }).code;
    return { network: typeof code === 'string' ? code : ((error as { name?: string }).name ?? 'unknown') };
  }
  const body = errorBody(response.data);
  const retryAfterMs = retryAfterOf(response.headers);
  return { status: response.status, ...body, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

interface ErrorEntry { readonly domain?: string; readonly reason?: string; readonly location?: string; readonly message?: string }

function errorBody(data: unknown): Partial<GoogleAnswer> {
  const error = (asObject(data)?.['error'] ?? {}) as Record<string, unknown>;
  const first = (Array.isArray(error['errors']) ? error['errors'][0] : undefined) as ErrorEntry | undefined;
  // The newer front end tells the reason in `details` only.
  const detail = (Array.isArray(error['details']) ? error['details'] : []).find((entry: unknown) => typeof asObject(entry)?.['reason'] === 'string') as ErrorEntry | undefined;
  const message = first?.message ?? (typeof error['message'] === 'string' ? error['message'] : undefined);
  const reason = first?.reason ?? detail?.reason;
  return {
    ...(first?.domain ? { domain: first.domain } : {}),
    ...(reason ? { reason } : {}),
    ...(first?.location ? { location: first.location } : {}),
    ...(message ? { message } : {}),
  };
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  if (typeof value === 'string') {
    try {
      return asObject(JSON.parse(value));
    } catch {
      return undefined;
    }
  }
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}

function retryAfterOf(headers: unknown): number | undefined {
  const value = headerOf(headers, 'retry-after');
  if (value === undefined) return undefined;
  const seconds = Number(value);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : undefined;
}

export function headerOf(headers: unknown, name: string): string | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined;
  // Google's client brings the Headers class of its own fetch, which isn't the global one.
  const value: unknown = 'get' in headers && typeof headers.get === 'function' ? headers.get(name) : (headers as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : undefined;
}
