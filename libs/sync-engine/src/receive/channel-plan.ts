import type { CalendarId } from '@calsync/calendar-model';
import type { Channel, ChannelSubject } from './ports.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Both channels listen for so long: whatever Google sends late over the old one still counts. */
export const OVERLAP_MS = 60_000;
/** A `watch` without an answer for so long was cut off, by a crash or on the wire. */
const OPENING_MS = 60_000;
/** An unanswered channel may live unseen; no channel of Google's lived longer than this. */
const LONGEST_LIFE_MS = 31 * DAY_MS;

export type ChannelAct =
  | { readonly kind: 'open'; readonly subject: ChannelSubject }
  | { readonly kind: 'retire'; readonly channel: Channel }
  | { readonly kind: 'stop'; readonly channel: Channel }
  /** Its life is over, or it can't be stopped: only the row goes. */
  | { readonly kind: 'remove'; readonly channel: Channel };

/**
 * When a successor is due. At 70 % of the life that Google granted, and for lives of days at the latest a day before
 * the end, so that a weekend without us or a refused renewal costs no notification.
 */
export function renewAt(channel: Pick<Channel, 'createdAt' | 'expiresAt'>): number {
  const expiresAt = channel.expiresAt ?? channel.createdAt + HOUR_MS;
  const life = expiresAt - channel.createdAt;
  const early = channel.createdAt + 0.7 * life;
  return life >= 2 * DAY_MS ? Math.min(early, expiresAt - DAY_MS) : early;
}

/** `listen`: both subjects must have a channel. `leave`: nothing can be asked of Google now. `silence`: none may be left. */
export type ChannelWish = 'listen' | 'leave' | 'silence';

export function planChannels(wish: ChannelWish, calendarId: CalendarId, channels: readonly Channel[], now: number): readonly ChannelAct[] {
  const over = channels.filter((channel) => isOver(channel, now));
  const acts: ChannelAct[] = over.map((channel) => ({ kind: 'remove', channel }));
  const rest = channels.filter((channel) => !over.includes(channel));
  if (wish === 'leave') return acts;
  if (wish === 'silence') return [...acts, ...rest.map(end)];

  for (const subject of ['events', 'calendar-list'] as const) {
    const ours = rest.filter((channel) => channel.subject === subject && channel.calendarId === calendarId && channel.state !== 'retiring');
    const listening = ours.filter((channel) => channel.state === 'open' && renewAt(channel) > now).toSorted((a, b) => b.createdAt - a.createdAt)[0];
    const opening = ours.some((channel) => channel.state === 'opening' && channel.createdAt > now - OPENING_MS);
    if (listening === undefined && !opening) acts.push({ kind: 'open', subject });
    // Only once a successor listens may a predecessor go.
    if (listening !== undefined) acts.push(...ours.filter((channel) => channel !== listening && !isOpening(channel, now)).map((channel) => ({ kind: 'retire', channel }) as const));
  }
  acts.push(...rest.filter((channel) => channel.calendarId !== calendarId && channel.state !== 'retiring').map((channel) => ({ kind: 'retire', channel }) as const));
  acts.push(...rest.filter((channel) => channel.state === 'retiring' && channel.resourceId !== undefined && (channel.retireAt ?? 0) <= now).map(end));
  return acts;
}

const isOpening = (channel: Channel, now: number): boolean => channel.state === 'opening' && channel.createdAt > now - OPENING_MS;

const isOver = (channel: Channel, now: number): boolean => (channel.expiresAt ?? channel.createdAt + LONGEST_LIFE_MS) <= now;

const end = (channel: Channel): ChannelAct => (channel.resourceId === undefined ? { kind: 'remove', channel } : { kind: 'stop', channel });
