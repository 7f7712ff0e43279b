import { GoogleError } from '../calendar/google-error.js';
import { calendarDocument, type Schema } from './document.js';
import { asRfc3339, isDate, isLocalDateTime } from './formats.js';

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json | undefined;
}

/** Parses a request body and checks it against a schema of the document: an unknown field or a wrong type → Google's 400. */
export function readBody(text: string, schemaName: string): JsonObject {
  let value: unknown;
  try {
    value = text.trim() === '' ? {} : JSON.parse(text);
  } catch {
    throw parseError();
  }
  const schema = calendarDocument.schemas[schemaName];
  if (schema === undefined) throw new Error(`the discovery document has no schema ${schemaName}`);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refused(`Invalid JSON payload received. Root element must be a message.`);
  check(value as Json, schema, '');
  return value as JsonObject;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function check(value: Json, schema: Schema, path: string): void {
  // null is allowed everywhere: in a patch it deletes, elsewhere it means "absent".
  if (value === null) return;
  if (schema.$ref !== undefined) return check(value, calendarDocument.schemas[schema.$ref] ?? {}, path);
  switch (schema.type) {
    case 'object':
      if (!isObject(value)) throw wrongType(path, 'an object');
      for (const [name, member] of Object.entries(value)) {
        const memberSchema = schema.properties?.[name] ?? schema.additionalProperties;
        if (memberSchema === undefined) throw unknownField(name, path);
        check(member ?? null, memberSchema, path === '' ? name : `${path}.${name}`);
      }
      return;
    case 'array':
      if (!Array.isArray(value)) throw wrongType(path, 'a list');
      for (const [index, item] of (value as readonly Json[]).entries()) check(item, schema.items ?? {}, `${path}[${index}]`);
      return;
    case 'boolean':
      if (typeof value !== 'boolean') throw wrongType(path, 'a boolean');
      return;
    case 'integer':
      if (!/^-?\d+$/.test(typeof value === 'string' ? value : String(value))) throw wrongType(path, 'an integer');
      return;
    case 'string':
      return checkText(value, schema, path);
    default:
      return;
  }
}

function checkText(value: Json, schema: Schema, path: string): void {
  // 64-bit numbers are strings in the document; Google takes a JSON number too.
  if (schema.format === 'int64') {
    if (!/^-?\d+$/.test(String(value))) throw wrongType(path, 'an integer');
    return;
  }
  if (typeof value !== 'string') throw wrongType(path, 'a string');
  if (schema.format === 'date' && !isDate(value)) throw wrongType(path, 'a date');
  // A local time without offset is allowed where the zone stands beside it; the method decides.
  if (schema.format === 'date-time' && asRfc3339(value) === undefined && !isLocalDateTime(value)) throw wrongType(path, 'a date and time');
}

function refused(message: string): GoogleError {
  return new GoogleError(400, { error: { errors: [{ domain: 'global', reason: 'badRequest', message }], code: 400, message, status: 'INVALID_ARGUMENT' } });
}

function wrongType(path: string, needed: string): GoogleError {
  return refused(`Invalid value at '${path}': ${needed} is needed.`);
}

function unknownField(name: string, path: string): GoogleError {
  return refused(`Invalid JSON payload received. Unknown name "${name}"${path === '' ? '' : ` at '${path}'`}: Cannot find field.`);
}

function parseError(): GoogleError {
  return new GoogleError(400, { error: { errors: [{ domain: 'global', reason: 'parseError', message: 'Parse Error' }], code: 400, message: 'Parse Error' } });
}
