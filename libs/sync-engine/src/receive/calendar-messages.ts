import { v5 as uuidV5 } from 'uuid';
import type { ZoneName } from '@calsync/calendar-model';
import type { Message } from '@calsync/event-contracts';
import type { Account } from '../ports/account.js';
import type { FeedItem } from './ports.js';

export interface PullIdentity {
  readonly account: Account;
  readonly pull: number;
  readonly calendarZone: ZoneName;
  readonly now: number;
}

const calendarKey = (account: Pick<Account, 'id' | 'calendarId'>): string => `${account.id}/${account.calendarId}`;

/** The root of message ids: only their being the same again matters. */
const NAMESPACE = '0f4c1c0e-3d0b-5b57-9a53-6a2f2a1d9f10';

/** One item as a message. Its id says which state of which event it tells of: the same state told twice has the same id. */
export function itemMessage(item: FeedItem, { account, pull, calendarZone, now }: PullIdentity): Message {
  return {
    type: item.cancelled ? 'com.google.calendar.event.deleted.v1' : 'com.google.calendar.event.changed.v1',
    id: uuidV5(JSON.stringify([account.id, account.calendarId, item.id, item.etag, item.cancelled, calendarZone]), NAMESPACE),
    key: calendarKey(account),
    source: sourceOf(account),
    time: item.updated ?? new Date(now).toISOString(),
    subject: item.id,
    data: { accountId: account.id, calendarId: account.calendarId, pull: String(pull), calendarZone, reduced: item.reduced, event: item.event },
  };
}

/** Says that every event of the calendar has been told since the pull of this number began. */
export function fullListCompletedMessage({ account, pull, calendarZone, now }: PullIdentity): Message {
  return {
    type: 'com.google.calendar.full-list.completed.v1',
    id: `${calendarKey(account)}/full-list/${pull}`,
    key: calendarKey(account),
    source: sourceOf(account),
    time: new Date(now).toISOString(),
    data: { accountId: account.id, calendarId: account.calendarId, pull: String(pull), calendarZone },
  };
}

const sourceOf = (account: Account): string => `/google-receiver/${account.installation}`;

/** The broker takes 1 MB for one partition at once, and a character can be three bytes: a page of Chinese must not stop its calendar for ever. */
const LARGEST_BATCH_CHARS = 300_000;
const LARGEST_BATCH_COUNT = 200;

/** Cuts a page into what one request to the broker may hold; order is kept. */
export function* batchesOf(messages: readonly Message[]): Generator<readonly Message[]> {
  let batch: Message[] = [];
  let chars = 0;
  for (const message of messages) {
    const size = JSON.stringify(message.data).length + 500;
    if (batch.length > 0 && (chars + size > LARGEST_BATCH_CHARS || batch.length >= LARGEST_BATCH_COUNT)) {
      yield batch;
      batch = [];
      chars = 0;
    }
    batch.push(message);
    chars += size;
  }
  if (batch.length > 0) yield batch;
}
