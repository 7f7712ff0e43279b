import { describe, expect, it, vi } from 'vitest';
import { setLogLevel } from '@calsync/service-chassis';
import { kafkaForTests } from '@calsync/local-servers/testing';
import { ensureTopics } from './ensure-topics.js';
import { KafkaMessagePublisher } from './publisher.js';
import { subscribe } from './subscribe.js';
import { aChanged } from './testing/agenda.js';
import { TOPIC } from './testing/inbox.js';
import { writeRaw } from './testing/raw-records.js';

setLogLevel('silent');
const within = { timeout: 20_000, interval: 20 };

describe('subscribe', () => {
  it('without a group follows from now on; with one it remembers its place; poison and its own errors stop neither', { timeout: 60_000 }, async () => {
    const { brokers, prefix } = kafkaForTests();
    await ensureTopics(brokers, { prefix });
    const publisher = new KafkaMessagePublisher({ brokers, clientId: 'test', topicPrefix: prefix });
    await publisher.publish([aChanged(1, 1)]);

    const open = (groupId?: string) => {
      const seen: string[] = [];
      const subscription = subscribe({
        brokers,
        topic: TOPIC,
        topicPrefix: prefix,
        ...(groupId === undefined ? {} : { groupId: prefix + groupId }),
        onMessage: (decoded) => {
          seen.push(decoded.kind === 'message' ? decoded.message.id : decoded.kind);
          if (decoded.kind === 'undecodable') throw new Error('a subscriber with a bug');
        },
      });
      return { seen, close: () => subscription.close(), consuming: () => vi.waitFor(() => expect(subscription.state).toBe('consuming'), within) };
    };
    const [follower, member] = [open(), open('member')];
    await Promise.all([follower.consuming(), member.consuming()]);
    await vi.waitFor(() => expect(member.seen).toEqual(['1@1']), within);
    // A follower that has joined may not have asked for its first offset yet: messages until one of them arrives.
    let marks = 0;
    await vi.waitFor(async () => {
      await publisher.publish([aChanged(1, 100 + (marks += 1))]);
      expect(follower.seen.length).toBeGreaterThan(0);
    }, within);
    expect(follower.seen).not.toContain('1@1');
    await writeRaw(brokers, prefix + TOPIC, [{ key: aChanged(1).key, value: 'no json', headers: {} }]);
    await publisher.publish([aChanged(1, 1_000)]);
    for (const { seen } of [follower, member]) await vi.waitFor(() => expect(seen.slice(-2)).toEqual(['undecodable', '1@1000']), within);
    await Promise.all([follower.close(), member.close()]);

    await publisher.publish([aChanged(1, 1_001)]);
    const again = open('member');
    await vi.waitFor(() => expect(again.seen).toEqual(['1@1001']), within);
    await again.close();
    await publisher.close();
  });
});
