import { metrics } from '@calsync/service-chassis';
import type { ObservedCall } from '@calsync/google-client';
import type { ReceiveMetrics } from '@calsync/sync-engine';

const notifications = metrics.counter({ name: 'google_push_hints_total', help: 'Notifications from Google, by what became of them', labelNames: ['result'] });
const pulls = metrics.counter({ name: 'receive_pulls_total', help: 'Pulls that ended well', labelNames: ['kind'] });
const items = metrics.counter({ name: 'receive_items_total', help: 'Changed events published', labelNames: ['kind'] });
const failures = metrics.counter({ name: 'receive_failures_total', help: 'Pulls that failed, by kind of failure', labelNames: ['kind'] });
const repairs = metrics.counter({ name: 'sweep_repairs_total', help: 'Changes that a sweep found and push had not told of', labelNames: ['direction'] });
const latency = metrics.histogram({
  name: 'receive_hint_to_published_seconds', help: 'From the first hint until all that it stood for was published', buckets: [0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60, 300],
});
const channelsOpen = metrics.gauge({ name: 'google_channels_open', help: 'Notification channels that listen' });
const channelExpiry = metrics.gauge({ name: 'google_channel_expiry_seconds', help: 'Until the first of the open channels ends' });
const calls = metrics.counter({ name: 'google_api_requests_total', help: 'Calls to Google, by method and answer', labelNames: ['method', 'code'] });
const callTime = metrics.histogram({ name: 'google_api_request_seconds', help: "Google's answer times", labelNames: ['method'], buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10] });

// Counters that nothing has raised yet should read 0, not be absent: an alert on them must be able to tell the difference.
repairs.inc({ direction: 'from-google' }, 0);

export const receiverMetrics: ReceiveMetrics = {
  notification: (result) => notifications.inc({ result }),
  pulled({ kind, items: count, hintToPublishedMs }) {
    pulls.inc({ kind });
    items.inc({ kind }, count);
    if (hintToPublishedMs !== undefined) latency.observe(hintToPublishedMs / 1_000);
  },
  pullFailed: (kind) => failures.inc({ kind }),
  sweepRepairs: (count) => repairs.inc({ direction: 'from-google' }, count),
  channels(open, soonestExpiryMs) {
    channelsOpen.set(open);
    if (soonestExpiryMs !== undefined) channelExpiry.set(soonestExpiryMs / 1_000);
  },
};

export function observeCall({ method, result, tookMs }: ObservedCall): void {
  calls.inc({ method, code: result });
  callTime.observe({ method }, tookMs / 1_000);
}
