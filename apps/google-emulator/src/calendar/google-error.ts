/** An answer in the form in which Google refuses: thrown by a method, written by the door. */
export class GoogleError extends Error {
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    readonly status: number,
    readonly body: GoogleErrorBody,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(body.error.message);
    this.headers = headers;
  }
}

export interface GoogleErrorBody {
  readonly error: {
    readonly errors: ReadonlyArray<Readonly<Record<string, unknown>>>;
    readonly code: number;
    readonly message: string;
    readonly status?: string;
    readonly details?: readonly unknown[];
  };
}

interface Where {
  readonly locationType?: 'parameter' | 'header' | 'body';
  readonly location?: string;
}

export function googleError(status: number, domain: string, reason: string, message: string, where: Where = {}): GoogleError {
  return new GoogleError(status, { error: { errors: [{ domain, reason, message, ...where }], code: status, message } });
}

export const invalid = (message: string, parameter?: string): GoogleError =>
  googleError(400, 'global', 'invalid', message, parameter === undefined ? {} : { locationType: 'parameter', location: parameter });

export const required = (message: string, parameter?: string): GoogleError =>
  googleError(400, 'global', 'required', message, parameter === undefined ? {} : { locationType: 'parameter', location: parameter });

export const notFound = (): GoogleError => googleError(404, 'global', 'notFound', 'Not Found');

export const gone = (): GoogleError => googleError(410, 'global', 'deleted', 'Resource has been deleted');

export const duplicate = (): GoogleError => googleError(409, 'global', 'duplicate', 'The requested identifier already exists.');

export const conditionNotMet = (): GoogleError =>
  googleError(412, 'global', 'conditionNotMet', 'Precondition Failed', { locationType: 'header', location: 'If-Match' });

export const timeRangeEmpty = (parameter?: string): GoogleError =>
  googleError(400, 'calendar', 'timeRangeEmpty', 'The specified time range is empty.', parameter === undefined ? {} : { locationType: 'parameter', location: parameter });

export const fullSyncRequired = (): GoogleError =>
  googleError(410, 'calendar', 'fullSyncRequired', 'Sync token is no longer valid, a full sync is required.', { locationType: 'parameter', location: 'syncToken' });

export const eventTypeRestriction = (message: string): GoogleError => googleError(400, 'calendar', 'eventTypeRestriction', message);

/** What Google knows and the emulator doesn't: refused with its name, never ignored. */
export function notImplemented(what: string, location?: string): GoogleError {
  const message = `The emulator does not support ${what}.`;
  const where = location === undefined ? {} : { locationType: 'parameter', location };
  return new GoogleError(501, { error: { errors: [{ domain: 'emulator', reason: 'notImplemented', message, ...where }], code: 501, message, status: 'UNIMPLEMENTED' } });
}

const realm = 'Bearer realm="https://accounts.google.com/"';

export function invalidCredentials(): GoogleError {
  const message = 'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.';
  return new GoogleError(
    401,
    { error: { errors: [{ domain: 'global', reason: 'authError', message: 'Invalid Credentials', locationType: 'header', location: 'Authorization' }], code: 401, message, status: 'UNAUTHENTICATED' } },
    { 'www-authenticate': `${realm}, error="invalid_token"` },
  );
}

export function loginRequired(): GoogleError {
  const message = 'Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.';
  return new GoogleError(
    401,
    { error: { errors: [{ domain: 'global', reason: 'required', message: 'Login Required.', locationType: 'header', location: 'Authorization' }], code: 401, message, status: 'UNAUTHENTICATED' } },
    { 'www-authenticate': realm },
  );
}

export function insufficientScopes(methodName: string): GoogleError {
  const message = 'Request had insufficient authentication scopes.';
  return new GoogleError(
    403,
    {
      error: {
        errors: [{ domain: 'global', reason: 'insufficientPermissions', message: 'Insufficient Permission' }],
        code: 403,
        message,
        status: 'PERMISSION_DENIED',
        details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT', domain: 'googleapis.com', metadata: { service: 'calendar-json.googleapis.com', method: methodName } }],
      },
    },
    { 'www-authenticate': `${realm}, error="insufficient_scope"` },
  );
}

const known: Readonly<Record<string, readonly [domain: string, message: string]>> = {
  authError: ['global', 'Invalid Credentials'],
  userRateLimitExceeded: ['usageLimits', 'User Rate Limit Exceeded'],
  rateLimitExceeded: ['usageLimits', 'Rate Limit Exceeded'],
  quotaExceeded: ['usageLimits', 'Calendar usage limits exceeded.'],
  accessNotConfigured: ['usageLimits', 'Google Calendar API has not been used in this project before or it is disabled.'],
  forbiddenForNonOrganizer: ['calendar', 'Shared properties can only be changed by the organizer of the event.'],
  forbiddenForServiceAccounts: ['calendar', 'Service accounts cannot invite attendees without Domain-Wide Delegation of Authority.'],
  notACalendarUser: ['calendar', 'The user must be signed up for Google Calendar.'],
  requiredAccessLevel: ['calendar', 'You need to have writer access to this calendar.'],
  forbidden: ['global', 'Forbidden'],
  notFound: ['global', 'Not Found'],
  conflict: ['global', 'Conflict'],
  duplicate: ['global', 'The requested identifier already exists.'],
  deleted: ['global', 'Resource has been deleted'],
  fullSyncRequired: ['calendar', 'Sync token is no longer valid, a full sync is required.'],
  updatedMinTooLongAgo: ['calendar', 'The requested minimum modification time lies too far in the past.'],
  conditionNotMet: ['global', 'Precondition Failed'],
  backendError: ['global', 'Backend Error'],
  invalid: ['global', 'Invalid Value'],
};

const usual: Readonly<Record<number, string>> = {
  400: 'invalid', 401: 'authError', 403: 'rateLimitExceeded', 404: 'notFound', 409: 'conflict', 410: 'deleted', 412: 'conditionNotMet', 429: 'rateLimitExceeded',
};

/** The body that Google gives for a reason: used for faults ordered by a test. */
export function errorOfReason(status: number, reason = usual[status] ?? 'backendError'): GoogleError {
  if (reason === 'authError' && status === 401) return invalidCredentials();
  const [domain, message] = known[reason] ?? ['global', reason];
  return googleError(status, domain, reason, message);
}
