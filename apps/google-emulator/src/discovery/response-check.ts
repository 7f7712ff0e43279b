import { calendarDocument, oauth2Document, type DiscoveryDocument, type Schema } from './document.js';

/** Throws if an answer breaks Google's schema; the message names the path. */
export type ResponseCheck = (schemaName: string, body: unknown) => void;

/**
 * Checks answers against the discovery documents, with ajv; loaded only here, because it serves development and tests.
 * Stricter than the documents say: a field that they don't name is a breach.
 */
export async function loadResponseCheck(): Promise<ResponseCheck> {
  const [{ Ajv }, { default: formats }] = await Promise.all([import('ajv'), import('ajv-formats')]);
  const ajv = new Ajv({ strict: false, allErrors: true });
  formats.default(ajv);
  ajv.addFormat('int64', /^-?\d+$/);
  for (const document of [calendarDocument, oauth2Document]) addSchemas(ajv, document);
  return (schemaName, body) => {
    const check = ajv.getSchema(schemaName);
    if (check === undefined) throw new Error(`the discovery document has no schema ${schemaName}`);
    if (check(body) === true) return;
    const faults = (check.errors ?? []).map((fault) => `${fault.instancePath === '' ? '/' : fault.instancePath} ${fault.message ?? ''} ${JSON.stringify(fault.params)}`);
    throw new Error(`the answer breaks Google's schema ${schemaName}: ${faults.join('; ')}`);
  };
}

function addSchemas(ajv: { addSchema(schema: object, key: string): unknown }, document: DiscoveryDocument): void {
  for (const [name, schema] of Object.entries(document.schemas)) ajv.addSchema({ $id: name, ...toJsonSchema(schema) }, name);
}

function toJsonSchema(schema: Schema): Record<string, unknown> {
  if (schema.$ref !== undefined) return { $ref: schema.$ref };
  if (schema.type === undefined || schema.type === 'any') return {};
  const result: Record<string, unknown> = { type: schema.type };
  if (schema.enum !== undefined) result['enum'] = schema.enum;
  if (schema.format === 'date' || schema.format === 'date-time' || schema.format === 'int64') result['format'] = schema.format;
  if (schema.items !== undefined) result['items'] = toJsonSchema(schema.items);
  if (schema.type === 'object') {
    if (schema.properties !== undefined) result['properties'] = Object.fromEntries(Object.entries(schema.properties).map(([name, member]) => [name, toJsonSchema(member)]));
    result['additionalProperties'] = schema.additionalProperties === undefined ? false : toJsonSchema(schema.additionalProperties);
  }
  return result;
}
