import { createHash } from 'node:crypto';
import type { JsonObject } from '../discovery/body.js';
import { defaultTimeZone } from '../state/accounts.js';
import type { Call, Outcome } from './call.js';
import { notFound } from './google-error.js';
import { openSyncToken, sealSyncToken } from './sync-token.js';

const values: Readonly<Record<string, string>> = {
  autoAddHangouts: 'true', dateFieldOrder: 'DMY', defaultEventLength: '60', format24HourTime: 'true', hideInvitations: 'false', hideWeekends: 'false',
  locale: 'nl', remindOnRespondedEventsOnly: 'false', showDeclinedEvents: 'true', timezone: defaultTimeZone, useKeyboardShortcuts: 'true', weekStart: '1',
};
const tokenOf = { id: '@settings' };

/** The same for every account, and they never change: a delta is empty. */
export function listSettings(call: Call): Outcome {
  if (call.parameters.has('syncToken')) openSyncToken(call, tokenOf);
  const items = call.parameters.has('syncToken') ? [] : Object.keys(values).map(render);
  return { status: 200, body: { kind: 'calendar#settings', etag: etag('all'), nextSyncToken: sealSyncToken(call, tokenOf, call.world.seq, { singleEvents: false, eventTypes: [] }), items } };
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
