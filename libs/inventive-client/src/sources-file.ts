import { readFileSync } from 'node:fs';
import { z } from 'zod';

const secret = (key: string) => ({
  message: `give either ${key} or ${key}File (a file that holds it)`,
});

const sourceSettings = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/).describe('stands in message keys: lower case letters, digits and hyphens'),
    url: z.url().describe('root of the 4D web server, for example https://inventive.example.com'),
    user: z.string().min(1),
    password: z.string().optional(),
    passwordFile: z.string().optional(),
    nudgeSecret: z.string().min(16).optional(),
    nudgeSecretFile: z.string().optional(),
    /** Inventive keeps wall times; this is whose. */
    zone: z.string().default('Europe/Amsterdam').refine(isZone, 'is no IANA time zone'),
    /** By code: administrations that keep another clock. */
    administrationZones: z.record(z.string().min(1), z.string().refine(isZone, 'is no IANA time zone')).optional(),
    /** Stands as a link in Google's events; who opens it still has to log in to Inventive. */
    appointmentUrl: z.string().refine(isAddressWithId, 'is no http(s) address with {id} in it').optional(),
    schemaFile: z.string().optional(),
    /** How long a transaction in Inventive may stay open between taking a stamp and becoming visible. */
    longestTransactionMs: z.number().int().positive().default(30_000),
    pollMs: z.number().int().positive().default(5_000),
    /** False for a server whose `__UNIQID` is another after each start: then it is recognised by its address alone. */
    recogniseDatabase: z.boolean().optional(),
  })
  .refine((source) => (source.password === undefined) !== (source.passwordFile === undefined), secret('password'))
  .refine((source) => (source.nudgeSecret === undefined) !== (source.nudgeSecretFile === undefined), secret('nudgeSecret'));

/** `SOURCES_FILE`: a JSON array with one object for each Inventive server. */
const SourcesFile = z.array(sourceSettings).min(1).refine((sources) => new Set(sources.map(({ name }) => name)).size === sources.length, 'two sources have the same name');

export type SourceSettings = Omit<z.infer<typeof sourceSettings>, 'passwordFile' | 'nudgeSecretFile' | 'password' | 'nudgeSecret'> & {
  readonly password: string;
  readonly nudgeSecret: string;
};

/** Reads the file, checks it and fetches the secrets it points to. The message of what it throws is one line that names the place. */
export function readSourcesFile(file: string): readonly SourceSettings[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`SOURCES_FILE: ${file} can't be read as JSON (${error instanceof Error ? error.message : String(error)})`, { cause: error });
  }
  const result = SourcesFile.safeParse(parsed);
  if (!result.success) {
    throw new Error(`SOURCES_FILE: ${file}: ${result.error.issues.map((issue) => `${issue.path.join('.') || 'the array'}: ${issue.message}`).join('; ')}`);
  }
  return result.data.map(({ password, passwordFile, nudgeSecret, nudgeSecretFile, ...source }) => ({
    ...source,
    password: password ?? secretIn(passwordFile ?? '', `${source.name}.passwordFile`),
    nudgeSecret: nudgeSecret ?? secretIn(nudgeSecretFile ?? '', `${source.name}.nudgeSecretFile`),
  }));
}

function secretIn(file: string, where: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new Error(`SOURCES_FILE: ${where}: the file ${file} can't be read`, { cause: error });
  }
}

/** Google takes http and https only, for good reason: people click on it. */
function isAddressWithId(template: string): boolean {
  const [one, other] = ['1', '2'].map((id) => URL.parse(template.replaceAll('{id}', id)));
  return template.includes('{id}') && one !== null && one !== undefined && ['https:', 'http:'].includes(one.protocol) && one.origin === other?.origin && one.username === '';
}

function isZone(name: string): boolean {
  try {
    Temporal.Now.zonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}
