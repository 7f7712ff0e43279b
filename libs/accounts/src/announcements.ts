import type { Connection } from 'mongoose';
import type { InstallationId } from '@calsync/calendar-model';
import type { Message } from '@calsync/event-contracts';
import type { MessagePublisher } from '@calsync/sync-engine';
import { accountsModel, type AccountDocument, type Announcement } from './accounts.js';

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
    const messages = account.announcements.map((one) => messageOf(account._id, one));
    await parts.publisher.publish(messages);
    await accounts.updateOne({ _id: account._id }, { $pull: { announcements: { commandId: { $in: messages.map((one) => one.id) } } } });
    published += messages.length;
  }
  return published;
}

function messageOf(accountId: string, { type, commandId, at, mode }: Announcement): Message {
  const envelope = { id: commandId, key: accountId, source: '/console', time: at.toISOString() };
  const data = { commandId, accountId, at: at.toISOString() };
  return type === 'nl.inventive.sync.comparison.requested.v1' ? { type, ...envelope, data: { ...data, mode: mode ?? 'preview' } } : { type, ...envelope, data };
}
