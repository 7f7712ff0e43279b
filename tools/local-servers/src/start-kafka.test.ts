import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { afterEach, describe, expect, it } from 'vitest';
import { type KafkaServer, startKafka } from './kafka.js';
import { commandLineOf } from './processes.js';

describe('startKafka', () => {
  const running: KafkaServer[] = [];
  const folders: string[] = [];
  const start = async (options?: Parameters<typeof startKafka>[0]) => {
    const server = await startKafka(options);
    running.push(server);
    return server;
  };

  afterEach(async () => {
    await Promise.all(running.splice(0).map((server) => server.stop()));
    await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
  });

  it('keeps what it acknowledged over a kill -9, on another port', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'kafka-test-'));
    folders.push(dataDir);
    const first = await start({ dataDir });
    await withTopic(first, async (kafka) => {
      const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
      await producer.connect();
      await producer.send({ topic: 'things', acks: -1, messages: [{ key: 'a', value: 'kept' }] });
      await producer.disconnect();
    });
    await first.kill9();

    const second = await start({ dataDir });
    expect(await readFirst(second)).toBe('kept');
  });

  it('refuses a topic that nobody created', async () => {
    const server = await start();
    const producer = client(server).producer({ retry: { retries: 0 } });
    await producer.connect();
    await expect(producer.send({ topic: 'never-created', messages: [{ value: 'x' }] })).rejects.toThrow(/does not host this topic-partition/);
    await producer.disconnect();
  });

  it('stops within seconds and leaves nothing running', async () => {
    const server = await start();
    const began = performance.now();
    await server.stop();
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(await commandLineOf(server.pid)).toBeUndefined();
  });
});

function client(server: KafkaServer): Kafka {
  return new Kafka({ clientId: 'local-servers-test', brokers: [server.brokers], logLevel: logLevel.NOTHING });
}

async function withTopic(server: KafkaServer, act: (kafka: Kafka) => Promise<void>): Promise<void> {
  const kafka = client(server);
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: 'things', numPartitions: 1 }], waitForLeaders: true });
  await admin.disconnect();
  await act(kafka);
}

async function readFirst(server: KafkaServer): Promise<string> {
  const consumer = client(server).consumer({ groupId: 'reader' });
  await consumer.connect();
  await consumer.subscribe({ topic: 'things', fromBeginning: true });
  const value = await new Promise<string>((resolve, reject) => {
    consumer.run({ eachMessage: async ({ message }) => resolve(message.value?.toString() ?? '') }).catch(reject);
  });
  await consumer.disconnect();
  return value;
}
