import { EmulatorRequestError, fieldsOf, numberField, registerEmulatorRoutes, textField } from '@calsync/emulator-kit';
import type { FastifyInstance } from 'fastify';
import { channelKey } from '../calendar/watch.js';
import { emulatorClient, type Grants } from '../oauth/grants.js';
import { fullScopes, readScopes } from '../oauth/scopes.js';
import type { PushSender } from '../push/push-sender.js';
import type { Quota } from '../quota/quota.js';
import { ensureAccount } from '../state/accounts.js';
import { fillDemo } from '../state/demo.js';
import type { World } from '../state/world.js';
import type { Faults } from './faults.js';
import { registerUiDoors } from './ui-doors.js';

export interface EmulatorDoorsParts {
  readonly world: World;
  readonly grants: Grants;
  readonly faults: Faults;
  readonly push: PushSender;
  readonly quota: Quota;
  publicUrl(): string;
}

/** What tests and demos need beside Google's API: `/_emulator/`. */
export function registerEmulatorDoors(app: FastifyInstance, parts: EmulatorDoorsParts): void {
  const { world, grants, faults, push, quota } = parts;
  registerEmulatorRoutes(app, {
    clock: world.clock,
    faults: faults.book,
    parseFault: faults.parse,
    stats: () => statsOf(world, push),
    reset() {
      push.reset();
      quota.reset();
      world.change(() => {
        world.clear();
        fillDemo(world);
        grants.forgetStrangers();
        for (const channel of [...world.channels.values()]) {
          const watchedStands = world.calendars.get(channel.calendarId ?? channel.email) !== undefined;
          // Linked programs stay linked and notified; what a test opened with the emulator's own tokens goes.
          if (!watchedStands || channel.client === emulatorClient) world.channels.delete(channelKey(channel.client, channel.id));
        }
        world.forgetChanges();
      });
    },
    extra(scope) {
      scope.post('/tokens', async (request) => issueTokens(world, grants, request.body));
      scope.post('/accounts', async (request) => {
        const raw = fieldsOf(request.body, 'an account', ['email', 'name']);
        const { email, sub } = ensureAccount(world, readEmail(raw['email']), raw['name'] === undefined ? undefined : textField(raw['name'], 'name'));
        return { email, sub };
      });
      scope.post('/clients', async (request) => putClient(grants, request.body));
      registerUiDoors(scope, parts);
    },
  });
}

/** Every field that is promised is there: null where nobody is known (401), or where no event or calendar is concerned. */
function statsOf(world: World, push: PushSender): object {
  return {
    calls: world.log.calls().map(({ method, email = null, client = null, status, count }) => ({ method, email, client, status, count })),
    writes: world.log.writes().map(({ at, method, email, client, calendarId = null, eventId = null }) => ({ at, method, email, client, calendarId, eventId })),
    mails: world.mails(),
    notifications: push.stats.all(),
    channels: push.channels().map(({ id, resourceId, token = null, email, calendarId = null, address, expirationMs }) => ({ id, resourceId, token, email, calendarId, address, expiration: expirationMs })),
  };
}

/** As if that person had consented to another app, whose client id is `emulator`. */
function issueTokens(world: World, grants: Grants, body: unknown): object {
  const raw = fieldsOf(body, 'a request for tokens', ['email', 'scopes', 'expiresInS']);
  const { email } = ensureAccount(world, readEmail(raw['email']));
  const scopes = raw['scopes'] === undefined ? fullScopes : readScopes(scopeText(raw['scopes']));
  if (scopes === undefined) throw new EmulatorRequestError('scopes holds a scope that Google does not know');
  const seconds = raw['expiresInS'] === undefined ? undefined : numberField(raw['expiresInS'], 'expiresInS', { min: 0 });
  return world.change(() => {
    grants.grant(emulatorClient, email, scopes);
    const access = grants.issueAccessToken(emulatorClient, email, scopes, seconds);
    const refresh = grants.issueRefreshToken(emulatorClient, email, scopes);
    return { access_token: access.token, refresh_token: refresh.token, expires_in: Math.round((access.expiresMs - world.clock.nowMs()) / 1000), scope: scopes.join(' '), token_type: 'Bearer' };
  });
}

function scopeText(value: unknown): string {
  if (Array.isArray(value)) return value.map((scope) => textField(scope, 'scopes')).join(' ');
  return textField(value, 'scopes');
}

/** Another OAuth client, for programs that bring their own. */
function putClient(grants: Grants, body: unknown): object {
  const raw = fieldsOf(body, 'a client', ['id', 'secret', 'redirectUris', 'rotateRefreshTokens', 'refreshTokenSeconds']);
  const id = textField(raw['id'], 'id');
  const before = grants.client(id);
  const uris = raw['redirectUris'];
  if (uris !== undefined && !Array.isArray(uris)) throw new EmulatorRequestError('redirectUris must be a list');
  if (raw['rotateRefreshTokens'] !== undefined && typeof raw['rotateRefreshTokens'] !== 'boolean') throw new EmulatorRequestError('rotateRefreshTokens must be true or false');
  const client = {
    id,
    secret: raw['secret'] === undefined ? (before?.secret ?? 'emulator-secret') : textField(raw['secret'], 'secret'),
    redirectUris: uris?.map((uri: unknown) => textField(uri, 'redirectUris')) ?? before?.redirectUris ?? [],
    loopbackPaths: before?.loopbackPaths ?? [],
    rotateRefreshTokens: raw['rotateRefreshTokens'] === undefined ? (before?.rotateRefreshTokens ?? false) : raw['rotateRefreshTokens'],
    ...(raw['refreshTokenSeconds'] === undefined ? {} : { refreshTokenSeconds: numberField(raw['refreshTokenSeconds'], 'refreshTokenSeconds', { min: 1 }) }),
  };
  grants.putClient(client);
  return { id, redirectUris: client.redirectUris, rotateRefreshTokens: client.rotateRefreshTokens };
}

function readEmail(value: unknown): string {
  const email = textField(value, 'email').trim().toLowerCase();
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new EmulatorRequestError('email must be an e-mail address');
  return email;
}
