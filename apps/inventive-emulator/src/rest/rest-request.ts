import { errorLine, notSupported, queryError, RestError } from './rest-error.js';

export interface RestRequest {
  readonly method: 'GET' | 'POST';
  /** Decoded parts of the path after `/rest/`. */
  readonly segments: readonly string[];
  readonly params: ReadonlyMap<string, string>;
  readonly body: string;
}

export function parseRestUrl(url: string): Pick<RestRequest, 'segments' | 'params'> {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  // "Use ? before the first parameter" is an error of its own in 4D.
  if (/&\$\w+=/.test(path)) throw queryError(1808, 'The first parameter follows "?", not "&"');
  const segments = path.split('/').slice(2).map(decode).filter((segment) => segment !== '');
  return { segments, params: parseParams(mark < 0 ? '' : url.slice(mark + 1)) };
}

function parseParams(query: string): ReadonlyMap<string, string> {
  const params = new Map<string, string>();
  for (const part of query.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    // 4D's documentation writes blanks after "&".
    const name = decode(equals < 0 ? part : part.slice(0, equals)).trim();
    if (params.has(name)) throw queryError(1806, `Parameter ${name} is given twice`);
    params.set(name, unquote(equals < 0 ? '' : decode(part.slice(equals + 1).replaceAll('+', ' ')), name));
  }
  return params;
}

/** 4D's clients quote every value: one pair is stripped. */
function unquote(value: string, name: string): string {
  const trimmed = value.trim();
  const quote = trimmed[0];
  if (quote !== '"' && quote !== "'") return trimmed;
  if (trimmed.length < 2 || !trimmed.endsWith(quote)) throw queryError(1809, `Unclosed quote in ${name}`);
  return trimmed.slice(1, -1).trim();
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw queryError(1806, `Malformed URL at "${text}"`);
  }
}

/** Refuses every parameter that isn't in `allowed`, by name. */
export function onlyParams(request: RestRequest, ...allowed: readonly string[]): void {
  for (const name of request.params.keys()) if (!allowed.includes(name)) throw notSupported(`Parameter ${name} with ${request.method} /rest/${request.segments.join('/')}`);
}

export function numberParam(request: RestRequest, name: string): number | undefined {
  const text = request.params.get(name);
  if (text === undefined) return undefined;
  if (!/^\d{1,12}$/.test(text)) throw queryError(1806, `${name} expects a number, not "${text}"`);
  return Number(text);
}

export function flagParam(request: RestRequest, ...names: readonly string[]): boolean {
  return names.some((name) => {
    const text = request.params.get(name);
    if (text !== undefined && text !== 'true' && text !== 'false') throw queryError(1806, `${name} expects true or false, not "${text}"`);
    return text === 'true';
  });
}

/** `$params`: a JSON array. */
export function filterParams(request: RestRequest): readonly unknown[] {
  const text = request.params.get('$params');
  if (text === undefined) return [];
  try {
    const parsed: unknown = JSON.parse(text);
    if (Array.isArray(parsed)) return parsed;
  } catch {
    // Falls through: the same refusal as for another kind of JSON.
  }
  throw queryError(1806, '$params expects a JSON array');
}

export function jsonBody(request: RestRequest): unknown {
  try {
    return JSON.parse(request.body) as unknown;
  } catch {
    throw new RestError(500, errorLine(1806, 'The body is not JSON'));
  }
}

/** `X`, `X(key)`, `X[key]`, `X:attr(value)`; keys and values bare or quoted. */
export function parseTarget(segment: string): { dataclass: string; by?: { attribute: string | undefined; value: string } } {
  const match = /^([\w$]+)(?:\((.*)\)|\[(.*)\]|:(\w+)\((.*)\))?$/s.exec(segment);
  const dataclass = match?.[1];
  if (!match || dataclass === undefined) throw queryError(1807, `Malformed URL at "${segment}"`);
  const value = match[2] ?? match[3] ?? match[5];
  return value === undefined ? { dataclass } : { dataclass, by: { attribute: match[4], value: unquote(value, 'the key') } };
}
