import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processes, variablesReadBy } from '@calsync/deployment';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { environmentOf, type EnvironmentParts, writeSourcesFile } from './environments.js';
import { keepSecrets, readSecret } from './secrets.js';
import { readStartSettings } from './settings.js';

describe('environmentOf', () => {
  let parts: EnvironmentParts;

  beforeAll(async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'environments-'));
    const settings = readStartSettings([], { CALSYNC_DATA_DIR: dataDir, PATH: '/bin', SECRET_OF_A_DEVELOPER: 'x' });
    const secrets = await keepSecrets(dataDir);
    parts = { settings, secrets, sourcesFile: await writeSourcesFile(settings, secrets), kafkaBrokers: '127.0.0.1:9092', mongodbUri: 'mongodb://127.0.0.1:27017/?replicaSet=calsync' };
  });
  afterAll(() => rm(parts.settings.dataDir, { recursive: true, force: true }));

  it.each(processes)('tells $name all it needs and nothing that it does not read', async ({ name, kind, requires, secrets }) => {
    const given = Object.keys(await environmentOf(name, parts)).filter((variable) => variable !== 'PATH');
    const known = variablesReadBy(name, kind);
    expect({
      missing: [...requires, ...secrets].filter((variable) => !given.includes(variable) && !given.includes(`${variable}_FILE`)),
      unread: given.filter((variable) => !known.has(variable)),
    }).toEqual({ missing: [], unread: [] });
  });

  it('gives the services their secrets as files', async () => {
    for (const { name } of processes.filter(({ kind }) => kind === 'service')) {
      const text = JSON.stringify(await environmentOf(name, parts));
      for (const file of [parts.secrets.masterKeys, parts.secrets.googleClientSecret, parts.secrets.adminPassword, parts.secrets.nudgeSecret]) expect(text).not.toContain(await readSecret(file));
    }
    expect(await readFile(parts.sourcesFile, 'utf8')).not.toContain(await readSecret(parts.secrets.syncPassword));
  });
});
