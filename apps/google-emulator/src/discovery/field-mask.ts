import { googleError } from '../calendar/google-error.js';
import { isObject, type Json, type JsonObject } from './body.js';
import { calendarDocument, type Schema } from './document.js';

/** A parsed `fields` mask: undefined below a name means "all of it". */
type Mask = Map<string, Mask | undefined>;

/** Google's partial response: `items(id,start/dateTime),nextPageToken`. A name that the schema doesn't have → 400. */
export function applyFieldMask(body: JsonObject, mask: string, schemaName: string): JsonObject {
  const parsed = parseMask(mask);
  checkMask(parsed, { $ref: schemaName }, '');
  return select(body, parsed) as JsonObject;
}

function parseMask(text: string): Mask {
  let at = 0;
  const fail = (): never => {
    throw refused(text);
  };

  function list(): Mask {
    const mask: Mask = new Map();
    for (;;) {
      path(mask);
      if (text[at] !== ',') return mask;
      at += 1;
    }
  }

  function path(mask: Mask): void {
    const name = /^[\w*@.-]+/.exec(text.slice(at))?.[0] ?? fail();
    at += name.length;
    if (text[at] === '/') {
      at += 1;
      const below = mask.get(name) ?? new Map<string, Mask | undefined>();
      mask.set(name, below);
      path(below);
    } else if (text[at] === '(') {
      at += 1;
      mask.set(name, list());
      if (text[at] !== ')') fail();
      at += 1;
    } else {
      mask.set(name, undefined);
    }
  }

  const mask = list();
  if (at !== text.length) fail();
  return mask;
}

function checkMask(mask: Mask, schema: Schema, path: string): void {
  const resolved = resolve(schema);
  for (const [name, below] of mask) {
    const member = name === '*' ? undefined : (resolved.properties?.[name] ?? resolved.additionalProperties);
    if (name !== '*' && member === undefined && resolved.type !== 'any') throw refused(path === '' ? name : `${path}/${name}`);
    if (below !== undefined && member !== undefined) checkMask(below, member, path === '' ? name : `${path}/${name}`);
  }
}

function resolve(schema: Schema): Schema {
  if (schema.$ref !== undefined) return resolve(calendarDocument.schemas[schema.$ref] ?? {});
  return schema.type === 'array' && schema.items !== undefined ? resolve(schema.items) : schema;
}

function select(value: Json, mask: Mask): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => select(item, mask));
  if (!isObject(value)) return value;
  const all = mask.get('*');
  const kept: Record<string, Json> = {};
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue;
    const below = mask.has(name) ? mask.get(name) : all;
    if (!mask.has(name) && !mask.has('*')) continue;
    kept[name] = below === undefined ? member : select(member, below);
  }
  return kept;
}

function refused(what: string): Error {
  return googleError(400, 'global', 'invalidParameter', `Invalid field selection ${what}`, { locationType: 'parameter', location: 'fields' });
}
