import type { AccountId } from '@calsync/calendar-model';
import { retrying } from '@calsync/service-chassis';
import { Failure, type AccessTokens, type Clock } from '@calsync/sync-engine';
import { calendar, type calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js';
import { classifyAnswer, describeAnswer, headerOf, readAnswer, type Trouble } from './google-errors.js';
import type { QuotaLimiter } from './quota-limiter.js';

export interface GoogleClientOptions {
  readonly tokens: AccessTokens;
  /** Origin of the API (`GOOGLE_API_ROOT`); Google's own if left out. Only the origin survives in Google's client. */
  readonly root?: string;
  readonly clock: Clock;
  readonly limiter: QuotaLimiter;
  /** Told of every answer: for metrics, and for the skew of Google's clock. */
  readonly observe?: (call: ObservedCall) => void;
  readonly random?: () => number;
  readonly timeoutMs?: number;
}

export interface ObservedCall {
  readonly method: string;
  /** HTTP status, or the network's code where nobody answered. */
  readonly result: string;
  readonly tookMs: number;
  /** Google's clock, from the `Date` header, and ours at the same moment. */
  readonly googleTimeMs?: number;
  readonly receivedAtMs: number;
}

/** Thrown inside this lib only, where an answer is an outcome of the one method that was called. */
export class GoogleSaidNo extends Error {
  override readonly name = 'GoogleSaidNo';
  constructor(readonly trouble: Exclude<Trouble, { kind: 'failure' } | { kind: 'token-refused' }>, message: string) {
    super(message);
  }
}

export interface Call<T> {
  readonly accountId: AccountId;
  /** As in the discovery document, for example `calendar.events.patch`. */
  readonly method: string;
  /** What it costs of the quota. */
  readonly units: number;
  /** It names guests. */
  readonly aboutGuests?: true;
  run(api: calendar_v3.Calendar, headers: Record<string, string>): Promise<{ data: T; status?: number; headers?: unknown }>;
}

/** Google itself was in trouble for this moment: the only thing that is repeated here. */
class PassingTrouble extends Failure {}

/** Every call to Google goes through here: token, quota, time-out, bounded retries, one meaning per answer. */
export function createGoogleCalls(options: GoogleClientOptions) {
  const { tokens, clock, limiter } = options;
  // Google's client repeats GET, PUT and DELETE by itself, not POST and PATCH, and knows no time-out: both are ours.
  const api = calendar({ version: 'v3', retry: false, timeout: options.timeoutMs ?? 10_000, ...(options.root ? { rootUrl: options.root } : {}) });
  const repeatedly = retrying({
    attempts: 3, firstMs: 200, maxMs: 2_000,
    // Who is told how long to wait frees its place meanwhile: the loop above holds the account.
    retryIf: (error) => error instanceof PassingTrouble && error.retryAfterMs === undefined,
    ...(options.random ? { random: options.random } : {}),
  });

  return async function perform<T>(call: Call<T>): Promise<T> {
    return repeatedly(async () => {
      const answer = await withToken(call);
      if (answer.kind === 'data') return answer.data;
      const { trouble, said } = answer;
      if (trouble.kind === 'token-refused') {
        throw new Failure('authorization', `${call.method}: Google refuses a fresh token too (${said}); the user must give consent again`);
      }
      if (trouble.kind !== 'failure') throw new GoogleSaidNo(trouble, `${call.method}: ${said}`);
      const details = trouble.retryAfterMs === undefined ? {} : { retryAfterMs: trouble.retryAfterMs };
      const message = `${call.method}: ${said}; ${trouble.advice}`;
      throw trouble.failure === 'transient' ? new PassingTrouble('transient', message, details) : new Failure(trouble.failure, message, details);
    });
  };

  /** A token can be withdrawn before its time: a refused one is replaced once. */
  async function withToken<T>(call: Call<T>): Promise<Answer<T>> {
    for (let refreshed = false; ; refreshed = true) {
      await limiter.take(call.accountId, call.units);
      const token = await tokens.tokenFor(call.accountId);
      const answer = await once(call, token);
      if (answer.kind === 'data' || answer.trouble.kind !== 'token-refused' || refreshed) return answer;
      await tokens.discard(call.accountId, token);
    }
  }

  async function once<T>(call: Call<T>, token: string): Promise<Answer<T>> {
    const beganAt = performance.now();
    const observed = (result: string, headers: unknown): void => {
      const date = Date.parse(headerOf(headers, 'date') ?? '');
      options.observe?.({
        method: call.method, result, tookMs: performance.now() - beganAt, receivedAtMs: clock.now(),
        ...(Number.isNaN(date) ? {} : { googleTimeMs: date }),
      });
    };
    try {
      const response = await call.run(api, { Authorization: `Bearer ${token}` });
      observed(String(response.status ?? 200), response.headers);
      return { kind: 'data', data: response.data };
    } catch (error) {
      const answer = readAnswer(error);
      observed(String(answer.status ?? answer.network ?? 'none'), (error as { response?: { headers?: unknown } }).response?.headers);
      return { kind: 'trouble', trouble: classifyAnswer(answer, call.aboutGuests), said: describeAnswer(answer) };
    }
  }
}

type Answer<T> = { readonly kind: 'data'; readonly data: T } | { readonly kind: 'trouble'; readonly trouble: Trouble; readonly said: string };

export type GoogleCalls = ReturnType<typeof createGoogleCalls>;
