import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Paths of the files that hold the demo's secrets. The services read the files; only the emulators get theirs by the environment. */
export interface SecretFiles {
  readonly masterKeys: string;
  readonly nudgeSecret: string;
  readonly syncPassword: string;
  readonly googleClientSecret: string;
  readonly adminPassword: string;
  readonly installationId: string;
  /** The administrator's password was made just now, so it is to be shown. */
  readonly isNew: boolean;
}

/** Makes each secret once, readable by its owner only, and keeps it with the data that it belongs to. */
export async function keepSecrets(dataDir: string): Promise<SecretFiles> {
  const folder = join(dataDir, 'secrets');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  let isNew = false;
  const once = async (name: string, make: () => string): Promise<string> => {
    const file = join(folder, name);
    try {
      await writeFile(file, make(), { mode: 0o600, flag: 'wx' });
      if (name === 'admin-password') isNew = true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    return file;
  };
  return {
    masterKeys: await once('master-keys', () => `1:${randomBytes(32).toString('base64')}`),
    nudgeSecret: await once('nudge-secret', () => randomBytes(32).toString('base64url')),
    syncPassword: await once('sync-password', () => randomBytes(18).toString('base64url')),
    googleClientSecret: await once('google-client-secret', () => randomBytes(24).toString('base64url')),
    adminPassword: await once('admin-password', readablePassword),
    installationId: await once('installation-id', randomUUID),
    isNew,
  };
}

export async function readSecret(file: string): Promise<string> {
  return (await readFile(file, 'utf8')).trim();
}

/** Typed by a person: no letters or digits that look alike. 16 of 31 symbols: 79 bits. */
function readablePassword(): string {
  const symbols = 'abcdefghjkmnpqrstuvwxyz23456789';
  const letters: string[] = [];
  while (letters.length < 16) {
    for (const byte of randomBytes(32)) if (byte < 248 && letters.length < 16) letters.push(symbols[byte % symbols.length] ?? '');
  }
  return letters.join('').replace(/(.{4})(?=.)/g, '$1-');
}
