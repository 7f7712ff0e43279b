/** One declared table: the same topics on a developer's machine, in compose and on Kubernetes. */
export interface TopicDeclaration {
  readonly name: string;
  readonly partitions: number;
  readonly cleanup: 'compact' | 'delete';
  /** Milliseconds; only for `delete`. */
  readonly retentionMs?: number;
  /** Kafka's default is a little over 1 MB. */
  readonly maxMessageBytes?: number;
  readonly purpose: string;
}

const DAY_MS = 86_400_000;

/** Partition counts are never changed in place: that would move keys and break their order. */
export const TOPICS = {
  appointments: { name: 'inventive.appointments', partitions: 6, cleanup: 'compact', purpose: 'every appointment as it is now' },
  calendarEvents: { name: 'google.calendar-events', partitions: 6, cleanup: 'delete', retentionMs: 7 * DAY_MS, purpose: 'every change of a linked Google calendar' },
  outcomes: { name: 'sync.outcomes', partitions: 6, cleanup: 'delete', retentionMs: 30 * DAY_MS, purpose: 'what was written, or why not' },
  commands: { name: 'sync.commands', partitions: 3, cleanup: 'delete', retentionMs: 7 * DAY_MS, purpose: 'requests to the services' },
} as const satisfies Record<string, TopicDeclaration>;

/** The largest message of any topic, with its cause in headers beside it. */
const DEAD_LETTER_BYTES = 2_097_152;

export const deadLettersOf = (topic: string): string => `${topic}.dead-letters`;

export const ALL_TOPICS: readonly TopicDeclaration[] = Object.values(TOPICS).flatMap((topic) => [
  topic,
  { name: deadLettersOf(topic.name), partitions: 1, cleanup: 'delete', retentionMs: 30 * DAY_MS, maxMessageBytes: DEAD_LETTER_BYTES, purpose: `messages of ${topic.name} that nobody could read` },
]);

/** Kafka settings of a topic. `max.compaction.lag.ms` bounds how long an erased value can still be read: one hour. */
export function topicConfig(topic: TopicDeclaration): Record<string, string> {
  return topic.cleanup === 'compact'
    ? { 'cleanup.policy': 'compact', 'max.compaction.lag.ms': '3600000', 'delete.retention.ms': String(7 * DAY_MS), 'min.cleanable.dirty.ratio': '0.1', 'segment.ms': '3600000' }
    : { 'cleanup.policy': 'delete', 'retention.ms': String(topic.retentionMs), ...(topic.maxMessageBytes === undefined ? {} : { 'max.message.bytes': String(topic.maxMessageBytes) }) };
}
