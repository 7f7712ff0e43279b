import type { InventiveId } from '@calsync/calendar-model';

/** Placed in the query as it stands: keys are 32 hex digits, stamps decimal digits; free text never comes here. */
export const isKey = (attribute: string, id: InventiveId): string => `${attribute} = '${id}'`;

export function isOneOf(attribute: string, ids: readonly InventiveId[]): string {
  const [only] = ids;
  if (only !== undefined && ids.length === 1) return isKey(attribute, only);
  return `${attribute} IN [${ids.map((id) => `'${id}'`).join(',')}]`;
}

export function both(...conditions: readonly (string | undefined)[]): string | undefined {
  const given = conditions.filter((condition) => condition !== undefined);
  return given.length === 0 ? undefined : given.join(' AND ');
}

export function query(parameters: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(parameters).filter((entry): entry is [string, string | number] => entry[1] !== undefined);
  // 4D's own clients quote the values of these; names keep their dollar sign.
  return given.length === 0 ? '' : `?${given.map(([key, value]) => `${key}=${encodeURIComponent(typeof value === 'string' ? `"${value}"` : value)}`).join('&')}`;
}
