import { Kafka, logLevel, type Message } from 'kafkajs';
import { waitUntil } from './wait-until.js';

/** Reads each topic from its beginning and produces every message again, bytes and headers unchanged. Answers how many. */
export async function replayTopics(brokers: string, topics: readonly string[]): Promise<number> {
  const kafka = new Kafka({ brokers: brokers.split(','), clientId: 'replay', logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  const consumer = kafka.consumer({ groupId: `replay-${Date.now()}` });
  await Promise.all([admin.connect(), producer.connect(), consumer.connect()]);
  try {
    let replayed = 0;
    const wanted = new Map<string, bigint>();
    for (const topic of topics) {
      for (const { partition, high, low } of await admin.fetchTopicOffsets(topic)) if (BigInt(high) > BigInt(low)) wanted.set(`${topic}/${partition}`, BigInt(high));
    }
    const read = new Map<string, (Message & { partition: number })[]>();
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    const seen = new Map<string, bigint>();
    await consumer.run({
      eachMessage: async ({ topic, partition, message }) => {
        const place = `${topic}/${partition}`;
        if (BigInt(message.offset) < (wanted.get(place) ?? 0n)) {
          const messages = read.get(topic) ?? [];
          messages.push({ key: message.key, value: message.value, partition, ...(message.headers === undefined ? {} : { headers: message.headers }) });
          read.set(topic, messages);
        }
        seen.set(place, BigInt(message.offset) + 1n);
      },
    });
    await waitUntil('the topics are read', async () => [...wanted].every(([place, high]) => (seen.get(place) ?? 0n) >= high), 30_000);
    await consumer.stop();
    for (const [topic, messages] of read) {
      await producer.send({ topic, acks: -1, messages });
      replayed += messages.length;
    }
    return replayed;
  } finally {
    await Promise.all([admin.disconnect(), producer.disconnect(), consumer.disconnect()]);
  }
}
