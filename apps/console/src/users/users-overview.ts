import { z } from 'zod';
import { allSettings, DEFAULT_SETTINGS, userSettingsSchema, type UserSettings } from '@calsync/accounts';
import type { Account } from '@calsync/sync-engine';
import { logger } from '@calsync/service-chassis';
import type { ConsoleParts } from '../console-parts.js';
import { countPairs, pairCountsSchema } from '../pairs/pair-views.js';
import type { Administration, InventiveUser } from './inventive-users.js';

const log = logger('users-overview');

export const accountViewSchema = z.object({
  id: z.string(),
  email: z.string(),
  state: z.enum(['joining', 'live', 'needs-consent', 'needs-calendar', 'held', 'off', 'locked']),
  reason: z.string().optional(),
  lastSyncAt: z.string().optional().describe('when a change last crossed'),
  pairs: pairCountsSchema,
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
export const overviewSchema = z.object({
  sources: z.array(z.object({
    name: z.string(),
    reachable: z.boolean(),
    administrations: z.array(z.object({ id: z.string(), code: z.string(), name: z.string() })),
  })),
  users: z.array(userViewSchema),
});
export type Overview = z.infer<typeof overviewSchema>;
type UserView = z.infer<typeof userViewSchema>;

/** Users of all Inventive servers with what we know of them. A server that doesn't answer is said so; its linked users are still shown. */
export async function usersOverview(parts: Pick<ConsoleParts, 'connection' | 'inventive' | 'directory' | 'pairs' | 'changes'>): Promise<Overview> {
  const [sources, accounts, settings] = await Promise.all([
    Promise.all(parts.inventive.sources.map((source) => readSource(parts, source))),
    parts.directory.all(),
    allSettings(parts.connection),
  ]);
  const ids = accounts.map((one) => one.id);
  const [counted, lastApplied] = await Promise.all([
    Promise.all(ids.map(async (id) => [id, await countPairs(parts.pairs, id)] as const)),
    parts.changes.lastApplied(ids),
  ]);
  const counts = new Map(counted);
  const byUser = new Map(accounts.map((one) => [`${one.source}/${one.userId}`, one]));

  const view = (user: Omit<InventiveUser, 'active'> & { active: boolean }): UserView => {
    const key = `${user.source}/${user.id}`;
    const account = byUser.get(key);
    byUser.delete(key);
    return {
      source: user.source, userId: user.id, loginName: user.loginName, fullName: user.fullName, email: user.email, active: user.active,
      settings: settings.get(key) ?? DEFAULT_SETTINGS satisfies UserSettings,
      ...(account === undefined ? {} : { account: accountView(account) }),
    };
  };
  const accountView = (account: Account): UserView['account'] => {
    const lastSyncAt = lastApplied.get(account.id);
    return {
      id: account.id, email: account.email, state: account.state,
      ...(account.stateReason === undefined ? {} : { reason: account.stateReason }),
      ...(lastSyncAt === undefined ? {} : { lastSyncAt }),
      pairs: counts.get(account.id) ?? { active: 0, failed: 0, quarantined: 0 },
    };
  };
  const known = sources.flatMap((source) => source.users).map(view);
  // Linked, but not in Inventive's answer: the server is away, or the user was removed there.
  const others = [...byUser.values()].map((one) =>
    view({ source: one.source, id: one.userId, loginName: one.loginName, fullName: one.fullName, email: one.email, active: !sources.some((source) => source.name === one.source && source.reachable) }),
  );
  return {
    sources: sources.map(({ name, reachable, administrations }) => ({ name, reachable, administrations: [...administrations] })),
    users: [...known, ...others].sort((one, other) => one.fullName.localeCompare(other.fullName, 'nl') || one.loginName.localeCompare(other.loginName)),
  };
}

interface ReadSource {
  readonly name: string;
  readonly reachable: boolean;
  readonly users: readonly InventiveUser[];
  readonly administrations: readonly Administration[];
}

async function readSource({ inventive }: Pick<ConsoleParts, 'inventive'>, source: ConsoleParts['inventive']['sources'][number]): Promise<ReadSource> {
  try {
    const [users, administrations] = await Promise.all([inventive.users(source), inventive.administrations(source)]);
    return { name: source, reachable: true, users, administrations };
  } catch (error) {
    log.warn({ source, err: error }, 'this Inventive server does not answer the console');
    return { name: source, reachable: false, users: [], administrations: [] };
  }
}
