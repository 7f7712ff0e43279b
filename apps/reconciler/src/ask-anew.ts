import { v5 as uuidV5 } from 'uuid';
import type { Message } from '@calsync/event-contracts';
import type { MissedRecords } from '@calsync/event-log';
import { logger, metrics } from '@calsync/service-chassis';
import type { AccountDirectory, MessagePublisher } from '@calsync/sync-engine';

const missedTotal = metrics.counter({ name: 'kafka_missed_partitions_total', help: 'partitions of which records expired before they were read; each time every account is read anew' });

/**
 * Changes were told and are gone unread: nobody knows whose. So every account's calendar is listed anew, which also reaches
 * what lies outside the window, and both sides of its window are compared. Asking twice, after a crash, is asking once: the
 * commands' ids are made of what was missed.
 */
export function askAnew(accounts: Pick<AccountDirectory, 'all'>, publisher: MessagePublisher): (missed: readonly MissedRecords[]) => Promise<void> {
  return async (missed) => {
    const at = new Date().toISOString();
    const places = missed.map(({ topic, partition, earliest }) => `${topic}/${partition}/${earliest}`).sort().join(' ');
    const asked = (await accounts.all()).filter(({ state }) => state !== 'off');
    const commands = asked.flatMap(({ id }): Message[] => {
      const envelope = (what: string) => ({ id: uuidV5(`${what} ${id} ${places}`, uuidV5.URL), key: id, source: '/reconciler', time: at });
      const [resync, comparison] = [envelope('resync'), envelope('comparison')];
      return [
        { type: 'nl.inventive.sync.resync.requested.v1', ...resync, data: { commandId: resync.id, accountId: id, at } },
        { type: 'nl.inventive.sync.comparison.requested.v1', ...comparison, data: { commandId: comparison.id, accountId: id, at, mode: 'repair' } },
      ];
    });
    if (commands.length > 0) await publisher.publish(commands);
    missedTotal.inc({}, missed.length);
    logger('reconciler').warn({ partitions: missed.length, accounts: asked.length }, 'messages expired unread: every account is read anew');
  };
}
