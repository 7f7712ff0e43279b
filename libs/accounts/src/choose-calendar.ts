import { asCalendarId, deriveAccountId, type AccountId, type InventiveId, type SourceName } from '@calsync/calendar-model';
import type { Account } from '@calsync/sync-engine';
import { accountsModel, type AccountDocument } from './accounts.js';
import { isDuplicateKey, whoKeeps, type CalendarTaken, type LinkingParts } from './link-account.js';
import { SourceEnvironments } from './source-environments.js';
import { leaveAccount, writeLink, type LinkedCalendar } from './write-link.js';

export type ChooseOutcome =
  /** `resumed`: it was the chosen one before, and goes on where it stopped. */
  | { readonly kind: 'chosen'; readonly account: Account; readonly resumed: boolean }
  | { readonly kind: 'chosen-already' }
  | { readonly kind: 'not-linked' }
  /** Google takes the consent no more: linking again offers the choice. */
  | { readonly kind: 'needs-consent' }
  | CalendarTaken;

/**
 * Keeps another calendar of the same Google account in step from now on, in one transaction: the account of the old calendar is
 * unlinked, that of the new one linked with the same consent. Nothing is deleted or written in the old one; its pairs freeze, and go on
 * when it is chosen again. The new one is joined as at a first link.
 */
export async function chooseCalendar(parts: LinkingParts, source: SourceName, userId: InventiveId, calendar: LinkedCalendar): Promise<ChooseOutcome> {
  const taken = await whoKeeps(parts, { source, userId }, calendar.id);
  if (taken !== undefined) return taken;
  try {
    return await choose(parts, source, userId, calendar);
  } catch (error) {
    // Somebody else's since it was asked; the unique index said so.
    const inBetween = isDuplicateKey(error) ? await whoKeeps(parts, { source, userId }, calendar.id) : undefined;
    if (inBetween === undefined) throw error;
    return inBetween;
  }
}

function choose(parts: LinkingParts, source: SourceName, userId: InventiveId, calendar: LinkedCalendar): Promise<ChooseOutcome> {
  return parts.connection.transaction(async (session) => {
    const before = await accountsModel(parts.connection)
      .findOne({ installation: parts.installation, source, userId, linked: true })
      .session(session)
      .lean<AccountDocument | null>();
    if (before === null) return { kind: 'not-linked' };
    if (before.calendarId === calendar.id) return { kind: 'chosen-already' };
    const identity = await new SourceEnvironments(parts).identityOf(source, session);
    const id = deriveAccountId(identity, source, userId, before.sub, calendar.primary ? undefined : calendar.id);
    // Retired, it stays for a while: the channels of the old calendar are stopped with it.
    if (!(await parts.grants.copy(before._id as AccountId, id, session))) return { kind: 'needs-consent' };
    await leaveAccount(parts, { _id: before._id }, session);
    const { loginName, fullName, zone } = before;
    return { kind: 'chosen', ...(await writeLink({ ...parts, identity }, id, { source, userId, loginName, fullName, zone }, before, calendar.id, session)) };
  });
}

/** The calendar that was linked last for this person: a new consent resumes it. Undefined where none ever was. */
export async function lastCalendarOf(
  { connection, installation }: Pick<LinkingParts, 'connection' | 'installation'>,
  { source, userId }: { readonly source: SourceName; readonly userId: InventiveId },
  sub: string,
): Promise<LinkedCalendar | undefined> {
  const identity = await new SourceEnvironments({ connection, installation }).identityOf(source);
  const own = identity === installation ? { identity: { $exists: false } } : { identity };
  const last = await accountsModel(connection).findOne({ installation, source, userId, sub, ...own }).sort({ linked: -1, linkedAt: -1 }).lean<AccountDocument | null>();
  // A primary calendar is named after the person's address, which may be another by now.
  return last === null ? undefined : { id: asCalendarId(last.calendarId), primary: last._id === deriveAccountId(identity, source, userId, sub) };
}
