import type { InventiveId, SourceName } from '@calsync/calendar-model';
import { Problem } from '../problems/problem.js';
import type { Administration, InventiveUser, InventiveUsers } from './inventive-users.js';

/** One user with the administrations of that server; throws the `Problem` that a person can act on. */
export async function findUser(
  inventive: InventiveUsers,
  source: SourceName,
  userId: InventiveId,
): Promise<{ readonly user: InventiveUser; readonly administrations: readonly Administration[] }> {
  if (!inventive.sources.includes(source)) throw new Problem('unknown-source');
  let user: InventiveUser | undefined;
  let administrations: readonly Administration[];
  try {
    [user, administrations] = await Promise.all([inventive.user(source, userId), inventive.administrations(source)]);
  } catch {
    throw new Problem('inventive-unreachable', { source });
  }
  if (user === undefined) throw new Problem('unknown-user');
  return { user, administrations };
}
