import { asSourceName } from '@calsync/calendar-model';
import type { Clock } from '@calsync/sync-engine';
import { loadInventiveSchema } from '../mapping/inventive-schema.js';
import { InventiveClient } from '../rest/inventive-client.js';
import type { SourceSettings } from '../sources-file.js';
import type { AgendaSource } from './assemble.js';

export interface OpenOptions {
  readonly clock: Clock;
  readonly random?: () => number;
  readonly connectTimeoutMs?: number;
  readonly requestTimeoutMs?: number;
}

/** A client for one entry of SOURCES_FILE; nothing is asked of the server yet. */
export function openSource(settings: SourceSettings, options: OpenOptions): AgendaSource {
  const schema = loadInventiveSchema(settings.schemaFile);
  return {
    name: asSourceName(settings.name),
    zone: settings.zone,
    ...(settings.administrationZones === undefined ? {} : { administrationZones: settings.administrationZones }),
    ...(settings.appointmentUrl === undefined ? {} : { appointmentUrl: settings.appointmentUrl }),
    client: new InventiveClient(settings, schema, { random: Math.random, ...options }),
  };
}
