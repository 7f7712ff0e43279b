import { randomUUID } from 'node:crypto';
import type { Connection } from 'mongoose';
import { deriveAccountId, type CalendarId, type InstallationId, type InventiveId, type SourceName, type ZoneName } from '@calsync/calendar-model';
import type { Account } from '@calsync/sync-engine';
import { accountsModel, type AccountDocument, type Announcement } from './accounts.js';
import type { FreshTokens, GrantStore } from './grants.js';
import { SourceEnvironments } from './source-environments.js';
import { userKey } from './users-settings.js';
import { leaveAccount, writeLink, type LinkedCalendar } from './write-link.js';

export interface LinkingParts {
  readonly connection: Connection;
  readonly installation: InstallationId;
  readonly grants: GrantStore;
}

export interface LinkingUser {
  readonly source: SourceName;
  readonly userId: InventiveId;
  readonly loginName: string;
  readonly fullName: string;
  /** The address that Inventive knows of this user. */
  readonly expectedEmail?: string;
  /** Another address, which an administrator has seen and agreed to. */
  readonly confirmedEmail?: string;
  /** IANA zone of the Inventive server. */
  readonly zone: ZoneName;
  /** Taken where no administration was chosen yet. */
  readonly defaultAdministrationId: InventiveId;
}

export interface GoogleIdentity {
  readonly sub: string;
  readonly email: string;
}

export type LinkOutcome =
  | { readonly kind: 'linked'; readonly account: Account; readonly resumed: boolean }
  | { readonly kind: 'unexpected-address'; readonly expected: string; readonly actual: string }
  /** The user is linked to another Google account, which must be unlinked first. */
  | { readonly kind: 'user-has-other-account'; readonly email: string }
  /** This Google account belongs to another user already. */
  | { readonly kind: 'google-account-taken'; readonly by: string }
  | CalendarTaken;

/** This calendar, shared by its owner, is kept in step for another user already. */
export interface CalendarTaken {
  readonly kind: 'calendar-taken';
  readonly by: string;
}

/** Whether this Google account may be this user's, by the addresses alone. */
export function refuseAddress(user: LinkingUser, identity: GoogleIdentity): LinkOutcome | undefined {
  // Where Inventive knows no address, the one that an administrator named is still the only one.
  const allowed = [user.expectedEmail ?? '', user.confirmedEmail ?? ''].filter((address) => address.trim() !== '');
  const [expected] = allowed;
  if (expected === undefined || allowed.some((address) => canonicalAddress(address) === canonicalAddress(identity.email))) return undefined;
  return { kind: 'unexpected-address', expected, actual: identity.email };
}

/**
 * Links a user to a Google account: grant, account and the message to the services in one transaction, so that a crash leaves all or
 * nothing. The same `sub` and calendar again resume the account with its pairs; another calendar of the same `sub` is linked instead
 * of the one before, whose pairs freeze. The account begins in `joining`, or `off` where the settings say so.
 */
export async function linkAccount(
  parts: LinkingParts,
  user: LinkingUser,
  identity: GoogleIdentity,
  tokens: FreshTokens & { readonly refreshToken: string },
  calendar: LinkedCalendar,
): Promise<LinkOutcome> {
  const obstacle = async () => (await findObstacle(parts, user, identity)) ?? whoKeeps(parts, user, calendar.id);
  const refused = refuseAddress(user, identity) ?? (await obstacle());
  if (refused !== undefined) return refused;
  try {
    return await parts.connection.transaction(async (session) => {
      const installation = await new SourceEnvironments(parts).identityOf(user.source, session);
      const id = deriveAccountId(installation, user.source, user.userId, identity.sub, calendar.primary ? undefined : calendar.id);
      // Another calendar of the same person may be linked: one at a time is.
      await leaveAccount(parts, { source: user.source, userId: user.userId, sub: identity.sub, _id: { $ne: id } }, session);
      await parts.grants.replace(id, user.source, tokens, session);
      return { kind: 'linked', ...(await writeLink({ ...parts, identity: installation }, id, user, identity, calendar.id, session)) } as const;
    });
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    // Somebody linked the same user, Google account or calendar in between; the unique indexes said so.
    const inBetween = await obstacle();
    if (inBetween === undefined) throw error;
    return inBetween;
  }
}

/** False where the user wasn't linked. Pairs, base and account document stay; nothing is deleted on either side. */
export async function unlinkAccount(parts: LinkingParts, source: SourceName, userId: InventiveId): Promise<boolean> {
  return parts.connection.transaction(async (session) => (await leaveAccount(parts, { source, userId }, session)) !== undefined);
}

export function announcement(type: Announcement['type']): Announcement {
  return { commandId: randomUUID(), type, at: new Date() };
}

/** Who is in the way: another Google account of this user, or another user of this Google account. */
export async function findObstacle(parts: Pick<LinkingParts, 'connection' | 'installation'>, user: Pick<LinkingUser, 'source' | 'userId'>, identity: GoogleIdentity): Promise<LinkOutcome | undefined> {
  const accounts = accountsModel(parts.connection);
  const linked = { installation: parts.installation, linked: true };
  const own = await accounts.findOne({ ...linked, source: user.source, userId: user.userId }).lean<AccountDocument | null>();
  if (own !== null && own.sub !== identity.sub) return { kind: 'user-has-other-account', email: own.email };
  const taken = await accounts.findOne({ ...linked, sub: identity.sub }).lean<AccountDocument | null>();
  if (taken !== null && userKey(user.source, user.userId) !== `${taken.source}/${taken.userId}`) {
    return { kind: 'google-account-taken', by: taken.fullName || taken.loginName };
  }
  return undefined;
}

/** Another user whose appointments are kept in this calendar. */
export async function whoKeeps(parts: Pick<LinkingParts, 'connection' | 'installation'>, user: Pick<LinkingUser, 'source' | 'userId'>, calendarId: CalendarId): Promise<CalendarTaken | undefined> {
  const taken = await accountsModel(parts.connection).findOne({ installation: parts.installation, linked: true, calendarId }).lean<AccountDocument | null>();
  if (taken === null || userKey(user.source, user.userId) === `${taken.source}/${taken.userId}`) return undefined;
  return { kind: 'calendar-taken', by: taken.fullName || taken.loginName };
}

const canonicalAddress = (email: string): string => email.trim().toLowerCase();

export const isDuplicateKey = (error: unknown): boolean => (error as { code?: unknown }).code === 11_000;
