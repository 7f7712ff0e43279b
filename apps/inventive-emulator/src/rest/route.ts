import { catalogAll, catalogList, catalogOne } from '../catalog/catalog-form.js';
import type { Dataclass } from '../catalog/dataclass.js';
import { dataclassNamed, inventiveModel } from '../catalog/inventive-model.js';
import type { EntitySets } from './entity-sets.js';
import { findRow, methodError, readCollection, readEntity, readEntitySet, selectRows } from './read.js';
import { noPermission, notSupported, queryError, unknownDataclass } from './rest-error.js';
import { flagParam, jsonBody, onlyParams, parseTarget, type RestRequest } from './rest-request.js';
import type { Session } from './sessions.js';
import { deleteRows, elementsOf, saveEntities, type WriteAnswer, type WriteCall, type WriteParts } from './write.js';

export interface RouteParts extends WriteParts {
  readonly entitySets: EntitySets;
}

/** Everything under `/rest/` but the two logins. `call` is undefined for a guest, who may look at the catalog only. */
export function route(request: RestRequest, call: WriteCall | undefined, parts: RouteParts): WriteAnswer {
  const [first = '', ...rest] = request.segments;
  if (first === '$catalog') return read(catalog(request, rest, parts));
  if (first.startsWith('$') || first === '') throw notSupported(`/rest/${first}`);
  const target = parseTarget(first);
  const dataclass = dataclassNamed(target.dataclass);
  if (!call) throw noPermission(`a guest may not use "${target.dataclass}"; log in first`);
  if (!dataclass) throw unknownDataclass(target.dataclass);
  const writing = request.method === 'POST' && !(rest[0] === '$entityset' && rest[1] === '$release');
  if (writing && !mayWrite(call.session, dataclass, request)) throw noPermission(`user "${call.session.user}" may not write "${dataclass.name}"`);
  if (rest[0] === '$entityset') return entitySet(request, dataclass, rest.slice(1), call, parts);
  if (rest.length > 1) throw notSupported(`/rest/${request.segments.join('/')}`);
  if (target.by) return entity(request, dataclass, target.by, rest[0], call, parts);
  if (request.method === 'GET') return read(readCollection(request, dataclass, rest[0], parts));
  if (rest.length > 0) throw notSupported(`Function ${rest[0]} of ${dataclass.name}`);
  return writeCollection(request, dataclass, call, parts);
}

const read = (body: unknown): WriteAnswer => ({ body, refused: false });

/** The product's user writes what is tracked and reads the rest. Everybody else has full rights: even to purge `__DeletedRecords`, as an application may. */
function mayWrite(session: Session, dataclass: Dataclass, request: RestRequest): boolean {
  if (session.user === 'sync') return dataclass.tracked;
  return dataclass.writable || request.params.get('$method') === 'delete';
}

function catalog(request: RestRequest, rest: readonly string[], parts: RouteParts): unknown {
  onlyParams(request);
  if (request.method === 'POST') throw notSupported(`Function ${rest.join('/')} of the datastore`);
  const [name, extra] = rest;
  if (extra !== undefined) throw notSupported(`/rest/$catalog/${rest.join('/')}`);
  if (name === undefined) return catalogList(parts.datastore.uniqueId, inventiveModel);
  if (name === '$all') return catalogAll(inventiveModel);
  const named = name.split(',').map((one) => {
    const dataclass = dataclassNamed(one);
    if (!dataclass) throw unknownDataclass(one);
    return dataclass;
  });
  const [only] = named;
  return named.length === 1 && only ? catalogOne(only) : catalogAll(named);
}

function entity(request: RestRequest, dataclass: Dataclass, by: { attribute: string | undefined; value: string }, attributes: string | undefined, call: WriteCall, parts: RouteParts): WriteAnswer {
  const row = findRow(dataclass, by, parts.datastore);
  if (request.method === 'GET') {
    if (request.params.has('$lock')) return lock(request, dataclass, row.key, call, parts);
    return read(readEntity(request, dataclass, row, attributes, parts));
  }
  onlyParams(request, '$method');
  const method = request.params.get('$method');
  if (method === undefined) throw notSupported(attributes === undefined ? 'POST on an entity without $method' : `Function ${attributes} of an entity`);
  if (method !== 'delete') throw methodError(method);
  return deleteRows([row], dataclass, call, parts);
}

function entitySet(request: RestRequest, dataclass: Dataclass, [id, extra]: readonly string[], call: WriteCall, parts: RouteParts): WriteAnswer {
  if (id === undefined || extra !== undefined) throw queryError(1807, 'An entity set needs its id');
  if (id === '$release') {
    onlyParams(request);
    const ids = jsonBody(request);
    if (request.method !== 'POST' || !Array.isArray(ids)) throw queryError(1806, '$release expects POST with a list of ids');
    for (const one of ids) parts.entitySets.release(dataclass.name, String(one));
    return read({ ok: true });
  }
  if (request.method === 'GET') return read(readEntitySet(request, dataclass, id, parts));
  const method = request.params.get('$method');
  if (method === 'release') return read(readEntitySet(request, dataclass, id, parts));
  onlyParams(request, '$method');
  if (method !== 'delete') throw methodError(method ?? '');
  return deleteRows(selectRows(request, dataclass, parts.entitySets.keys(dataclass.name, id), parts.datastore), dataclass, call, parts);
}

function writeCollection(request: RestRequest, dataclass: Dataclass, call: WriteCall, parts: RouteParts): WriteAnswer {
  const method = request.params.get('$method');
  switch (method) {
    case 'update':
    case 'validate': {
      onlyParams(request, '$method', '$atomic', '$atonce');
      const atomic = flagParam(request, '$atomic', '$atonce');
      const body = jsonBody(request);
      if (elementsOf(body).length === 0) return read({ __ENTITIES: [] });
      return saveEntities(body, dataclass, method === 'validate' ? 'validate' : atomic ? 'atomic' : 'each', call, parts);
    }
    case 'delete':
      onlyParams(request, '$method', '$filter', '$params');
      // Without a filter this would empty the table. 4D does that; here it would only ever be a mistake.
      if (!request.params.get('$filter')) throw notSupported('$method=delete of a whole dataclass without $filter');
      return deleteRows(selectRows(request, dataclass, undefined, parts.datastore), dataclass, call, parts);
    case undefined:
      throw notSupported('POST without $method');
    default:
      throw methodError(method);
  }
}

/** `$lock=true` and `$lock=false`: held by the session until it lets go or ends. */
function lock(request: RestRequest, dataclass: Dataclass, key: string, call: WriteCall, parts: RouteParts): WriteAnswer {
  onlyParams(request, '$lock');
  const wanted = flagParam(request, '$lock');
  const held = call.lockedByFault || parts.datastore.isHeld(dataclass.name, key);
  const done = !held && (wanted ? parts.locks.lock(dataclass.name, key, call.session.id) : parts.locks.unlock(dataclass.name, key, call.session.id));
  if (done) return { body: { result: true, __STATUS: { success: true } }, refused: false };
  const lockKind = held ? { lockKind: 1, lockKindText: 'Locked By Record' } : { lockKind: 7, lockKindText: 'Locked By Session' };
  return { body: { result: false, __STATUS: { status: 3, statusText: 'Already Locked', ...lockKind, lockInfo: { host: '127.0.0.1', task_name: 'Inventive' }, success: false } }, refused: true };
}
