import type { InventiveId } from '@calsync/calendar-model';
import { TRACKED_KINDS, type CaptureSource, type DeletedRow, type StampedRow, type TrackedKind } from '@calsync/sync-engine';
import { keyOf, stampOf, textOf } from '../mapping/four-d-values.js';
import type { Row } from '../mapping/map-appointment.js';
import { both } from '../rest/filter.js';
import type { InventiveClient } from '../rest/inventive-client.js';
import { assembleByKey, type AgendaSource } from './assemble.js';
import { pagesByKey, pagesByStamp } from './paging.js';

/** What capture reads of this server. */
export function createCaptureSource(source: AgendaSource): CaptureSource {
  const { client } = source;
  return {
    name: source.name,
    sessions: () => client.session.logins,
    stampNow: () => client.stampNow(),
    async *changedSince(kind, from) {
      const { dataclass, keyAttribute, attributes } = keysOf(client, kind);
      const pages = pagesByStamp(client, { dataclass, keyAttribute, attributes, from, stampAttribute: '__GlobalStamp', stampOfRow: (row) => stampOf(row['__GlobalStamp']) ?? 0n });
      for await (const rows of pages) yield rows.flatMap((row) => stampedRow(client, kind, row));
    },
    async *deletionsSince(from) {
      const named = TRACKED_KINDS.map((kind) => `__TableName = '${client.schema[kind].dataclass}'`).join(' OR ');
      const pages = pagesByStamp(client, {
        ...DELETIONS,
        from,
        filter: `(${named})`,
        stampOfRow: (row) => stampOf(row['__Stamp']) ?? 0n,
      });
      for await (const rows of pages) yield rows.flatMap((row) => deletedRow(client, row));
    },
    async *allRows(kind) {
      for await (const rows of pagesByKey(client, keysOf(client, kind))) yield rows.flatMap((row) => stampedRow(client, kind, row));
    },
    assemble: (ids) => assembleByKey(source, ids),
    deletionOf: (kind, id) => lastDeletion(client, kind, id),
  };
}

const DELETIONS = {
  dataclass: '__DeletedRecords',
  keyAttribute: 'ID',
  stampAttribute: '__Stamp',
  attributes: ['ID', '__PrimaryKey', '__Stamp', '__TableName'],
};

/** The stamp of the last entry for this key in 4D's list of deletions; undefined where there is none. */
export async function lastDeletion(client: InventiveClient, kind: TrackedKind, id: InventiveId): Promise<bigint | undefined> {
  // Nothing says in which form 4D writes a uuid as text there; comparing ignores case.
  const dashed = `${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20)}`;
  const { rows } = await client.page({
    dataclass: DELETIONS.dataclass,
    filter: both(`__TableName = '${client.schema[kind].dataclass}'`, `(__PrimaryKey = '${id}' OR __PrimaryKey = '${dashed}')`) ?? '',
    orderBy: '__Stamp desc',
    limit: 1,
    attributes: DELETIONS.attributes,
  });
  return rows[0] === undefined ? undefined : stampOf(rows[0]['__Stamp']);
}

function keysOf(client: InventiveClient, kind: TrackedKind): { dataclass: string; keyAttribute: string; attributes: readonly string[] } {
  const { schema } = client;
  if (kind === 'appointment') return { dataclass: schema.appointment.dataclass, keyAttribute: schema.appointment.attributes.id, attributes: [schema.appointment.attributes.id, '__GlobalStamp'] };
  if (kind === 'participant') {
    const { dataclass, attributes } = schema.participant;
    return { dataclass, keyAttribute: attributes.id, attributes: [attributes.id, attributes.appointmentId, '__GlobalStamp'] };
  }
  return { dataclass: schema[kind].dataclass, keyAttribute: schema[kind].id, attributes: [schema[kind].id, '__GlobalStamp'] };
}

/** A row without a key can't be an appointment of anybody; it is passed over rather than stopping all others. */
function stampedRow(client: InventiveClient, kind: TrackedKind, row: Row): StampedRow[] {
  const id = keyOf(row[keysOf(client, kind).keyAttribute]);
  if (id === undefined) return [];
  const appointmentId = kind === 'participant' ? keyOf(row[client.schema.participant.attributes.appointmentId]) : undefined;
  return [{ kind, id, stamp: stampOf(row['__GlobalStamp']) ?? 0n, ...(appointmentId === undefined ? {} : { appointmentId }) }];
}

function deletedRow(client: InventiveClient, row: Row): DeletedRow[] {
  const kind = TRACKED_KINDS.find((candidate) => client.schema[candidate].dataclass === textOf(row['__TableName']));
  const stamp = stampOf(row['__Stamp']);
  if (kind === undefined || stamp === undefined) return [];
  const text = textOf(row['__PrimaryKey']);
  if (!/^[0-9a-fA-F-]{32,36}$/.test(text)) return [];
  const id = keyOf(text);
  return id === undefined ? [] : [{ kind, id, stamp }];
}
