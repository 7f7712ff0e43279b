import { randomUUID } from 'node:crypto';
import { logger } from '@calsync/service-chassis';
import { type Decoded, decode } from './codec.js';
import type { ConsumerState } from './consumer-condition.js';
import { SupervisedConsumer } from './supervised-consumer.js';

export interface SubscribeOptions {
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly topicPrefix?: string;
  readonly clientId?: string;
  /** Shares the work and remembers its place. Without it every subscriber gets everything and nothing is remembered. */
  readonly groupId?: string;
  /** Default: true with a group, else false (from now on). */
  readonly fromBeginning?: boolean;
  /** Undecodable messages are given too. What it throws is logged, and the next message follows. */
  onMessage(decoded: Decoded, place: { readonly partition: number; readonly offset: string }): Promise<void> | void;
}

export interface Subscription {
  readonly state: ConsumerState;
  close(): Promise<void>;
}

const log = logger('event-log');

/** A plain reader of one topic, for tools and the live monitor: never stops by itself, writes no dead letters. */
export function subscribe(options: SubscribeOptions): Subscription {
  const { brokers, topic, topicPrefix = '', clientId = 'calsync-subscriber', groupId, fromBeginning = groupId !== undefined } = options;
  const consumer = new SupervisedConsumer(
    // A group that commits nothing leaves nothing behind on the broker.
    { brokers, clientId, groupId: groupId ?? `${clientId}-${randomUUID()}`, topics: [topicPrefix + topic], fromBeginning, commits: groupId !== undefined, partitionsAtOnce: 3 },
    async ({ partition, message }) => {
      try {
        await options.onMessage(decode({ topic, key: message.key, value: message.value, headers: message.headers, timestamp: message.timestamp }), { partition, offset: message.offset });
      } catch (error) {
        log.error({ err: error, topic, partition, offset: message.offset }, 'a subscriber failed on a message');
      }
      return { kind: 'handled' };
    },
  );
  consumer.start();
  return {
    get state() {
      return consumer.condition.state;
    },
    close: () => consumer.close(),
  };
}
