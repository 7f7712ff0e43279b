import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const workspace = fileURLToPath(new URL('../../../', import.meta.url));

/** The rule must refuse the text; the file's place decides. */
interface Refused {
  readonly file: string;
  readonly text: string;
  readonly by: string;
}

const floors = '@nx(enforce-module-boundaries)';
const apps = ['inventive-capture', 'google-receiver', 'reconciler', 'console', 'google-emulator', 'inventive-emulator', 'e2e'];
const imports = (project: string) => `import * as other from '@calsync/${project}';\nexport const used = other;\n`;

/** Every direction that the floors forbid, between representatives of each floor. */
const refusedImports: Refused[] = [
  ...refusedFrom('libs/calendar-model', ['service-chassis', 'sync-core', 'event-contracts', 'sync-engine', 'event-log', 'reconciler', 'emulator-kit', 'google-emulator', 'local-servers']),
  ...refusedFrom('libs/service-chassis', ['calendar-model', 'sync-core', 'sync-engine', 'sync-store', 'console', 'emulator-kit', 'local-servers']),
  ...refusedFrom('libs/sync-core', ['service-chassis', 'event-contracts', 'sync-engine', 'google-client', 'reconciler', 'emulator-kit', 'local-servers']),
  ...refusedFrom('libs/event-contracts', ['service-chassis', 'sync-core', 'sync-engine', 'event-log', 'console', 'emulator-kit', 'local-servers']),
  ...refusedFrom('libs/sync-engine', ['inventive-client', 'google-client', 'event-log', 'sync-store', 'accounts', 'reconciler', 'emulator-kit', 'local-servers']),
  ...refusedFrom('libs/inventive-client', ['google-client', 'event-log', 'sync-store', 'accounts', 'console', 'emulator-kit', 'local-servers']),
  ...refusedFrom('libs/google-client', ['inventive-client', 'event-log', 'sync-store', 'accounts', 'google-emulator', 'emulator-kit', 'local-servers']),
  ...refusedFrom('libs/event-log', ['inventive-client', 'google-client', 'sync-store', 'accounts', 'reconciler', 'emulator-kit', 'local-servers']),
  ...refusedFrom('libs/sync-store', ['inventive-client', 'google-client', 'event-log', 'accounts', 'reconciler', 'emulator-kit', 'local-servers']),
  ...refusedFrom('libs/accounts', ['inventive-client', 'google-client', 'event-log', 'sync-store', 'console', 'emulator-kit', 'local-servers']),
  ...refusedFrom('apps/reconciler', ['console', 'google-receiver', 'inventive-capture', 'google-emulator', 'inventive-emulator', 'emulator-kit', 'local-servers', 'e2e']),
  ...refusedFrom('apps/google-emulator', ['calendar-model', 'service-chassis', 'sync-core', 'event-contracts', 'google-client', 'reconciler', 'inventive-emulator', 'local-servers']),
  ...refusedFrom('apps/inventive-emulator', ['calendar-model', 'inventive-client', 'service-chassis', 'inventive-capture', 'google-emulator']),
  ...refusedFrom('libs/emulator-kit', ['calendar-model', 'service-chassis', 'event-contracts', 'google-client', 'google-emulator']),
  ...refusedFrom('tools/local-servers', ['calendar-model', 'event-log', 'reconciler', 'emulator-kit']),
  ...refusedFrom('apps/e2e', ['reconciler', 'google-emulator', 'sync-engine']),
];

const refusedElse: Refused[] = [
  { file: 'apps/reconciler/src/sideways.ts', text: `export * from '../../console/src/index.js';\n`, by: 'house(apps-have-no-door)' },
  { file: 'apps/google-emulator/src/deep.ts', text: `export * from '@calsync/reconciler/dist/index.js';\n`, by: 'house(apps-have-no-door)' },
  { file: 'libs/google-client/src/tunnel.ts', text: `export * from '../../sync-store/src/index.js';\n`, by: 'house(apps-have-no-door)' },
  { file: 'libs/sync-store/src/reads-kafka.ts', text: `import { Kafka } from 'kafkajs';\nexport const used = Kafka;\n`, by: 'house(package-confinement)' },
  { file: 'apps/reconciler/src/calls-google.ts', text: `import { google } from 'googleapis';\nexport const used = google;\n`, by: 'house(package-confinement)' },
  { file: 'libs/google-client/src/stores.ts', text: `import { MongoClient } from 'mongodb';\nexport const used = MongoClient;\n`, by: 'house(package-confinement)' },
  { file: 'libs/sync-store/src/nest.ts', text: `import { Injectable } from '@nestjs/common';\nexport const used = Injectable;\n`, by: 'house(package-confinement)' },
  { file: 'libs/sync-core/src/reads-disk.ts', text: `import { readFileSync } from 'node:fs';\nexport const used = readFileSync;\n`, by: 'house(package-confinement)' },
  { file: 'libs/calendar-model/src/validates.ts', text: `export { z } from 'zod';\n`, by: 'house(package-confinement)' },
  { file: 'libs/sync-core/src/lazily.ts', text: `export const used = () => import('node:crypto');\n`, by: 'house(package-confinement)' },
  { file: 'libs/sync-store/src/environment.ts', text: `export const uri = process.env['MONGODB_URI'];\n`, by: 'house(environment-in-settings)' },
  { file: 'libs/google-client/src/replaces.ts', text: `export const write = (calendar: { events: { update(x: object): void } }) => calendar.events.update({});\n`, by: 'house(patch-never-update)' },
  { file: 'libs/sync-core/src/clock.ts', text: `export const now = () => Date.now();\n`, by: 'house(time-and-chance-handed-in)' },
  { file: 'libs/sync-engine/src/today.ts', text: `export const today = () => Temporal.Now.plainDateISO();\n`, by: 'house(time-and-chance-handed-in)' },
  { file: 'libs/sync-core/src/chance.ts', text: `export const chance = () => Math.random();\n`, by: 'house(time-and-chance-handed-in)' },
  { file: 'libs/event-log/src/floats.ts', text: `export function send(save: () => Promise<void>) {\n  save();\n}\n`, by: 'typescript(no-floating-promises)' },
];

const accepted: Record<string, string> = {
  'libs/sync-core/src/ok.ts': imports('calendar-model'),
  'libs/event-contracts/src/ok.ts': imports('calendar-model'),
  'libs/sync-engine/src/ok.ts': imports('sync-core') + imports('event-contracts').replaceAll('other', 'contracts').replace('used', 'also'),
  'libs/sync-store/src/ok.ts': `import { MongoClient } from 'mongodb';\n${imports('sync-engine')}export const client = MongoClient;\n`,
  'libs/event-log/src/ok.ts': `import { Kafka } from 'kafkajs';\n${imports('service-chassis')}export const client = Kafka;\n`,
  'libs/event-log/src/ok.kafka.test.ts': imports('local-servers'),
  'libs/google-client/src/settings.ts': `export const root = process.env['GOOGLE_API_ROOT'];\n`,
  'apps/reconciler/src/ok.ts': imports('sync-store') + imports('google-client').replaceAll('other', 'client').replace('used', 'also'),
  'apps/google-emulator/src/ok.ts': imports('emulator-kit'),
  'apps/google-emulator/src/ok.test.ts': `import { google } from 'googleapis';\n${imports('local-servers')}export const client = google;\n`,
  'apps/e2e/src/ok.e2e.test.ts': imports('local-servers'),
};

describe('the floors of the house', () => {
  let copy: string;

  beforeAll(async () => {
    copy = await bareWorkspace();
  }, 60_000);
  afterAll(() => rm(copy, { recursive: true, force: true }));

  it('lets every allowed import through', async () => {
    await writeAll(copy, accepted);
    expect(await findings(copy)).toEqual([]);
  }, 120_000);

  it('refuses every import that points up, sideways, or between product and emulators', async () => {
    await writeAll(copy, Object.fromEntries(refusedImports.map(({ file, text }) => [file, text])));
    const found = await findings(copy);
    const letThrough = refusedImports.filter(({ file, by }) => !found.some((finding) => finding.file === file && finding.rule === by));
    expect(letThrough.map(({ file }) => file)).toEqual([]);
  }, 120_000);

  it('refuses packages out of place, stray settings, events.update, clocks in the core, forgotten promises', async () => {
    await writeAll(copy, Object.fromEntries(refusedElse.map(({ file, text }) => [file, text])));
    const found = await findings(copy);
    const letThrough = refusedElse.filter(({ file, by }) => !found.some((finding) => finding.file === file && finding.rule === by));
    expect(letThrough.map(({ file, by }) => `${file}: ${by}`)).toEqual([]);
  }, 120_000);
});

function refusedFrom(from: string, to: readonly string[]): Refused[] {
  return to.map((project) => ({ file: `${from}/src/wrong-${project}.ts`, text: imports(project), by: apps.includes(project) ? 'house(apps-have-no-door)' : floors }));
}

/** The workspace as it stands, its projects' own sources left out: manifests, references, lint rules. */
async function bareWorkspace(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'boundaries-'));
  for (const file of ['package.json', 'package-lock.json', 'nx.json', 'tsconfig.base.json', 'tsconfig.json', '.oxlintrc.json', '.gitignore', 'tools/lint/house-rules.js']) {
    await mkdir(dirname(join(copy, file)), { recursive: true });
    await cp(join(workspace, file), join(copy, file));
  }
  await linkPackages(copy);
  for (const group of ['apps', 'libs', 'tools']) {
    for (const name of await readdir(join(workspace, group))) {
      const manifest = await readFile(join(workspace, group, name, 'package.json'), 'utf8').catch(() => undefined);
      const tsconfig = await readFile(join(workspace, group, name, 'tsconfig.json'), 'utf8').catch(() => undefined);
      if (manifest === undefined || tsconfig === undefined) continue;
      await writeAll(copy, { [`${group}/${name}/package.json`]: manifest, [`${group}/${name}/tsconfig.json`]: tsconfig, [`${group}/${name}/src/index.ts`]: 'export {};\n' });
      await symlink(join(copy, group, name), join(copy, 'node_modules', (JSON.parse(manifest) as { name: string }).name));
    }
  }
  return copy;
}

async function linkPackages(copy: string): Promise<void> {
  const [from, to] = [join(workspace, 'node_modules'), join(copy, 'node_modules')];
  await mkdir(join(to, '@calsync'), { recursive: true });
  for (const name of await readdir(from)) {
    if (name !== '@calsync' && name !== '.cache') await symlink(join(from, name), join(to, name));
  }
}

/** The boundaries rule reads Nx's cached project graph, so that is made first. */
async function findings(copy: string): Promise<{ file: string; rule: string }[]> {
  const env = { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('NX_'))), NX_DAEMON: 'false', NX_WORKSPACE_DATA_DIRECTORY: join(copy, '.nx', 'workspace-data') };
  const options = { cwd: copy, env, extendEnv: false, reject: false } as const;
  const graph = await execa(join(copy, 'node_modules', '.bin', 'nx'), ['graph', '--file=/dev/null', '--print'], options);
  expect(graph.exitCode, graph.stderr).toBe(0);
  const lint = await execa(join(copy, 'node_modules', '.bin', 'oxlint'), ['--format', 'json', 'apps', 'libs', 'tools'], options);
  const report = JSON.parse(lint.stdout) as { diagnostics: { filename: string; code: string }[] };
  return report.diagnostics.map(({ filename, code }) => ({ file: filename, rule: code }));
}

async function writeAll(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}
