import type { InventiveId, ZoneName } from '@calsync/calendar-model';
import { Failure } from '@calsync/sync-engine';
import { keyOf } from '../mapping/four-d-values.js';
import { isKey } from '../rest/filter.js';
import type { AgendaSource } from './assemble.js';
import { readAdministrations } from './directory.js';

/** Administrations get a code or lose one once in years; the list is read again after this time all the same. */
const KEPT_MS = 600_000;

/** Whose clock the wall times of an administration's appointments are of. */
export type ZoneOf = (administrationId: InventiveId | undefined) => ZoneName;

const kept = new WeakMap<AgendaSource, { readonly zoneOf: ZoneOf; readonly until: number }>();

/** Asks the server only where the source has administrations with a clock of their own. Throws `Failure`. */
export async function readZones(source: AgendaSource): Promise<ZoneOf> {
  const own = Object.entries(source.administrationZones ?? {});
  if (own.length === 0) return () => source.zone;
  const found = kept.get(source);
  if (found !== undefined && found.until > performance.now()) return found.zoneOf;
  const { zones, unknown } = await matchCodes(source, own);
  // Going on with the source's clock would shift every appointment of that administration by hours.
  if (unknown[0] !== undefined) throw new Failure('permanent', problemWith(source, unknown[0]));
  const zoneOf: ZoneOf = (administrationId) => (administrationId === undefined ? undefined : zones.get(administrationId)) ?? source.zone;
  kept.set(source, { zoneOf, until: performance.now() + KEPT_MS });
  return zoneOf;
}

/** What in the settings of a source doesn't fit its server, one line each: the mapping file first, for by a wrong one nothing else can be read. */
export async function sourceProblems(source: AgendaSource): Promise<readonly string[]> {
  const problems = await source.client.mappingProblems();
  if (problems.length > 0) return problems;
  const own = Object.entries(source.administrationZones ?? {});
  if (own.length === 0) return [];
  return (await matchCodes(source, own)).unknown.map((code) => problemWith(source, code));
}

async function matchCodes(source: AgendaSource, own: readonly (readonly [string, ZoneName])[]): Promise<{ zones: ReadonlyMap<InventiveId, ZoneName>; unknown: readonly string[] }> {
  const administrations = await readAdministrations(source);
  const zones = new Map<InventiveId, ZoneName>();
  const unknown: string[] = [];
  for (const [code, zone] of own) {
    const administration = administrations.find((one) => one.code.trim().toLowerCase() === code.trim().toLowerCase());
    if (administration === undefined) unknown.push(code);
    else zones.set(administration.id, zone);
  }
  return { zones, unknown };
}

const problemWith = (source: AgendaSource, code: string): string =>
  `SOURCES_FILE: ${source.name}.administrationZones names "${code}", and no administration has that code: mend the file and start again`;

/** The clock of the administration in which this appointment stands; one more read, only where clocks differ. */
export async function readZoneOfRow(source: AgendaSource, id: InventiveId): Promise<ZoneName> {
  const zoneOf = await readZones(source);
  if (source.administrationZones === undefined) return source.zone;
  const { dataclass, attributes } = source.client.schema.appointment;
  const { rows } = await source.client.page({ dataclass, filter: isKey(attributes.id, id), limit: 1, attributes: [attributes.id, attributes.administrationId] });
  return zoneOf(keyOf(rows[0]?.[attributes.administrationId]));
}
