import { z } from 'zod';

const list = z.string().transform((text) => text.split(',').map((item) => item.trim()).filter((item) => item !== ''));
const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const whole = (fallback: number) => z.coerce.number().int().nonnegative().default(fallback);

const schema = z.object({
  PORT: whole(4010),
  HOST: z.string().default('127.0.0.1'),
  DATA_DIR: z.string().default('.data/google-emulator'),
  PUBLIC_URL: z.url().optional(),
  ISSUER: z.url().optional(),
  LOG_LEVEL: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
  CLIENT_ID: z.string().default('inventive-calendar-sync'),
  CLIENT_SECRET: z.string().default('emulator-secret'),
  REDIRECT_URIS: list.default(['http://localhost:4000/google/oauth/callback']),
  ROTATE_REFRESH_TOKENS: flag.default(false),
  ACCESS_TOKEN_SECONDS: whole(3599),
  QUOTA_USER_PER_MINUTE: whole(600),
  QUOTA_PROJECT_PER_MINUTE: whole(10_000),
  QUOTA_ANSWER: z.enum(['403', '429', 'alternate']).default('403'),
  CHANNEL_MAX_SECONDS: whole(604_800),
  SYNC_TOKEN_MAX_SECONDS: whole(30 * 86_400),
  PUSH_HTTP_HOSTS: list.default([]),
  PUSH_RETRY_BASE_MS: whole(1000),
  PUSH_ATTEMPTS: whole(8),
  PUSH_TIMEOUT_MS: whole(10_000),
  VALIDATE_RESPONSES: flag.optional(),
});

export interface Settings {
  readonly port: number;
  readonly host: string;
  /** Folder of the database, or `:memory:`. */
  readonly dataDir: string;
  /** Undefined: `http://localhost:<port>`, known once the server listens. */
  readonly publicUrl: string | undefined;
  /** `iss` of id tokens. Undefined: the public address. */
  readonly issuer: string | undefined;
  readonly logLevel: string;
  readonly client: { readonly id: string; readonly secret: string; readonly redirectUris: readonly string[]; readonly rotateRefreshTokens: boolean };
  readonly accessTokenSeconds: number;
  readonly quota: { readonly userPerMinute: number; readonly projectPerMinute: number; readonly answer: '403' | '429' | 'alternate' };
  readonly channelMaxSeconds: number;
  readonly syncTokenMaxSeconds: number;
  readonly push: { readonly httpHosts: readonly string[]; readonly retryBaseMs: number; readonly attempts: number; readonly timeoutMs: number };
  /** Check every answer against Google's schema; a breach becomes a 500 that names the path. */
  readonly validateResponses: boolean;
}

/** Reads the environment; throws one line that names the wrong variable. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  // An empty variable is one that isn't set.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Error(`google-emulator: the environment variable ${issue?.path.join('.') ?? '?'} is wrong: ${issue?.message ?? 'unreadable'}`);
  }
  const value = parsed.data;
  return {
    port: value.PORT,
    host: value.HOST,
    dataDir: value.DATA_DIR,
    publicUrl: value.PUBLIC_URL?.replace(/\/$/, ''),
    issuer: value.ISSUER,
    logLevel: value.LOG_LEVEL,
    client: { id: value.CLIENT_ID, secret: value.CLIENT_SECRET, redirectUris: value.REDIRECT_URIS, rotateRefreshTokens: value.ROTATE_REFRESH_TOKENS },
    accessTokenSeconds: value.ACCESS_TOKEN_SECONDS,
    quota: { userPerMinute: value.QUOTA_USER_PER_MINUTE, projectPerMinute: value.QUOTA_PROJECT_PER_MINUTE, answer: value.QUOTA_ANSWER },
    channelMaxSeconds: value.CHANNEL_MAX_SECONDS,
    syncTokenMaxSeconds: value.SYNC_TOKEN_MAX_SECONDS,
    push: { httpHosts: value.PUSH_HTTP_HOSTS, retryBaseMs: value.PUSH_RETRY_BASE_MS, attempts: value.PUSH_ATTEMPTS, timeoutMs: value.PUSH_TIMEOUT_MS },
    validateResponses: value.VALIDATE_RESPONSES ?? environment['NODE_ENV'] !== 'production',
  };
}
