/** Names under which a secret or the content of an appointment could travel, compared without case and separators. */
const HIDDEN = new Set(
  [
    'token', 'access_token', 'refresh_token', 'id_token', 'authorization', 'proxy-authorization', 'cookie', 'set-cookie', 'password', 'passphrase',
    'secret', 'client_secret', 'master_keys', 'private_key', 'api_key', 'session', 'code_verifier',
    'subject', 'notes', 'summary', 'description', 'location', 'attendees', 'participants', 'block_lines',
  ].map(bare),
);
const DEPTH = 6;

/** A copy for the log. Errors keep their type, message, stack, code and causes; their other properties (a whole request, often) are left out. */
export function redacted(line: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(line).map(([name, value]) => [name, HIDDEN.has(bare(name)) ? '[hidden]' : shown(value, DEPTH)]));
}

function shown(value: unknown, depth: number): unknown {
  if (value instanceof Error) return shownError(value, depth);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth === 0) return '[deeper]';
  if (Array.isArray(value)) return value.slice(0, 50).map((item) => shown(item, depth - 1));
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, HIDDEN.has(bare(name)) ? '[hidden]' : shown(inner, depth - 1)]));
}

function shownError(error: Error, depth: number): Record<string, unknown> {
  const said: Record<string, unknown> = { type: error.name, message: error.message, stack: error.stack };
  for (const name of ['code', 'kind', 'status', 'retryAfterMs'] as const) {
    const value = (error as unknown as Record<string, unknown>)[name];
    if (typeof value === 'string' || typeof value === 'number') said[name] = value;
  }
  if (error.cause !== undefined && depth > 0) said['cause'] = shown(error.cause, depth - 1);
  return said;
}

function bare(name: string): string {
  return name.toLowerCase().replaceAll(/[-_\s]/g, '');
}
