import { readFileSync } from 'node:fs';

export interface Settings {
  readonly host: string;
  readonly port: number;
  /** A folder, or `:memory:`. */
  readonly dataDir: string;
  readonly nudge: { readonly url: string; readonly secret: string; readonly source: string };
  /** Undefined: one is made up at the first start. */
  readonly syncPassword: string | undefined;
  readonly longestTransactionMs: number;
  readonly licences: number | undefined;
  readonly refusalStatus: number;
  readonly logLevel: string;
}

/** Throws with one line that names the variable. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const url = env['NUDGE_URL'] ?? '';
  if (url !== '' && !/^https?:\/\//.test(url)) throw new Error(`NUDGE_URL must be an http(s) address, not "${url}"`);
  const secret = secretOf(env, 'NUDGE_SECRET') ?? '';
  if (url !== '' && secret === '') throw new Error('NUDGE_SECRET is needed where NUDGE_URL is set: nudges are signed');
  return {
    host: env['HOST'] || '127.0.0.1',
    port: whole(env, 'PORT', 4020, 0, 65_535),
    dataDir: env['DATA_DIR'] || '.data/inventive-emulator',
    nudge: { url, secret, source: env['NUDGE_SOURCE'] || 'demo' },
    syncPassword: secretOf(env, 'SYNC_PASSWORD'),
    longestTransactionMs: whole(env, 'LONGEST_TRANSACTION_MS', 10_000, 0, 3_600_000),
    licences: env['LICENCES'] ? whole(env, 'LICENCES', 0, 0, 100_000) : undefined,
    refusalStatus: whole(env, 'REFUSAL_STATUS', 200, 200, 599),
    logLevel: env['LOG_LEVEL'] || 'info',
  };
}

function whole(env: NodeJS.ProcessEnv, name: string, fallback: number, min: number, max: number): number {
  const text = env[name];
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max) throw new Error(`${name} must be a whole number from ${min} to ${max}, not "${text}"`);
  return value;
}

function secretOf(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const file = env[`${name}_FILE`];
  if (file) {
    try {
      return readFileSync(file, 'utf8').trim();
    } catch {
      throw new Error(`${name}_FILE names a file that can't be read`);
    }
  }
  return env[name] || undefined;
}
