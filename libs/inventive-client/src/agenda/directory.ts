import { asInventiveId, type InventiveId } from '@calsync/calendar-model';
import { booleanOf, textOf } from '../mapping/four-d-values.js';
import type { AgendaSource } from './assemble.js';
import { allByKey } from './paging.js';

export interface InventiveUser {
  readonly id: InventiveId;
  readonly loginName: string;
  readonly fullName: string;
  readonly email: string;
  readonly active: boolean;
}

export interface InventiveAdministration {
  readonly id: InventiveId;
  readonly code: string;
  readonly name: string;
}

/** Everybody who has an agenda, by login name. Throws `Failure`. */
export async function readUsers({ client }: AgendaSource): Promise<readonly InventiveUser[]> {
  const { dataclass, attributes } = client.schema.user;
  const rows = await allByKey(client, { dataclass, keyAttribute: attributes.id });
  return rows
    .map((row) => ({
      id: asInventiveId(textOf(row[attributes.id])),
      loginName: textOf(row[attributes.loginName]),
      fullName: textOf(row[attributes.fullName]),
      email: textOf(row[attributes.email]),
      active: booleanOf(row[attributes.active]),
    }))
    .sort((a, b) => a.loginName.localeCompare(b.loginName));
}

export async function readAdministrations({ client }: AgendaSource): Promise<readonly InventiveAdministration[]> {
  const { dataclass, attributes } = client.schema.administration;
  const rows = await allByKey(client, { dataclass, keyAttribute: attributes.id });
  return rows
    .map((row) => ({ id: asInventiveId(textOf(row[attributes.id])), code: textOf(row[attributes.code]), name: textOf(row[attributes.name]) }))
    .sort((a, b) => a.code.localeCompare(b.code));
}
