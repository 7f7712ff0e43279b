import { describe, expect, it } from 'vitest';
import { classifyAnswer, describeAnswer, readAnswer } from './google-errors.js';

/** Bodies in Google's form (documented, or recorded from its servers). */
const body = (code: number, reason: string, more: { domain?: string; message?: string; location?: string } = {}) => ({
  response: {
    status: code,
    headers: new Headers(),
    data: { error: { code, message: more.message ?? reason, errors: [{ domain: more.domain ?? 'global', reason, message: more.message ?? reason, ...(more.location ? { location: more.location, locationType: 'parameter' } : {}) }] } },
  },
});
const frontEnd = (code: number, reason: string) => ({
  response: { status: code, data: { error: { code, message: 'm', status: 'PERMISSION_DENIED', details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'googleapis.com' }] } } },
});

describe('what an answer of Google means', () => {
  const cases: [string, unknown, string][] = [
    ['nobody answered', { code: 'ECONNRESET' }, 'transient'],
    ['a time-out', { code: 'TimeoutError' }, 'transient'],
    ['500 backendError', body(500, 'backendError'), 'transient'],
    ['503 without a body', { response: { status: 503, data: '<html>' } }, 'transient'],
    ['501 notImplemented', body(501, 'notImplemented'), 'permanent'],
    ['501 without a body', { response: { status: 501 } }, 'permanent'],
    ['429 rateLimitExceeded', body(429, 'rateLimitExceeded', { domain: 'usageLimits' }), 'quota'],
    ['403 userRateLimitExceeded', body(403, 'userRateLimitExceeded', { domain: 'usageLimits' }), 'quota'],
    ['403 rateLimitExceeded', body(403, 'rateLimitExceeded', { domain: 'usageLimits' }), 'quota'],
    ['403 quotaExceeded (guests)', body(403, 'quotaExceeded', { domain: 'usageLimits' }), 'quota'],
    ['403 dailyLimitExceeded', body(403, 'dailyLimitExceeded', { domain: 'usageLimits' }), 'quota'],
    ['403 insufficientPermissions', body(403, 'insufficientPermissions'), 'authorization'],
    ['403 of the front end, scope missing', frontEnd(403, 'ACCESS_TOKEN_SCOPE_INSUFFICIENT'), 'authorization'],
    ['403 of the front end, API off', frontEnd(403, 'SERVICE_DISABLED'), 'transient'],
    ['403 accessNotConfigured', body(403, 'accessNotConfigured', { domain: 'usageLimits' }), 'transient'],
    ['403 requiredAccessLevel', body(403, 'requiredAccessLevel', { domain: 'calendar' }), 'calendar'],
    ['403 notACalendarUser', body(403, 'notACalendarUser', { domain: 'calendar' }), 'calendar'],
    ['403 forbiddenForNonOrganizer', body(403, 'forbiddenForNonOrganizer', { domain: 'calendar' }), 'refused'],
    ['403 eventTypeRestriction', body(403, 'eventTypeRestriction', { domain: 'calendar' }), 'refused'],
    ['403 forbiddenForServiceAccounts', body(403, 'forbiddenForServiceAccounts', { domain: 'calendar' }), 'refused'],
    ['403 forbidden', body(403, 'forbidden'), 'refused'],
    ['401 authError', body(401, 'authError'), 'token-refused'],
    ['401 of the front end', { response: { status: 401, data: { error: { code: 401, status: 'UNAUTHENTICATED' } } } }, 'token-refused'],
    ['400 invalid', body(400, 'invalid', { message: 'Invalid resource id value.' }), 'refused'],
    ['400 timeRangeEmpty', body(400, 'timeRangeEmpty', { domain: 'calendar', location: 'timeMax' }), 'refused'],
    ['400 sync token, by location', body(400, 'invalid', { location: 'syncToken', message: 'Invalid Value' }), 'sync-token-lost'],
    ['400 sync token, by words', body(400, 'invalid', { message: 'Invalid sync token value.' }), 'sync-token-lost'],
    ['404 notFound', body(404, 'notFound'), 'absent'],
    ['409 duplicate', body(409, 'duplicate'), 'exists'],
    ['409 conflict', body(409, 'conflict'), 'transient'],
    ['410 deleted', body(410, 'deleted'), 'deleted'],
    ['410 fullSyncRequired', body(410, 'fullSyncRequired', { domain: 'calendar', location: 'syncToken' }), 'sync-token-lost'],
    ['412 conditionNotMet', body(412, 'conditionNotMet', { location: 'If-Match' }), 'stale'],
    ['418, never heard of', body(418, 'teapot'), 'refused'],
  ];
  it.each(cases)('%s → %s', (_name, thrown, meaning) => {
    const trouble = classifyAnswer(readAnswer(thrown));
    expect(trouble.kind === 'failure' ? trouble.failure : trouble.kind).toBe(meaning);
  });

  it('[lesson 17] of a call about guests, 403 quotaExceeded means the guests alone', () => {
    const answer = readAnswer(body(403, 'quotaExceeded', { domain: 'usageLimits' }));
    expect(classifyAnswer(answer, true)).toEqual({ kind: 'guest-quota' });
    expect(classifyAnswer(readAnswer(body(403, 'rateLimitExceeded', { domain: 'usageLimits' })), true)).toMatchObject({ kind: 'failure', failure: 'quota' });
  });

  it('heeds a Retry-After', () => {
    const answer = readAnswer({ response: { status: 503, headers: new Headers({ 'retry-after': '7' }), data: {} } });
    expect(classifyAnswer(answer)).toMatchObject({ kind: 'failure', failure: 'transient', retryAfterMs: 7_000 });
  });
  it('tells reasons, never sentences or requests: those may quote what a person wrote', () => {
    const answer = readAnswer({ ...body(400, 'invalid', { message: 'Invalid value: geheim', location: 'summary' }), config: { headers: { authorization: 'Bearer geheim' } } });
    expect(describeAnswer(answer)).toBe('400 global/invalid at summary');
  });
});
