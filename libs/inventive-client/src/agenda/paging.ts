import { textOf, keyOf } from '../mapping/four-d-values.js';
import type { Row } from '../mapping/map-appointment.js';
import { both } from '../rest/filter.js';
import type { InventiveClient } from '../rest/inventive-client.js';

const PAGE_ROWS = 500;

interface KeyPaging {
  readonly dataclass: string;
  readonly keyAttribute: string;
  readonly filter?: string;
  readonly attributes?: readonly string[];
}

/**
 * All rows that match, in order of key; each page begins after the last key of the one before. Never `$skip`: a row that
 * is saved meanwhile moves, and its neighbour would be skipped.
 */
export async function* pagesByKey(client: InventiveClient, { dataclass, keyAttribute, filter, attributes }: KeyPaging): AsyncGenerator<readonly Row[]> {
  let after: string | undefined;
  for (;;) {
    const { rows, count } = await client.page({
      dataclass,
      filter: both(filter, after === undefined ? undefined : `${keyAttribute} > '${after}'`),
      orderBy: `${keyAttribute} asc`,
      limit: PAGE_ROWS,
      ...(attributes === undefined ? {} : { attributes }),
    });
    const last = rows.at(-1);
    if (last !== undefined) yield rows;
    // 4D sends at most so many rows, perhaps fewer than we asked for; how many there are stands in __COUNT.
    if (last === undefined || rows.length >= count) return;
    after = keyOf(last[keyAttribute]) ?? textOf(last[keyAttribute]);
  }
}

export async function allByKey(client: InventiveClient, paging: KeyPaging): Promise<readonly Row[]> {
  const all: Row[] = [];
  for await (const page of pagesByKey(client, paging)) all.push(...page);
  return all;
}

interface StampPaging {
  readonly dataclass: string;
  readonly stampAttribute: string;
  readonly from: bigint;
  readonly filter?: string;
  readonly attributes: readonly string[];
  readonly stampOfRow: (row: Row) => bigint;
  /** Pages through rows that all have one stamp, which `>=` can't. */
  readonly keyAttribute: string;
}

/** Rows with this stamp or a higher one, in order of stamp. The row where two pages meet comes twice: readers drop repeats. */
export async function* pagesByStamp(client: InventiveClient, paging: StampPaging): AsyncGenerator<readonly Row[]> {
  const { dataclass, stampAttribute, filter, attributes, stampOfRow, keyAttribute } = paging;
  let from = paging.from;
  for (;;) {
    const { rows, count } = await client.page({
      dataclass,
      filter: both(filter, `${stampAttribute} >= ${from}`),
      orderBy: `${stampAttribute} asc`,
      limit: PAGE_ROWS,
      attributes,
    });
    const last = rows.at(-1);
    if (last !== undefined) yield rows;
    if (last === undefined || rows.length >= count) return;
    const lastStamp = stampOfRow(last);
    if (lastStamp > from) {
      from = lastStamp;
      continue;
    }
    // More rows of one stamp than fit a page: such as were there before tracking was switched on.
    yield* pagesByKey(client, { dataclass, keyAttribute, filter: both(filter, `${stampAttribute} = ${from}`), attributes });
    from += 1n;
  }
}
