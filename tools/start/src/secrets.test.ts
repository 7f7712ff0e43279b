import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepSecrets, readSecret } from './secrets.js';

describe('keepSecrets', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'secrets-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('makes each once, for its owner only', async () => {
    const first = await keepSecrets(folder);
    const password = await readSecret(first.adminPassword);
    expect(first.isNew).toBe(true);
    expect((await stat(first.masterKeys)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'secrets'))).mode & 0o777).toBe(0o700);

    const second = await keepSecrets(folder);
    expect(second.isNew).toBe(false);
    expect(await readSecret(second.adminPassword)).toBe(password);
  });

  it('makes a master key of 32 bytes and a password that can be typed', async () => {
    const secrets = await keepSecrets(folder);
    const [id, key = ''] = (await readSecret(secrets.masterKeys)).split(':');
    expect(id).toBe('1');
    expect(Buffer.from(key, 'base64')).toHaveLength(32);
    expect(await readSecret(secrets.adminPassword)).toMatch(/^([a-z2-9]{4}-){3}[a-z2-9]{4}$/);
  });
});
