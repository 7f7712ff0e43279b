import { Agent, request } from 'undici';
import { Failure, type Clock } from '@calsync/sync-engine';
import { failureOf, isRefused, isUnauthorized, readAnswer, type Answer } from './answer.js';

export interface Server {
  readonly name: string;
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** Whether what it calls its database tells it from others; true where left out. */
  readonly recogniseDatabase?: boolean | undefined;
}

export interface SessionOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly connectTimeoutMs?: number;
  readonly requestTimeoutMs?: number;
}

export interface Call {
  readonly method: 'GET' | 'POST';
  /** Path and query below `/rest`, encoded. */
  readonly path: string;
  readonly body?: unknown;
  /** What is being done, for messages; never with content. */
  readonly what: string;
}

const READ_ATTEMPTS = 3;
const FIRST_BACKOFF_MS = 100;

/**
 * One 4D session: a connection pool, the cookie, and logging in again when it is gone. Reads are tried up to three times;
 * a write is sent once, because after a cut connection nobody knows whether it happened: the caller has to look.
 */
export class FourDSession {
  readonly #server: Server;
  readonly #options: SessionOptions;
  readonly #agent: Agent;
  #cookie: string | undefined;
  #loggingIn: Promise<void> | undefined;
  #logins = 0;

  constructor(server: Server, options: SessionOptions) {
    this.#server = server;
    this.#options = options;
    const requestTimeoutMs = options.requestTimeoutMs ?? 10_000;
    this.#agent = new Agent({
      connect: { timeout: options.connectTimeoutMs ?? 2_000 },
      headersTimeout: requestTimeoutMs,
      bodyTimeout: requestTimeoutMs,
      keepAliveTimeout: 30_000,
      connections: 16,
    });
  }

  /** Origin and path of the server, without what could be a password. */
  get address(): string {
    const { origin, pathname } = new URL(this.#server.url);
    return `${origin}${pathname.replace(/\/+$/, '')}`;
  }

  /** How often it logged in. */
  get logins(): number {
    return this.#logins;
  }

  /** Asks once more where that can do no harm. Answers refusals too, except those of the session itself. */
  async read(call: Omit<Call, 'method' | 'body'>): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await this.#authorized({ ...call, method: 'GET' });
        if (!isRefused(answer) || !isTemporary(answer)) return answer;
        if (attempt >= READ_ATTEMPTS || (answer.retryAfterMs ?? 0) > 2_000) return answer;
        await this.#options.clock.sleep(answer.retryAfterMs ?? this.#backoffMs(attempt));
      } catch (error) {
        if (!(error instanceof Failure) || error.kind !== 'transient' || error.retryAfterMs !== undefined || attempt >= READ_ATTEMPTS) throw error;
        await this.#options.clock.sleep(this.#backoffMs(attempt));
      }
    }
  }

  /** Sent once. A thrown `transient` failure means that it may have happened. */
  async write(call: Omit<Call, 'method'>): Promise<Answer> {
    return this.#authorized({ ...call, method: 'POST' });
  }

  /** Lets what is under way end. */
  async close(): Promise<void> {
    await this.#agent.close();
  }

  /** Cuts what is under way: at the end of a process that can't wait for a server that doesn't answer. */
  async abandon(): Promise<void> {
    await this.#agent.destroy();
  }

  async #authorized(call: Call): Promise<Answer> {
    if (this.#cookie === undefined) await this.#logIn();
    const usedCookie = this.#cookie;
    const answer = await this.#send(call);
    if (!isUnauthorized(answer)) return answer;
    // Refused before anything was done, so a write may be sent again as well. Others may have logged in meanwhile.
    if (this.#cookie === usedCookie) this.#cookie = undefined;
    await this.#logIn();
    const second = await this.#send(call);
    // With a fresh session it is the role that may not: what that means depends on what was asked.
    if (isUnauthorized(second) && !second.errorCodes.includes(1561)) throw failureOf(second, `${call.what} (${this.#server.name})`);
    return second;
  }

  /** One at a time: each login takes a licence. */
  async #logIn(): Promise<void> {
    if (this.#cookie !== undefined) return;
    this.#loggingIn ??= this.#authenticate().finally(() => {
      this.#loggingIn = undefined;
    });
    await this.#loggingIn;
  }

  async #authenticate(): Promise<void> {
    const { user, password, name } = this.#server;
    const what = `Logging in as "${user}" (${name})`;
    // The answer is whatever the developer of `ds.authentify` made of it: the next real call shows whether it worked.
    const answer = await this.#send({ method: 'POST', path: '/$catalog/authentify', body: [{ name: user, password }], what });
    if (isRefused(answer)) throw failureOf(answer, what);
    if (this.#cookie === undefined) throw new Failure('transient', `${what}: Inventive gave no session cookie: is ${this.#server.url} a 4D REST server with force login?`, { retryAfterMs: 30_000 });
    this.#logins += 1;
  }

  async #send(call: Call): Promise<Answer> {
    const requestTimeoutMs = this.#options.requestTimeoutMs ?? 10_000;
    try {
      const response = await request(`${this.#server.url.replace(/\/+$/, '')}/rest${call.path}`, {
        method: call.method,
        dispatcher: this.#agent,
        headers: {
          accept: 'application/json',
          ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(this.#cookie === undefined ? {} : { cookie: this.#cookie }),
        },
        body: call.body === undefined ? null : JSON.stringify(call.body),
        // A server that drips bytes keeps undici's own time-outs from firing.
        signal: AbortSignal.timeout(requestTimeoutMs),
      });
      this.#takeCookie(response.headers['set-cookie']);
      const retryAfter = response.headers['retry-after'];
      return readAnswer(response.statusCode, await response.body.text(), Array.isArray(retryAfter) ? retryAfter[0] : retryAfter);
    } catch (error) {
      throw new Failure('transient', `${call.what} (${this.#server.name}): no answer from ${this.#server.url} (${reasonOf(error)})`, { cause: error });
    }
  }

  #takeCookie(header: string | string[] | undefined): void {
    for (const line of header === undefined ? [] : Array.isArray(header) ? header : [header]) {
      const pair = line.split(';', 1)[0] ?? '';
      if (/^(4DSID_[^=]*|WASID4D)=./.test(pair.trim())) this.#cookie = pair.trim();
    }
  }

  #backoffMs(attempt: number): number {
    return this.#options.random() * FIRST_BACKOFF_MS * 2 ** attempt;
  }
}

function isTemporary(answer: Answer): boolean {
  return answer.httpStatus === 429 || (answer.httpStatus >= 502 && answer.httpStatus <= 504) || (answer.httpStatus === 500 && answer.errorCodes.length === 0);
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'unknown error';
}
