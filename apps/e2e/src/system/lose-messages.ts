import { Kafka, logLevel } from 'kafkajs';
import type { Product } from './product.js';
import { waitUntil } from './wait-until.js';

const TOPICS = ['inventive.appointments', 'google.calendar-events'] as const;

/**
 * What people do while the reconciler is away, and what it never hears of: its position is moved past everything that
 * was published meanwhile. `published` messages at least must have been.
 */
export async function loseMessages(product: Product, edits: () => Promise<unknown>, published: Readonly<Record<(typeof TOPICS)[number], number>>, env: Record<string, string> = {}): Promise<void> {
  await product.kill9('reconciler');
  const kafka = new Kafka({ brokers: product.kafkaBrokers.split(','), clientId: 'lose-messages', logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  try {
    const ends = async (topic: string) => (await admin.fetchTopicOffsets(topic)).reduce((sum, { high }) => sum + Number(high), 0);
    const before = Object.fromEntries(await Promise.all(TOPICS.map(async (topic) => [topic, await ends(topic)] as const)));
    await edits();
    for (const topic of TOPICS) {
      await waitUntil(`${published[topic]} messages stand in ${topic}`, async () => (await ends(topic)) - (before[topic] ?? 0) >= published[topic], 30_000);
    }
    for (const topic of TOPICS) {
      // The broker refuses while the member that was killed counts as one of the group.
      await waitUntil(`the position in ${topic} is moved`, async () => {
        const partitions = (await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => ({ partition, offset: high }));
        await admin.setOffsets({ groupId: 'reconciler', topic, partitions });
        return true;
      }, 30_000);
    }
  } finally {
    await admin.disconnect();
  }
  await product.restart('reconciler', env);
}
