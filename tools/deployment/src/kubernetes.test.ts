import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as apps from 'kubernetes-models/apps/v1';
import * as batch from 'kubernetes-models/batch/v1';
import * as networking from 'kubernetes-models/networking.k8s.io/v1';
import * as policy from 'kubernetes-models/policy/v1';
import * as core from 'kubernetes-models/v1';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { type DeployedProcess, processes } from './processes.js';
import { variablesReadBy, workspaceFile } from './variables-read.js';

interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
}
interface Probe {
  readonly httpGet?: { readonly path: string; readonly port: string | number };
}
interface Container {
  readonly name: string;
  readonly image: string;
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly envFrom?: readonly { readonly configMapRef?: { readonly name: string } }[];
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly resources?: { readonly requests?: object; readonly limits?: object };
  readonly securityContext?: { readonly readOnlyRootFilesystem?: boolean; readonly allowPrivilegeEscalation?: boolean };
}
interface Deployment extends Resource {
  readonly spec: { readonly template: { readonly spec: { readonly securityContext?: { readonly runAsNonRoot?: boolean }; readonly containers: readonly Container[] } } };
}
interface ConfigMap extends Resource {
  readonly data: Readonly<Record<string, string>>;
}

const base = resourcesIn('k8s/base');
const demo = resourcesIn('k8s/overlays/demo');
const settings = base.find((resource) => resource.kind === 'ConfigMap') as ConfigMap;
const demoSettings = demo.find((resource) => resource.kind === 'ConfigMap') as ConfigMap;

type Model = new (resource: Resource) => { validate(): void };
const models: Readonly<Record<string, unknown>> = { v1: core, 'apps/v1': apps, 'batch/v1': batch, 'networking.k8s.io/v1': networking, 'policy/v1': policy };

describe('k8s/', () => {
  it.each([...base, ...demo].map((resource) => [`${resource.kind} ${resource.metadata.name}`, resource] as const))('%s is valid by the Kubernetes API', (_, resource) => {
    const Model = (models[resource.apiVersion] as Record<string, Model>)[resource.kind];
    if (Model === undefined) throw new Error(`${resource.apiVersion} has no ${resource.kind}`);
    expect(() => new Model(resource).validate()).not.toThrow();
  });

  it.each(['k8s/base', 'k8s/overlays/demo'])('%s/kustomization.yaml names every file beside it, and no other', (folder) => {
    const kustomization = parse(readFileSync(workspaceFile(`${folder}/kustomization.yaml`), 'utf8')) as { resources: string[]; patches?: { path?: string }[] };
    const named = [...kustomization.resources.filter((name) => name.endsWith('.yaml')), ...(kustomization.patches ?? []).flatMap(({ path }) => path ?? [])];
    const there = readdirSync(workspaceFile(folder)).filter((name) => !['kustomization.yaml', 'secrets.example.yaml'].includes(name));
    expect(named.toSorted()).toEqual(there.toSorted());
  });

  it.each(processes)('runs $name as it was built', (process) => {
    const pod = deploymentOf(process).spec.template.spec;
    const container = containerOf(process);
    expect(container.image).toBe(`calsync/${process.name}`);
    expect(container.ports).toEqual([{ name: 'http', containerPort: process.port }]);
    expect(container.env?.find(({ name }) => name === 'PORT')?.value).toBe(String(process.port));
    expect(container.startupProbe?.httpGet).toEqual({ path: process.health.live, port: 'http' });
    expect(container.livenessProbe?.httpGet).toEqual({ path: process.health.live, port: 'http' });
    expect(container.readinessProbe?.httpGet).toEqual({ path: process.health.ready, port: 'http' });
    expect(container.securityContext).toMatchObject({ readOnlyRootFilesystem: true, allowPrivilegeEscalation: false });
    expect(pod.securityContext?.runAsNonRoot).toBe(true);
    expect(container.resources).toMatchObject({ requests: { cpu: expect.any(String), memory: expect.any(String) }, limits: { memory: expect.any(String) } });
  });

  it.each(processes)('gives $name every variable it needs, and none that it does not read', (process) => {
    const container = containerOf(process);
    const own = container.env?.map(({ name }) => name) ?? [];
    const given = [...own, ...(container.envFrom === undefined ? [] : Object.keys(settings.data))];
    const missing = [...process.requires, ...process.secrets].filter((variable) => !given.includes(variable) && !given.includes(`${variable}_FILE`));
    const known = variablesReadBy(process.name, process.kind);
    expect({ missing, unread: own.filter((variable) => !known.has(variable)) }).toEqual({ missing: [], unread: [] });
  });

  it('names in its shared settings only what some service reads', () => {
    const known = new Set(processes.filter(({ kind }) => kind === 'service').flatMap(({ name, kind }) => [...variablesReadBy(name, kind)]));
    expect(Object.keys({ ...settings.data, ...demoSettings.data }).filter((variable) => !known.has(variable))).toEqual([]);
  });

  it('keeps one replica of each service through an eviction, and opens a door only where somebody outside calls', () => {
    for (const process of processes.filter(({ kind }) => kind === 'service')) {
      const named = (kind: string) => base.some((resource) => resource.kind === kind && resource.metadata.name === process.name);
      expect(named('PodDisruptionBudget'), process.name).toBe(true);
      expect(named('Service'), process.name).toBe(process.takesCallsFromOutside);
    }
  });

  it('denies all traffic that no policy names', () => {
    expect(base).toContainEqual({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'default-deny' }, spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] } });
  });

  it('commits no value of a secret', () => {
    const example = parseAllDocuments(readFileSync(workspaceFile('k8s/base/secrets.example.yaml'), 'utf8')).map((document) => document.toJS() as { stringData: Record<string, string> });
    expect(example.flatMap(({ stringData }) => Object.values(stringData)).filter((value) => value !== '')).toEqual([]);
    expect([...base, ...demo].filter(({ kind }) => kind === 'Secret')).toEqual([]);
  });
});

function deploymentOf(process: DeployedProcess): Deployment {
  const found = (process.kind === 'service' ? base : demo).find((resource) => resource.kind === 'Deployment' && resource.metadata.name === process.name);
  if (found === undefined) throw new Error(`no Deployment is named ${process.name}`);
  return found as Deployment;
}

function containerOf(process: DeployedProcess): Container {
  const [container] = deploymentOf(process).spec.template.spec.containers;
  if (container === undefined) throw new Error(`the Deployment ${process.name} has no container`);
  return container;
}

function resourcesIn(folder: string): Resource[] {
  const files = readdirSync(workspaceFile(folder)).filter((name) => name !== 'kustomization.yaml' && name !== 'secrets.example.yaml');
  return files.flatMap((file) => parseAllDocuments(readFileSync(join(workspaceFile(folder), file), 'utf8')).map((document) => document.toJS() as Resource));
}
