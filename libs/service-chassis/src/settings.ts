import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** The service can't start with these settings. The message is one line: variable, what is wrong, what it should be. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads and validates a service's settings once, at its start. For every variable K, `K_FILE` may name a file that
 * holds the value (secrets of Docker and Kubernetes). An empty variable counts as absent: compose can't leave one out.
 */
export function readSettings<Schema extends z.ZodObject>(schema: Schema, env: Environment = process.env): z.output<Schema> {
  const given: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    const value = valueOf(name, env);
    if (value !== undefined) given[name] = value;
  }
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const complaints = new Map<string, string>();
  for (const issue of result.error.issues) {
    const name = String(issue.path[0] ?? 'settings');
    if (!complaints.has(name)) complaints.set(name, complaint(name, schema, name in given, issue.message));
  }
  throw new SettingsError([...complaints.values()].join('; '));
}

function valueOf(name: string, env: Environment): string | undefined {
  const value = env[name] === '' ? undefined : env[name];
  const file = env[`${name}_FILE`];
  if (file === undefined || file === '') return value;
  if (value !== undefined) throw new SettingsError(`${name} and ${name}_FILE are both set: keep one of them`);
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new SettingsError(`${name}_FILE names ${file}, which can't be read (${code}): it should be a readable file with the value of ${name}`);
  }
}

/** Never shows the value: it may be a secret. */
function complaint(name: string, schema: z.ZodObject, given: boolean, message: string): string {
  const should = descriptionOf(schema.shape[name]);
  const wrong = given ? 'is malformed' : `is missing`;
  if (should === undefined) return `${name} ${wrong}: ${oneLine(message)}`;
  return `${name} ${wrong}: it should be ${should}${given ? '' : ` (${name}_FILE may name a file with it)`}`;
}

/** A default or an optional is a wrapper without a description of its own. */
function descriptionOf(schema: unknown): string | undefined {
  let inner = schema;
  while (inner instanceof z.ZodType) {
    if (inner.description !== undefined) return inner.description;
    if (inner instanceof z.ZodPipe) inner = inner.in;
    else if ('unwrap' in inner && typeof inner.unwrap === 'function') inner = inner.unwrap();
    else return undefined;
  }
  return undefined;
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ');

const isKeyRing = (text: string): boolean =>
  text.split(',').every((part) => {
    const match = /^([\w-]+):([A-Za-z0-9+/_-]{43}=?)$/.exec(part.trim());
    return match !== null && Buffer.from(match[2] ?? '', 'base64').length === 32;
  });

const isHostAndPort = (text: string): boolean => /^(\[[0-9a-fA-F:]+\]|[^\s:,]+):\d{1,5}$/.test(text);

/** What every service of ours reads; a service adds its own and its default port: `z.object({ ...chassisSettings, PORT: chassisSettings.PORT.default(4003) })`. */
export const chassisSettings = {
  PORT: z.coerce.number().int().min(0).max(65_535).describe('a free TCP port, 1 to 65535 (0 lets the system choose)'),
  HOST: z.string().describe('the address to listen on, for example 127.0.0.1 or 0.0.0.0').default('127.0.0.1'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).describe('trace, debug, info, warn, error, fatal or silent').default('info'),
  KAFKA_BROKERS: z
    .string()
    .transform((text) => text.split(',').map((broker) => broker.trim()))
    .refine((brokers) => brokers.every(isHostAndPort))
    .describe('the Kafka brokers as host:port, separated by commas'),
  MONGODB_URI: z.string().regex(/^mongodb(\+srv)?:\/\/\S+$/).describe('a MongoDB address of a replica set, mongodb://host:port/?replicaSet=name'),
  MONGODB_DATABASE: z.string().regex(/^[\w-]{1,63}$/).describe('the name of the MongoDB database: letters, digits, - and _').default('calendar_sync'),
  INSTALLATION_ID: z.guid().describe('the UUID of this installation, made once and never changed'),
  MASTER_KEYS: z.string().refine(isKeyRing).describe('the master keys, newest first, as id:base64-of-32-bytes separated by commas'),
};
