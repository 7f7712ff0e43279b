import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { deadLettersOf } from '@calsync/event-contracts';
import { setLogLevel } from '@calsync/service-chassis';
import { kafkaForTests } from '@calsync/local-servers/testing';
import { Failure } from '@calsync/sync-engine';
import { encode } from './codec.js';
import { ensureTopics } from './ensure-topics.js';
import { PoisonMessage } from './handler-errors.js';
import { KafkaMessagePublisher } from './publisher.js';
import { aChanged, aDeleted } from './testing/agenda.js';
import { type Inbox, TOPIC, startInbox } from './testing/inbox.js';
import { readAll, writeRaw } from './testing/raw-records.js';

setLogLevel('silent');
const { brokers, prefix: runPrefix } = kafkaForTests();
const within = { timeout: 20_000, interval: 20 };

let test = 0;
let prefix: string;
let publisher: KafkaMessagePublisher;
const opened: Inbox[] = [];
const inbox = async (handle?: Parameters<typeof startInbox>[1], group = 'inbox') => {
  const started = await startInbox({ brokers, groupId: prefix + group, topicPrefix: prefix }, handle);
  opened.push(started);
  return started;
};

beforeAll(() => vi.setConfig({ testTimeout: 60_000 }));
beforeEach(async () => {
  prefix = `${runPrefix}${(test += 1)}.`;
  await ensureTopics(brokers, { prefix });
  publisher = new KafkaMessagePublisher({ brokers, clientId: 'test', topicPrefix: prefix });
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()));
  await publisher.close();
});

describe('what a handler gets', () => {
  it('messages in the order of their key, then the tombstone of a deleted one', async () => {
    const seen = await inbox();
    await publisher.publish([aChanged(1, 1), aChanged(1, 2), aDeleted(1, 3)]);
    await vi.waitFor(() => expect(seen.handled).toEqual(['1@1', '1@2', '1@3', aDeleted(1).key]), within);
  });

  it('a type of a later version is passed over and leaves no dead letter', async () => {
    const seen = await inbox();
    const { key, value, headers } = encode(aChanged(1));
    await writeRaw(brokers, prefix + TOPIC, [{ key, value, headers: { ...headers, ce_type: 'nl.inventive.appointment.changed.v2' } }]);
    await publisher.publish([aChanged(1, 2)]);
    await vi.waitFor(() => expect(seen.handled).toEqual(['1@2']), within);
    expect(await readAll(brokers, prefix + deadLettersOf(TOPIC))).toEqual([]);
  });
});

describe('poison', () => {
  const good = encode(aChanged(1));
  const without = (name: string) => Object.fromEntries(Object.entries(good.headers).filter(([key]) => key !== name));

  it('of each kind lands in the dead letters with its cause and original bytes; the messages behind it and beside it are handled', async () => {
    const poison = [
      { value: Buffer.from('{"half'), headers: good.headers, cause: /not JSON/ },
      { value: Buffer.from('{"id":"x"}'), headers: good.headers, cause: /breaks the schema/ },
      { value: Buffer.from('null'), headers: good.headers, cause: /breaks the schema/ },
      { value: Buffer.from([0, 1, 2, 3]), headers: good.headers, cause: /zero byte/ },
      { value: Buffer.alloc(1_000_000, 'x'), headers: good.headers, cause: /not JSON/ },
      { value: good.value, headers: {}, cause: /ce_type missing/ },
      { value: good.value, headers: without('ce_id'), cause: /ce_id missing/ },
      { value: good.value, headers: { ...good.headers, 'content-type': 'application/avro' }, cause: /content-type/ },
    ];
    const seen = await inbox();
    await publisher.publish([aChanged(1, 1)]);
    await writeRaw(brokers, prefix + TOPIC, poison.map(({ value, headers }) => ({ key: good.key, value, headers })));
    const started = performance.now();
    await publisher.publish(Array.from({ length: 20 }, (_, n) => aChanged(n + 1, 2)));
    await vi.waitFor(() => expect(seen.handled).toHaveLength(21), within);
    expect(performance.now() - started).toBeLessThan(15_000);
    expect(seen.handled.filter((id) => id.startsWith('1@'))).toEqual(['1@1', '1@2']);

    const letters = await readAll(brokers, prefix + deadLettersOf(TOPIC));
    expect(letters).toHaveLength(poison.length);
    for (const [index, { value, cause }] of poison.entries()) {
      expect(letters[index]?.value?.equals(value ?? Buffer.alloc(0))).toBe(true);
      expect(String(letters[index]?.headers['dead_letter_cause'])).toMatch(cause);
      expect(letters[index]?.key).toBe(good.key);
      expect(String(letters[index]?.headers['dead_letter_topic'])).toBe(prefix + TOPIC);
      expect(String(letters[index]?.headers['dead_letter_offset'])).toBe(String(index + 1));
    }
    expect(String(letters[0]?.headers['ce_id'])).toBe('1@1');
  });

  it('a handler can call a message poison', async () => {
    const seen = await inbox((decoded) => {
      if (decoded.kind === 'message' && decoded.message.id === '1@1') throw new PoisonMessage('names no agenda');
    });
    await publisher.publish([aChanged(1, 1), aChanged(1, 2)]);
    await vi.waitFor(() => expect(seen.handled).toEqual(['1@2']), within);
    const letters = await readAll(brokers, prefix + deadLettersOf(TOPIC));
    expect(letters.map(({ headers }) => String(headers['dead_letter_cause']))).toEqual(['names no agenda']);
  });

  it('a bug in a handler costs a few tries of one message, not the partition', async () => {
    let calls = 0;
    const seen = await inbox((decoded) => {
      if (decoded.kind === 'message' && decoded.message.id === '1@1') {
        calls += 1;
        throw new TypeError('undefined is not a function');
      }
    });
    await publisher.publish([aChanged(1, 1), aChanged(1, 2)]);
    await vi.waitFor(() => expect(seen.handled).toEqual(['1@2']), within);
    expect(calls).toBe(4);
    const letters = await readAll(brokers, prefix + deadLettersOf(TOPIC));
    expect(String(letters[0]?.headers['dead_letter_cause'])).toMatch(/TypeError.*4 tries/);
  });
});

describe('a storage failure', () => {
  it('is tried again in place, longer than the session lasts, and keeps the order; other partitions go on; no rebalance', async () => {
    let down = true;
    let tries = 0;
    const seen = await inbox((decoded) => {
      if (decoded.kind === 'message' && decoded.message.key === aChanged(1).key && down) {
        tries += 1;
        throw new Failure('transient', 'MongoDB is away');
      }
    });
    const others = Array.from({ length: 30 }, (_, n) => aChanged(n + 2, 1));
    await publisher.publish([aChanged(1, 1), aChanged(1, 2), aChanged(1, 3)]);
    await vi.waitFor(() => expect(tries).toBeGreaterThan(1), within);
    await publisher.publish(others);
    const partitionOfOne = (await readAll(brokers, prefix + TOPIC)).find(({ key }) => key === aChanged(1).key)?.partition;
    const elsewhere = (await readAll(brokers, prefix + TOPIC)).filter(({ partition }) => partition !== partitionOfOne).map(({ headers }) => String(headers['ce_id']));
    expect(elsewhere.length).toBeGreaterThan(10);
    await vi.waitFor(() => expect(seen.handled.toSorted()).toEqual(elsewhere.toSorted()), within);

    // Longer than the session: without heartbeats the group would have thrown us out.
    const sinceMs = performance.now();
    await vi.waitFor(() => expect(performance.now() - sinceMs).toBeGreaterThan(7_000), { timeout: 10_000, interval: 200 });
    const ready = await seen.server.check().ready.check();
    expect(ready).toMatchObject({ healthy: true, details: { joins: 1, waiting: { [`${prefix}${TOPIC}/${partitionOfOne}`]: { cause: expect.stringMatching(/MongoDB is away/) } } } });

    down = false;
    await vi.waitFor(() => expect(seen.handled.filter((id) => id.startsWith('1@'))).toEqual(['1@1', '1@2', '1@3']), within);
    expect(await readAll(brokers, prefix + deadLettersOf(TOPIC))).toEqual([]);
  });

  it('a handler that works longer than the session is called once', async () => {
    let calls = 0;
    const seen = await inbox(async () => {
      calls += 1;
      if (calls === 1) await new Promise((resolve) => setTimeout(resolve, 8_000));
    });
    await publisher.publish([aChanged(1, 1), aChanged(1, 2)]);
    await vi.waitFor(() => expect(seen.handled).toEqual(['1@1', '1@2']), within);
    expect(calls).toBe(2);
  });
});

describe('the end', () => {
  it('of an idle consumer waits for nothing', async () => {
    const seen = await inbox();
    await publisher.publish([aChanged(1)]);
    await vi.waitFor(() => expect(seen.handled).toHaveLength(1), within);
    const started = performance.now();
    await seen.close();
    expect(performance.now() - started).toBeLessThan(4_000);
    expect(await seen.server.check().live.check()).toMatchObject({ healthy: false, details: { state: 'closed' } });
  });

  it('waits for the handler in flight, commits it, and the next start goes on behind it', async () => {
    const busy = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const first = await inbox(async () => {
      begun.resolve();
      await busy.promise;
    });
    await publisher.publish([aChanged(1, 1), aChanged(1, 2)]);
    await begun.promise;
    const closing = first.close();
    busy.resolve();
    await closing;
    expect(first.handled).toEqual(['1@1']);
    const second = await inbox();
    await vi.waitFor(() => expect(second.handled).toEqual(['1@2']), within);
  });

  it('a message that waits for its store does not hold it up, and is there again at the next start', async () => {
    const first = await inbox(() => {
      throw new Failure('transient', 'MongoDB is away');
    });
    await publisher.publish([aChanged(1, 1)]);
    await vi.waitFor(async () => expect(JSON.stringify((await first.server.check().ready.check()).details)).toContain('MongoDB is away'), within);
    const started = performance.now();
    await first.close();
    expect(performance.now() - started).toBeLessThan(4_000);
    const second = await inbox();
    await vi.waitFor(() => expect(second.handled).toEqual(['1@1']), within);
  });
});

describe('two members of a group', () => {
  it('share the partitions; when one leaves, the other takes over and nothing is missed', async () => {
    const a = await inbox();
    const b = await inbox();
    await vi.waitFor(async () => {
      for (const each of [a, b]) expect((await each.server.check().ready.check()).details).toMatchObject({ partitions: { [prefix + TOPIC]: expect.any(Array) } });
    }, within);
    await publisher.publish(Array.from({ length: 40 }, (_, n) => aChanged(n, 1)));
    await vi.waitFor(() => expect(new Set([...a.handled, ...b.handled]).size).toBe(40), within);
    await a.close();
    await publisher.publish(Array.from({ length: 40 }, (_, n) => aChanged(n, 2)));
    await vi.waitFor(() => expect(new Set([...a.handled, ...b.handled]).size).toBe(80), within);
  });
});
