import { Failure } from '@calsync/sync-engine';

/** What 4D answered, read whatever the HTTP status: it says the same thing with 200, 401 and 500. */
export interface Answer {
  readonly httpStatus: number;
  readonly body: unknown;
  /** Codes in `__ERROR`, outermost last. */
  readonly errorCodes: readonly number[];
  readonly errorText: string;
  /** `__STATUS.status` of a refused write: 1 permission, 2 stamp, 3 locked, 4 other, 5 gone. */
  readonly writeStatus: number | undefined;
  readonly retryAfterMs: number | undefined;
}

const STAMP_NAMES = new Set(['__GlobalStamp', '__Stamp']);

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;
const parseWithSource = JSON.parse as (text: string, reviver: Reviver) => unknown;

/** Stamps are 64-bit numbers: they become bigint from the digits as written, before JSON can round them. */
export function parseBody(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return parseWithSource(text, (key, value, { source }) => (typeof value === 'number' && source !== undefined && STAMP_NAMES.has(key) && /^\d+$/.test(source) ? BigInt(source) : value));
  } catch {
    return undefined;
  }
}

export function readAnswer(httpStatus: number, text: string, retryAfter: string | undefined): Answer {
  const body = parseBody(text);
  const errors = errorLines(body);
  return {
    httpStatus,
    body,
    errorCodes: errors.flatMap(({ errCode }) => (errCode === undefined ? [] : [errCode])),
    errorText: errors.map(({ message }) => message).join('; '),
    writeStatus: writeStatusOf(body),
    retryAfterMs: retryAfter !== undefined && /^\d+$/.test(retryAfter.trim()) ? Number(retryAfter) * 1_000 : undefined,
  };
}

export const isRefused = (answer: Answer): boolean =>
  answer.httpStatus >= 400 || answer.errorText !== '' || answer.errorCodes.length > 0 || answer.writeStatus !== undefined;

/** 401, or 1822 in whatever status: the session is gone or was never one. */
export const isUnauthorized = (answer: Answer): boolean => answer.httpStatus === 401 || answer.errorCodes.includes(1822);

/** For everything that only waiting or a person can mend. */
export function failureOf(answer: Answer, what: string): Failure {
  const said = `HTTP ${answer.httpStatus}${answer.errorCodes.length === 0 ? '' : `, 4D error ${answer.errorCodes.join(', ')}`}`;
  const details = answer.retryAfterMs === undefined ? {} : { retryAfterMs: answer.retryAfterMs };
  if (isUnauthorized(answer)) {
    return new Failure('transient', `${what}: Inventive refuses our user (${said}): check user, password and the rights of the REST role in SOURCES_FILE`, { retryAfterMs: 30_000 });
  }
  if (answer.httpStatus === 402 || answer.errorCodes.some((code) => code === 1823 || code === 1913)) {
    return new Failure('transient', `${what}: Inventive has no 4D licence left for our session (${said}): free one or add licences`, { retryAfterMs: 30_000 });
  }
  if (answer.errorCodes.some((code) => code === 1800 || code === 1804)) {
    return new Failure('permanent', `${what}: the mapping file names something that Inventive doesn't have (${said}): compare it with /rest/$catalog`, details);
  }
  if (answer.httpStatus === 200 || answer.httpStatus === 400) return new Failure('permanent', `${what}: Inventive doesn't understand our question (${said})`, details);
  return new Failure('transient', `${what}: Inventive answered ${said}`, details);
}

interface ErrorLine {
  readonly message: string;
  readonly errCode?: number;
}

/** `__ERROR` is an array by the documentation, and a text or under another name in what 4D's own clients expect. */
function errorLines(body: unknown): ErrorLine[] {
  if (!isRecord(body)) return [];
  const given = body['__ERROR'] ?? body['__ERRORS'] ?? body['errors'];
  if (given !== undefined && given !== null) {
    const list = Array.isArray(given) ? given : [given];
    return list.map((line) => {
      if (!isRecord(line)) return { message: String(line) };
      const code = line['errCode'];
      return { message: typeof line['message'] === 'string' ? line['message'] : 'error without message', ...(typeof code === 'number' ? { errCode: code } : {}) };
    });
  }
  // An error inside one element of a collection means that none of the collection was saved.
  const entities = body['__ENTITIES'];
  return Array.isArray(entities) ? entities.flatMap(errorLines) : [];
}

function writeStatusOf(body: unknown): number | undefined {
  if (!isRecord(body) || !isRecord(body['__STATUS'])) return undefined;
  const status = body['__STATUS'];
  if (status['success'] !== false) return undefined;
  return typeof status['status'] === 'number' ? status['status'] : 4;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
