import { z } from 'zod';
import { chassisSettings, readSettings, runMain } from '@calsync/service-chassis';
import { ensureTopics } from './ensure-topics.js';

/** Makes the topics and ends: an init container, a compose job, a person. */
await runMain(async () => {
  const settings = readSettings(
    z.object({
      KAFKA_BROKERS: chassisSettings.KAFKA_BROKERS,
      KAFKA_REPLICATION: z.coerce.number().int().min(1).max(9).describe('the number of copies of each topic, 3 in production').default(1),
    }),
  );
  const made = await ensureTopics(settings.KAFKA_BROKERS, { replication: settings.KAFKA_REPLICATION });
  process.stdout.write(made.length === 0 ? 'All topics are there.\n' : `Made ${made.join(', ')}.\n`);
});
