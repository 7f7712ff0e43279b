import { z } from 'zod';
import { chassisSettings } from '@calsync/service-chassis';

const CRASH_STEPS = ['capture:before-publish', 'capture:after-publish-before-watermark'] as const;

export const captureSettings = z.object({
  ...chassisSettings,
  PORT: chassisSettings.PORT.default(4001),
  SOURCES_FILE: z.string().min(1).describe('the JSON file that lists the Inventive servers'),
  INVENTORY_SECONDS: z.coerce.number().int().min(10).max(604_800).describe('how often all keys and stamps are compared, in seconds (10 to 604800)').default(3_600),
  LEASE_TTL_MS: z.coerce.number().int().min(9_500).max(120_000).describe('how long a replica may read a source without renewing, in ms (9500 to 120000)').default(9_500),
  SNAPSHOT_DAYS_BACK: z.coerce.number().int().min(0).max(36_500).describe('the first snapshot leaves out what ended more days ago; leave it out to publish all').optional(),
  NUDGES_PER_MINUTE: z.coerce.number().int().min(1).max(1_000_000).describe('how many nudges one address may send in a minute').default(12_000),
  NODE_ENV: z.string().describe('production switches CRASH_AT off').optional(),
  CRASH_AT: z.enum(CRASH_STEPS).describe(`for tests: ${CRASH_STEPS.join(' or ')}`).optional(),
});
export type CaptureServiceSettings = z.output<typeof captureSettings>;
