import { pino } from 'pino';
import { buildEmulator, type Emulator } from '../app.js';
import { readSettings } from '../settings.js';

/** JSON of any form: a test names the members that it means. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Loose = Record<string, any>;

export interface TestAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Loose;
}

interface CallOptions {
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One person, with a token of the client `emulator`. */
export interface TestCaller {
  readonly email: string;
  readonly token: string;
  call(httpMethod: string, path: string, options?: CallOptions): Promise<TestAnswer>;
  insert(event: object, query?: CallOptions['query']): Promise<Loose>;
}

export interface TestEmulator {
  readonly url: string;
  readonly emulator: Emulator;
  as(email: string, scopes?: readonly string[]): Promise<TestCaller>;
  /** A call below `/_emulator/`; a body makes it a POST. */
  control(path: string, body?: unknown, httpMethod?: string): Promise<TestAnswer>;
  stop(): Promise<void>;
}

/** A whole emulator in this process, on a free port, with every answer checked against Google's schemas. */
export async function startTestEmulator(environment: Readonly<Record<string, string>> = {}): Promise<TestEmulator> {
  const settings = readSettings({ PORT: '0', DATA_DIR: ':memory:', LOG_LEVEL: 'silent', VALIDATE_RESPONSES: 'true', PUSH_RETRY_BASE_MS: '10', ...environment });
  const emulator = await buildEmulator(settings, pino({ level: 'silent' }));
  return attach(await emulator.start(), emulator);
}

function attach(url: string, emulator: Emulator): TestEmulator {
  const control: TestEmulator['control'] = async (path, body, httpMethod = body === undefined ? 'GET' : 'POST') =>
    read(await fetch(`${url}/_emulator/${path}`, { method: httpMethod, ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }) }));
  return {
    url,
    emulator,
    control,
    async as(email, scopes) {
      const { body } = await control('tokens', { email, ...(scopes === undefined ? {} : { scopes }) });
      return callerOf(url, email, String(body['access_token']));
    },
    stop: () => emulator.stop(),
  };
}

export function callerOf(url: string, email: string, token: string): TestCaller {
  const call: TestCaller['call'] = async (httpMethod, path, options = {}) => {
    const target = new URL(`${url}/calendar/v3/${path}`);
    for (const [name, value] of Object.entries(options.query ?? {})) for (const one of [value].flat()) target.searchParams.append(name, one);
    const headers: Record<string, string> = { authorization: `Bearer ${token}`, ...options.headers };
    if (options.body !== undefined) headers['content-type'] = 'application/json';
    return read(await fetch(target, { method: httpMethod, headers, ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }) }));
  };
  return {
    email,
    token,
    call,
    async insert(event, query = {}) {
      const answer = await call('POST', 'calendars/primary/events', { body: event, query });
      if (answer.status !== 200) throw new Error(`insert: ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body;
    },
  };
}

/** An event of one hour; what the test means goes into `fields`. */
export function anEvent(fields: object = {}): Loose {
  return { summary: 'Overleg', start: { dateTime: '2026-12-01T10:00:00+01:00' }, end: { dateTime: '2026-12-01T11:00:00+01:00' }, ...fields };
}

async function read(response: Response): Promise<TestAnswer> {
  const text = await response.text();
  const json = response.headers.get('content-type')?.includes('json') === true && text !== '';
  return { status: response.status, headers: response.headers, body: json ? (JSON.parse(text) as Loose) : { text } };
}
