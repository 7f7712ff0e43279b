import type { InventiveId, SourceName, ZoneName } from '@calsync/calendar-model';
import { blockFields, readAdministrations, readUser, readUsers, type AgendaSource } from '@calsync/inventive-client';

export interface InventiveUser {
  readonly source: SourceName;
  readonly id: InventiveId;
  readonly loginName: string;
  readonly fullName: string;
  readonly email: string;
  readonly active: boolean;
}

export interface Administration {
  readonly id: InventiveId;
  readonly code: string;
  readonly name: string;
}

/** A field that can stand in an event's description, by its name in Inventive. */
export interface DescriptionField {
  readonly field: string;
  readonly label: string;
}

/** The users and administrations of the Inventive servers in the settings. Rejects where a server doesn't answer. */
export interface InventiveUsers {
  readonly sources: readonly SourceName[];
  zone(source: SourceName): ZoneName;
  /** By the mapping file: the server isn't asked. */
  descriptionFields(source: SourceName): readonly DescriptionField[];
  users(source: SourceName): Promise<readonly InventiveUser[]>;
  /** Asked for by key: among ten thousand one is looked up, not searched for. */
  user(source: SourceName, id: InventiveId): Promise<InventiveUser | undefined>;
  administrations(source: SourceName): Promise<readonly Administration[]>;
}

/** Over 4D REST. Two pages opened at once share one answer; a list of users may be a few seconds old. */
export function inventiveUsers(sources: readonly AgendaSource[], now: () => number): InventiveUsers {
  const open = (name: SourceName): AgendaSource => {
    const source = sources.find((one) => one.name === name);
    if (source === undefined) throw new Error(`no Inventive server is named ${name}`);
    return source;
  };
  return {
    sources: sources.map((one) => one.name),
    zone: (name) => open(name).zone,
    descriptionFields: (name) => [NOTES, ...blockFields(open(name).client.schema)],
    users: remembered(now, async (name) => (await readUsers(open(name))).map((user) => ({ ...user, source: name }))),
    user: async (name, id) => {
      const user = await readUser(open(name), id);
      return user === undefined ? undefined : { ...user, source: name };
    },
    administrations: remembered(now, (name) => readAdministrations(open(name))),
  };
}

const NOTES: DescriptionField = { field: 'notes', label: 'Opmerking' };

const REMEMBERED_MS = 5_000;

function remembered<T>(now: () => number, read: (source: SourceName) => Promise<T>): (source: SourceName) => Promise<T> {
  const answers = new Map<SourceName, { readonly until: number; readonly answer: Promise<T> }>();
  return (source) => {
    const known = answers.get(source);
    if (known !== undefined && known.until > now()) return known.answer;
    const entry = { until: now() + REMEMBERED_MS, answer: read(source) };
    answers.set(source, entry);
    // A failure is no answer: the next who asks tries again.
    entry.answer.catch(() => {
      if (answers.get(source) === entry) answers.delete(source);
    });
    return entry.answer;
  };
}
