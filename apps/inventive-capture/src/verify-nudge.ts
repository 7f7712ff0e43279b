import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

export interface SignedRequest {
  readonly rawBody: Buffer | undefined;
  readonly timestamp: string | undefined;
  readonly signature: string | undefined;
}

export type NudgeVerdict =
  | { readonly kind: 'genuine'; readonly source: string; readonly stamp: bigint }
  /** No such source here. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'not-genuine' };

const OLDEST_S = 300;

const nudge = z.object({ source: z.string(), stamp: z.union([z.bigint(), z.string().regex(/^\d+$/).transform(BigInt)]) });

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;
const parseWithSource = JSON.parse as (text: string, reviver: Reviver) => unknown;

/**
 * Checks who sent a nudge: HMAC-SHA256 over `<timestamp>.<raw body>` with the source's secret, at most five minutes old.
 * A replay within that time only makes us read once more.
 */
export function verifyNudge({ rawBody, timestamp, signature }: SignedRequest, secretOf: (source: string) => string | undefined, nowMs: number): NudgeVerdict {
  const given = /^sha256=([0-9a-fA-F]{64})$/.exec(signature ?? '')?.[1];
  if (rawBody === undefined || given === undefined || !/^\d{1,12}$/.test(timestamp ?? '')) return { kind: 'not-genuine' };
  if (Math.abs(nowMs / 1_000 - Number(timestamp)) > OLDEST_S) return { kind: 'not-genuine' };
  const parsed = nudge.safeParse(parse(rawBody));
  if (!parsed.success) return { kind: 'not-genuine' };
  const { source, stamp } = parsed.data;
  const secret = secretOf(source);
  if (secret === undefined) return { kind: 'unknown' };
  const expected = createHmac('sha256', secret).update(`${timestamp}.`).update(rawBody).digest();
  return timingSafeEqual(expected, Buffer.from(given, 'hex')) ? { kind: 'genuine', source, stamp } : { kind: 'not-genuine' };
}

/** The stamp is a 64-bit number: taken from its digits, before JSON can round it. */
function parse(rawBody: Buffer): unknown {
  try {
    return parseWithSource(rawBody.toString('utf8'), (key, value, { source }) => (key === 'stamp' && typeof value === 'number' && source !== undefined && /^\d+$/.test(source) ? BigInt(source) : value));
  } catch {
    return undefined;
  }
}
