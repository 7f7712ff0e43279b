import type { Logger } from 'pino';
import type { Faults } from '../emulator/faults.js';
import type { Settings } from '../settings.js';
import { roleOf } from '../calendar/access.js';
import { channelKey } from '../calendar/watch.js';
import type { Channel } from '../state/records.js';
import type { Change, World } from '../state/world.js';
import { ChannelQueue, type Message } from './channel-queue.js';
import { PushStats } from './push-stats.js';
import { Transport } from './transport.js';

/** Tells the channels of what changed: in order per channel, at once, again after an outage. */
export class PushSender {
  readonly stats: PushStats;
  readonly #queues = new Map<string, ChannelQueue>();
  readonly #transport: Transport;
  readonly #delayed = new Set<NodeJS.Timeout>();

  constructor(
    private readonly world: World,
    private readonly faults: Faults,
    private readonly settings: Settings,
    private readonly log: Logger,
  ) {
    this.stats = new PushStats(world.store);
    this.#transport = new Transport(settings.push.timeoutMs);
  }

  /** Own writes notify too, whoever made them. */
  tell(changes: readonly Change[]): void {
    for (const change of changes) {
      if (change.kind === 'channel-opened') {
        const channel = this.world.channels.get(change.key);
        if (channel !== undefined) this.#send(channel, 'sync');
        continue;
      }
      for (const channel of [...this.world.channels.values()]) if (concerns(channel, change) && this.#maySee(channel)) this.#send(channel, 'exists');
    }
  }

  /** Those whose life isn't over. */
  channels(): Channel[] {
    return [...this.world.channels.values()].filter((channel) => channel.expirationMs > this.world.clock.nowMs());
  }

  /** Forgets what is still on its way. */
  reset(): void {
    for (const queue of this.#queues.values()) queue.close();
    for (const timer of this.#delayed) clearTimeout(timer);
    this.#queues.clear();
    this.#delayed.clear();
    this.stats.clear();
  }

  close(): void {
    for (const queue of this.#queues.values()) queue.close();
    for (const timer of this.#delayed) clearTimeout(timer);
    this.#transport.close();
  }

  #send(channel: Channel, state: Message['state']): void {
    if (channel.expirationMs <= this.world.clock.nowMs()) return;
    const number = this.#nextNumber(channel);
    const fate = this.faults.notification({ method: undefined, email: channel.email, client: channel.client, calendarId: channel.calendarId });
    if (fate.drop) return this.stats.count('dropped');
    const message: Message = { state, number };
    const enqueue = (): void => {
      for (let copy = 0; copy < fate.copies; copy += 1) this.#queue(channel).add(message);
    };
    if (fate.delayMs === 0) return enqueue();
    const timer = setTimeout(() => {
      this.#delayed.delete(timer);
      enqueue();
    }, fate.delayMs);
    this.#delayed.add(timer);
  }

  /** Who may no longer see a calendar isn't told of it. */
  #maySee({ calendarId, email }: Channel): boolean {
    const calendar = calendarId === undefined ? undefined : this.world.calendars.get(calendarId);
    return calendarId === undefined || (calendar !== undefined && roleOf(this.world, email, calendar) !== 'none');
  }

  /** 1 for `sync`, then bigger each time but not by one: as Google's, they can't be counted on. */
  #nextNumber(channel: Channel): number {
    const number = channel.lastNumber === 0 ? 1 : channel.lastNumber + 1 + Math.floor(Math.random() * 9000);
    const key = channelKey(channel.client, channel.id);
    const now = this.world.channels.get(key) ?? channel;
    this.world.change(() => this.world.channels.replace(key, { ...now, lastNumber: number }));
    return number;
  }

  #queue(channel: Channel): ChannelQueue {
    const key = channelKey(channel.client, channel.id);
    const known = this.#queues.get(key);
    if (known !== undefined) return known;
    const queue = new ChannelQueue({
      retryBaseMs: this.settings.push.retryBaseMs,
      attempts: this.settings.push.attempts,
      isOpen: () => (this.world.channels.get(key)?.expirationMs ?? 0) > this.world.clock.nowMs(),
      deliver: (message) => this.#transport.post(channel.address, headersOf(channel, message)),
      ended: (message, result) => {
        if (result.kind !== 'closed') this.stats.count(result.kind);
        this.log.info({ channel: channel.id, email: channel.email, state: message.state, number: message.number, ...result }, 'notification');
      },
      started: () => this.stats.count('sent'),
    });
    this.#queues.set(key, queue);
    return queue;
  }
}

function concerns(channel: Channel, change: Change): boolean {
  if (change.kind === 'acl') return channel.of === 'acl' && channel.calendarId === change.calendarId;
  if (channel.of !== undefined) return false;
  if (change.kind === 'event') return channel.calendarId === change.calendarId && (channel.eventTypes.length === 0 || channel.eventTypes.includes(change.eventType));
  return change.kind === 'calendar-list' && channel.calendarId === undefined && channel.email === change.email;
}

function headersOf(channel: Channel, message: Message): Record<string, string> {
  return {
    accept: '*/*',
    'content-length': '0',
    'user-agent': 'APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)',
    'x-goog-channel-id': channel.id,
    'x-goog-channel-expiration': new Date(channel.expirationMs).toUTCString(),
    'x-goog-message-number': String(message.number),
    'x-goog-resource-id': channel.resourceId,
    'x-goog-resource-state': message.state,
    'x-goog-resource-uri': channel.resourceUri,
    ...(channel.token === undefined ? {} : { 'x-goog-channel-token': channel.token }),
  };
}
