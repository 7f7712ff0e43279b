import { z } from 'zod';
import { chassisSettings } from '@calsync/service-chassis';

const origin = z.url({ protocol: /^https?$/ });

export const receiverSettings = z.object({
  ...chassisSettings,
  PORT: chassisSettings.PORT.default(4002),
  RECEIVER_PUBLIC_URL: origin.describe('the address by which Google reaches this service, for example https://push.example.nl'),
  GOOGLE_CLIENT_ID: z.string().min(1).describe('the client id of the OAuth client in the Google Cloud project'),
  GOOGLE_CLIENT_SECRET: z.string().min(1).describe('the secret of that OAuth client'),
  GOOGLE_API_ROOT: origin.describe('the origin of the Calendar API; leave it out for Google itself').optional(),
  GOOGLE_OAUTH_ROOT: origin.describe("one origin that stands in for Google's OAuth hosts; leave it out for Google itself").optional(),
  GOOGLE_UNITS_PER_USER_MINUTE: z.coerce.number().int().min(1).describe("Google's quota per user and minute in units").default(600),
  GOOGLE_UNITS_PER_MINUTE: z.coerce.number().int().min(1).describe("Google's quota per project and minute in units").default(10_000),
  SWEEP_SECONDS: z.coerce.number().int().min(5).max(86_400).describe('how often a calendar is looked at without a notification, in seconds (5 to 86400)').default(300),
  CHANNEL_TTL_SECONDS: z.coerce.number().int().min(60).max(2_592_000).describe('the life asked for a notification channel, in seconds (60 to 2592000)').default(604_800),
  FLOOR_POLL_MS: z.coerce.number().int().min(100).max(60_000).describe('how often accounts and waiting calendars are looked through, in ms (100 to 60000)').default(2_000),
  NODE_ENV: z.string().describe('production switches CRASH_AT off').optional(),
  CRASH_AT: z.enum(['receive:before-publish', 'receive:after-publish-before-token']).describe('for tests: receive:before-publish or receive:after-publish-before-token').optional(),
});
export type ReceiverSettings = z.output<typeof receiverSettings>;
