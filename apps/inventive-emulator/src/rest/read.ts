import { attributeOf, keyAttribute, type Dataclass, type Value } from '../catalog/dataclass.js';
import { normalUuid, parseDate, render } from '../catalog/value-form.js';
import type { Datastore } from '../datastore/datastore.js';
import type { Row, Table } from '../datastore/table.js';
import { relatedRows, targetOf } from '../query/attribute-path.js';
import { compileQuery } from '../query/compile-query.js';
import { orderRows } from '../query/order-rows.js';
import { pageForm, singleEntityForm } from './entity-form.js';
import type { EntitySets } from './entity-sets.js';
import { parseProjection } from './projection.js';
import { noSuchEntity, notSupported, queryError, unknownAttribute } from './rest-error.js';
import { filterParams, flagParam, numberParam, onlyParams, type RestRequest } from './rest-request.js';

/** 4D's silent limit: `__COUNT` tells that there are more. */
const DEFAULT_PAGE = 100;

export interface ReadParts {
  readonly datastore: Datastore;
  readonly entitySets: EntitySets;
}

/** `/rest/X`, `/rest/X/a,b`, with everything that selects, orders and pages. */
export function readCollection(request: RestRequest, dataclass: Dataclass, attributes: string | undefined, parts: ReadParts): unknown {
  onlyParams(request, '$filter', '$params', '$orderby', '$top', '$limit', '$skip', '$expand', '$attributes', '$compute', '$distinct', '$method', '$timeout');
  const method = request.params.get('$method');
  if (method !== undefined && method !== 'entityset') throw methodError(method);
  const rows = selectRows(request, dataclass, undefined, parts.datastore);
  if (request.params.has('$compute') || request.params.has('$distinct')) return computed(request, rows, dataclass, attributes);
  if (request.params.has('$timeout') && method === undefined) throw notSupported('$timeout without $method=entityset');
  const entitySet = method === 'entityset' ? parts.entitySets.create(dataclass.name, rows.map((row) => row.key), numberParam(request, '$timeout')) : undefined;
  return page(request, { rows, count: rows.length, entitySet }, dataclass, attributes, parts.datastore);
}

/** `/rest/X/$entityset/ID`: membership as it was, values as they are; members that were deleted still count. */
export function readEntitySet(request: RestRequest, dataclass: Dataclass, id: string, parts: ReadParts): unknown {
  onlyParams(request, '$filter', '$params', '$orderby', '$top', '$limit', '$skip', '$expand', '$attributes', '$method', '$clean');
  const method = request.params.get('$method');
  if (method === 'release') {
    parts.entitySets.release(dataclass.name, id);
    return { ok: true };
  }
  // A part of a set that is one already: `wakanda-client` asks for its next page this way.
  if (method !== undefined && method !== 'subentityset') throw methodError(method);
  const keys = parts.entitySets.keys(dataclass.name, id);
  const clean = flagParam(request, '$clean');
  const living = keys.filter((key) => parts.datastore.table(dataclass.name).get(key) !== undefined);
  const entitySet = clean ? parts.entitySets.create(dataclass.name, living) : id;
  if (clean || request.params.has('$filter') || request.params.has('$orderby')) {
    const rows = selectRows(request, dataclass, living, parts.datastore);
    return page(request, { rows, count: rows.length, entitySet }, dataclass, undefined, parts.datastore);
  }
  const members = keys.map((key) => parts.datastore.table(dataclass.name).get(key));
  return page(request, { rows: members, count: keys.length, entitySet }, dataclass, undefined, parts.datastore);
}

/** `/rest/X(key)`, `/rest/X(key)/a,b`, `/rest/X(key)/rel?$expand=rel`. */
export function readEntity(request: RestRequest, dataclass: Dataclass, row: Row, attributes: string | undefined, parts: ReadParts): unknown {
  const relation = attributes === undefined ? undefined : attributeOf(dataclass, attributes);
  const tables = tablesOf(parts.datastore);
  if (relation && relation.kind !== 'storage' && request.params.get('$expand') === relation.name) {
    const target = targetOf(relation);
    const related = relatedRows(row, relation, tables);
    if (relation.kind === 'relatedEntities') {
      onlyParams(request, '$expand', '$top', '$limit', '$skip', '$orderby', '$attributes', '$method', '$timeout');
      const method = request.params.get('$method');
      if (method !== undefined && method !== 'subentityset') throw methodError(method);
      if (method === undefined && request.params.has('$timeout')) throw notSupported('$timeout without $method=subentityset');
      const orderby = request.params.get('$orderby');
      const rows = orderby === undefined ? related : orderRows(related, orderby, target, tables);
      const entitySet = method === undefined ? undefined : parts.entitySets.create(target.name, rows.map((one) => one.key), numberParam(request, '$timeout'));
      return page(withoutExpand(request), { rows, count: rows.length, entitySet }, target, undefined, parts.datastore);
    }
    onlyParams(request, '$expand', '$attributes');
    return related[0] ? singleEntityForm(related[0], target, parseProjection(request.params.get('$attributes'), undefined, target), tables) : null;
  }
  onlyParams(request, '$expand', '$attributes');
  return singleEntityForm(row, dataclass, projectionOf(request, dataclass, attributes), tables);
}

/** The row that `X(key)` or `X:attr(value)` names; 404 where there is none. */
export function findRow(dataclass: Dataclass, by: { attribute: string | undefined; value: string }, datastore: Datastore): Row {
  const table = datastore.table(dataclass.name);
  if (by.attribute === undefined || by.attribute === dataclass.key) {
    const row = table.get(normalKey(dataclass, by.value));
    if (!row) throw noSuchEntity(dataclass.name, by.value);
    return row;
  }
  const attribute = attributeOf(dataclass, by.attribute);
  if (attribute?.kind !== 'storage') throw unknownAttribute(dataclass.name, by.attribute);
  const wanted = attribute.type === 'uuid' ? (normalUuid(by.value) ?? by.value) : attribute.type === 'date' ? (parseDate(by.value) ?? by.value) : by.value;
  const row = table.rows().find((candidate) => String(candidate.values[attribute.name] ?? '') === wanted);
  if (!row) throw noSuchEntity(dataclass.name, by.value);
  return row;
}

/** Keys are compared in the form in which they are kept: uuids without dashes in upper case. */
export function normalKey(dataclass: Dataclass, text: string): string {
  return keyAttribute(dataclass).type === 'uuid' ? (normalUuid(text) ?? text) : text.trim();
}

/** `$filter`, `$params` and `$orderby`; `members` narrows to an entity set. */
export function selectRows(request: RestRequest, dataclass: Dataclass, members: readonly string[] | undefined, datastore: Datastore): Row[] {
  const tables = tablesOf(datastore);
  const filter = request.params.get('$filter');
  if (filter === undefined && request.params.has('$params')) throw notSupported('$params without $filter');
  const query = filter === undefined || filter === '' ? undefined : compileQuery(filter, filterParams(request), dataclass, tables);
  const table = datastore.table(dataclass.name);
  const from = members ? members.flatMap((key) => table.get(key) ?? []) : table.rows(query?.candidates);
  const found = query ? from.filter(query.matches) : from;
  const orderby = request.params.get('$orderby');
  return orderby === undefined ? found : orderRows(found, orderby, dataclass, tables);
}

export const tablesOf = (datastore: Datastore) => (name: string): Table => datastore.table(name);

export function methodError(method: string): Error {
  return method === 'subentityset' ? notSupported('$method=subentityset of anything but an entity set or a to-many relation') : queryError(1812, `Unknown or misplaced $method "${method}"`);
}

function projectionOf(request: RestRequest, dataclass: Dataclass, attributes: string | undefined) {
  const given = request.params.get('$attributes');
  if (attributes !== undefined && given !== undefined) throw notSupported('$attributes beside a list of attributes in the path');
  return parseProjection(attributes ?? given, request.params.get('$expand'), dataclass);
}

function withoutExpand(request: RestRequest): RestRequest {
  const params = new Map(request.params);
  params.delete('$expand');
  return { ...request, params };
}

interface Selected {
  /** Undefined for a member that was deleted. */
  readonly rows: readonly (Row | undefined)[];
  readonly count: number;
  readonly entitySet?: string | undefined;
}

function page(request: RestRequest, selected: Selected, dataclass: Dataclass, attributes: string | undefined, datastore: Datastore): unknown {
  if (request.params.has('$top') && request.params.has('$limit')) throw queryError(1806, '$top and $limit mean the same: give one');
  const size = numberParam(request, '$top') ?? numberParam(request, '$limit') ?? DEFAULT_PAGE;
  const first = numberParam(request, '$skip') ?? 0;
  const rows = selected.rows.slice(first, first + size).filter((row) => row !== undefined);
  const { count, entitySet } = selected;
  const form = { rows, count, first, globalStamp: datastore.nextStamp, ...(entitySet === undefined ? {} : { entitySet }) };
  return pageForm(form, dataclass, projectionOf(request, dataclass, attributes), tablesOf(datastore));
}

/** `/rest/X/attr?$compute=…` and `?$distinct=true`. */
function computed(request: RestRequest, rows: readonly Row[], dataclass: Dataclass, attributes: string | undefined): unknown {
  onlyParams(request, '$filter', '$params', '$compute', '$distinct');
  const attribute = attributes === undefined ? undefined : attributeOf(dataclass, attributes);
  if (attribute?.kind !== 'storage') throw notSupported('$compute or $distinct without one stored attribute in the path');
  const values = rows.map((row) => row.values[attribute.name] ?? null).filter((value) => value !== null);
  const operation = request.params.get('$compute');
  if (operation === undefined) return flagParam(request, '$distinct') ? [...new Set(values)].map((value) => render(attribute.type, value)) : values.map((value) => render(attribute.type, value));
  if (request.params.has('$distinct')) throw notSupported('$compute together with $distinct');
  const numeric = attribute.type === 'long' || attribute.type === 'long64' || attribute.type === 'duration';
  if (operation === '$all') {
    const all = numeric ? (['count', 'sum', 'average', 'min', 'max'] as const) : (['count', 'min', 'max'] as const);
    return { [attribute.name]: Object.fromEntries(all.map((name) => [name, aggregate(name, values, attribute.type)])) };
  }
  if (operation !== 'count' && operation !== 'sum' && operation !== 'average' && operation !== 'min' && operation !== 'max') throw queryError(1811, `Unknown $compute "${operation}"`);
  if (!numeric && (operation === 'sum' || operation === 'average')) throw queryError(1811, `$compute=${operation} needs a number, ${attribute.name} is ${attribute.type}`);
  return aggregate(operation, values, attribute.type);
}

function aggregate(operation: 'count' | 'sum' | 'average' | 'min' | 'max', values: readonly Value[], type: Parameters<typeof render>[0]): unknown {
  const sum = () => values.reduce<number>((total, value) => total + Number(value), 0);
  switch (operation) {
    case 'count':
      return values.length;
    case 'sum':
      return sum();
    case 'average':
      return values.length === 0 ? 0 : sum() / values.length;
    case 'min':
    case 'max': {
      const sign = operation === 'min' ? 1 : -1;
      const best = values.toSorted((a, b) => sign * (a === b ? 0 : (a ?? '') < (b ?? '') ? -1 : 1))[0];
      return best === undefined ? null : render(type, best);
    }
  }
}
