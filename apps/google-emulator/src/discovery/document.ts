import { readFileSync } from 'node:fs';

/** The parts of a Google discovery document (format v1) that routes and checks are made from. */
export interface Schema {
  readonly id?: string;
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly minimum?: string;
  readonly maximum?: string;
  readonly default?: string;
  readonly repeated?: boolean;
  readonly required?: boolean;
  readonly location?: 'path' | 'query';
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
  readonly $ref?: string;
  readonly annotations?: { readonly required?: readonly string[] };
}

export interface Method {
  /** As in the document: `calendar.events.insert`. */
  readonly id: string;
  readonly httpMethod: string;
  readonly path: string;
  readonly parameters?: Readonly<Record<string, Schema>>;
  readonly request?: { readonly $ref: string };
  readonly response?: { readonly $ref: string };
  readonly scopes?: readonly string[];
}

interface Resource {
  readonly methods?: Readonly<Record<string, Method>>;
  readonly resources?: Readonly<Record<string, Resource>>;
}

export interface DiscoveryDocument extends Resource {
  readonly servicePath: string;
  readonly parameters: Readonly<Record<string, Schema>>;
  readonly schemas: Readonly<Record<string, Schema>>;
  readonly auth: { readonly oauth2: { readonly scopes: Readonly<Record<string, { readonly description: string }>> } };
}

function load(name: string): DiscoveryDocument {
  return JSON.parse(readFileSync(new URL(`../../discovery/${name}`, import.meta.url), 'utf8')) as DiscoveryDocument;
}

export const calendarDocument = load('calendar.v3.json');
export const oauth2Document = load('oauth2.v2.json');

export function methodsOf(resource: Resource): Method[] {
  return [
    ...Object.values(resource.methods ?? {}),
    ...Object.values(resource.resources ?? {}).flatMap(methodsOf),
  ];
}

/** The document with another root, so that a client that reads it calls this server. */
export function documentAt(document: DiscoveryDocument, root: string): unknown {
  const { mtlsRootUrl: _gone, ...rest } = document as DiscoveryDocument & { mtlsRootUrl?: string };
  return { ...rest, rootUrl: `${root}/`, baseUrl: `${root}/${document.servicePath}` };
}
