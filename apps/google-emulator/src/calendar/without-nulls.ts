import { isObject, type Json } from '../discovery/body.js';

/** A part of a body that is kept as it came, but for what is null there. */
export function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(withoutNulls);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member != null).map(([name, member]) => [name, withoutNulls(member ?? null)]));
}
