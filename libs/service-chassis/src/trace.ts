import { randomBytes } from 'node:crypto';

/** W3C Trace Context, version 00: `00-<trace id>-<span id>-<flags>`. */
const FORM = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

export interface TraceContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceparent: string;
}

export function parseTraceparent(text: string | undefined): TraceContext | undefined {
  const match = text === undefined ? null : FORM.exec(text.trim());
  return match === null ? undefined : { traceId: match[1] ?? '', spanId: match[2] ?? '', traceparent: match[0] };
}

/** A step of its own in the trace it came with, or the first step of a new trace. */
export function nextTrace(parent?: string): TraceContext {
  const came = parseTraceparent(parent);
  const traceId = came?.traceId ?? randomBytes(16).toString('hex');
  const spanId = randomBytes(8).toString('hex');
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-${came?.traceparent.slice(-2) ?? '01'}` };
}
