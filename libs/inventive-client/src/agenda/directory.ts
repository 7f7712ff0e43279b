import { asInventiveId, type InventiveId } from '@calsync/calendar-model';
import { booleanOf, textOf } from '../mapping/four-d-values.js';
import { isOneOf } from '../rest/filter.js';
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
export async function readUsers(source: AgendaSource): Promise<readonly InventiveUser[]> {
  return (await usersWhere(source)).sort((a, b) => a.loginName.localeCompare(b.loginName));
}

/** One of them; undefined where Inventive has no such user. Throws `Failure`. */
export async function readUser(source: AgendaSource, id: InventiveId): Promise<InventiveUser | undefined> {
  return (await usersWhere(source, isOneOf(source.client.schema.user.attributes.id, [id])))[0];
}

async function usersWhere({ client }: AgendaSource, filter?: string): Promise<InventiveUser[]> {
  const { dataclass, attributes } = client.schema.user;
  const rows = await allByKey(client, { dataclass, keyAttribute: attributes.id, ...(filter === undefined ? {} : { filter }) });
  return rows.map((row) => ({
    id: asInventiveId(textOf(row[attributes.id])),
    loginName: textOf(row[attributes.loginName]),
    fullName: textOf(row[attributes.fullName]),
    email: textOf(row[attributes.email]),
    active: booleanOf(row[attributes.active]),
  }));
}

export async function readAdministrations({ client }: AgendaSource): Promise<readonly InventiveAdministration[]> {
  const { dataclass, attributes } = client.schema.administration;
  const rows = await allByKey(client, { dataclass, keyAttribute: attributes.id });
  return rows
    .map((row) => ({ id: asInventiveId(textOf(row[attributes.id])), code: textOf(row[attributes.code]), name: textOf(row[attributes.name]) }))
    .sort((a, b) => a.code.localeCompare(b.code));
}
