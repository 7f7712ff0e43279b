import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, vi } from 'vitest';
import { kafkaForTests } from '@calsync/local-servers/testing';
import { ensureTopics } from './ensure-topics.js';
import { KafkaMessagePublisher } from './publisher.js';
import { aChanged, aDeleted } from './testing/agenda.js';
import { TOPIC } from './testing/inbox.js';
import { writeRaw } from './testing/raw-records.js';

const file = join(import.meta.dirname, '../../../examples/subscriber.mjs');
const within = { timeout: 30_000, interval: 20 };

describe('examples/subscriber.mjs', () => {
  it('has at most twenty lines of code', () => {
    const lines = readFileSync(file, 'utf8').split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('//'));
    expect(lines.length).toBeLessThanOrEqual(20);
  });

  it('reads the whole agenda and follows it, drops what it has seen, takes tombstones, and ends by SIGTERM', { timeout: 60_000 }, async () => {
    const { brokers, prefix } = kafkaForTests();
    await ensureTopics(brokers, { prefix });
    const publisher = new KafkaMessagePublisher({ brokers, clientId: 'test', topicPrefix: prefix });
    await publisher.publish([aChanged(1, 1), aChanged(1, 9), aChanged(2, 1)]);

    const { PATH } = process.env;
    const child = spawn(process.execPath, [file], { env: { PATH, KAFKA_BROKERS: brokers.join(','), TOPIC: prefix + TOPIC }, stdio: ['ignore', 'pipe', 'pipe'] });
    const said: { key: string; what?: string; gone?: boolean; version?: { stamp: string } }[] = [];
    let wrong = '';
    child.stderr.on('data', (chunk: Buffer) => (wrong += String(chunk)));
    createInterface(child.stdout).on('line', (line) => said.push(JSON.parse(line) as (typeof said)[number]));
    const of = (n: number) => said.filter(({ key }) => key === aChanged(n).key).map(({ what, gone, version }) => (gone ? 'gone' : `${what}@${version?.stamp}`));
    try {
      await vi.waitFor(() => expect([of(1), of(2)]).toEqual([['changed@1', 'changed@9'], ['changed@1']]), within);
      // The same again, an older one, a type of the future, and only then news: what came before has been dropped.
      await publisher.publish([aChanged(1, 9), aChanged(1, 8), aChanged(1, 10), aDeleted(2, 3)]);
      const { key, ...stranger } = aChanged(1, 11);
      await writeRaw(brokers, prefix + TOPIC, [{ key, value: JSON.stringify(stranger.data), headers: { ce_type: 'nl.inventive.appointment.changed.v2' } }]);
      await publisher.publish([aChanged(1, 12)]);
      await vi.waitFor(() => expect([of(1), of(2)]).toEqual([['changed@1', 'changed@9', 'changed@10', 'changed@12'], ['changed@1', 'deleted@3', 'gone']]), within);
    } finally {
      child.kill('SIGTERM');
      const [code] = (await once(child, 'exit')) as [number | null];
      await publisher.close();
      // kafkajs says a thing or two on standard error while a cold broker gets ready.
      expect(code, wrong).toBe(0);
    }
  });
});
