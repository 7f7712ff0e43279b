import type { TestProject } from 'vitest/node';
import { startKafka } from '../kafka.js';
import './provided.js';

/** One Kafka for the whole run of a project's tests; `KAFKA_BROKERS`, if set, is used instead. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['KAFKA_BROKERS'];
  if (given) {
    project.provide('kafkaBrokers', given);
    return async () => undefined;
  }
  const server = await startKafka();
  project.provide('kafkaBrokers', server.brokers);
  return () => server.stop();
}
