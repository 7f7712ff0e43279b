import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { setLogLevel } from '@calsync/service-chassis';
import { type KafkaServer, startKafka } from '@calsync/local-servers';
import { Failure } from '@calsync/sync-engine';
import { ensureTopics } from './ensure-topics.js';
import { KafkaMessagePublisher } from './publisher.js';
import { SupervisedConsumer } from './supervised-consumer.js';
import { aChanged } from './testing/agenda.js';
import { type Inbox, TOPIC, startInbox, untilReady } from './testing/inbox.js';

setLogLevel('silent');

let folder: string;
let kafka: KafkaServer;
let publisher: KafkaMessagePublisher;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'calsync-outage-'));
  kafka = await startKafka({ dataDir: folder });
  await ensureTopics([kafka.brokers]);
  publisher = new KafkaMessagePublisher({ brokers: [kafka.brokers], clientId: 'outage' });
});
afterAll(async () => {
  await publisher.close();
  await kafka.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Sends again until it is acknowledged, as our loops do; the outcome is what counts as "acked". */
async function publishAtLast(...messages: Parameters<KafkaMessagePublisher['publish']>[0]): Promise<number> {
  for (let refusals = 0; ; refusals += 1) {
    try {
      await publisher.publish(messages);
      return refusals;
    } catch (error) {
      if (!(error instanceof Failure) || error.kind !== 'transient') throw error;
    }
  }
}

describe('a broker that is killed and comes back', () => {
  it('loses nothing that was acknowledged; producer and consumer go on by themselves; health tells the truth', { timeout: 120_000 }, async () => {
    const inbox: Inbox = await startInbox({ brokers: [kafka.brokers], groupId: 'outage' });
    const acked: string[] = [];
    const stop = new AbortController();
    let stage = 0;
    const sending = (async () => {
      for (let n = 1; !stop.signal.aborted; n += 1) {
        const message = aChanged(n % 7, n);
        await publishAtLast(message);
        acked.push(message.id);
        if (stage === 0) await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    await vi.waitFor(() => expect(inbox.handled.length).toBeGreaterThan(50), { timeout: 20_000, interval: 20 });

    await kafka.kill9();
    stage = 1;
    await vi.waitFor(async () => expect(await inbox.server.check().ready.check()).toMatchObject({ healthy: false }), { timeout: 20_000, interval: 100 });
    await vi.waitFor(async () => expect(await publisher.check().check()).toMatchObject({ healthy: false }), { timeout: 20_000, interval: 100 });
    expect(await inbox.server.check().live.check()).toMatchObject({ healthy: true });
    const before = acked.length;
    kafka = await startKafka({ dataDir: folder, port: kafka.port });
    const usable = performance.now();
    await vi.waitFor(() => expect(acked.length).toBeGreaterThan(before + 50), { timeout: 30_000, interval: 20 });
    await untilReady(inbox.server, 30_000);
    expect(performance.now() - usable).toBeLessThan(15_000);
    stop.abort();
    await sending;

    await vi.waitFor(() => expect(acked.filter((id) => !inbox.handled.includes(id))).toEqual([]), { timeout: 30_000, interval: 100 });
    // A key's versions first arrive in the order in which they were sent.
    for (let key = 0; key < 7; key += 1) {
      const versions = [...new Set(inbox.handled)].filter((id) => id.startsWith(`${key}@`)).map((id) => Number(id.split('@')[1]));
      expect(versions).toEqual(versions.toSorted((a, b) => a - b));
    }
    await vi.waitFor(async () => expect(await publisher.check().check()).toMatchObject({ healthy: true }), { timeout: 10_000, interval: 100 });
    await inbox.close();
  });

  it('may be away at the start: alive, not ready, and a publish says so within ten seconds', { timeout: 60_000 }, async () => {
    const nowhere = ['127.0.0.1:9'];
    const early = new KafkaMessagePublisher({ brokers: nowhere, clientId: 'early' });
    await early.connect();
    const started = performance.now();
    await expect(early.publish([aChanged(1)])).rejects.toMatchObject({ name: 'Failure', kind: 'transient' });
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(await early.check().check()).toMatchObject({ healthy: false });
    await expect(early.publish([])).resolves.toBeUndefined();
    const hopeless = early.publish([aChanged(1)]).catch((error: unknown) => error);
    const closingPublisher = performance.now();
    await early.close();
    expect(performance.now() - closingPublisher).toBeLessThan(3_500);
    expect(await hopeless).toMatchObject({ name: 'Failure', kind: 'transient' });

    const consumer = new SupervisedConsumer({ brokers: nowhere, clientId: 'early', groupId: 'early', topics: [TOPIC], fromBeginning: true, commits: true, partitionsAtOnce: 1 }, async () => ({ kind: 'handled' }));
    consumer.start();
    await vi.waitFor(() => expect(consumer.condition.state).toBe('reconnecting'), { timeout: 20_000 });
    expect(await consumer.condition.live().check()).toMatchObject({ healthy: true });
    expect(await consumer.condition.ready().check()).toMatchObject({ healthy: false });
    const closingConsumer = performance.now();
    await consumer.close();
    expect(performance.now() - closingConsumer).toBeLessThan(2_500);
  });
});

describe('a consumer that crashed', () => {
  it('is neither alive nor ready until a new one has taken its place', { timeout: 60_000 }, async () => {
    let broken = true;
    const handled: string[] = [];
    const consumer = new SupervisedConsumer({ brokers: [kafka.brokers], clientId: 'crash', groupId: 'crash', topics: [TOPIC], fromBeginning: true, commits: true, partitionsAtOnce: 1 }, async ({ message }) => {
      if (broken) throw new TypeError('a bug in the consumer itself');
      handled.push(String(message.headers?.['ce_id']));
      return { kind: 'handled' };
    });
    await publishAtLast(aChanged(99, 1));
    consumer.start();
    await vi.waitFor(() => expect(consumer.condition.state).toBe('crashed'), { timeout: 20_000, interval: 5 });
    expect(await consumer.condition.live().check()).toMatchObject({ healthy: false, details: { lastCause: expect.stringMatching(/a bug in the consumer itself/) } });
    expect(await consumer.condition.ready().check()).toMatchObject({ healthy: false });
    // It joins its group again and again meanwhile, and must not look healthy in between.
    const joins = consumer.condition.joins;
    const looks: boolean[] = [];
    await vi.waitFor(
      async () => {
        looks.push((await consumer.condition.live().check()).healthy, (await consumer.condition.ready().check()).healthy);
        expect(consumer.condition.joins).toBeGreaterThan(joins + 1);
      },
      { timeout: 20_000, interval: 2 },
    );
    expect(looks).not.toContain(true);
    broken = false;
    await vi.waitFor(() => expect(handled).toContain('99@1'), { timeout: 20_000 });
    expect(await consumer.condition.live().check()).toMatchObject({ healthy: true });
    await consumer.close();
    expect(await consumer.condition.live().check()).toMatchObject({ healthy: false });
  });

  it('waits for a topic that is not there yet, alive but not ready', { timeout: 60_000 }, async () => {
    const handled: string[] = [];
    const consumer = new SupervisedConsumer({ brokers: [kafka.brokers], clientId: 'late', groupId: 'late', topics: [`late.${TOPIC}`], fromBeginning: true, commits: true, partitionsAtOnce: 1 }, async ({ message }) => {
      handled.push(String(message.headers?.['ce_id']));
      return { kind: 'handled' };
    });
    consumer.start();
    await vi.waitFor(() => expect(consumer.condition.state).toBe('reconnecting'), { timeout: 20_000 });
    expect(await consumer.condition.live().check()).toMatchObject({ healthy: true });
    expect(await consumer.condition.ready().check()).toMatchObject({ healthy: false });
    await ensureTopics([kafka.brokers], { prefix: 'late.' });
    const late = new KafkaMessagePublisher({ brokers: [kafka.brokers], clientId: 'late', topicPrefix: 'late.' });
    await late.publish([aChanged(1, 1)]);
    await vi.waitFor(() => expect(handled).toEqual(['1@1']), { timeout: 20_000 });
    await late.close();
    await consumer.close();
  });
});
