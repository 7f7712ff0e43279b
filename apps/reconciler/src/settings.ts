import { z } from 'zod';
import { chassisSettings } from '@calsync/service-chassis';

/** What the reconciler reads from its environment at start; each variable may instead come from a file (`…_FILE`). */
export const reconcilerSettings = z.object({
  ...chassisSettings,
  PORT: chassisSettings.PORT.default(4003),
  SOURCES_FILE: z.string().describe('the file that lists the Inventive servers'),
  GOOGLE_API_ROOT: z.url().optional().describe("the root of the Calendar API, only where it isn't Google's own"),
  GOOGLE_OAUTH_ROOT: z.url().optional().describe("the root of OAuth, only where it isn't Google's own"),
  GOOGLE_CLIENT_ID: z.string().describe("the client id of the Google project"),
  GOOGLE_CLIENT_SECRET: z.string().describe("the client secret of the Google project"),
  GOOGLE_UNITS_PER_USER_MINUTE: z.coerce.number().int().min(1).describe("Google's quota per user and minute in units").default(600),
  GOOGLE_UNITS_PER_MINUTE: z.coerce.number().int().min(1).describe("Google's quota per project and minute in units").default(10_000),
  WORKER_WIDTH: z.coerce.number().int().min(1).max(200).default(16).describe('how many pairs are worked on at once'),
  WORKER_POLL_MS: z.coerce.number().int().min(50).default(500).describe('how often due pairs that nobody was woken for are looked for'),
  BRAKE_ITEMS: z.coerce.number().int().min(1).default(10).describe('more appointments than this …'),
  BRAKE_PERCENT: z.coerce.number().min(0).max(100).default(20).describe('… and more than this share of an agenda'),
  BRAKE_WINDOW_S: z.coerce.number().int().min(1).default(600).describe('… deleted, blanked or shifted within this many seconds stop the account'),
  BRAKE_MAX: z.coerce.number().int().min(1).default(200).describe('this many stop it whatever the share'),
  BRAKE_CREATIONS: z.coerce.number().int().min(1).default(100).describe('this many new appointments within that time stop it too'),
  COMPARE_GRACE_MS: z.coerce.number().int().min(0).max(120_000).default(15_000).describe('a full comparison takes a difference that is younger for a change still on its way, and looks again'),
  NODE_ENV: z.string().optional().describe('production switches CRASH_AT off'),
  CRASH_AT: z.string().optional().describe('for tests: kill the process once at this named step'),
});
export type ReconcilerSettings = z.output<typeof reconcilerSettings>;
