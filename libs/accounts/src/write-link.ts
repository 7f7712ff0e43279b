import type { ClientSession, QueryFilter } from 'mongoose';
import type { AccountId, CalendarId, InstallationId, InventiveId, ZoneName, SourceName } from '@calsync/calendar-model';
import type { Account } from '@calsync/sync-engine';
import { administrationsOf } from './administration-settings.js';
import { accountsModel, toAccount, type AccountDocument } from './accounts.js';
import { announcement, type GoogleIdentity, type LinkingParts } from './link-account.js';
import { documentOf, settingsOf, userKey, usersSettingsModel, type UserSettingsDocument } from './users-settings.js';

/** Time for the receiver to stop its channels with the grant before it is erased. */
const RETIREMENT_GRACE_MS = 60_000;

/** A calendar of the Google account that is linked, by its real id. */
export interface LinkedCalendar {
  readonly id: CalendarId;
  readonly primary: boolean;
}

export interface UserToLink {
  readonly source: SourceName;
  readonly userId: InventiveId;
  readonly loginName: string;
  readonly fullName: string;
  readonly zone: ZoneName;
  /** Taken where no administration was chosen yet. */
  readonly defaultAdministrationId?: InventiveId;
}

/** Writes the account as linked, tells the services, and makes the settings whole. The grant is the caller's to write. */
export async function writeLink(
  { connection, installation, identity: marksAs }: LinkingParts & { readonly identity: InstallationId },
  id: AccountId,
  { source, userId, loginName, fullName, zone, defaultAdministrationId }: UserToLink,
  { email, sub }: GoogleIdentity,
  calendarId: CalendarId,
  session: ClientSession,
): Promise<{ readonly account: Account; readonly resumed: boolean }> {
  const accounts = accountsModel(connection);
  const settingsDocuments = usersSettingsModel(connection);
  const key = userKey(source, userId);
  const settings = settingsOf(await settingsDocuments.findById(key).session(session).lean<UserSettingsDocument | null>());
  const administrationId = settings.administrationId ?? defaultAdministrationId;
  const chosen = { ...settings, ...(administrationId === undefined ? {} : { administrationId }) };
  await settingsDocuments.replaceOne({ _id: key }, documentOf(source, userId, chosen), { upsert: true, session });

  const before = await accounts.findById(id).session(session).lean<AccountDocument | null>();
  const now = new Date();
  // What was deleted in this calendar while another one was kept was tidied up, no more: see `Account.keptElsewhereUntil`.
  const keptElsewhere = before !== null && (await accounts.exists({ installation, source, userId, linkedAt: { $gt: before.linkedAt } }).session(session)) !== null;
  const after = await accounts
    .findOneAndUpdate(
      { _id: id },
      {
        $set: {
          installation,
          ...(marksAs === installation ? {} : { identity: marksAs }),
          source, userId, loginName, fullName, email, sub, calendarId, zone,
          linked: true,
          state: chosen.on ? 'joining' : 'off',
          linkedAt: now,
          ...(keptElsewhere ? { keptElsewhereUntil: now } : {}),
        },
        $unset: { stateReason: 1 },
        $inc: { revision: 1 },
        $push: { announcements: announcement('nl.inventive.sync.account-linked.v1') },
      },
      { upsert: true, returnDocument: 'after', session },
    )
    .lean<AccountDocument | null>();
  if (after === null) throw new Error(`account ${id} was neither found nor made`);
  return { account: toAccount(after, chosen, await administrationsOf(connection, source, session)), resumed: before !== null };
}

/**
 * The linked account that is meant is linked no more: its pairs freeze, its channels are stopped, its grant retires. Answers it as it
 * was; undefined where there is none.
 */
export async function leaveAccount(
  { connection, installation, grants }: LinkingParts,
  which: QueryFilter<AccountDocument>,
  session: ClientSession,
): Promise<AccountDocument | undefined> {
  const left = await accountsModel(connection)
    .findOneAndUpdate(
      { ...which, installation, linked: true },
      { $set: { linked: false, state: 'off' }, $unset: { stateReason: 1 }, $push: { announcements: announcement('nl.inventive.sync.account-unlinked.v1') } },
      { session },
    )
    .lean<AccountDocument | null>();
  if (left === null) return undefined;
  await grants.retireAfter(left._id as AccountId, RETIREMENT_GRACE_MS, session);
  return left;
}
