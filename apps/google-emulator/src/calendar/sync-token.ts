import type { CalendarRecord } from '../state/records.js';
import { openToken, sealToken } from '../state/opaque-token.js';
import type { Call } from './call.js';
import type { Bounds } from './event-filter.js';
import { fullSyncRequired, invalid } from './google-error.js';

interface SyncToken {
  readonly epoch: string;
  readonly calendarId: string;
  readonly email: string;
  readonly client: string;
  readonly generation: number;
  readonly seq: number;
  readonly issuedMs: number;
  readonly bounds: Bounds;
}

export function sealSyncToken(call: Call, calendar: Pick<CalendarRecord, 'id'>, seq: number, bounds: Bounds): string {
  const { world, caller } = call;
  const token: SyncToken = {
    epoch: world.epoch,
    calendarId: calendar.id,
    email: caller.email,
    client: caller.client,
    generation: world.tokenGeneration,
    seq,
    issuedMs: world.clock.nowMs(),
    bounds,
  };
  return sealToken(world, token);
}

/** Malformed, or of another calendar or query → 400; too old, ended by a fault or by a reset → 410. */
export function openSyncToken(call: Call, calendar: Pick<CalendarRecord, 'id'>, alwaysSingle = false): SyncToken {
  const { world, caller, parameters } = call;
  const token = openToken<SyncToken>(world, parameters.text('syncToken') ?? '');
  if (token === undefined || typeof token.seq !== 'number' || token.calendarId !== calendar.id || token.email !== caller.email) throw invalid('Invalid sync token value.', 'syncToken');
  const tooOld = world.clock.nowMs() - token.issuedMs > call.settings.syncTokenMaxSeconds * 1000;
  const ended = [...world.tokenExpiries.values()].some(
    (rule) =>
      rule.generation > token.generation &&
      (rule.email === undefined || rule.email === token.email) &&
      (rule.client === undefined || rule.client === token.client) &&
      (rule.calendarId === undefined || rule.calendarId === token.calendarId),
  );
  if (token.epoch !== world.epoch || tooOld || ended) throw fullSyncRequired();
  const asked = alwaysSingle || (parameters.flag('singleEvents') ?? false);
  if (parameters.has('singleEvents') && asked !== token.bounds.singleEvents) throw invalid('Invalid sync token value. The query differs from the one that gave the token.', 'syncToken');
  return token;
}
