import { z } from 'zod';
import { DEFAULT_SETTINGS, readSettingsOfEach, userSettingsSchema, type Link, type UserSettings } from '@calsync/accounts';
import { asInventiveId, type SourceName } from '@calsync/calendar-model';
import { logger } from '@calsync/service-chassis';
import type { ConsoleParts } from '../console-parts.js';
import { NO_PAIRS, pairCountsSchema } from '../pairs/pair-views.js';
import type { Administration, InventiveUser } from './inventive-users.js';

const log = logger('users-overview');

export const accountViewSchema = z.object({
  id: z.string(),
  email: z.string(),
  state: z.enum(['joining', 'live', 'needs-consent', 'needs-calendar', 'held', 'off', 'locked']),
  reason: z.string().optional(),
  lastSyncAt: z.string().optional().describe('when a change last crossed'),
  pairs: pairCountsSchema,
  questions: z.int().describe('items that could belong together, of which a person has to say it'),
});
export const userViewSchema = z.object({
  source: z.string(),
  userId: z.string(),
  loginName: z.string(),
  fullName: z.string(),
  email: z.string().describe('as Inventive knows it: the Google account that is expected'),
  active: z.boolean(),
  settings: userSettingsSchema,
  account: accountViewSchema.optional().describe('absent where the user is not linked'),
});
const sourceViewSchema = z.object({
  name: z.string(),
  reachable: z.boolean(),
  administrations: z.array(z.object({ id: z.string(), code: z.string(), name: z.string() })),
});
export const overviewSchema = z.object({
  sources: z.array(sourceViewSchema),
  users: z.array(userViewSchema),
  found: z.int().describe('how many users the question is about, shown or not'),
  total: z.int().describe('how many users there are'),
  attention: z.int().describe('how many of all users have something that a person has to do'),
  questions: z.int().describe('how many of all users have items of which a person has to say what belongs together'),
});
export const oneUserSchema = z.object({ user: userViewSchema, source: sourceViewSchema.optional() });
export type Overview = z.infer<typeof overviewSchema>;
export type OneUser = z.infer<typeof oneUserSchema>;
type UserView = z.infer<typeof userViewSchema>;

export const usersQuerySchema = z.object({
  search: z.string().max(200).default('').describe('a part of the name, or of the name by which the user logs in'),
  only: z.enum(['attention', 'questions']).optional(),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export type UsersQuery = z.infer<typeof usersQuerySchema>;

/** What a person has to do something about before the agenda goes on. */
const STOPPED: readonly Link['state'][] = ['needs-consent', 'needs-calendar', 'held', 'locked'];
const inDutchOrder = new Intl.Collator('nl');
type OverviewParts = Pick<ConsoleParts, 'connection' | 'inventive' | 'directory' | 'pairLists' | 'unpaired' | 'changes'>;

/** Users of all Inventive servers with what we know of them. A server that doesn't answer is said so; its linked users are still shown. */
export async function usersOverview(parts: OverviewParts, { search, only, offset, limit }: UsersQuery): Promise<Overview> {
  const [{ sources, users }, questions] = await Promise.all([readUsersAndAccounts(parts), parts.unpaired.countQuestions()]);
  const hasQuestions = ({ account }: KnownUser): boolean => account !== undefined && questions.has(account.id);
  const needsAttention = (one: KnownUser): boolean => (one.account !== undefined && STOPPED.includes(one.account.state)) || hasQuestions(one);
  const wanted = search.trim().toLowerCase();
  const found = users
    .filter(({ user }) => `${user.fullName} ${user.loginName}`.toLowerCase().includes(wanted))
    .filter((one) => only === undefined || (only === 'questions' ? hasQuestions(one) : needsAttention(one)))
    .sort((one, other) => inDutchOrder.compare(one.user.fullName, other.user.fullName) || inDutchOrder.compare(one.user.loginName, other.user.loginName));
  return {
    sources: sources.map(viewSource),
    users: [...(await viewUsers(parts, found.slice(offset, offset + limit), questions))],
    found: found.length,
    total: users.length,
    attention: users.filter(needsAttention).length,
    questions: users.filter(hasQuestions).length,
  };
}

/** One user; undefined where neither Inventive nor we know such a one. */
export async function oneUser(parts: OverviewParts, source: string, userId: string): Promise<OneUser | undefined> {
  const [{ sources, users }, questions] = await Promise.all([readUsersAndAccounts(parts, { source, userId }), parts.unpaired.countQuestions()]);
  const [user] = await viewUsers(parts, users.filter((one) => one.user.source === source && one.user.id === userId), questions);
  const from = sources.find((one) => one.name === source);
  return user === undefined ? undefined : { user, ...(from === undefined ? {} : { source: viewSource(from) }) };
}

interface KnownUser {
  readonly user: InventiveUser;
  readonly account?: Link;
}

/** `only`: one user, of whose server no other is asked for. */
async function readUsersAndAccounts(parts: OverviewParts, only?: { readonly source: string; readonly userId: string }): Promise<{ readonly sources: readonly ReadSource[]; readonly users: readonly KnownUser[] }> {
  const asked = parts.inventive.sources.filter((source) => only === undefined || source === only.source);
  const [sources, accounts] = await Promise.all([Promise.all(asked.map((source) => readSource(parts, source, only?.userId))), parts.directory.links(only)]);
  const byUser = new Map(accounts.map((one) => [`${one.source}/${one.userId}`, one]));
  const known = sources.flatMap((source) => source.users).map((user): KnownUser => {
    const key = `${user.source}/${user.id}`;
    const account = byUser.get(key);
    byUser.delete(key);
    return { user, ...(account === undefined ? {} : { account }) };
  });
  // Linked, but not in Inventive's answer: the server is away, or the user was removed there.
  const others = [...byUser.values()].map((account): KnownUser => {
    const active = !sources.some((source) => source.name === account.source && source.reachable);
    return { user: { source: account.source, id: account.userId, loginName: account.loginName, fullName: account.fullName, email: account.email, active }, account };
  });
  return { sources, users: [...known, ...others] };
}

/** Only of the users that are shown: there may be thousands. */
async function viewUsers(parts: OverviewParts, users: readonly KnownUser[], questions: ReadonlyMap<string, number>): Promise<readonly UserView[]> {
  const ids = users.flatMap(({ account }) => (account === undefined ? [] : [account.id]));
  const [settings, counts, lastApplied] = await Promise.all([readSettingsOfEach(parts.connection, users.map(({ user }) => user)), parts.pairLists.countByStatus(ids), parts.changes.lastApplied(ids)]);
  return users.map(({ user, account }): UserView => ({
    source: user.source, userId: user.id, loginName: user.loginName, fullName: user.fullName, email: user.email, active: user.active,
    settings: settings.get(`${user.source}/${user.id}`) ?? DEFAULT_SETTINGS satisfies UserSettings,
    ...(account === undefined ? {} : { account: viewAccount(account, counts.get(account.id), lastApplied.get(account.id), questions.get(account.id)) }),
  }));
}

function viewAccount(account: Link, counts: Readonly<Record<string, number>> | undefined, lastSyncAt: string | undefined, questions = 0): NonNullable<UserView['account']> {
  const { active, failed, quarantined } = { ...NO_PAIRS, ...counts };
  return {
    id: account.id, email: account.email, state: account.state,
    ...(account.stateReason === undefined ? {} : { reason: account.stateReason }),
    ...(lastSyncAt === undefined ? {} : { lastSyncAt }),
    pairs: { active, failed, quarantined },
    questions,
  };
}

const viewSource = ({ name, reachable, administrations }: ReadSource): Overview['sources'][number] => ({ name, reachable, administrations: [...administrations] });

interface ReadSource {
  readonly name: string;
  readonly reachable: boolean;
  readonly users: readonly InventiveUser[];
  readonly administrations: readonly Administration[];
}

async function readSource({ inventive }: Pick<ConsoleParts, 'inventive'>, source: SourceName, userId?: string): Promise<ReadSource> {
  try {
    const [users, administrations] = await Promise.all([userId === undefined ? inventive.users(source) : oneOf(inventive, source, userId), inventive.administrations(source)]);
    return { name: source, reachable: true, users, administrations };
  } catch (error) {
    log.warn({ source, err: error }, 'this Inventive server does not answer the console');
    return { name: source, reachable: false, users: [], administrations: [] };
  }
}

async function oneOf(inventive: ConsoleParts['inventive'], source: SourceName, userId: string): Promise<readonly InventiveUser[]> {
  // Whatever an address names: what can't be a key isn't asked for.
  if (!/^[0-9A-F]{32}$/.test(userId)) return [];
  const user = await inventive.user(source, asInventiveId(userId));
  return user === undefined ? [] : [user];
}
