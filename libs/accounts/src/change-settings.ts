import type { Connection } from 'mongoose';
import type { InstallationId, InventiveId, SourceName } from '@calsync/calendar-model';
import type { AccountState } from '@calsync/sync-engine';
import { administrationsOf, policiesOf, type AdministrationsOfSource } from './administration-settings.js';
import { accountsModel, type AccountDocument } from './accounts.js';
import { announcement } from './link-account.js';
import { documentOf, settingsOf, userKey, userSettingsSchema, usersSettingsModel, type UserSettings, type UserSettingsDocument } from './users-settings.js';

export async function readSettingsOf(connection: Connection, source: SourceName, userId: InventiveId): Promise<UserSettings> {
  return settingsOf(await usersSettingsModel(connection).findById(userKey(source, userId)).lean<UserSettingsDocument | null>());
}

/** Of several users, by `source/user id`; who has none saved is absent. */
export async function readSettingsOfEach(connection: Connection, users: readonly { readonly source: SourceName; readonly id: InventiveId }[]): Promise<ReadonlyMap<string, UserSettings>> {
  const documents = await usersSettingsModel(connection).find({ _id: { $in: users.map(({ source, id }) => userKey(source, id)) } }).lean<UserSettingsDocument[]>();
  return new Map(documents.map((one) => [one._id, settingsOf(one)]));
}

/**
 * Saves a user's settings and, in the same transaction, what they mean for a linked account. On again, a grown window and whatever
 * else changes the plans put it in `joining`: what both sides hold is matched before new pairs are made, and the known ones are read again.
 */
export async function changeSettings(
  parts: { readonly connection: Connection; readonly installation: InstallationId },
  source: SourceName,
  userId: InventiveId,
  wanted: UserSettings,
): Promise<UserSettings> {
  const settingsDocuments = usersSettingsModel(parts.connection);
  const accounts = accountsModel(parts.connection);
  const key = userKey(source, userId);
  return parts.connection.transaction(async (session) => {
    const before = settingsOf(await settingsDocuments.findById(key).session(session).lean<UserSettingsDocument | null>());
    const account = await accounts.findOne({ installation: parts.installation, source, userId, linked: true }).session(session).lean<AccountDocument | null>();
    // A linked user always has an administration, whatever a form left out.
    const after = userSettingsSchema.parse({
      ...wanted,
      administrationId: wanted.administrationId ?? before.administrationId,
      onlyAdministration: isChosen(before, wanted) ? true : wanted.onlyAdministration ?? before.onlyAdministration,
    });
    const document = documentOf(source, userId, after);
    await settingsDocuments.replaceOne({ _id: key }, document, { upsert: true, session });
    const state = account === null ? undefined : nextState(account.state, before, after, await administrationsOf(parts.connection, source, session));
    if (account !== null && state !== undefined) {
      await accounts.updateOne(
        { _id: account._id },
        {
          $set: { state },
          $unset: { stateReason: 1 },
          $inc: { revision: 1 },
          ...(state === 'joining' ? { $push: { announcements: announcement('nl.inventive.sync.resync.requested.v1') } } : {}),
        },
        { session },
      );
    }
    return settingsOf(document);
  });
}

/** The state that new settings ask for; undefined where it stays. A state that waits for a person is not overruled by a window. */
export function nextState(state: AccountState, before: UserSettings, after: UserSettings, administrations: AdministrationsOfSource): AccountState | undefined {
  if (!after.on) return state === 'off' ? undefined : 'off';
  if (state === 'off') return 'joining';
  return (state === 'live' || state === 'joining') && needsComparison(before, after, administrations) ? 'joining' : undefined;
}

/** A person chose the administration, now: what was taken for a user at linking is nobody's choice. */
const isChosen = (before: UserSettings, wanted: UserSettings): boolean => wanted.administrationId !== undefined && wanted.administrationId !== before.administrationId;

/** What makes another plan of pairs that stand still, or brings new ones in: nothing else would ever look at those again. */
function needsComparison(before: UserSettings, after: UserSettings, administrations: AdministrationsOfSource): boolean {
  return (
    after.daysBefore > before.daysBefore ||
    after.daysAfter > before.daysAfter ||
    after.administrationId !== before.administrationId ||
    (after.onlyAdministration ?? false) !== (before.onlyAdministration ?? false) ||
    after.direction !== before.direction ||
    plansUnder(after, administrations) !== plansUnder(before, administrations)
  );
}

/** All that goes in this agenda but who wins a conflict: that decides when one comes, and says nothing about what stands still. */
function plansUnder(settings: UserSettings, administrations: AdministrationsOfSource): string {
  const { elsewhere, ...own } = policiesOf(settings, administrations);
  const policies = [own, ...(elsewhere === undefined ? [] : [elsewhere.otherwise, ...Object.values(elsewhere.of)])];
  return JSON.stringify(policies.map(({ conflictPolicy: _decidesLater, ...rest }) => rest));
}
