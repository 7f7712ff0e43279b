import type { Dataclass, Value } from '../catalog/dataclass.js';
import { compareValues } from '../catalog/value-form.js';
import type { Row, Table } from '../datastore/table.js';
import { queryError } from '../rest/rest-error.js';
import { resolvePath, valuesAt } from './attribute-path.js';

/** `$orderby="a desc, b"`; equal rows keep the order they had. */
export function orderRows(rows: readonly Row[], orderby: string, dataclass: Dataclass, tables: (name: string) => Table): Row[] {
  const terms = orderby.split(',').map((term) => {
    const [path, direction = 'asc', extra] = term.trim().split(/\s+/);
    if (!path || extra !== undefined || !/^(asc|desc)$/i.test(direction)) throw queryError(1810, `Malformed $orderby "${orderby}"`);
    return { path: resolvePath(path, dataclass), sign: direction.toLowerCase() === 'desc' ? -1 : 1 };
  });
  const sortable = rows.map((row) => ({ row, values: terms.map((term): Value => valuesAt(row, term.path, tables)[0] ?? null) }));
  sortable.sort((a, b) => {
    for (const [index, term] of terms.entries()) {
      const order = compareValues(a.values[index] ?? null, b.values[index] ?? null);
      if (order !== 0) return order * term.sign;
    }
    return 0;
  });
  return sortable.map(({ row }) => row);
}
