import type { Clock } from '../ports/clock.js';
import type { CalendarState, CalendarStates, Channels, ChannelSecrets, ReceiveMetrics } from './ports.js';

/** The headers of Google's notification; it has no body. */
export interface Notification {
  readonly channelId: string | undefined;
  readonly token: string | undefined;
  readonly resourceId: string | undefined;
  readonly resourceState: string | undefined;
  readonly expiration: string | undefined;
}

export type NotificationOutcome =
  | { readonly kind: 'accepted'; readonly calendar: CalendarState | undefined }
  | { readonly kind: 'sync' }
  /** Not genuine. What is wrong with it stays here. */
  | { readonly kind: 'unknown' };

export interface NotificationPorts {
  readonly channels: Pick<Channels, 'find' | 'opened'>;
  readonly states: Pick<CalendarStates, 'hint'>;
  readonly secrets: Pick<ChannelSecrets, 'matches'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly metrics: Pick<ReceiveMetrics, 'notification'>;
}

/**
 * Keeps the hint durably, nothing else: the 2xx after it means that the change can't be lost any more.
 * Throws `Failure('transient')` where it couldn't be kept; Google repeats a notification that was answered 503.
 */
export async function acceptNotification({ channels, states, secrets, clock, metrics }: NotificationPorts, notification: Notification): Promise<NotificationOutcome> {
  const { channelId = '', token = '', resourceId } = notification;
  // Longer ones can't be ours (Google's own limits); they aren't worth a question to the database.
  const plausible = channelId.length > 0 && channelId.length <= 64 && token.length > 0 && token.length <= 256;
  const channel = plausible ? await channels.find(channelId) : undefined;
  const genuine = secrets.matches(token, channel?.tokenHash) && (channel?.resourceId === undefined || channel.resourceId === resourceId);
  if (channel === undefined || !genuine) {
    metrics.notification('refused');
    return { kind: 'unknown' };
  }
  if (notification.resourceState === 'sync') {
    // It may be faster than the answer to `watch`, and it survives where that answer was lost: without the resource id
    // the channel could never be stopped.
    const expiresAt = Date.parse(notification.expiration ?? '');
    await channels.opened(channel.id, { heard: true, ...(resourceId ? { resourceId } : {}), ...(Number.isNaN(expiresAt) ? {} : { expiresAt }) });
    metrics.notification('sync');
    return { kind: 'sync' };
  }
  const calendar = await states.hint(channel, clock.now());
  metrics.notification('accepted');
  return { kind: 'accepted', calendar };
}
