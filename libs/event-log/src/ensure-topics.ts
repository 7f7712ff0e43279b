import type { Admin } from 'kafkajs';
import { ALL_TOPICS, type TopicDeclaration, topicConfig } from '@calsync/event-contracts';
import { systemClock } from '@calsync/service-chassis';
import { kafkaClient } from './kafka-client.js';

export interface EnsureTopicsOptions {
  /** Put before every topic's name. */
  readonly prefix?: string;
  /** 3 in production, with two of them in step for every write. Default 1. */
  readonly replication?: number;
  readonly topics?: readonly TopicDeclaration[];
}

/**
 * Makes the declared topics that aren't there yet and sets the declared settings on those that are. Partitions are
 * never added: that would move keys and break their order. Answers the names of those it made.
 */
export async function ensureTopics(brokers: readonly string[], options: EnsureTopicsOptions = {}): Promise<readonly string[]> {
  const { prefix = '', replication = 1, topics = ALL_TOPICS } = options;
  const admin = kafkaClient({ brokers, clientId: 'calsync-topics' }).admin();
  await admin.connect();
  try {
    const present = new Set(await admin.listTopics());
    const wanted = topics.map((topic) => ({ topic: prefix + topic.name, partitions: topic.partitions, config: { ...topicConfig(topic), 'min.insync.replicas': String(replication >= 3 ? 2 : 1) } }));
    const missing = wanted.filter(({ topic }) => !present.has(topic));
    if (missing.length > 0) {
      await admin.createTopics({
        // kafkajs' own waiting gives up when a broker that is busy does not know the new topic yet.
        waitForLeaders: false,
        timeout: 15_000,
        topics: missing.map(({ topic, partitions, config }) => ({ topic, numPartitions: partitions, replicationFactor: replication, configEntries: entries(config) })),
      });
    }
    const existing = wanted.filter(({ topic }) => present.has(topic));
    if (existing.length > 0) {
      await admin.alterConfigs({ validateOnly: false, resources: existing.map(({ topic, config }) => ({ type: TOPIC_RESOURCE, name: topic, configEntries: entries(config) })) });
    }
    await Promise.all(missing.map(({ topic }) => untilServed(admin, topic)));
    return missing.map(({ topic }) => topic);
  } finally {
    await admin.disconnect();
  }
}

/** A new topic's leaders take office one by one: whoever reads or writes before would be sent away. */
async function untilServed(admin: Admin, topic: string): Promise<void> {
  const deadline = performance.now() + READY_LIMIT_MS;
  for (;;) {
    try {
      await admin.fetchTopicOffsets(topic);
      return;
    } catch (error) {
      if (performance.now() > deadline) throw new Error(`topic ${topic} was made, but no broker serves it after ${READY_LIMIT_MS / 1_000} s`, { cause: error });
      await systemClock.sleep(100);
    }
  }
}

const READY_LIMIT_MS = 30_000;

/** `ConfigResourceTypes.TOPIC` of kafkajs: a const enum, which isolated modules can't read. */
const TOPIC_RESOURCE = 2;

const entries = (config: Readonly<Record<string, string>>): { name: string; value: string }[] => Object.entries(config).map(([name, value]) => ({ name, value }));
