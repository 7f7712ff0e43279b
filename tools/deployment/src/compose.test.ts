import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { processes } from './processes.js';
import { variablesReadBy, workspaceFile } from './variables-read.js';

interface ComposeService {
  readonly build?: { readonly args?: { readonly APP?: string } };
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly secrets?: readonly string[];
  readonly ports?: readonly string[];
  readonly profiles?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, unknown>>;
  readonly read_only?: boolean;
}

const compose = parse(readFileSync(workspaceFile('docker-compose.yml'), 'utf8'), { merge: true }) as {
  services: Record<string, ComposeService>;
  secrets: Record<string, { file: string }>;
  volumes: Record<string, unknown>;
};
const service = (name: string): ComposeService => compose.services[name] ?? {};

describe('docker-compose.yml', () => {
  it('is valid by the Compose Specification', () => {
    const schemaFile = join(dirname(createRequire(import.meta.url).resolve('dclint/package.json')), 'schemas', 'compose.schema.json');
    const { $schema: _, ...schema } = JSON.parse(readFileSync(schemaFile, 'utf8')) as Record<string, unknown>;
    const ajv = new Ajv({ strict: false, allErrors: true });
    addFormats.default(ajv);
    const validate = ajv.compile(schema);
    // Merge keys are resolved above and the anchors' own properties begin with x-.
    expect(validate(compose), JSON.stringify(validate.errors, null, 1)).toBe(true);
  });

  it.each(processes)('runs $name as it was built', (process) => {
    const { build, environment = {}, profiles = [], read_only } = service(process.name);
    expect(build?.args?.APP).toBe(process.name);
    expect(existsSync(workspaceFile(`apps/${process.name}/src/main.ts`))).toBe(true);
    expect(environment['PORT']).toBe(process.port);
    expect(read_only).toBe(true);
    expect(profiles).toEqual(process.kind === 'emulator' ? ['demo'] : []);
    expect(environment['HEALTH_PATH'] ?? '/health/live').toBe(process.health.live);
  });

  it.each(processes)('gives $name every variable it needs, and none that it does not read', (process) => {
    const given = Object.keys(service(process.name).environment ?? {});
    const missing = [...process.requires, ...process.secrets].filter((variable) => !given.includes(variable) && !given.includes(`${variable}_FILE`));
    const known = variablesReadBy(process.name, process.kind);
    expect({ missing, unread: given.filter((variable) => !known.has(variable)) }).toEqual({ missing: [], unread: [] });
  });

  it.each(processes)('mounts the secrets that $name reads as files', (process) => {
    const { environment = {}, secrets = [] } = service(process.name);
    const named = Object.entries(environment).flatMap(([variable, value]) => (String(value).startsWith('/run/secrets/') && variable.endsWith('_FILE') ? [String(value).slice('/run/secrets/'.length)] : []));
    expect(named.filter((name) => !secrets.includes(name))).toEqual([]);
    expect(secrets.filter((name) => compose.secrets[name] === undefined)).toEqual([]);
  });

  it('publishes a port only where somebody outside calls, on this machine only', () => {
    for (const process of processes) {
      const ports = service(process.name).ports ?? [];
      expect(ports.length > 0, process.name).toBe(process.takesCallsFromOutside);
      for (const port of ports) expect(port).toMatch(new RegExp(`^127\\.0\\.0\\.1:.*:${process.port}$`));
    }
    for (const name of ['kafka', 'mongodb']) expect(service(name).ports, name).toBeUndefined();
  });

  it('starts the services after the topics and the replica set', () => {
    for (const process of processes.filter(({ kind }) => kind === 'service')) {
      expect(service(process.name).depends_on).toMatchObject({ topics: { condition: 'service_completed_successfully' }, 'mongodb-init': { condition: 'service_completed_successfully' } });
    }
  });

  it('has no secret written in it', () => {
    for (const [name, { environment = {} }] of Object.entries(compose.services)) {
      const suspicious = Object.entries(environment).filter(([variable, value]) => /SECRET|PASSWORD|KEYS/.test(variable) && !variable.endsWith('_FILE') && !String(value).startsWith('${'));
      expect(suspicious, name).toEqual([]);
    }
  });
});
