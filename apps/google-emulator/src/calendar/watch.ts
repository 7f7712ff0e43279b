import { createHash } from 'node:crypto';
import { isObject, type JsonObject } from '../discovery/body.js';
import type { Channel } from '../state/records.js';
import { openCalendar, type Call, type Outcome } from './call.js';
import { googleError, invalid, notImplemented, required } from './google-error.js';

const loopback = ['localhost', '127.0.0.1', '[::1]'];

export function watchEvents(call: Call): Outcome {
  const calendar = openCalendar(call);
  const path = `calendars/${encodeURIComponent(calendar.id)}/events?alt=json`;
  return open(call, path, { calendarId: calendar.id, eventTypes: call.parameters.list('eventTypes') });
}

export function watchCalendarList(call: Call): Outcome {
  return open(call, 'users/me/calendarList?alt=json', { eventTypes: [] });
}

export function watchAcl(call: Call): Outcome {
  const calendar = openCalendar(call, 'writer');
  return open(call, `calendars/${encodeURIComponent(calendar.id)}/acl?alt=json`, { calendarId: calendar.id, of: 'acl', eventTypes: [] });
}

/** Settings never change here: only `sync` comes. */
export function watchSettings(call: Call): Outcome {
  return open(call, 'users/me/settings?alt=json', { of: 'settings', eventTypes: [] });
}

/** Only the user and the client that opened a channel can stop it. */
export function stopChannel(call: Call): Outcome {
  const id = textOf(call.body, 'id');
  const resourceId = textOf(call.body, 'resourceId');
  if (id === undefined) throw required('Required parameter: id', 'resource.id');
  if (resourceId === undefined) throw required('Required parameter: resourceId', 'resource.resourceId');
  const { world, caller } = call;
  const key = channelKey(caller.client, id);
  const channel = world.channels.get(key);
  if (channel === undefined || channel.resourceId !== resourceId || channel.email !== caller.email || channel.expirationMs <= world.clock.nowMs()) {
    throw googleError(404, 'global', 'notFound', `Channel '${id}' not found for project '${caller.client}'`);
  }
  world.channels.delete(key);
  return { status: 204 };
}

export const channelKey = (client: string, id: string): string => `${client}\n${id}`;

function open(call: Call, path: string, watched: Pick<Channel, 'calendarId' | 'eventTypes' | 'of'>): Outcome {
  const { world, caller, body, settings } = call;
  const id = textOf(body, 'id');
  const address = textOf(body, 'address');
  const token = textOf(body, 'token');
  if (id === undefined) throw required('Required parameter: id', 'resource.id');
  if (!/^[A-Za-z0-9\-_+/=]{1,64}$/.test(id)) throw invalid('Invalid Value. A channel id has up to 64 characters of A-Z, a-z, 0-9, -, _, +, / and =.', 'resource.id');
  if (body['type'] == null) throw required('Required parameter: type', 'resource.type');
  if (body['type'] !== 'web_hook' && body['type'] !== 'webhook') throw invalid(`Invalid Value. Unknown channel type: ${String(body['type'])}`, 'resource.type');
  if (token !== undefined && token.length > 256) throw invalid('Invalid Value. A channel token has up to 256 characters.', 'resource.token');
  if (address === undefined) throw required('Required parameter: address', 'resource.address');
  checkAddress(address, settings.push.httpHosts);
  const key = channelKey(caller.client, id);
  const known = world.channels.get(key);
  if (known !== undefined && known.expirationMs > world.clock.nowMs()) {
    throw googleError(400, 'global', 'channelIdNotUnique', `Channel id ${id} not unique`);
  }
  const channel: Channel = {
    id,
    resourceId: createHash('sha256').update(`${caller.email} ${path}`).digest('base64url').slice(0, 27),
    resourceUri: `${call.publicUrl}/calendar/v3/${path}`,
    ...(token === undefined ? {} : { token }),
    email: caller.email,
    client: caller.client,
    ...watched,
    address,
    expirationMs: expirationOf(call),
    lastNumber: 0,
  };
  world.channels.put(key, channel);
  world.announce({ kind: 'channel-opened', key });
  const { resourceId, resourceUri } = channel;
  return {
    status: 200,
    body: { kind: 'api#channel', id, resourceId, resourceUri, ...(token === undefined ? {} : { token }), expiration: String(channel.expirationMs) },
  };
}

/** The smaller of what is asked (`expiration`, or `params.ttl` in seconds) and what the server allows. */
function expirationOf(call: Call): number {
  const nowMs = call.world.clock.nowMs();
  const limit = nowMs + call.settings.channelMaxSeconds * 1000;
  const expiration = call.body['expiration'];
  const params = isObject(call.body['params']) ? call.body['params'] : {};
  for (const name of Object.keys(params)) if (name !== 'ttl') throw notImplemented(`the field 'params.${name}' of a channel`, 'params');
  const ttl = params['ttl'];
  if (ttl != null && !/^\d+$/.test(String(ttl))) throw invalid('Invalid Value. The ttl is a whole number of seconds.', 'resource.params');
  const asked = expiration != null ? Number(expiration) : ttl != null ? nowMs + Number(ttl) * 1000 : limit;
  if (!(asked > nowMs)) throw invalid('Invalid Value. The expiration lies in the past.', 'resource.expiration');
  return Math.min(limit, asked);
}

function checkAddress(address: string, httpHosts: readonly string[]): void {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined) throw invalid('Invalid Value. The address is no URL.', 'resource.address');
  if (url.protocol === 'https:') return;
  // Deviation for tests and demos: Google takes https only.
  if (url.protocol === 'http:' && (loopback.includes(url.hostname) || httpHosts.includes(url.hostname))) return;
  throw googleError(400, 'global', 'push.webhookUrlNotHttps', `WebHook callback must be HTTPS: ${address}`);
}

function textOf(body: JsonObject, name: string): string | undefined {
  const value = body[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

