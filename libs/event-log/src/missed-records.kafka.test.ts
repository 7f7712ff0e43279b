import { describe, expect, it, vi } from 'vitest';
import { setLogLevel } from '@calsync/service-chassis';
import { kafkaForTests } from '@calsync/local-servers/testing';
import { TOPICS } from '@calsync/event-contracts';
import { ensureTopics } from './ensure-topics.js';
import { kafkaClient } from './kafka-client.js';
import type { MissedRecords } from './missed-records.js';
import { SupervisedConsumer } from './supervised-consumer.js';
import { writeRaw } from './testing/raw-records.js';

setLogLevel('silent');
const within = { timeout: 30_000, interval: 20 };

describe('[lesson 8] records that expired before a group had read them', () => {
  it('are told of before anything else is read; a group that missed none is told nothing', { timeout: 90_000 }, async () => {
    const { brokers, prefix } = kafkaForTests();
    await ensureTopics(brokers, { prefix });
    const topic = prefix + TOPICS.outcomes.name;
    const write = (value: string) => writeRaw(brokers, topic, [{ key: 'one', value, headers: {} }]);
    const run = (groupId: string, trouble = 0) => {
      const seen: string[] = [];
      let [told, left]: [readonly MissedRecords[][], number] = [[], trouble];
      const consumer = new SupervisedConsumer(
        {
          brokers, clientId: 'test', groupId: prefix + groupId, topics: [topic], fromBeginning: true, commits: true, partitionsAtOnce: 1,
          onMissed: async (missed) => {
            if ((left -= 1) >= 0) throw new Error('not now');
            seen.push('missed');
            told = [...told, [...missed]];
          },
        },
        async ({ message }) => {
          seen.push(String(message.value));
          return { kind: 'handled' };
        },
      );
      consumer.start();
      return { seen, told: () => told, consumer };
    };
    await write('a');
    const first = run('early');
    await vi.waitFor(() => expect(first.seen).toEqual(['a']), within);
    await first.consumer.close();
    expect(first.told()).toEqual([]);

    await write('b');
    await write('c');
    const admin = kafkaClient({ brokers, clientId: 'test' }).admin();
    await admin.connect();
    const place = (await admin.fetchTopicOffsets(topic)).find(({ high }) => BigInt(high) > 0n);
    if (place === undefined) throw new Error('nothing was written');
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: place.partition, offset: String(BigInt(place.high) - 1n) }] });
    await admin.disconnect();

    const [late, stranger] = [run('early', 1), run('never-there')];
    for (const { seen } of [late, stranger]) await vi.waitFor(() => expect(seen).toEqual(['missed', 'c']), within);
    expect(late.told()).toEqual([[{ topic, partition: place.partition, committed: '1', earliest: '2' }]]);
    expect(stranger.told()).toEqual([[{ topic, partition: place.partition, earliest: '2' }]]);
    await Promise.all([late.consumer.close(), stranger.consumer.close()]);

    const again = run('early');
    await write('d');
    await vi.waitFor(() => expect(again.seen).toEqual(['d']), within);
    await again.consumer.close();
  });
});
