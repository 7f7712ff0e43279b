import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createConnection, type Connection } from 'mongoose';
import { mongoForTests } from '@calsync/local-servers/testing';
import { KeyRing } from '@calsync/service-chassis/sealing';
import { asAccountId, asInstallationId, asSourceName } from '@calsync/calendar-model';
import type { AccountState } from '@calsync/sync-engine';
import { GoogleAccessTokens } from './access-tokens.js';
import { GrantStore } from './grants.js';

const account = asAccountId('11111111-1111-5111-8111-111111111111');
const source = asSourceName('demo');
const installation = asInstallationId('00000000-0000-4000-8000-000000000000');
const oldKey = `1:${Buffer.alloc(32, 1).toString('base64')}`;
const newKey = `2:${Buffer.alloc(32, 2).toString('base64')}`;
const clock = { now: () => Date.now(), sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)) };

/** Google's token endpoint with rotation: each refresh token works once, and the answer takes a moment. */
class TokenEndpoint {
  readonly server: Server;
  valid = new Set(['refresh-0']);
  refreshes = 0;
  expiresIn = 3_600;
  rotate = true;
  answerAfterMs = 0;
  failures: { status: number; body: string; headers?: Record<string, string> }[] = [];
  beforeAnswer: () => Promise<void> = async () => undefined;

  constructor() {
    this.server = createServer((request, response) => {
      void (async () => {
        let body = '';
        for await (const chunk of request) body += String(chunk);
        const answer = (status: number, json: unknown, headers: Record<string, string> = {}) => {
          response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(typeof json === 'string' ? json : JSON.stringify(json));
        };
        const failure = this.failures.shift();
        if (failure !== undefined) return answer(failure.status, failure.body, failure.headers);
        const token = new URLSearchParams(body).get('refresh_token') ?? '';
        this.refreshes += 1;
        const known = this.valid.has(token);
        const next = this.rotate && known ? `refresh-${this.refreshes}` : undefined;
        if (next !== undefined) this.valid = new Set([next]);
        await this.beforeAnswer();
        if (this.answerAfterMs > 0) await clock.sleep(this.answerAfterMs);
        if (!known) return answer(400, { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' });
        return answer(200, { access_token: `access-${this.refreshes}`, expires_in: this.expiresIn, ...(next === undefined ? {} : { refresh_token: next }) });
      })();
    });
  }

  get root(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
}

let connection: Connection;
let google: TokenEndpoint;
let states: { to: AccountState; from: readonly AccountState[] }[];

beforeAll(async () => {
  const { uri, database } = mongoForTests();
  connection = await createConnection(uri, { dbName: database }).asPromise();
});
afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});
beforeEach(async () => {
  google = new TokenEndpoint();
  google.server.listen(0, '127.0.0.1');
  await once(google.server, 'listening');
  states = [];
  await connection.collection('grants').deleteMany({});
});
afterEach(() => new Promise((resolve) => google.server.close(resolve)));

const grantStore = (keys = new KeyRing(oldKey)) => new GrantStore({ connection, installation, keys });

/** One replica: its own memory, its own holder of leases. */
function replica(keys?: KeyRing): GoogleAccessTokens {
  return new GoogleAccessTokens({
    grants: grantStore(keys),
    directory: {
      changeState: async (_id, from, to) => {
        states.push({ from, to });
        return true;
      },
    },
    client: { clientId: 'client', clientSecret: 'secret', root: google.root },
    clock,
  });
}

const grantExpired = () => grantStore().replace(account, source, { refreshToken: 'refresh-0', accessToken: 'access-0', useUntil: Date.now() - 1 });

describe('access tokens', () => {
  it('gives the stored token without asking Google while it lasts', async () => {
    await grantStore().replace(account, source, { refreshToken: 'refresh-0', accessToken: 'access-0', useUntil: Date.now() + 60_000 });
    expect(await replica().tokenFor(account)).toBe('access-0');
    expect(google.refreshes).toBe(0);
  });

  it('refreshes once for many callers in many replicas, with rotation on', async () => {
    await grantExpired();
    google.answerAfterMs = 150;
    const replicas = Array.from({ length: 4 }, () => replica());
    const tokens = await Promise.all(replicas.flatMap((one) => Array.from({ length: 5 }, () => one.tokenFor(account))));
    expect(new Set(tokens)).toEqual(new Set(['access-1']));
    expect(google.refreshes).toBe(1);
    expect(states).toEqual([]);
  });

  it('has the rotated refresh token in the store by the time it hands out the access token', async () => {
    await grantExpired();
    await replica().tokenFor(account);
    expect((await grantStore().read(account))?.refreshToken).toBe('refresh-1');
    expect((await grantStore().read(account))?.version).toBe(2);
  });

  it('asks anew with the rotated token after a discard, in a process that never saw it', async () => {
    await grantExpired();
    const first = await replica().tokenFor(account);
    const other = replica();
    await other.discard(account, first);
    expect(await other.tokenFor(account)).toBe('access-2');
  });

  it('keeps a newer token that another replica fetched when an old one is discarded', async () => {
    await grantExpired();
    const one = replica();
    await one.tokenFor(account);
    await one.discard(account, 'access-0');
    expect(await one.tokenFor(account)).toBe('access-1');
    expect(google.refreshes).toBe(1);
  });

  it('[lesson 10] puts the account in needs-consent after invalid_grant and does not ask Google again', async () => {
    await grantExpired();
    google.valid.clear();
    const tokens = replica();
    await expect(tokens.tokenFor(account)).rejects.toMatchObject({ name: 'Failure', kind: 'authorization' });
    await expect(replica().tokenFor(account)).rejects.toMatchObject({ kind: 'authorization' });
    expect(google.refreshes).toBe(1);
    expect(states[0]).toEqual({ from: ['joining', 'live', 'needs-calendar', 'held'], to: 'needs-consent' });
  });

  it('goes on with the new consent where the old one is refused while it was being replaced', async () => {
    await grantExpired();
    google.valid.clear();
    google.beforeAnswer = () => grantStore().replace(account, source, { refreshToken: 'refresh-new', accessToken: 'access-new', useUntil: Date.now() + 60_000 });
    expect(await replica().tokenFor(account)).toBe('access-new');
    expect(states).toEqual([]);
  });

  it('does not save an answer to an old grant over a new consent', async () => {
    await grantExpired();
    google.beforeAnswer = () => grantStore().replace(account, source, { refreshToken: 'refresh-new', accessToken: 'access-new', useUntil: Date.now() + 60_000 });
    expect(await replica().tokenFor(account)).toBe('access-new');
    expect((await grantStore().read(account))?.refreshToken).toBe('refresh-new');
  });

  it('asks once more after a server error, and passes on what Google says about waiting', async () => {
    await grantExpired();
    google.failures = [{ status: 503, body: 'busy' }];
    expect(await replica().tokenFor(account)).toBe('access-1');

    await grantExpired();
    google.valid = new Set(['refresh-0']);
    google.failures = [{ status: 429, body: '{}', headers: { 'retry-after': '7' } }];
    await expect(replica().tokenFor(account)).rejects.toMatchObject({ kind: 'quota', retryAfterMs: 7_000 });
  });

  it('blames the installation, not the user, where Google refuses the client', async () => {
    await grantExpired();
    google.failures = [{ status: 401, body: '{"error":"invalid_client"}' }];
    await expect(replica().tokenFor(account)).rejects.toThrow(/GOOGLE_CLIENT_ID/);
    expect(states).toEqual([]);
  });

  it('takes over from a replica that died with the lease, once that has run out', async () => {
    await grantExpired();
    await grantStore().takeRefreshLease(account, 'dead', 300);
    expect(await grantStore().takeRefreshLease(account, 'other', 300)).toBeUndefined();
    expect(await replica().tokenFor(account)).toBe('access-1');
  });

  it('stores nothing that can be read, opened in another row or opened with another key', async () => {
    await grantExpired();
    const stored = await connection.collection<{ _id: string }>('grants').findOne({ _id: account });
    expect(JSON.stringify(stored)).not.toMatch(/refresh-0|access-0/);
    await connection.collection<{ _id: string }>('grants').insertOne({ ...stored, _id: 'another-account' });
    await expect(grantStore().read(asAccountId('another-account'))).rejects.toThrow(/another place/);
    await expect(grantStore(new KeyRing(newKey)).read(account)).rejects.toThrow(/MASTER_KEYS/);
  });

  it('seals with the new key at the next refresh after a key rotation', async () => {
    await grantExpired();
    await replica(new KeyRing(`${newKey},${oldKey}`)).tokenFor(account);
    expect((await grantStore(new KeyRing(newKey)).read(account))?.refreshToken).toBe('refresh-1');
  });
});
