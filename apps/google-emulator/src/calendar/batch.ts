import { randomBytes } from 'node:crypto';
import type { CalendarDoor, DoorAnswer, DoorRequest } from './door.js';
import { googleError } from './google-error.js';

/** Google's guide copies say 1000; elsewhere 50. The stricter one, so that no client relies on more. */
const mostParts = 50;

interface Part {
  readonly contentId: string | undefined;
  readonly request: DoorRequest;
}

export interface BatchAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Several calls in one `multipart/mixed` request, done in their order; each counts as a call of its own. */
export async function answerBatch(door: CalendarDoor, headers: Readonly<Record<string, string | undefined>>, body: string): Promise<BatchAnswer> {
  const boundary = /boundary="?([^";]+)"?/i.exec(headers['content-type'] ?? '')?.[1];
  const parts = boundary === undefined ? [] : splitParts(body, boundary).map((text) => readPart(text, headers));
  if (boundary === undefined || parts.length === 0 || parts.some((part) => part === undefined)) return refused('The batch request could not be parsed.');
  if (parts.length > mostParts) return refused(`The batch request holds ${parts.length} calls; ${mostParts} are the limit.`);
  const outer = `batch_${randomBytes(12).toString('hex')}`;
  let text = '';
  for (const part of parts) {
    if (part === undefined) continue;
    text += renderPart(outer, part.contentId, await door.handle(part.request));
  }
  return { status: 200, headers: { 'content-type': `multipart/mixed; boundary=${outer}` }, body: `${text}--${outer}--\r\n` };
}

function splitParts(body: string, boundary: string): string[] {
  const pieces = body.split(`--${boundary}`).slice(1);
  const end = pieces.findIndex((piece) => piece.startsWith('--'));
  return (end < 0 ? pieces : pieces.slice(0, end)).map((piece) => piece.replace(/^\r?\n/, '').replace(/\r?\n$/, ''));
}

function readPart(text: string, outer: Readonly<Record<string, string | undefined>>): Part | undefined {
  const [partHead, partBody] = splitHead(text);
  const partHeaders = readHeaders(partHead);
  const [head, body] = splitHead(partBody);
  const [requestLine = '', ...lines] = head.split(/\r?\n/);
  const found = /^([A-Z]+) (\S+)(?: HTTP\/[\d.]+)?$/.exec(requestLine.trim());
  if (found === null) return undefined;
  const url = new URL(found[2] ?? '/', 'http://emulator');
  const path = /^\/calendar\/v3\/(.*)$/.exec(url.pathname)?.[1];
  if (path === undefined) return undefined;
  return {
    contentId: partHeaders['content-id'],
    // Outer headers hold for all parts; a part's own (If-Match) win.
    request: { httpMethod: found[1] ?? '', path, query: url.searchParams, headers: { ...outer, ...readHeaders(lines.join('\n')) }, body },
  };
}

function splitHead(text: string): [head: string, body: string] {
  const found = /\r?\n\r?\n/.exec(text);
  return found === null ? [text, ''] : [text.slice(0, found.index), text.slice(found.index + found[0].length)];
}

function readHeaders(text: string): Record<string, string> {
  const lines = text.split(/\r?\n/).map((line) => /^([^:]+):\s*(.*)$/.exec(line));
  return Object.fromEntries(lines.filter((line) => line !== null).map((line) => [(line[1] ?? '').toLowerCase(), line[2] ?? '']));
}

/** A cut connection inside a batch can't be shown; Google would answer 503 for the part. */
function renderPart(boundary: string, contentId: string | undefined, answer: DoorAnswer): string {
  const { status, headers, body } = answer.kind === 'cut' ? { status: 503, headers: {}, body: undefined } : answer;
  const content = body === undefined ? '' : JSON.stringify(body);
  const id = contentId === undefined ? '' : `Content-ID: <response-${contentId.replace(/^<|>$/g, '')}>\r\n`;
  const inner = [`HTTP/1.1 ${status} ${reasons[status] ?? 'Unknown'}`, 'Content-Type: application/json; charset=UTF-8', ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), `Content-Length: ${Buffer.byteLength(content)}`];
  return `--${boundary}\r\nContent-Type: application/http\r\n${id}\r\n${inner.join('\r\n')}\r\n\r\n${content}\r\n`;
}

const reasons: Readonly<Record<number, string>> = {
  200: 'OK', 204: 'No Content', 304: 'Not Modified', 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 409: 'Conflict', 410: 'Gone', 412: 'Precondition Failed', 429: 'Too Many Requests', 500: 'Internal Server Error', 501: 'Not Implemented', 503: 'Service Unavailable',
};

function refused(message: string): BatchAnswer {
  const error = googleError(400, 'global', 'badRequest', message);
  return { status: 400, headers: { 'content-type': 'application/json; charset=UTF-8' }, body: JSON.stringify(error.body) };
}
