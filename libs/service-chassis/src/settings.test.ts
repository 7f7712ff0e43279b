import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { SettingsError, chassisSettings, readSettings } from './settings.js';

const key = randomBytes(32).toString('base64');
const complete = { PORT: '4003', KAFKA_BROKERS: 'a:9092, b:9092', MONGODB_URI: 'mongodb://127.0.0.1:27017/?replicaSet=rs0', INSTALLATION_ID: '0b5e2a3c-6a64-4c8e-9a55-1f4de6f0a001', MASTER_KEYS: `1:${key}` };
const schema = z.object(chassisSettings);
const complaint = (env: Record<string, string | undefined>): string => {
  try {
    readSettings(schema, env);
  } catch (error) {
    expect(error).toBeInstanceOf(SettingsError);
    return (error as Error).message;
  }
  throw new Error('no complaint');
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'settings-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('readSettings', () => {
  it('gives typed values and fills in what has a default', () => {
    expect(readSettings(schema, complete)).toEqual({
      PORT: 4003,
      HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
      KAFKA_BROKERS: ['a:9092', 'b:9092'],
      MONGODB_URI: complete.MONGODB_URI,
      MONGODB_DATABASE: 'calendar_sync',
      INSTALLATION_ID: complete.INSTALLATION_ID,
      MASTER_KEYS: `1:${key}`,
    });
  });

  it.each([
    ['PORT', '70000', /^PORT is malformed: it should be a free TCP port/],
    ['PORT', 'abc', /^PORT is malformed/],
    ['PORT', undefined, /^PORT is missing: it should be .*PORT_FILE/],
    ['LOG_LEVEL', 'loud', /^LOG_LEVEL is malformed: it should be trace, debug/],
    ['KAFKA_BROKERS', 'localhost', /^KAFKA_BROKERS is malformed: it should be the Kafka brokers as host:port/],
    ['MONGODB_URI', 'localhost:27017', /^MONGODB_URI is malformed/],
    ['INSTALLATION_ID', 'demo', /^INSTALLATION_ID is malformed: it should be the UUID/],
    ['MASTER_KEYS', 'geheim', /^MASTER_KEYS is malformed: .*32-bytes/],
    ['MASTER_KEYS', `1:${randomBytes(16).toString('base64')}`, /^MASTER_KEYS is malformed/],
  ])('%s = %s ends in one line that names it and not the value', (name, value, said) => {
    const line = complaint({ ...complete, [name]: value });
    expect(line).toMatch(said);
    expect(line).not.toContain('\n');
    expect(line).not.toContain(value ?? 'undefined');
  });

  it('names all that is wrong, in one line', () => {
    expect(complaint({ ...complete, PORT: '', MASTER_KEYS: undefined })).toMatch(/^PORT is missing.*; MASTER_KEYS is missing/);
  });

  it('takes a value from the file that K_FILE names, without its last line break', () => {
    writeFileSync(join(folder, 'keys'), `1:${key}\n`);
    const { MASTER_KEYS: _, ...rest } = complete;
    expect(readSettings(schema, { ...rest, MASTER_KEYS_FILE: join(folder, 'keys') }).MASTER_KEYS).toBe(`1:${key}`);
    expect(complaint({ ...rest, MASTER_KEYS_FILE: join(folder, 'absent') })).toMatch(/^MASTER_KEYS_FILE names .*ENOENT/);
    expect(complaint({ ...complete, MASTER_KEYS_FILE: join(folder, 'keys') })).toMatch(/both set/);
  });
});
