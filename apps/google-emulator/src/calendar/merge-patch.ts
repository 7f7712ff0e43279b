import { isObject, type Json, type JsonObject } from '../discovery/body.js';

/** Google's patch: objects merge, lists are replaced, null deletes. */
export function mergePatch(base: JsonObject, patch: JsonObject): JsonObject {
  const merged: Record<string, Json | undefined> = { ...base };
  for (const [name, value] of Object.entries(patch)) {
    const old = merged[name];
    if (value === null) delete merged[name];
    else merged[name] = isObject(value) ? mergePatch(isObject(old) ? old : {}, value) : value;
  }
  return merged;
}
