import type { Connection } from 'mongoose';
import { asAccountId, asCalendarId } from '@calsync/calendar-model';
import type { Channel, Channels } from '@calsync/sync-engine';
import { storedCollection } from './database.js';

interface ChannelRow {
  readonly _id: string;
  readonly accountId: string;
  readonly calendarId: string;
  readonly subject: Channel['subject'];
  readonly tokenHash: string;
  readonly state: Channel['state'];
  readonly createdAt: Date;
  readonly resourceId?: string;
  readonly expiresAt?: Date;
  readonly retireAt?: Date;
  readonly heard?: true;
}

export type ChannelStore = Channels & { prepare(): Promise<void> };

/** Collection `channels`: Google's subscriptions of notifications. Written by the google-receiver; the console forgets those of an original whose copy this is. */
export function createChannels(connection: Connection): ChannelStore {
  const rows = storedCollection<ChannelRow>(connection, 'channels');
  return {
    async prepare() {
      await rows.run('preparing channels', (collection) => collection.createIndex({ accountId: 1 }, { name: 'account' }));
    },

    async find(id) {
      const row = await rows.run('reading a channel', (collection) => collection.findOne({ _id: id }));
      return row === null ? undefined : toChannel(row);
    },

    async all() {
      return (await rows.run('reading all channels', (collection) => collection.find().toArray())).map(toChannel);
    },

    async ofAccount(accountId) {
      return (await rows.run("reading an account's channels", (collection) => collection.find({ accountId }).toArray())).map(toChannel);
    },

    async add({ id, createdAt, expiresAt, retireAt, ...rest }) {
      await rows.run('adding a channel', (collection) =>
        collection.insertOne({
          _id: id, ...rest, createdAt: new Date(createdAt),
          ...(expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt) }),
          ...(retireAt === undefined ? {} : { retireAt: new Date(retireAt) }),
        }),
      );
    },

    async opened(id, { resourceId, expiresAt, heard }) {
      const told = { ...(resourceId === undefined ? {} : { resourceId: { $literal: resourceId } }), ...(expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt) }), ...(heard ? { heard } : {}) };
      await rows.run('noting an opened channel', (collection) =>
        collection.updateOne({ _id: id }, [{ $set: { ...told, state: { $cond: [{ $eq: ['$state', 'opening'] }, 'open', '$state'] } } }]),
      );
    },

    async retire(id, retireAt) {
      await rows.run('retiring a channel', (collection) => collection.updateOne({ _id: id }, { $set: { state: 'retiring', retireAt: new Date(retireAt) } }));
    },

    async remove(id) {
      await rows.run('removing a channel', (collection) => collection.deleteOne({ _id: id }));
    },
  };
}

function toChannel({ _id, accountId, calendarId, subject, tokenHash, state, createdAt, resourceId, expiresAt, retireAt, heard }: ChannelRow): Channel {
  return {
    id: _id, accountId: asAccountId(accountId), calendarId: asCalendarId(calendarId), subject, tokenHash, state, createdAt: createdAt.getTime(),
    ...(resourceId === undefined ? {} : { resourceId }),
    ...(expiresAt === undefined ? {} : { expiresAt: expiresAt.getTime() }),
    ...(retireAt === undefined ? {} : { retireAt: retireAt.getTime() }),
    ...(heard ? { heard } : {}),
  };
}
