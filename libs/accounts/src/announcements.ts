import type { Connection } from 'mongoose';
import type { InstallationId } from '@calsync/calendar-model';
import type { Message } from '@calsync/event-contracts';
import type { MessagePublisher } from '@calsync/sync-engine';
import { accountsModel, type AccountDocument } from './accounts.js';

/**
 * Publishes what linking, unlinking and settings have left to tell the services. Each was saved with the change itself and goes away
 * after the broker's ack: a crash in between repeats it, with the same id. Answers how many were published; throws the publisher's `Failure`.
 */
export async function publishAnnouncements(
  parts: { readonly connection: Connection; readonly installation: InstallationId; readonly publisher: MessagePublisher },
): Promise<number> {
  const accounts = accountsModel(parts.connection);
  const waiting = await accounts
    .find({ installation: parts.installation, 'announcements.commandId': { $exists: true } })
    .limit(100)
    .lean<AccountDocument[]>();
  let published = 0;
  for (const account of waiting) {
    const messages = account.announcements.map((one): Message => ({
      type: one.type,
      id: one.commandId,
      key: account._id,
      source: '/console',
      time: one.at.toISOString(),
      data: { commandId: one.commandId, accountId: account._id, at: one.at.toISOString() },
    }));
    await parts.publisher.publish(messages);
    await accounts.updateOne({ _id: account._id }, { $pull: { announcements: { commandId: { $in: messages.map((one) => one.id) } } } });
    published += messages.length;
  }
  return published;
}
