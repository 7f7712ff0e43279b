import { createHash } from 'node:crypto';
import type { JsonObject } from '../discovery/body.js';
import { defaultTimeZone } from '../state/accounts.js';
import type { Call, Outcome } from './call.js';
import { openToken, sealToken } from '../state/opaque-token.js';
import { invalid, notFound } from './google-error.js';
import { openSyncToken, sealSyncToken } from './sync-token.js';

const values: Readonly<Record<string, string>> = {
  autoAddHangouts: 'true', dateFieldOrder: 'DMY', defaultEventLength: '60', format24HourTime: 'true', hideInvitations: 'false', hideWeekends: 'false',
  locale: 'nl', remindOnRespondedEventsOnly: 'false', showDeclinedEvents: 'true', timezone: defaultTimeZone, useKeyboardShortcuts: 'true', weekStart: '1',
};
const tokenOf = { id: '@settings' };

/** The same for every account, and they never change: a delta is empty. */
export function listSettings(call: Call): Outcome {
  const { parameters, world } = call;
  if (parameters.has('syncToken')) openSyncToken(call, tokenOf);
  const all = parameters.has('syncToken') ? [] : Object.keys(values).map(render);
  const from = readPage(call);
  const to = from + Math.min(parameters.number('maxResults') ?? 100, 250);
  const token = to < all.length
    ? { nextPageToken: sealToken(world, { epoch: world.epoch, settingsFrom: to } satisfies PageToken) }
    : { nextSyncToken: sealSyncToken(call, tokenOf, world.seq, { singleEvents: false, eventTypes: [] }) };
  return { status: 200, body: { kind: 'calendar#settings', etag: etag('all'), ...token, items: all.slice(from, to) } };
}

interface PageToken {
  readonly epoch: string;
  readonly settingsFrom: number;
}

function readPage(call: Call): number {
  const text = call.parameters.text('pageToken');
  if (text === undefined) return 0;
  const token = openToken<PageToken>(call.world, text);
  if (token === undefined || token.epoch !== call.world.epoch || typeof token.settingsFrom !== 'number') throw invalid('Invalid page token value.', 'pageToken');
  return token.settingsFrom;
}

export function getSetting(call: Call): Outcome {
  const name = call.parameters.text('setting') ?? '';
  if (!(name in values)) throw notFound();
  return { status: 200, body: render(name) };
}

function render(name: string): JsonObject {
  return { kind: 'calendar#setting', etag: etag(name), id: name, value: values[name] };
}

function etag(name: string): string {
  return `"${createHash('sha256').update(name + (values[name] ?? '')).digest('hex').slice(0, 16)}"`;
}
