import { z } from 'zod';
import { chassisSettings } from '@calsync/service-chassis';

const origin = z
  .url({ protocol: /^https?$/ })
  .refine((text) => new URL(text).pathname === '/' && new URL(text).search === '')
  .transform((text) => new URL(text).origin);

const secret = z.string().min(1);

export const consoleSettings = z.object({
  ...chassisSettings,
  PORT: chassisSettings.PORT.default(4000),
  CONSOLE_PUBLIC_URL: origin.describe('the origin by which browsers reach the console, for example https://agenda.example.nl').default('http://localhost:4000'),
  SOURCES_FILE: secret.describe('the path of the JSON file that lists the Inventive servers, the same as for inventive-capture'),
  GOOGLE_CLIENT_ID: secret.describe('the client id of the OAuth client in the Google Cloud project'),
  GOOGLE_CLIENT_SECRET: secret.describe('the secret of that OAuth client'),
  GOOGLE_OAUTH_ROOT: origin.describe("one origin that stands in for Google's OAuth hosts; leave it out for Google itself").optional(),
  GOOGLE_API_ROOT: origin.describe("the origin of the Calendar API; leave it out for Google itself").optional(),
  ADMIN_PASSWORD: z.string().min(10).describe('a password of at least 10 characters for the administrator beheer').optional(),
  METRICS_TOKEN: z.string().min(16).describe('a token of at least 16 characters with which another machine may read /metrics').optional(),
  TRUST_PROXY: z.enum(['true', 'false']).describe('true behind a reverse proxy, so that the caller is taken from X-Forwarded-For').default('false'),
  INVITATION_HOURS: z.coerce.number().int().min(1).max(720).describe('how many hours a personal link stays valid, 1 to 720').default(72),
});
export type ConsoleSettings = z.infer<typeof consoleSettings>;
