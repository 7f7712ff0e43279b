import { Schema, type ClientSession, type Connection, type Model } from 'mongoose';
import type { InventiveId, SourceName } from '@calsync/calendar-model';
import type { Account, AgendaPolicy, PoliciesElsewhere } from '@calsync/sync-engine';
import { effectivePolicy, policyFrom, policySettingsSchema, whatIsSet, type PolicySettings } from './policy-settings.js';
import { STORED } from './stored-documents.js';
import type { UserSettings } from './users-settings.js';

export interface AdministrationDocument {
  readonly _id: string;
  readonly source: string;
  readonly administrationId: string;
  readonly settings: PolicySettings;
  /** Grows with each change that makes other plans. An account whose own mark is older has not been compared under it yet. */
  readonly generation: number;
  /** There while accounts remain that have to be compared: what changed since none did. */
  readonly spreading?: { readonly keys: readonly string[]; readonly since: Date };
}

const documentSchema = new Schema<AdministrationDocument>(
  {
    _id: { type: String, required: true },
    source: { type: String, required: true },
    administrationId: { type: String, required: true },
    settings: { type: Schema.Types.Mixed, required: true },
    generation: { type: Number, required: true },
    spreading: { type: new Schema({ keys: [String], since: Date }, { _id: false }), required: false },
  },
  // Nothing set is `{}`, which mongoose would leave out.
  { ...STORED, collection: 'administrations-settings', minimize: false },
);
documentSchema.index({ source: 1 }, { name: 'of-source' });
documentSchema.index({ 'spreading.since': 1 }, { name: 'spreading', sparse: true });

export const administrationsModel = (connection: Connection): Model<AdministrationDocument> =>
  (connection.models['AdministrationSettings'] as Model<AdministrationDocument> | undefined) ?? connection.model<AdministrationDocument>('AdministrationSettings', documentSchema);

export const administrationKey = (source: SourceName | string, administrationId: InventiveId | string): string => `${source}/${administrationId}`;

/** What is set for the administrations of a source, by id; one for which nothing was ever set is absent. */
export type AdministrationsOfSource = ReadonlyMap<string, PolicySettings>;

export async function administrationsOf(connection: Connection, source: string, session?: ClientSession): Promise<AdministrationsOfSource> {
  const documents = await administrationsModel(connection).find({ source }).session(session ?? null).lean<AdministrationDocument[]>();
  return new Map(documents.map((one) => [one.administrationId, settingsIn(one)]));
}

export const settingsIn = (document: AdministrationDocument | null | undefined): PolicySettings => whatIsSet(policySettingsSchema.parse(document?.settings ?? {}));

/** What goes in a user's agenda: for the administration of the account, and for others where the agenda holds those too. */
export function policiesOf(settings: UserSettings, administrations: AdministrationsOfSource): AgendaPolicy & Pick<Account, 'elsewhere'> {
  const own = policyFrom(effectivePolicy({ user: settings, administration: settings.administrationId === undefined ? undefined : administrations.get(settings.administrationId) }));
  if (settings.onlyAdministration === true || administrations.size === 0) return own;
  const { conflictPolicy, privateContent, descriptionFields, rules } = settings;
  const isOwn = Object.keys(whatIsSet({ conflictPolicy, privateContent, descriptionFields, rules })).length > 0;
  return { ...own, elsewhere: isOwn ? elsewhereOf(administrations, settings) : elsewhereForAll(administrations) };
}

function elsewhereOf(administrations: AdministrationsOfSource, user?: PolicySettings): PoliciesElsewhere {
  const of = (administration?: PolicySettings): AgendaPolicy => policyFrom(effectivePolicy({ user, administration }));
  return { of: Object.fromEntries([...administrations].map(([id, administration]) => [id, of(administration)])), otherwise: of() };
}

/** One for all who have nothing set for themselves: ten thousand accounts don't hold it ten thousand times. */
function elsewhereForAll(administrations: AdministrationsOfSource): PoliciesElsewhere {
  const known = shared.get(administrations) ?? elsewhereOf(administrations);
  shared.set(administrations, known);
  return known;
}

const shared = new WeakMap<AdministrationsOfSource, PoliciesElsewhere>();
