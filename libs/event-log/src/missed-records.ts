import type { Admin } from 'kafkajs';

/** Records of a partition that expired before this group had read them. `committed` is absent where the group's own position is gone too. */
export interface MissedRecords {
  readonly topic: string;
  readonly partition: number;
  readonly committed?: string;
  /** The oldest record that is still there. */
  readonly earliest: string;
}

/**
 * What the group will never see, because it was away for longer than the topic keeps its records. kafkajs would begin
 * at the oldest record that is left and say nothing.
 */
export async function findMissedRecords(admin: Pick<Admin, 'fetchOffsets' | 'fetchTopicOffsets'>, groupId: string, topics: readonly string[]): Promise<readonly MissedRecords[]> {
  const committed = await admin.fetchOffsets({ groupId, topics: [...topics] });
  const missed: MissedRecords[] = [];
  for (const topic of topics) {
    const known = new Map(committed.find((one) => one.topic === topic)?.partitions.map(({ partition, offset }) => [partition, offset]));
    for (const { partition, low } of await admin.fetchTopicOffsets(topic)) {
      const offset = known.get(partition) ?? '-1';
      // A group that has no position begins at the oldest record; it missed something where that isn't the first one.
      if (BigInt(offset) < 0n ? BigInt(low) > 0n : BigInt(offset) < BigInt(low)) missed.push({ topic, partition, earliest: low, ...(BigInt(offset) < 0n ? {} : { committed: offset }) });
    }
  }
  return missed;
}
