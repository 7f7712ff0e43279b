import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import './provided.js';

/** The run's MongoDB and a database name of the caller's own, so that files never meet in one. */
export function mongoForTests(): { readonly uri: string; readonly database: string } {
  return { uri: inject('mongodbUri'), database: `calsync-test-${randomBytes(6).toString('hex')}` };
}

/** The run's Kafka and a prefix of the caller's own for topics and groups. */
export function kafkaForTests(): { readonly brokers: readonly string[]; readonly prefix: string } {
  return { brokers: inject('kafkaBrokers').split(','), prefix: `t${randomBytes(6).toString('hex')}.` };
}

export { startGoogleEmulator, startInventiveEmulator } from '../emulators.js';
export { type ChildApp, startProcess } from '../child-app.js';
