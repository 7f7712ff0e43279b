import { isObject, type JsonObject } from '../discovery/body.js';
import { googleError } from './google-error.js';

const longestKey = 44;
const longestValue = 1024;
const mostProperties = 300;
const mostBytes = 32 * 1024;

/** Google's silent limits: a key that is too long is dropped, a value that is too long is cut. Too many or too big is refused. */
export function readExtendedProperties(body: JsonObject): JsonObject | undefined {
  const kept: Record<string, JsonObject> = {};
  let count = 0;
  let bytes = 0;
  for (const kind of ['private', 'shared'] as const) {
    const given = body[kind];
    if (!isObject(given)) continue;
    const properties: Record<string, string> = {};
    for (const [key, value] of Object.entries(given)) {
      if (typeof value !== 'string' || key.length > longestKey) continue;
      properties[key] = value.slice(0, longestValue);
      count += 1;
      bytes += Buffer.byteLength(key) + Buffer.byteLength(properties[key]);
    }
    if (Object.keys(properties).length > 0) kept[kind] = properties;
  }
  if (count > mostProperties || bytes > mostBytes) throw googleError(400, 'global', 'invalid', 'The extended properties of the event are too many or too large.');
  return Object.keys(kept).length > 0 ? kept : undefined;
}
