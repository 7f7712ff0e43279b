import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
}
interface Operation {
  readonly responses?: Readonly<Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: JsonSchema }>> }>>;
}
export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, JsonSchema>> };
}

const API = fileURLToPath(new URL('../../../console-web/src/api/', import.meta.url));
/** The files of console-web that say what the pages read. */
const FILES = ['types', 'policy'] as const;

/**
 * What the pages expect of the API and its description doesn't promise, in the compiler's words; empty where they agree.
 * `answers`: for each operation (`get /api/users`) the type of console-web's `api` that its answer is read as.
 */
export function disagreements(document: OpenApi, answers: Readonly<Record<string, string>>): readonly string[] {
  const lines = Object.entries(answers).map(([operation, type], index) => `declare const answer${index}: ${printed(schemaOf(document, operation), document)};\nexport const read${index}: ${type} = answer${index};`);
  const check = join(API, 'check-of-types.ts');
  const named = FILES.map((file) => `import type { ${[...declaredIn(file).keys()].join(', ')} } from './${file}';`);
  const text = [...named, ...lines].join('\n');
  const host = ts.createCompilerHost({});
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (name, language) => (name === check ? ts.createSourceFile(name, text, language) : getSourceFile.call(host, name, language));
  host.fileExists = (name) => name === check || fileExists.call(host, name);
  host.readFile = (name) => (name === check ? text : readFile.call(host, name));
  const program = ts.createProgram([check], { strict: true, noEmit: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, types: [] }, host);
  return ts.getPreEmitDiagnostics(program).map(({ messageText, start = 0 }) => {
    const operation = Object.keys(answers)[Math.floor((text.slice(0, start).split('\n').length - 1 - named.length) / 2)];
    return `${operation}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
}

/** Types of those files that no operation is read as; what those consist of counts as read. */
export function unreadTypes(answers: Readonly<Record<string, string>>): readonly string[] {
  const declared = new Map(FILES.flatMap((file) => [...declaredIn(file)]));
  const read = new Set<string>();
  const follow = (text: string): void => {
    for (const [name] of text.matchAll(/\b[A-Z]\w+/g)) {
      const body = declared.get(name);
      if (body === undefined || read.has(name)) continue;
      read.add(name);
      follow(body);
    }
  };
  Object.values(answers).forEach(follow);
  return [...declared.keys()].filter((name) => !read.has(name));
}

function declaredIn(file: (typeof FILES)[number]): ReadonlyMap<string, string> {
  const parts = readFileSync(join(API, `${file}.ts`), 'utf8').split(/^export (?=interface|type|const)/m).slice(1);
  return new Map(parts.flatMap((text) => {
    const name = /^(?:interface|type) (\w+)/.exec(text)?.[1];
    return name === undefined ? [] : [[name, text.slice(text.indexOf(name) + name.length)] as const];
  }));
}

function schemaOf(document: OpenApi, operation: string): JsonSchema {
  const [method = '', path = ''] = operation.split(' ');
  const responses = document.paths[path]?.[method]?.responses ?? {};
  const good = Object.entries(responses).find(([status, { content }]) => status.startsWith('2') && content !== undefined)?.[1];
  const schema = good?.content?.['application/json']?.schema;
  if (schema === undefined) throw new Error(`the API's description has no answer of ${operation}`);
  return schema;
}

function printed(schema: JsonSchema, document: OpenApi): string {
  const print = (one: JsonSchema): string => printed(one, document);
  if (schema.$ref !== undefined) return print(document.components?.schemas?.[schema.$ref.split('/').at(-1) ?? ''] ?? {});
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const several = schema.anyOf ?? schema.oneOf;
  if (several !== undefined) return `(${several.map(print).join(' | ')})`;
  if (schema.allOf !== undefined) return `(${schema.allOf.map(print).join(' & ')})`;
  switch (schema.type) {
    case 'array':
      return `(${print(schema.items ?? {})})[]`;
    case 'object': {
      const members = Object.entries(schema.properties ?? {}).map(([name, value]) => `${JSON.stringify(name)}${schema.required?.includes(name) === true ? '' : '?'}: ${print(value)}`);
      if (members.length === 0 && typeof schema.additionalProperties === 'object') return `Record<string, ${print(schema.additionalProperties)}>`;
      return `{ ${members.join('; ')} }`;
    }
    case 'integer':
    case 'number':
      return 'number';
    case 'string':
    case 'boolean':
    case 'null':
      return schema.type;
    default:
      return 'unknown';
  }
}
