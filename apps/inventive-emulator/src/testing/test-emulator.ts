import type { LightMyRequestResponse } from 'fastify';
import { buildEmulator } from '../emulator.js';
import { readSettings } from '../settings.js';

export const SYNC_PASSWORD = 'geheim';

export interface Reply {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly raw: LightMyRequestResponse;
}

export interface TestClient {
  get(path: string, params?: Record<string, string>): Promise<Reply>;
  post(path: string, params?: Record<string, string>, body?: unknown): Promise<Reply>;
  /** The first entity that the filter finds; fails where there is none. */
  one(dataclass: string, filter: string): Promise<Record<string, unknown>>;
  all(dataclass: string, filter?: string): Promise<Record<string, unknown>[]>;
  /** `$method=update`. */
  save(dataclass: string, body: unknown, params?: Record<string, string>): Promise<Reply>;
}

/** An emulator in memory, spoken to without a socket. */
export function testEmulator(env: Record<string, string> = {}) {
  const { app } = buildEmulator(readSettings({ DATA_DIR: ':memory:', SYNC_PASSWORD, LOG_LEVEL: 'silent', ...env }));

  async function call(method: 'GET' | 'POST' | 'DELETE', url: string, cookie?: string, body?: unknown): Promise<Reply> {
    const raw = await app.inject({ method, url, headers: cookie === undefined ? {} : { cookie }, ...(body === undefined ? {} : { payload: JSON.stringify(body) }) });
    return { status: raw.statusCode, body: raw.json<Record<string, unknown>>(), raw };
  }

  function client(cookie?: string): TestClient {
    const get: TestClient['get'] = (path, params) => call('GET', urlOf(path, params), cookie);
    const post: TestClient['post'] = (path, params, body) => call('POST', urlOf(path, params), cookie, body);
    const all: TestClient['all'] = async (dataclass, filter) => {
      const { body } = await get(dataclass, { $limit: '100000', ...(filter === undefined ? {} : { $filter: `"${filter}"` }) });
      if (!Array.isArray(body['__ENTITIES'])) throw new Error(`no page: ${JSON.stringify(body)}`);
      return body['__ENTITIES'] as Record<string, unknown>[];
    };
    return {
      get,
      post,
      all,
      one: async (dataclass, filter) => {
        const [entity] = await all(dataclass, filter);
        if (!entity) throw new Error(`nothing in ${dataclass} where ${filter}`);
        return entity;
      },
      save: (dataclass, body, params) => post(dataclass, { $method: 'update', ...params }, body),
    };
  }

  const door = (method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown) => call(method, `/_emulator/${path}`, undefined, body);
  const as = async (user?: string): Promise<TestClient> => client(String((await door('POST', 'sessions', user === undefined ? {} : { user })).body['cookie']));
  const asSync = async (): Promise<TestClient> => {
    const login = await client().post('$catalog/authentify', {}, [{ name: 'sync', password: SYNC_PASSWORD }]);
    const [cookie = ''] = String(login.raw.headers['set-cookie']).split(';');
    return client(cookie);
  };
  const stats = async () => (await door('GET', 'stats')).body as { calls: Array<Record<string, unknown>>; writes: Array<Record<string, unknown>>; nudges: Record<string, number>; stamp: number };
  const fault = (action: unknown, more: Record<string, unknown> = {}) => door('POST', 'faults', { action, ...more });
  return { app, client, as, asSync, door, stats, fault, guest: client() };
}

function urlOf(path: string, params: Record<string, string> = {}): string {
  const query = Object.entries(params).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return `/rest/${path}${query.length > 0 ? `?${query.join('&')}` : ''}`;
}
