import { asGoogleEventId, type AccountId } from '@calsync/calendar-model';
import { Failure } from '../failures/failure.js';
import type { CalendarRef } from '../ports/google-events.js';
import type { CalendarFeed, ChannelRequest, ChannelSubject, FeedItem, FeedPage } from '../receive/ports.js';

interface ModelEvent {
  readonly id: string;
  readonly revision: number;
  readonly cancelled: boolean;
  readonly updatedAt: number;
}

/**
 * Google's feed of one calendar, as far as a reader can tell: every change gets the next revision, a sync token names a
 * revision, and a list that has begun also tells what changes while it is being paged.
 */
export class ModelCalendarFeed implements CalendarFeed {
  readonly #events = new Map<string, ModelEvent>();
  readonly #oldestToken = { revision: 0 };
  #revision = 0;
  readonly channels = new Map<string, ChannelRequest & { subject: ChannelSubject; accountId: AccountId; resourceId: string }>();
  readonly calls = { full: 0, changes: 0, watch: 0, stop: 0 };
  /** Thrown by the next requests for a page, first come. */
  readonly failures: Failure[] = [];
  access: FeedPage['access'] = 'writer';

  constructor(private readonly now: () => number, private readonly pageSize = 2, private readonly channelLifeMs = 7 * 86_400_000) {}

  change(id: string, cancelled = false): void {
    this.#revision += 1;
    this.#events.set(id, { id, revision: this.#revision, cancelled, updatedAt: this.now() });
  }

  /** What a perfect reader would know. */
  truth(): ReadonlyMap<string, { readonly etag: string; readonly cancelled: boolean }> {
    return new Map([...this.#events.values()].map((event) => [event.id, { etag: etagOf(event), cancelled: event.cancelled }]));
  }

  expireSyncTokens(): void {
    this.#oldestToken.revision = this.#revision + 1;
    this.#revision += 1;
  }

  async page(_calendar: CalendarRef, from: { readonly syncToken?: string; readonly pageToken?: string }): ReturnType<CalendarFeed['page']> {
    const failure = this.failures.shift();
    if (failure) throw failure;
    if (from.pageToken === undefined) this.calls[from.syncToken === undefined ? 'full' : 'changes'] += 1;
    const since = from.syncToken === undefined ? 0 : Number(from.syncToken);
    if (from.syncToken !== undefined && since < this.#oldestToken.revision) return { kind: 'sync-token-lost' };
    // A page token names the revision up to which items were told: what changes meanwhile comes on a later page.
    const told = from.pageToken === undefined ? since : Number(from.pageToken);
    const rest = [...this.#events.values()].filter((event) => event.revision > told).toSorted((a, b) => a.revision - b.revision);
    const items = rest.slice(0, this.pageSize);
    const reached = items.at(-1)?.revision ?? Math.max(told, this.#revision);
    return {
      kind: 'page',
      page: {
        items: items.map(itemOf),
        calendarZone: 'Europe/Amsterdam',
        access: this.access,
        next: rest.length > this.pageSize ? { kind: 'page', pageToken: String(reached) } : { kind: 'end', syncToken: String(Math.max(reached, this.#revision)) },
      },
    };
  }

  async watch(calendar: CalendarRef, subject: ChannelSubject, request: ChannelRequest): ReturnType<CalendarFeed['watch']> {
    this.calls.watch += 1;
    const resourceId = `resource of ${subject}`;
    this.channels.set(request.id, { ...request, subject, accountId: calendar.accountId, resourceId });
    return { resourceId, expiresAt: this.now() + Math.min(request.ttlSeconds * 1_000, this.channelLifeMs) };
  }

  async stop(_accountId: AccountId, channel: { readonly id: string; readonly resourceId: string }): Promise<void> {
    this.calls.stop += 1;
    this.channels.delete(channel.id);
  }
}

const etagOf = ({ revision }: ModelEvent): string => `"${revision}"`;

function itemOf(event: ModelEvent): FeedItem {
  const etag = etagOf(event);
  return {
    id: asGoogleEventId(event.id), etag, updated: new Date(event.updatedAt).toISOString(), cancelled: event.cancelled, reduced: false,
    event: { id: event.id, etag, status: event.cancelled ? 'cancelled' : 'confirmed' },
  };
}
