import { type IHeaders, type Message, Partitioners } from 'kafkajs';
import { kafkaClient } from '../kafka-client.js';

export interface RawRecord {
  readonly partition: number;
  readonly offset: string;
  readonly key: string | null;
  readonly value: Buffer | null;
  readonly headers: IHeaders;
}

/** Writes bytes as they are: what no code of ours would write. */
export async function writeRaw(brokers: readonly string[], topic: string, messages: readonly Message[]): Promise<void> {
  const producer = kafkaClient({ brokers, clientId: 'raw' }).producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  await producer.send({ topic, messages: [...messages] });
  await producer.disconnect();
}

/** Everything that stands in a topic now, by partition and offset. */
export async function readAll(brokers: readonly string[], topic: string): Promise<readonly RawRecord[]> {
  const client = kafkaClient({ brokers, clientId: 'raw' });
  const admin = client.admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const missing = new Map(ends.filter(({ high, low }) => BigInt(high) > BigInt(low)).map(({ partition, high }) => [partition, BigInt(high)]));
  const found: RawRecord[] = [];
  if (missing.size === 0) return found;
  const consumer = client.consumer({ groupId: `raw-${process.hrtime.bigint()}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    consumer
      .run({
        autoCommit: false,
        eachMessage: async ({ partition, message }) => {
          found.push({ partition, offset: message.offset, key: message.key?.toString() ?? null, value: message.value, headers: message.headers ?? {} });
          if (BigInt(message.offset) + 1n >= (missing.get(partition) ?? 0n)) missing.delete(partition);
          if (missing.size === 0) resolve();
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
  return found.toSorted((a, b) => a.partition - b.partition || Number(BigInt(a.offset) - BigInt(b.offset)));
}
