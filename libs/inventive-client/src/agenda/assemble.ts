import { asInventiveId, type BlockLine, type InventiveId, type Participant, type SourceName, type ZoneName } from '@calsync/calendar-model';
import { partKey, type AssembledAppointment, type Assembly, type Part, type SharedKind } from '@calsync/sync-engine';
import { dateOf, keyOf, stampOf, textOf } from '../mapping/four-d-values.js';
import { blockLinesOf, fieldsOf, linksOf, ourWord, participantOf, type Row } from '../mapping/map-appointment.js';
import { isOneOf } from '../rest/filter.js';
import type { InventiveClient } from '../rest/inventive-client.js';
import { readZones, type ZoneOf } from './administration-zones.js';
import { allByKey } from './paging.js';

/** Keys in one question: 32 digits each, in a URL. */
const KEYS_AT_ONCE = 100;

const SHARED_KINDS = ['relation', 'contact', 'project'] as const satisfies readonly SharedKind[];

export interface AgendaSource {
  readonly client: InventiveClient;
  readonly name: SourceName;
  /** Whose clock its wall times are of. */
  readonly zone: ZoneName;
  /** By code: administrations that keep another clock than the source's. */
  readonly administrationZones?: Readonly<Record<string, ZoneName>>;
  /** Where an appointment opens in Inventive; `{id}` stands for its key. */
  readonly appointmentUrl?: string;
}

/** Reads these appointments by key with all they are made of. Keys without a row are left out. */
export async function assembleByKey(source: AgendaSource, ids: readonly InventiveId[]): Promise<Assembly> {
  const { dataclass, attributes } = source.client.schema.appointment;
  const assemblies: Assembly[] = [];
  for (const chunk of chunks(ids, KEYS_AT_ONCE)) {
    // The participants of a key don't need its row: both are asked at once.
    const [rows, participants] = await Promise.all([
      allByKey(source.client, { dataclass, keyAttribute: attributes.id, filter: isOneOf(attributes.id, chunk) }),
      readParticipants(source, chunk),
    ]);
    assemblies.push(await completeRows(source, rows, participants));
  }
  return united(assemblies);
}

/** The same for rows that are at hand. */
export async function assembleRows(source: AgendaSource, rows: readonly Row[]): Promise<Assembly> {
  const assemblies: Assembly[] = [];
  for (const chunk of chunks(rows, KEYS_AT_ONCE)) {
    const ids = chunk.map((row) => idOf(row, source));
    assemblies.push(await completeRows(source, chunk, await readParticipants(source, ids)));
  }
  return united(assemblies);
}

const united = (assemblies: readonly Assembly[]): Assembly => ({
  found: assemblies.flatMap(({ found }) => found),
  unreadable: assemblies.flatMap(({ unreadable }) => unreadable),
});

async function readParticipants(source: AgendaSource, appointmentIds: readonly InventiveId[]): Promise<readonly Row[]> {
  const { dataclass, attributes } = source.client.schema.participant;
  return allByKey(source.client, { dataclass, keyAttribute: attributes.id, filter: isOneOf(attributes.appointmentId, appointmentIds) });
}

async function completeRows(source: AgendaSource, rows: readonly Row[], participants: readonly Row[]): Promise<Assembly> {
  const { schema } = source.client;
  const [shared, zoneOf] = await Promise.all([readShared(source, rows), readZones(source)]);
  const ofAppointment = Map.groupBy(participants, (row) => keyOf(row[schema.participant.attributes.appointmentId]));
  const found: AssembledAppointment[] = [];
  const unreadable: { id: InventiveId; cause: string }[] = [];
  for (const row of rows) {
    const id = idOf(row, source);
    try {
      found.push(assembleOne(source, row, ofAppointment.get(id) ?? [], shared, zoneOf));
    } catch (error) {
      unreadable.push({ id, cause: error instanceof Error ? error.message : 'unknown' });
    }
  }
  return { found, unreadable };
}

type SharedRows = Readonly<Record<SharedKind, ReadonlyMap<InventiveId, Row>>>;

async function readShared(source: AgendaSource, rows: readonly Row[]): Promise<SharedRows> {
  const { schema } = source.client;
  const links = rows.map((row) => linksOf(row, schema));
  const [relation, contact, project] = await Promise.all(
    SHARED_KINDS.map(async (kind) => {
      const ids = [...new Set(links.flatMap((link) => link[kind] ?? []))];
      const found: Row[] = [];
      for (const chunk of chunks(ids, KEYS_AT_ONCE)) {
        found.push(...(await allByKey(source.client, { dataclass: schema[kind].dataclass, keyAttribute: schema[kind].id, filter: isOneOf(schema[kind].id, chunk) })));
      }
      return new Map(found.map((row) => [asInventiveId(textOf(row[schema[kind].id])), row] as const));
    }),
  );
  return { relation: relation ?? new Map(), contact: contact ?? new Map(), project: project ?? new Map() };
}

function assembleOne(source: AgendaSource, row: Row, participantRows: readonly Row[], shared: SharedRows, zoneOf: ZoneOf): AssembledAppointment {
  const { schema } = source.client;
  const { attributes, values } = schema.appointment;
  const links = linksOf(row, schema);
  const rowStamp = stampOf(row['__GlobalStamp']) ?? 0n;
  const parts: Part[] = participantRows.map((participant) => ({
    key: partKey('participant', asInventiveId(textOf(participant[schema.participant.attributes.id]))),
    stamp: stampOf(participant['__GlobalStamp']) ?? 0n,
  }));
  const blockLines: BlockLine[] = [];
  for (const kind of SHARED_KINDS) {
    const id = links[kind];
    if (id === undefined) continue;
    const sharedRow = shared[kind].get(id);
    // Also one that isn't there: when it appears, this appointment changes.
    parts.push({ key: partKey(kind, id), stamp: stampOf(sharedRow?.['__GlobalStamp']) ?? 0n });
    if (sharedRow !== undefined) blockLines.push(...blockLinesOf(kind, sharedRow, schema));
  }
  parts.sort((a, b) => (a.key < b.key ? -1 : 1));
  const id = idOf(row, source);
  const administrationId = needed(row, attributes.administrationId);
  const zone = zoneOf(administrationId);
  const seriesId = keyOf(row[attributes.seriesId]);
  const modifiedAt = instantOf(row[attributes.modifiedAt]);
  const endsOn = dateOf(row[attributes.endOn]) ?? dateOf(row[attributes.startOn]);
  return {
    rowStamp,
    parts,
    ...(endsOn === undefined ? {} : { endsOn }),
    record: {
      source: source.name,
      id,
      administrationId,
      ownerId: needed(row, attributes.ownerId),
      rowStamp: String(rowStamp),
      entityStamp: entityStampOf(row),
      zone,
      fields: fieldsOf(row, schema, zone),
      reduced: false,
      blockLines,
      participants: sortedParticipants(participantRows, source),
      ...(seriesId === undefined ? {} : { seriesId }),
      status: ourWord(values.status, row[attributes.status]) ?? 'planned',
      category: textOf(row[attributes.category]),
      ...(source.appointmentUrl === undefined ? {} : { url: source.appointmentUrl.replaceAll('{id}', id) }),
      ...(modifiedAt === undefined ? {} : { modifiedAt }),
      modifiedBy: textOf(row[attributes.modifiedBy]),
    },
  };
}

function needed(row: Row, attribute: string): InventiveId {
  const id = keyOf(row[attribute]);
  if (id === undefined) throw new Error(`${attribute} is blank`);
  return id;
}

/** In a fixed order, so that the same appointment always makes the same message. */
function sortedParticipants(rows: readonly Row[], source: AgendaSource): Participant[] {
  const { schema } = source.client;
  const key = (row: Row) => textOf(row[schema.participant.attributes.id]);
  return rows.toSorted((a, b) => (key(a) < key(b) ? -1 : 1)).map((row) => participantOf(row, schema));
}

export const idOf = (row: Row, source: AgendaSource): InventiveId => asInventiveId(textOf(row[source.client.schema.appointment.attributes.id]));

export function entityStampOf(row: Row): number {
  const stamp = row['__STAMP'];
  if (typeof stamp !== 'number') throw new Error('an entity of 4D without __STAMP');
  return stamp;
}

function instantOf(value: unknown): string | undefined {
  const at = Date.parse(textOf(value));
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

export function* chunks<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}
