import type { Connection } from 'mongoose';
import type { AccountId, InstallationId, InventiveId, SourceName } from '@calsync/calendar-model';
import { accountsModel, type AccountDocument } from './accounts.js';
import { administrationKey, administrationsModel, settingsIn, type AdministrationDocument } from './administration-settings.js';
import { effectivePolicy, policySettingsSchema, whatIsSet, type EffectivePolicy, type PolicySettings } from './policy-settings.js';
import { settingsOf, userKey, usersSettingsModel, type UserSettings, type UserSettingsDocument } from './users-settings.js';

/** Which accounts have something of this administration in their agenda; pairs are kept elsewhere. */
export type HoldersOf = (source: SourceName, administrationId: InventiveId) => Promise<ReadonlySet<AccountId>>;

export interface AdministrationParts {
  readonly connection: Connection;
  readonly installation: InstallationId;
  readonly holders: HoldersOf;
}

export interface ChangedAdministration {
  readonly settings: PolicySettings;
  /** Linked users for whom something goes differently now: who have set all of it for themselves aren't among them. */
  readonly affectedUsers: number;
}

/**
 * Saves what is set for an administration. It goes for every next change within seconds; what stands still is planned anew by
 * `spreadSettings`, for which this leaves what changed and a new generation. Nothing of that where only the winner of conflicts changed.
 */
export async function changeAdministration(parts: AdministrationParts, source: SourceName, administrationId: InventiveId, wanted: PolicySettings): Promise<ChangedAdministration> {
  const administrations = administrationsModel(parts.connection);
  const _id = administrationKey(source, administrationId);
  const settings = whatIsSet(policySettingsSchema.parse(wanted));
  const changed = await parts.connection.transaction(async (session) => {
    const before = await administrations.findById(_id).session(session).lean<AdministrationDocument | null>();
    const keys = changedKeys(settingsIn(before), settings);
    const spreads = keys.some((key) => key !== 'conflictPolicy');
    await administrations.updateOne(
      { _id },
      {
        $set: { source, administrationId, settings, ...(spreads ? { 'spreading.since': new Date() } : {}) },
        $inc: { generation: spreads ? 1 : 0 },
        // Beside what an earlier change left that hasn't come round yet.
        ...(spreads ? { $addToSet: { 'spreading.keys': { $each: keys } } } : {}),
      },
      { upsert: true, session },
    );
    return keys;
  });
  return { settings, affectedUsers: changed.length === 0 ? 0 : await countAffected(parts, source, administrationId, changed) };
}

async function countAffected(parts: AdministrationParts, source: SourceName, administrationId: InventiveId, keys: readonly string[]): Promise<number> {
  const linked = await accountsModel(parts.connection)
    .find({ installation: parts.installation, source, linked: true }, { source: 1, userId: 1 })
    .lean<Pick<AccountDocument, '_id' | 'source' | 'userId'>[]>();
  const isAffected = await affectedBy(parts, source, administrationId, keys, linked);
  return new Set(linked.filter(isAffected).map(({ userId }) => userId)).size;
}

/**
 * Whom a change of these keys concerns: whose own administration it is, or whose agenda holds something of it, unless the user has
 * settings of their own for all that changed.
 */
export async function affectedBy(
  parts: AdministrationParts, source: SourceName, administrationId: InventiveId, keys: readonly string[], accounts: readonly Pick<AccountDocument, '_id' | 'source' | 'userId'>[],
): Promise<(account: Pick<AccountDocument, '_id' | 'userId'>) => boolean> {
  const [holders, documents] = await Promise.all([
    parts.holders(source, administrationId),
    usersSettingsModel(parts.connection).find({ _id: { $in: accounts.map(({ userId }) => userKey(source, userId as InventiveId)) } }).lean<UserSettingsDocument[]>(),
  ]);
  const settings = new Map(documents.map((one) => [one.userId, settingsOf(one)]));
  return ({ _id, userId }) => {
    const own = settings.get(userId);
    if (own === undefined) return false;
    const holds = own.administrationId === administrationId || (own.onlyAdministration !== true && holders.has(_id as AccountId));
    return holds && inherits(own, keys);
  };
}

const inherits = (user: UserSettings, keys: readonly string[]): boolean => {
  const leaves = leavesOf(effectivePolicy({ user }));
  return keys.some((key) => leaves.get(key)?.from !== 'user');
};

/** Names of the keys whose values differ: one that was set to what went already is no change. */
function changedKeys(before: PolicySettings, after: PolicySettings): readonly string[] {
  const [old, now] = [leavesOf(effectivePolicy({ administration: before })), leavesOf(effectivePolicy({ administration: after }))];
  return [...now].filter(([key, { value }]) => JSON.stringify(old.get(key)?.value) !== JSON.stringify(value)).map(([key]) => key);
}

interface Leaf {
  readonly value: unknown;
  readonly from: string;
}

/** By name with dots, such as `rules.deletion.toGoogle`. */
function leavesOf(policy: EffectivePolicy): ReadonlyMap<string, Leaf> {
  const leaves = new Map<string, Leaf>();
  const walk = (group: object, path: readonly string[]): void => {
    for (const [name, entry] of Object.entries(group) as [string, object][]) {
      if (isLeaf(entry)) leaves.set([...path, name].join('.'), entry);
      else walk(entry, [...path, name]);
    }
  };
  walk(policy, []);
  return leaves;
}

const isLeaf = (entry: object): entry is Leaf => 'from' in entry && 'value' in entry;
